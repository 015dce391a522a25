import { AppError } from '../../src/base/errors.ts';
import type { Cell, Column } from '../../src/model/kqlType.ts';
import { acrossSchema } from '../../src/kql/across/acrossSchema.ts';
import { hasAttribution, planAcross } from '../../src/kql/across/planAcross.ts';
import { remoteQuery } from '../../src/kql/across/remoteQuery.ts';
import { isAttribution } from '../../src/kql/across/expressions.ts';
import { askAcross, askWhole, rowTexts, sharedNames } from './acrossWorld.ts';
import type { AcrossWorld, Asking } from './acrossWorld.ts';

/**
 * How the across answer of a query compares with one workspace's: `equal`; `open` where KQL promises no rows in
 * particular and as many came; `refused` by the planner; `noAnswer` where the one workspace has none either.
 */
export type Compared =
  | { readonly outcome: 'equal' | 'open'; readonly travelled: number; readonly concatenated: boolean }
  | { readonly outcome: 'refused' | 'noAnswer'; readonly reason: string }
  | { readonly outcome: 'unequal'; readonly reason: string; readonly detail: string };

/** Operators and functions of which KQL does not promise which rows or values they give. */
const OPEN =
  /\b(?:take|limit|sample|sample-distinct|take_any|any|anyif|take_anyif|rand|new_guid|row_number|top-hitters|reduce|arg_max|arg_min|argmax|argmin|top|top-nested|prev|next|row_cumsum|innerunique|scan|row_window_session|serialize|make_list|make_bag|makelist|series_\w+|sequence_detect|dcount|partition)\b|\bjoin\s*(?:hint\S+\s*)?\((?!.*kind)/;

/**
 * Asks both and compares. `noPromise` overrides what the text of the query says of its promises; texts that are
 * confidential must not be sent, whoever is asked together.
 */
export async function compareAcross(
  world: AcrossWorld,
  query: string,
  now: bigint,
  noPromise = OPEN.test(query),
  asking: Asking = {},
): Promise<Compared> {
  let across;
  try {
    across = await askAcross(world, query, now, asking);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) return unequal('failed', `${String(thrown)}\n${query}`);
    // Only the planner may refuse: what it planned has to run.
    const planned = thrown.code === 'query.unsupported' && /^Not planned/.test(thrown.message);
    const bound = await askWhole(world, query, now, true).then(
      () => true,
      () => false,
    );
    if (!bound) return { outcome: 'noAnswer', reason: thrown.message };
    return planned
      ? { outcome: 'refused', reason: thrown.message }
      : unequal('failed', `${thrown.code}: ${thrown.message}\n${query}\n${planText(world, query, now)}`);
  }
  let whole;
  try {
    whole = await askWhole(world, query, now, hasAttribution(query));
  } catch (thrown) {
    return { outcome: 'noAnswer', reason: String(thrown) };
  }
  const told = `${query}\n-- sent\n${[...new Set(across.sent)].join('\n--\n')}\n-- local\n${across.plan.local ?? '(rows one under the other)'}`;
  let names: string[];
  try {
    names = sharedNames(across.columns, whole.columns);
    // Whose a row is comes with it, where the query drops that from a leg of a union too and asks for it nowhere.
    if (!NAMED.test(query)) names = names.filter((name) => !isAttribution(name) || !isDropped(name, whole));
  } catch (thrown) {
    return unequal(String(thrown), told);
  }
  const types = (columns: readonly Column[]): string =>
    names.map((name) => `${name}:${columns.find((column) => column.name === name)?.type}`).join();
  if (types(across.columns) !== types(whole.columns))
    return unequal(`types ${types(across.columns)} instead of ${types(whole.columns)}`, told);
  const [here, there] = [rowTexts(normal(across), names).sort(), rowTexts(normal(whole), names).sort()];
  const result = { travelled: across.travelled, concatenated: across.plan.local === undefined } as const;
  if (here.length === there.length && here.every((row, i) => row === there[i])) return { outcome: 'equal', ...result };
  if (noPromise && here.length === there.length) return { outcome: 'open', ...result };
  const i = here.findIndex((row, at) => row !== there[at]);
  return unequal(
    `${here.length} rows instead of ${there.length}`,
    `${told}\n-- first difference\n${here[i] ?? '(none)'}\n${there[Math.max(0, i)] ?? '(none)'}`,
  );
}

const NAMED = /\b_(?:Customer|Tenant|Workspace)\b/;
/** Whether rows of the one workspace have lost whose they are: all of its rows are somebody's. */
function isDropped(name: string, { columns, rows }: Awaited<ReturnType<typeof askWhole>>): boolean {
  const at = columns.findIndex((column) => column.name === name);
  return rows.some((row) => row[at] === '');
}

function planText(world: AcrossWorld, query: string, now: bigint): string {
  const schema = acrossSchema(world.workspaces.map((each) => each.schema));
  try {
    const plan = planAcross(query, schema, { now });
    const parts = plan.parts.map(
      (part) => `-- ${part.name}\n${remoteQuery(part, world.workspaces[0]!.schema, schema, now)}`,
    );
    return [...parts, '-- local', plan.local ?? ''].join('\n');
  } catch {
    return '';
  }
}

function unequal(reason: string, detail: string): Compared {
  return { outcome: 'unequal', reason, detail };
}

/** Sets have no order: arrays in cells are compared sorted. */
function normal(answer: {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}): typeof answer {
  return {
    columns: answer.columns,
    rows: answer.rows.map((row) =>
      row.map((cell, i) => {
        if (answer.columns[i]!.type !== 'dynamic' || typeof cell !== 'string' || !cell.startsWith('[')) return cell;
        try {
          const values = JSON.parse(cell) as unknown[];
          return JSON.stringify(values.map((value) => JSON.stringify(value)).sort());
        } catch {
          return cell;
        }
      }),
    ),
  };
}
