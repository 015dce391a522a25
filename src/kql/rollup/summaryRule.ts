import { AppError } from '../../base/errors.ts';
import { kqlName } from '../../model/kqlNames.ts';
import type { Column } from '../../model/kqlType.ts';
import { acrossSchema } from '../across/acrossSchema.ts';
import { bindAcross } from '../across/planAcross.ts';
import { isConstant } from '../across/pushing.ts';
import { below } from '../across/telling.ts';
import { findInstants } from '../findInstants.ts';
import { parse } from '../kustoAnalysis.ts';
import type { Expr, Rel } from '../plan.ts';
import type { SourceSchema } from '../scopeSchema.ts';
import { pinSchema } from './pinSchema.ts';
import { planRollup } from './planRollup.ts';
import { windowable } from './windowable.ts';

/** Minutes that a summary rule may put together at once (azure-monitor-docs, logs/summary-rules.md). */
export const BIN_SIZES = [20, 30, 60, 120, 180, 360, 720, 1440] as const;

/** A summary as a rule of a workspace computes it, bin by bin, and how its results are read back. */
export interface SummaryRuleQuery {
  /** KQL of the rule: the service adds the time of the bin to it. */
  readonly query: string;
  readonly binMinutes: (typeof BIN_SIZES)[number];
  /** The table that it reads. */
  readonly tables: readonly string[];
  /** Columns of the answer, each by the name it has in the rule's table. */
  readonly columns: readonly { readonly column: Column; readonly stored: string }[];
}

/** Names that the service keeps for itself in the table of results: a column of the query has another one there. */
const OF_THE_SERVICE: ReadonlySet<string> = new Set(['TimeGenerated', 'TenantId', 'Type', 'SourceSystem', 'MG']);
/** What a custom column may be called. */
const STORABLE = /^[A-Za-z]\w{0,44}$/;

/**
 * A summary as a summary rule. Throws `query.unsupported`, with why, where no rule can compute it so that its bins are
 * whole: it has to group one table by a bin of its TimeGenerated, and needs nothing that only we know.
 */
export function toSummaryRule(query: string, schemas: readonly SourceSchema[]): SummaryRuleQuery {
  const { kind, binMinutes, part, pinned } = planRollup(query, schemas);
  if (kind !== 'summary')
    refuse('it has rows as they are, and a rule puts them into another table of the same workspace');
  const known = pinSchema(schemas);
  // Attribution is no column of a workspace, and what is bound without it is what the rule's author sees.
  const rel = bound(query, known);
  const tables = new Set([...below(rel)].flatMap((one) => (one.kind === 'table' ? [one.table.name] : [])));
  if (tables.size !== 1 || part.tables.length !== 1) refuse('it reads more than one table');
  if ([...below(rel)].some((one) => one.kind === 'join' && !isConstant(one.right))) refuse('it joins tables');
  if ((pinned.functions ?? []).length > 0) refuse('it calls a function that is stored in workspaces');
  if (findInstants(parse(query).Syntax).length > 0)
    refuse('it asks for now(), which is another time for the rule than for the window');
  if (!isByTimeGenerated(rel)) refuse('its bins are not those of TimeGenerated, by which the service runs a rule');
  const size = binMinutes === undefined ? undefined : BIN_SIZES.find((minutes) => minutes % binMinutes === 0);
  if (size === undefined)
    refuse(
      `its bins are ${binMinutes === undefined ? 'of no fixed width' : `${binMinutes} minutes wide`}, and of none of ${BIN_SIZES.join(', ')} minutes they are a part`,
    );
  const columns = rel.columns.map((column) => ({
    column,
    stored: OF_THE_SERVICE.has(column.name) || column.name.startsWith('_') ? `Of_${column.name}` : column.name,
  }));
  const odd = columns.find(({ stored }) => !STORABLE.test(stored));
  if (odd) refuse(`a column of a table cannot be called ${odd.column.name}; give it another name`);
  const renamed = columns.filter(({ column, stored }) => stored !== column.name);
  return {
    query:
      renamed.length === 0
        ? query
        : `${query.trimEnd()}\n| project-rename ${renamed.map(({ column, stored }) => `${stored} = ${kqlName(column.name)}`).join(', ')}`,
    binMinutes: size!,
    tables: part.tables,
    columns,
  };
}

/**
 * The query of a roll-up that reads what a rule stored: each row is a group of one bin, done with. `rule` is the rule's
 * name, `table` where it stores.
 */
export function queryOfRule({ columns }: Pick<SummaryRuleQuery, 'columns'>, rule: string, table: string): string {
  const items = columns.map(({ column, stored }) =>
    stored === column.name ? kqlName(stored) : `${kqlName(column.name)} = ${stored}`,
  );
  return `${table}\n| where _RuleName == "${rule}"\n| project ${items.join(', ')}\n`;
}

function bound(query: string, schema: SourceSchema): Rel {
  try {
    return bindAcross(query, acrossSchema([schema]).plain).results[0]!.rel;
  } catch (error) {
    if (error instanceof AppError && error.code === 'query.semantic')
      refuse('it names _Customer, _Tenant or _Workspace, which no workspace has');
    throw error;
  }
}

/** Whether one of the summary's keys is a bin of the table's own TimeGenerated. */
function isByTimeGenerated(rel: Rel): boolean {
  windowable(rel);
  for (const one of below(rel)) {
    // Under this name it has to be the table's column wherever it comes along.
    const other =
      one.kind === 'project' &&
      one.items.some(({ column, expr }) => column.name === 'TimeGenerated' && !isColumn(expr)) &&
      [...below(one)].every(({ kind }) => kind !== 'aggregate');
    if (other) return false;
  }
  const top = [...below(rel)].find((one) => one.kind === 'aggregate');
  if (top?.kind !== 'aggregate') return false;
  const made = new Map(
    [...below(top.input)].flatMap((one) =>
      one.kind === 'project' ? one.items.map(({ column, expr }) => [column.name, expr] as const) : [],
    ),
  );
  return top.keys.some(({ expr }) => isBin(expr.kind === 'column' ? (made.get(expr.name) ?? expr) : expr));
}

function isBin(expr: Expr): boolean {
  if (expr.kind === 'convert') return isBin(expr.value);
  return (
    expr.kind === 'call' && /^(?:bin|floor|startof(?:day|week|month|year))$/.test(expr.name) && isColumn(expr.args[0])
  );
}

function isColumn(expr: Expr | undefined): boolean {
  return expr?.kind === 'column' && expr.name === 'TimeGenerated';
}

function refuse(reason: string): never {
  throw new AppError('query.unsupported', `No summary rule can compute this: ${reason}.`, {
    data: { construct: reason, start: 0, length: 0 },
  });
}
