import { randomUUID } from 'node:crypto';
import { AppError } from '../base/errors.ts';
import type { CancelSignal } from '../base/cancel.ts';
import type { ChangeService } from '../core/changes/changeService.ts';
import { EstateIndex } from '../core/estate/estateIndex.ts';
import type { RollupService } from '../core/rollup/rollupService.ts';
import { windowAt } from '../core/rollup/windows.ts';
import type { LogicAppPlace } from '../core/runners/logicApp/draftLogicApp.ts';
import type { LogicAppSpec, LogicAppTarget } from '../core/runners/logicApp/logicApp.ts';
import type { LogAnalyticsCentre } from '../model/centre.ts';
import type { Cloud } from '../model/cloud.ts';
import type { Plan } from '../model/plan.ts';
import type { RollupDefinition } from '../model/rollup.ts';
import type { LogicAppsPort } from '../ports/logicApps.ts';
import type { AzureCentres } from './centres.ts';

const MINUTE_MS = 60_000;

interface RunnerEnds {
  readonly cloud: Cloud;
  readonly centres: Pick<AzureCentres, 'place'>;
  readonly changes: Pick<ChangeService, 'plan'>;
  readonly port: Pick<LogicAppsPort, 'logicApp'>;
}

/** A Logic App that could be made, and where. */
export interface FoundLogicApp {
  readonly spec: LogicAppSpec;
  readonly place: LogicAppPlace;
}

/** What runs roll-ups in Azure, without a machine of anybody's. */
export class AzureRunners {
  private readonly ends: RunnerEnds;

  constructor(ends: RunnerEnds) {
    this.ends = ends;
  }

  /**
   * A Logic App for a roll-up over its scope as it is now, without customers that are switched off. Rejects with
   * `input.centreNotPrepared` where the centre has no room for the roll-up yet, and with `input.runner` where somebody
   * of the scope could not be asked.
   */
  async logicApp(
    rollups: RollupService,
    definition: RollupDefinition,
    centre: LogAnalyticsCentre,
    signal?: CancelSignal,
  ): Promise<FoundLogicApp> {
    const { cloud, centres } = this.ends;
    const { estate, workspaces, gaps, schemas, version, off } = await rollups.open(definition, signal);
    const unknown = [
      ...gaps.map(({ tenantName }) => `tenant ${tenantName}`),
      ...workspaces.filter(({ key }) => !schemas.get(key)?.ok).map(({ name }) => name),
    ];
    if (unknown.length > 0)
      throw new AppError(
        'input.runner',
        `No Logic App can be made. ${definition.name}: ${unknown.slice(0, 10).join(', ')} could not be asked for tables, and it would leave them out for good. Leave them out by "// @scope", or ask for access.`,
      );
    const index = EstateIndex.of(estate);
    const targets = workspaces.flatMap((workspace): LogicAppTarget[] => {
      const told = schemas.get(workspace.key);
      if (!told?.ok || off.includes(workspace.customer)) return [];
      return [
        {
          workspace,
          customer: index.customerName(workspace.customer),
          tenant: index.tenantName(workspace.tenant),
          schema: told.value,
        },
      ];
    });
    const { table, plan } = version;
    const { workspace, issuer, rule } = await centres.place(centre, table.id);
    if (!cloud.ingestion)
      throw new AppError('input.centreAddress', `The cloud ${cloud.name} has no service that takes rows.`);
    const { windowMinutes, latenessMinutes, since } = definition;
    return {
      spec: {
        definition,
        table,
        plan,
        targets,
        centre,
        places: {
          query: { origin: cloud.logAnalytics, audience: cloud.logAnalyticsAudience },
          ingestion: { origin: rule.endpoint, audience: cloud.ingestion.audience },
          immutableId: rule.immutableId,
          centre: workspace.guid,
        },
        since: windowAt(since ?? Date.now() - (latenessMinutes + windowMinutes) * MINUTE_MS, windowMinutes).from,
      },
      place: { issuer, owner: workspace.tenant, region: workspace.region, newId: randomUUID },
    };
  }

  /** The plan of making it, for `Provisioning.apply`. */
  async plan({ spec, place }: FoundLogicApp, signal?: CancelSignal): Promise<Plan> {
    const { draftLogicApp } = await drafts();
    return this.ends.changes.plan(draftLogicApp(spec, place), signal);
  }

  /** The object ID of its identity. Rejects with `input.runner` where it is not there. */
  async principalOf({ spec, place }: FoundLogicApp, signal?: CancelSignal): Promise<string> {
    const { logicAppId } = await drafts();
    const found = await this.ends.port.logicApp(place.issuer, logicAppId(spec), signal);
    if (found?.principalId !== undefined) return found.principalId;
    throw new AppError('input.runner', 'The Logic App has no identity yet. Try again in a minute.');
  }

  /** The plan of the roles of its identity (an object ID), which is there once it was made. */
  async planRoles({ spec, place }: FoundLogicApp, principalId: string, signal?: CancelSignal): Promise<Plan> {
    const { draftLogicAppRoles } = await drafts();
    return this.ends.changes.plan(draftLogicAppRoles(spec, principalId, place), signal);
  }
}

/** The definition is made with Microsoft's parser, which is large. */
function drafts() {
  return import('../core/runners/logicApp/draftLogicApp.ts');
}
