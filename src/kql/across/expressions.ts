import type { Column } from '../../model/kqlType.ts';
import type { Assignment, Expr, Place, Rel } from '../plan.ts';

/** The columns that say whose a row is, in the order they stand before others. No workspace has them. */
export const ATTRIBUTION: readonly Column[] = ['_Customer', '_Tenant', '_Workspace'].map((name) => ({
  name,
  type: 'string',
}));
const NAMES: ReadonlySet<string> = new Set(ATTRIBUTION.map((column) => column.name));

/** Whether a name is one of the attribution columns'. */
export function isAttribution(name: string): boolean {
  return NAMES.has(name);
}

/** A reference to a column. */
export function columnRef({ name, type }: Column): Expr & { readonly kind: 'column' } {
  return { kind: 'column', name, type };
}

/** The parts of an expression replaced from the leaves up; `change` gets each part with its own parts changed. */
export function mapExpr(expr: Expr, change: (part: Expr) => Expr): Expr {
  const inner = (part: Expr): Expr => mapExpr(part, change);
  switch (expr.kind) {
    case 'call':
    case 'aggregate':
      return change({ ...expr, args: expr.args.map(inner) });
    case 'convert':
    case 'inQuery':
      return change({ ...expr, value: inner(expr.value) });
    case 'inArray':
      return change({ ...expr, value: inner(expr.value), array: inner(expr.array) });
    default:
      return change(expr);
  }
}

/** Every part of an expression, itself included; subqueries are not gone into. */
export function partsOf(expr: Expr): Expr[] {
  const found: Expr[] = [];
  mapExpr(expr, (part) => {
    found.push(part);
    return part;
  });
  return found;
}

/** Tabular expressions inside a scalar one. */
export function relsOf(expr: Expr): Rel[] {
  return partsOf(expr).flatMap((part) => (part.kind === 'subquery' || part.kind === 'inQuery' ? [part.rel] : []));
}

/** The expression over other columns: each column's name replaced by what it is made of. */
export function substituted(expr: Expr, made: ReadonlyMap<string, Expr>): Expr {
  return mapExpr(expr, (part) => (part.kind === 'column' ? (made.get(part.name) ?? part) : part));
}

/** What columns are made of, by name. */
export function madeOf(items: readonly Assignment[]): ReadonlyMap<string, Expr> {
  return new Map(items.map(({ column, expr }) => [column.name, expr]));
}

/** The conditions that all have to hold. */
export function conjuncts(condition: Expr): Expr[] {
  return condition.kind === 'call' && condition.name === 'and' ? condition.args.flatMap(conjuncts) : [condition];
}

/** Names of columns an expression looks at. */
export function columnNames(expr: Expr): string[] {
  return partsOf(expr).flatMap((part) => (part.kind === 'column' ? [part.name] : []));
}

/** Whether an expression looks at nothing but whose row it is (a constant counts, where it is not by chance). */
export function isOfTarget(expr: Expr): boolean {
  return (
    partsOf(expr).every((part) => part.kind !== 'column' || isAttribution(part.name)) &&
    relsOf(expr).length === 0 &&
    !isVolatile(expr)
  );
}

/** Whether asking it twice may give two answers. */
export function isVolatile(expr: Expr): boolean {
  return partsOf(expr).some((part) => part.kind === 'call' && BY_CHANCE.has(part.name));
}
const BY_CHANCE: ReadonlySet<string> = new Set(['rand', 'new_guid', 'guid']);

/** A call, at the place of what it was made from. */
export function call(name: string, type: Column['type'], args: readonly Expr[], place: Place): Expr {
  return { kind: 'call', name, type, args, place };
}

/** A name beside those taken, which it is added to. */
export function freshName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let n = 1; taken.has(name) || isAttribution(name); n++) name = `${wanted}_${n}`;
  taken.add(name);
  return name;
}
