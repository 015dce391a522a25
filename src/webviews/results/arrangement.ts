import { visibleText } from '../../base/visibleText.ts';
import type { ResultsTab } from '../../protocol/results.ts';
import type { RowFilter, RowSort } from '../../model/rows.ts';

/** How a run's answer is arranged on the page. Rows never live here; it is kept across a hidden page and a reload. */
export interface Arrangement {
  readonly run: string;
  readonly tab: ResultsTab;
  readonly sorts: readonly RowSort[];
  readonly filters: readonly RowFilter[];
  readonly search: string;
}

/** How a run's answer is shown that nobody has arranged. */
export function freshArrangement(run: string, tab: Arrangement['tab'] = 'rows'): Arrangement {
  return { run, tab, sorts: [], filters: [], search: '' };
}

/** A stored arrangement of this run, or a fresh one: whatever a page state holds is checked, never trusted. */
export function toArrangement(stored: unknown, run: string, tab: Arrangement['tab']): Arrangement {
  const value = stored as Partial<Arrangement> | undefined;
  if (typeof value !== 'object' || value === null || value.run !== run) return freshArrangement(run, tab);
  const fresh = freshArrangement(run, tab);
  return {
    run,
    tab: value.tab === 'chart' || value.tab === 'targets' || value.tab === 'plan' ? value.tab : 'rows',
    sorts: Array.isArray(value.sorts) ? value.sorts : fresh.sorts,
    filters: Array.isArray(value.filters) ? value.filters : fresh.filters,
    search: typeof value.search === 'string' ? value.search : '',
  };
}

/** None, then ascending, then descending, then none again; a sort replaces the one before. */
export function nextSort(sorts: readonly RowSort[], column: string): readonly RowSort[] {
  const current = sorts.find((sort) => sort.column === column);
  if (!current) return [{ column, descending: false }];
  return current.descending ? [] : [{ column, descending: true }];
}

/** Whether rows are left out. */
export function isFiltered({ filters, search }: Pick<Arrangement, 'filters' | 'search'>): boolean {
  return filters.length > 0 || search !== '';
}

const WORDS: Record<RowFilter['op'], string> = {
  equals: '=',
  notEquals: '≠',
  contains: 'contains',
  notContains: 'does not contain',
  greater: '>',
  less: '<',
  empty: 'is empty',
  notEmpty: 'is not empty',
};
/** A filter in words, for its chip: long values are cut. */
export function filterLabel({ column, op, value }: RowFilter): string {
  const shown = value === undefined ? '' : ` ${value.length > 40 ? `${value.slice(0, 40)}…` : value}`;
  return visibleText(`${column} ${WORDS[op]}${shown}`);
}
