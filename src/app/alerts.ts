import { createHash, randomUUID } from 'node:crypto';
import { AlertStore } from '../core/alerts/central/alertStore.ts';
import { CentralAlerts } from '../core/alerts/central/centralAlerts.ts';
import type { RunService } from '../core/runs/runService.ts';
import { LakeState } from '../engine/lake/lakeState.ts';
import { SYSTEM_CLOCK } from '../engine/runtime/systemClock.ts';
import type { AlertFilesPort } from '../ports/alertDelivery.ts';
import type { Services } from './services.ts';

/** What a program brings for alerts that are evaluated here. */
export interface AlertEnds {
  /** The folder of the lake, where their state lies. */
  readonly lake: string;
  readonly files: AlertFilesPort;
  readonly runs: RunService;
}

/** Alerts that are evaluated here, with their state in a lake. */
export function openAlerts(
  services: Pick<Services, 'estate' | 'webhooks'>,
  { lake, files, runs }: AlertEnds,
): CentralAlerts {
  return new CentralAlerts({
    store: new AlertStore(new LakeState(lake)),
    webhooks: services.webhooks,
    files,
    clock: SYSTEM_CLOCK,
    owner: randomUUID(),
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    estate: (signal) => services.estate.load({ signal }),
    ask: {
      runs,
      atMoment: async (query, moment) => (await import('../kql/alerts/atMoment.ts')).atMoment(query, moment),
      isCustomersOwn: async (query) => (await import('../kql/alerts/customersOwn.ts')).isCustomersOwn(query),
    },
  });
}
