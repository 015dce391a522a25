import type { Expr, Rel } from '../plan.ts';
import { inputsOf, LEAVES } from '../prune.ts';
import { isAttribution, isVolatile, partsOf } from './expressions.ts';
import type { RemoteLanguage } from './remoteLanguage.ts';

/** Functions that look at neighbouring rows, and those that ask where the query runs. */
export const NOT_OF_A_ROW: ReadonlySet<string> = new Set([
  'prev',
  'next',
  'row_number',
  'row_cumsum',
  'row_rank_dense',
  'row_rank_min',
  'row_window_session',
  'current_cluster_endpoint',
  'current_database',
  'current_principal',
  'extent_id',
  'extent_tags',
  'cursor_current',
]);

const constants = new WeakMap<Rel, boolean>();
/** Whether a tabular expression has the same rows for everybody: it reads no table, at most a file. */
export function isConstant(rel: Rel): boolean {
  let known = constants.get(rel);
  if (known === undefined) {
    const same = rel.kind === 'table' ? rel.table.written !== undefined : rel.kind !== 'subject';
    known = same && inputsOf(rel).every(isConstant);
    constants.set(rel, known);
  }
  return known;
}

const chances = new WeakMap<Rel, boolean>();
/** Whether reading the rows of a tabular expression twice may give two answers. */
export function isByChance(rel: Rel): boolean {
  let known = chances.get(rel);
  if (known === undefined) {
    known = hasVolatile(rel) || inputsOf(rel).some(isByChance);
    chances.set(rel, known);
  }
  return known;
}
function hasVolatile(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasVolatile);
  if (typeof value !== 'object' || value === null) return false;
  if ('kind' in value && value.kind === 'call' && isVolatile(value as Expr)) return true;
  return Object.entries(value).some(
    ([key, inner]) =>
      !LEAVES.has(key) &&
      !(typeof inner === 'object' && inner !== null && 'place' in inner && 'columns' in inner) &&
      hasVolatile(inner),
  );
}

/** What may be sent: judged by whether it looks at one row alone, and by what its texts would tell its reader. */
export class Pushing {
  private readonly isConfidential: (text: string) => boolean;
  private readonly language: RemoteLanguage | undefined;
  private readonly known = new WeakMap<object, boolean>();

  private readonly aliases = new Map<string, ReadonlyMap<string, string>>();

  /** `hidden`: of columns that go by a name of ours, the true names, by table. `language`: all of KQL where absent. */
  constructor(
    isConfidential: (text: string) => boolean = () => false,
    hidden: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(),
    language?: RemoteLanguage,
  ) {
    this.isConfidential = isConfidential;
    this.language = language;
    for (const [table, names] of hidden)
      this.aliases.set(table, new Map([...names].map(([alias, name]) => [name, alias])));
  }

  /** The name that a column of a table is read under. */
  columnOf(table: string, column: string): string {
    return this.aliases.get(table)?.get(column) ?? column;
  }

  /** Whether an expression over columns of a remote row gives at each target what it would give over all rows. */
  allows(expr: Expr): boolean {
    return partsOf(expr).every((part) => {
      switch (part.kind) {
        case 'literal':
          return typeof part.value !== 'string' || !this.isConfidential(part.value);
        case 'column':
          return !isAttribution(part.name) && part.name !== this.language?.named.column;
        case 'call':
          return !NOT_OF_A_ROW.has(part.name) && this.language?.scalar(part.name) !== false;
        case 'subquery':
        case 'inQuery':
          return !this.language && isConstant(part.rel) && this.allowsRel(part.rel);
        default:
          return true;
      }
    });
  }

  /** Whether who is asked has the operator at all. */
  takes(rel: Rel): boolean {
    return this.language?.operator(rel) !== false;
  }

  /** Whether a column may be sent under another name: one whose values are put in words here is known by its own. */
  mayRename(from: string, to: string): boolean {
    return from === to || from !== this.language?.named.column;
  }

  /** Whether who is asked has the aggregates of a grouping. */
  takesAggregates(items: readonly { readonly expr: Expr }[]): boolean {
    return items.every(({ expr }) => expr.kind !== 'aggregate' || this.language?.aggregate(expr.name) !== false);
  }

  /** The name that a column is sent under: a name tells its reader as much as a text. */
  nameOf(wanted: string): string {
    return this.isConfidential(wanted) ? 'column' : wanted;
  }

  /** Whether the texts and names that an operator brings itself may be sent; its input has been judged. */
  allowsOperator(rel: Rel & { readonly input: Rel }): boolean {
    const own = Object.entries(rel).filter(([key]) => key !== 'input' && key !== 'columns');
    return own.every(([, value]) => everyText(value, (text) => !this.isConfidential(text)));
  }

  /** Whether the texts inside a constant tabular expression may be sent. */
  allowsRel(rel: Rel): boolean {
    let allowed = this.known.get(rel);
    if (allowed === undefined) {
      allowed = everyText(rel, (text) => !this.isConfidential(text));
      this.known.set(rel, allowed);
    }
    return allowed;
  }
}

/** Whether every text of a value or name within a plan passes. */
function everyText(value: unknown, passes: (text: string) => boolean): boolean {
  if (typeof value === 'string') return passes(value);
  if (Array.isArray(value)) return value.every((item) => everyText(item, passes));
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every((item) => everyText(item, passes));
}
