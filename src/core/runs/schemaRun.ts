import { counted } from '../../base/counted.ts';
import type { Clock } from '../../base/clock.ts';
import { targetKey, targetName } from '../../model/run.ts';
import type { Run, Target, WorkspaceTarget } from '../../model/run.ts';
import type { SchemaView } from '../../model/schemaView.ts';
import type { Scope } from '../../model/scope.ts';
import { estateTables } from '../schema/estateTables.ts';
import type { EstateTablesWorld, WorkspaceTableList } from '../schema/estateTables.ts';
import { filledOnly, LIST_COLUMNS, listRows, schemaTable, spelledAs } from '../schema/schemaViews.ts';
import { completenessOf } from './completeness.ts';
import { planRun } from './planRun.ts';
import type { MadeRun } from './presentRun.ts';

/**
 * Whose tables, and how they are laid out; of one table alone where it is named, in any case where no other has it so.
 * `filled`: only what received data in the last 30 days.
 */
export interface SchemaQuestion {
  readonly scope: Scope;
  readonly view: SchemaView;
  readonly table?: string;
  readonly filled?: true;
}

/** What the question takes of the world. */
export interface SchemaRunWorld extends EstateTablesWorld {
  readonly clock: Clock;
}

/** What each view is called. */
const TITLES: Readonly<Record<SchemaView, string>> = {
  tables: 'Tables by workspace',
  differences: 'Columns that differ',
  list: 'Tables of each workspace',
  columns: 'Columns by workspace',
};

/**
 * What tables and columns there are, as an ended run: who does not tell is a target that failed, with the reason.
 * Rejects with `input.scope`, with `input.unknownTable`, with `engine.*` and when cancelled.
 */
export async function schemaRun(
  { id, rows, signal }: MadeRun,
  { scope, view, table: wanted, filled }: SchemaQuestion,
  world: SchemaRunWorld,
): Promise<Run> {
  const began = world.clock.now();
  const planned = planRun('Usage', { errors: [] }, scope, world.estate, {
    now: began,
    answer: 'perWorkspace',
    sharing: 'never',
    whole: true,
  });
  const targets = planned.targets.map(({ target }) => target);
  const asked = planned.targets.flatMap(({ target, way }) => (way && target.kind === 'workspace' ? [target] : []));
  const keys = asked.map(({ workspace }) => workspace);
  const told = await estateTables(keys, world, signal);
  const lists = [...told].flatMap(([workspace, outcome]) => (outcome.ok ? [{ workspace, ...outcome.value }] : []));
  const table = wanted === undefined ? undefined : spelledAs(wanted, lists);
  const kept = new Map(
    (filled ? filledOnly(lists, view === 'list') : lists).map(({ workspace, ...list }) => [workspace, list] as const),
  );
  const title = `${TITLES[view]}${table === undefined ? '' : `: ${table}`}${filled ? ', filled' : ''}`;
  const known: { readonly target: WorkspaceTarget; readonly list: WorkspaceTableList }[] = [];
  const standing = targets.map((target): Target => {
    const outcome = target.kind === 'workspace' ? told.get(target.workspace) : undefined;
    if (!outcome || target.kind !== 'workspace') return target;
    if (!outcome.ok) return { ...target, state: 'failed', attempts: 1, error: outcome.error };
    const list = kept.get(target.workspace)!;
    known.push({ target, list });
    const own = listRows(list.tables, table).length;
    return { ...target, state: own > 0 ? 'answered' : 'empty', attempts: 1, rows: own };
  });
  if (view === 'list')
    for (const { target, list } of known) {
      const whose = { customer: target.customerName, tenant: target.tenantName, workspace: targetName(target) };
      await rows.append(targetKey(target), whose, LIST_COLUMNS, listRows(list.tables, table));
    }
  else if (known.length > 0) {
    const names = uniqueNames(known.map(({ target }) => target));
    const named = known.map(({ target, list }) => ({ name: names.get(target)!, tables: list.tables }));
    const made = schemaTable(view, named, table);
    await rows.hold(made.columns, made.rows);
  }
  const completeness = completenessOf(standing);
  return {
    id,
    made: {
      kind: 'schema',
      notes: view === 'tables' || view === 'list' ? dataNotes(known.map(({ list }) => list)) : [],
    },
    query: `// ${title}`,
    scope,
    timeRange: { kind: 'last', minutes: 30 * 24 * 60 },
    state: 'finished',
    startedAt: new Date(began).toISOString(),
    finishedAt: new Date(world.clock.now()).toISOString(),
    targets: standing,
    columns: rows.columns().map((column) => ({ ...column, presentIn: completeness.answered })),
    rowCount: rows.rowCount(),
    completeness,
    answer: 'across',
    plan: { parts: [] },
  };
}

/** A workspace's name; with its customer, and a number, where several are called so. */
function uniqueNames(targets: readonly WorkspaceTarget[]): ReadonlyMap<WorkspaceTarget, string> {
  const count = new Map<string, number>();
  for (const { workspaceName } of targets) count.set(workspaceName, (count.get(workspaceName) ?? 0) + 1);
  const taken = new Set<string>();
  return new Map(
    targets.map((target) => {
      const { workspaceName, customerName } = target;
      const name = count.get(workspaceName)! > 1 ? `${workspaceName} (${customerName})` : workspaceName;
      let free = name;
      for (let n = 2; taken.has(free); n++) free = `${name} ${n}`;
      taken.add(free);
      return [target, free];
    }),
  );
}

/** What the words for data mean, and of whom it is not told. */
function dataNotes(lists: readonly WorkspaceTableList[]): string[] {
  const silent = lists.filter(({ usageError }) => usageError);
  const words =
    'filled: received data in the last 30 days; older: holds data, none of it of that time; known: there without data.';
  return [
    words,
    ...(silent[0]
      ? [
          `Of ${counted(silent.length, 'workspace')} it is not told what received data: ${silent[0].usageError!.message}`,
        ]
      : []),
  ];
}
