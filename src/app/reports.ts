import type { CancelSignal } from '../base/cancel.ts';
import { AppError } from '../base/errors.ts';
import { centreEstate } from '../core/reports/centreEstate.ts';
import { gatherCentre } from '../core/reports/gatherCentre.ts';
import { gatherLive } from '../core/reports/gatherLive.ts';
import { makeReport } from '../core/reports/makeReport.ts';
import { periodOf } from '../core/reports/period.ts';
import { resolveScope } from '../core/estate/scope.ts';
import { openEngine } from '../engine/openEngine.ts';
import type { Estate } from '../model/estate.ts';
import type { Report, ReportKind } from '../model/report.ts';
import type { Scope } from '../model/scope.ts';
import { lakeCentre, localKql } from './localKql.ts';
import { openRollups } from './rollups.ts';
import type { Services } from './services.ts';

/** A report that somebody wants. */
export interface ReportWish {
  readonly kind: ReportKind;
  /** `2026-11-28`, or `2026-11` of a month; the last one that is over where absent. */
  readonly date?: string;
  readonly scope: Scope;
  /** The folder of the lake it is read from; the workspaces themselves are asked where absent. */
  readonly lake?: string;
  /** Epoch milliseconds: what is over by then. */
  readonly now: number;
  readonly signal: CancelSignal;
  readonly progress?: (done: number, total: number) => void;
}

/** A report, and the estate it is of: it tells whose names a customer's copy must not hold. */
export interface MadeReport {
  readonly report: Report;
  readonly estate: Estate;
}

/** Makes a report. Rejects with `input.usage`, `input.scope`, `input.rollup`, `engine.*`, and when cancelled. */
export async function createReport(
  services: Pick<Services, 'logs' | 'catalog' | 'estate' | 'scheduler' | 'customers'>,
  { kind, date, scope, lake, now, signal, progress }: ReportWish,
): Promise<MadeReport> {
  const period = periodOf(kind, date, now);
  const engine = await openEngine({ memoryLimitMb: 512 });
  try {
    if (lake !== undefined) {
      const { rollups, close } = openRollups(undefined, lake);
      let status;
      try {
        status = await rollups.status();
      } finally {
        await close();
      }
      const estate = centreEstate(status, await services.customers.load());
      const { workspaces, problems } = resolveScope(scope, estate);
      const wrong = problems.filter(({ selector }) => selector);
      if (wrong.length > 0) throw new AppError('input.scope', wrong.map(({ message }) => message).join(' '));
      const asked = new Set<string>(workspaces.map(({ guid }) => guid));
      const gathered = await gatherCentre({
        period,
        centre: lakeCentre(engine, lake),
        progress: status,
        isAsked: ({ workspace }) => asked.has(workspace.toLowerCase()),
        signal,
      });
      return { report: await makeReport(gathered, period, localKql(engine), signal), estate };
    }
    const { logs, catalog, scheduler } = services;
    const estate = await services.estate.load({ signal });
    const gathered = await gatherLive(
      { period, scope, estate, signal, ...(progress ? { progress } : {}) },
      { logs, catalog, quota: scheduler },
    );
    return { report: await makeReport(gathered, period, localKql(engine), signal), estate };
  } finally {
    await engine.close();
  }
}
