import type { AppErrorData } from '../../../base/errors.ts';
import type { FactSource } from '../../../model/assessment/facts.ts';
import type { WorkspaceTable } from '../../../model/estate.ts';
import type { About } from './queryFact.ts';

/** Tables of a workspace that one query may read together, and those it may not (`NAME (why)`). */
export interface FullTables {
  readonly read: readonly string[];
  readonly leftOut: readonly string[];
}

/** What a workspace writes about itself, which is nobody's log. */
const ITS_OWN = /^(Usage|Operation)$/i;

/**
 * The tables that received something in 30 days and that a plain query reads: the plan Analytics, not protected. Basic
 * and Auxiliary tables would be searched, one at a time and for money; a protected one gives standard roles no rows and
 * no error. Undecided where the tables or their volumes are not known.
 */
export function fullTables(
  { usage, tables }: About,
  wanted: (volume: { readonly table: string; readonly billable: boolean }) => boolean = () => true,
): FullTables | { readonly unknown: AppErrorData; readonly source: FactSource } {
  for (const fact of [usage, tables])
    if (fact?.state === 'unknown') return { unknown: fact.error, source: fact.source };
  if (usage?.state !== 'known' || tables?.state !== 'known') throw new Error('Volumes and tables come first.');
  const full = new Set(
    usage.value.volumes.filter((volume) => volume.gb > 0 && wanted(volume)).map(({ table }) => table.toLowerCase()),
  );
  const listed = tables.value.filter(({ name }) => full.has(name.toLowerCase()) && !ITS_OWN.test(name));
  const why = new Map(listed.map((table) => [table.name, whyNot(table)]));
  return {
    read: [...why].flatMap(([name, reason]) => (reason === undefined ? [name] : [])),
    leftOut: [...why].flatMap(([name, reason]) => (reason === undefined ? [] : [`${name} (${reason})`])),
  };
}

function whyNot(table: WorkspaceTable): string | undefined {
  if (table.plan !== 'Analytics') return table.plan;
  if (table.protected) return 'protected';
  if (table.kind === 'SearchResults' || table.kind === 'RestoredLogs') return 'a copy of other tables';
  return undefined;
}
