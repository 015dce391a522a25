import { AppError } from '../../base/errors.ts';
import type { AppErrorData } from '../../base/errors.ts';
import { toTimespan } from '../../model/timeRange.ts';
import type { RunRequest } from '../../model/run.ts';
import type { WorkspaceTables } from '../schema/tableCatalog.ts';

const HOW =
  'It is not queried but searched, and each search is charged by the gigabytes of its time range. Choose a time range and agree to the charge: Retry asks for it, on the command line it is --scan.';

/**
 * The service's refusal of a query of Basic or Auxiliary tables with their names and plans, as far as the workspace's
 * list tells: what it is, and what to do. The code `query.needsScan` stays.
 */
export function scanNeeded(
  refusal: AppErrorData,
  workspace: string,
  named: readonly string[] | undefined,
  list: WorkspaceTables | undefined,
): AppErrorData {
  const cheap = (named ?? []).flatMap((name) => {
    const plan = list?.get(name)?.plan;
    return plan && plan !== 'Analytics' ? [`${name} (plan ${plan})`] : [];
  });
  const what = cheap.length > 0 ? cheap.join(', ') : 'a table of this query in the plan Basic or Auxiliary';
  return { ...refusal, message: `${workspace} keeps ${what}. ${HOW}` };
}

/** Refuses with `input.scanTimeRange` what the service would charge for without bounds, or refuse. */
export function checkScan({ scan, timeRange }: Pick<RunRequest, 'scan' | 'timeRange'>): void {
  if (!scan || toTimespan(timeRange) !== undefined) return;
  throw new AppError(
    'input.scanTimeRange',
    'A search of Basic and Auxiliary tables is charged by the time range beside the query, and takes none from the query. Choose a time range, and leave TimeGenerated out of the filters. Nothing was sent.',
  );
}
