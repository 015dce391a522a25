import type { SourceRow, WorkspaceFacts } from '../../../model/assessment/facts.ts';
import type { FindingSubject, Unknown } from '../../../model/assessment/findings.ts';
import type { CentralPart } from '../../../model/assessment/subject.ts';
import { known } from '../checks/check.ts';
import { workspaceSubject } from '../checks/subjects.ts';
import { valueOf } from './overWorkspaces.ts';
import { billedPerDay } from './volumes.ts';

/** What one source wrote into one table of two workspaces during the last day. */
export interface Double {
  readonly source: string;
  readonly table: string;
  /** What both have: the smaller of the two. */
  readonly gb: number;
  /** The other workspace. */
  readonly other: string;
}

/** Where else the rows of a workspace may be: its source rows by source and table. */
interface Elsewhere {
  readonly name: string;
  readonly rows: ReadonlyMap<string, number>;
}

/**
 * Billed rows of an own workspace that also lie elsewhere. Of two own workspaces the one that is billed for less has
 * the copy, of two alike the later by its key. Of a shared workspace only the customer's resources and computers count.
 */
export function doublesOf(
  facts: WorkspaceFacts,
  own: readonly WorkspaceFacts[],
  parts: readonly CentralPart[],
  subject: FindingSubject,
  unknown: Unknown[],
): readonly Double[] {
  const sources = sourcesOf(facts, subject, unknown);
  const usage = known(facts.usage, 'usage', subject, unknown);
  if (!sources || !usage) return [];
  const others: Elsewhere[] = [
    ...own.filter((other) => other !== facts && isCopy(facts, other)).map((other) => elsewhere(other, unknown)),
    ...parts.map((part) => elsewhere(part.shared, unknown, part)),
  ];
  const billed = new Set(usage.volumes.filter(({ billable }) => billable).map(({ table }) => table));
  return sources
    .filter(({ table, source }) => billed.has(table) && source !== '')
    .flatMap((row): Double[] => {
      const copies = others
        .flatMap(({ name, rows }) => {
          const gb = rows.get(keyOf(row));
          // Rows of a billed table may be free; they cost nothing twice.
          return gb !== undefined && Math.min(gb, row.gb) > 0 ? [{ name, gb: Math.min(gb, row.gb) }] : [];
        })
        .sort((a, b) => b.gb - a.gb);
      const [most] = copies;
      return most ? [{ source: row.source, table: row.table, gb: most.gb, other: most.name }] : [];
    });
}

function elsewhere(facts: WorkspaceFacts, unknown: Unknown[], part?: CentralPart): Elsewhere {
  const rows = sourcesOf(facts, workspaceSubject(facts), unknown) ?? [];
  const computers = new Set(part?.computers);
  const mine = rows.filter(({ source }) => !part || source.startsWith('/') || computers.has(source));
  return { name: facts.workspace.name, rows: new Map(mine.map((row) => [keyOf(row), row.gb])) };
}

/** Where the measurement found no second place that rows could lie in, nobody asked, and there is nothing twice. */
function sourcesOf(
  { sources }: WorkspaceFacts,
  subject: FindingSubject,
  unknown: Unknown[],
): readonly SourceRow[] | undefined {
  if (sources.state === 'unknown' && sources.error.code === 'input.notNeeded') return [];
  return known(sources, 'sources', subject, unknown);
}

function keyOf({ source, table }: Pick<SourceRow, 'source' | 'table'>): string {
  return `${source}\n${table}`;
}

function isCopy(facts: WorkspaceFacts, other: WorkspaceFacts): boolean {
  const [mine, theirs] = [facts, other].map(({ usage }) => {
    const value = valueOf(usage);
    return value ? billedPerDay(value) : 0;
  }) as [number, number];
  return mine === theirs ? facts.workspace.key > other.workspace.key : mine < theirs;
}
