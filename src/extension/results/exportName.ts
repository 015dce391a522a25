import type { Run } from '../../model/run.ts';
import { titleOfRun } from '../session/queryTitle.ts';

/** A name for a run's rows, without an ending: what it asked and when, in characters that every system accepts. */
export function exportName(run: Pick<Run, 'label' | 'made' | 'query' | 'startedAt'>): string {
  const words =
    titleOfRun(run)
      .normalize('NFKD')
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 40) || 'rows';
  return `${words}-${run.startedAt.slice(0, 16).replace(/[:T]/g, '-')}`;
}
