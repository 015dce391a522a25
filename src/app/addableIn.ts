import { isSummed } from '../engine/store/chart.ts';
import type { Run } from '../model/run.ts';
import type { ChartRequest } from '../model/rows.ts';

/**
 * Which columns of a run's answer a chart of this kind may add up, for its request. Values of rows that were never
 * grouped are added up where the marks stand for sums, and by lines never.
 */
export async function addableIn(
  { query, made }: Pick<Run, 'query' | 'made'>,
  kind: string,
): Promise<Pick<ChartRequest, 'addable'>> {
  if (made) return {};
  const { addableColumns } = await import('../kql/addable.ts');
  const columns = addableColumns(query) ?? (isSummed(kind) ? undefined : []);
  return columns ? { addable: columns } : {};
}
