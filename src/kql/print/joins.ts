import type { Column } from '../../model/kqlType.ts';
import type { Assignment, Expr, Rel } from '../plan.ts';
import { nameText } from './names.ts';
import { inParentheses, listed, piped, unprintable } from './printer.ts';
import type { Of, Pipe, Printer } from './printer.ts';

type Join = Of<'join'>;
/** The names that columns of a side get before they are joined. */
type Names = ReadonlyMap<string, string>;

/**
 * `join` and `lookup`. Columns that would get other names than the plan has are called what they are to be before they
 * are joined, so that nothing has to be renamed behind.
 */
export function joinPipe(rel: Join, printer: Printer): Pipe {
  if (rel.on.length === 0) throw unprintable('A join without keys', rel.place);
  const oneSided = /^(left|right)(semi|anti)$/.test(rel.flavor);
  const left: Names = oneSided ? new Map() : leftNames(rel);
  const right: Names = oneSided ? new Map() : rightNames(rel, left, printer);
  const on = rel.on.map(([l, r]) => {
    const [own, other] = [keyName(l, left, rel), keyName(r, right, rel)];
    return own === other ? nameText(own) : `$left.${nameText(own)} == $right.${nameText(other)}`;
  });
  const side = inParentheses(printer.apart(renamed(rel.right, right), oneSided));
  const operator = `${rel.lookup ? 'lookup' : 'join'} kind=${rel.flavor} ${side} on ${on.join(', ')}`;
  const joined = piped(printer.rel(renamed(rel.left, left)), operator);
  return oneSided || isWhole(rel)
    ? joined
    : piped(
        joined,
        listed(
          'project',
          rel.columns.map((c) => nameText(c.name)),
        ),
      );
}

function keyName(expr: Expr, names: Names, rel: Join): string {
  if (expr.kind !== 'column') throw unprintable('A join on something other than columns', rel.place);
  return names.get(expr.name) ?? expr.name;
}
/** Whether the answer has every column of the right side, but for the keys of a lookup. */
function isWhole(rel: Join): boolean {
  const keys = new Set(rel.lookup ? rel.on.map(([, r]) => (r.kind === 'column' ? r.name : '')) : []);
  return rel.right.columns.filter((c) => !keys.has(c.name)).length === rel.rightColumns.length;
}

function leftNames(rel: Join): Names {
  return new Map(rel.left.columns.map((c, i) => [c.name, rel.columns[i]?.name ?? c.name]));
}
/** Names for the columns of the right side; none where those they have become the plan's by themselves. */
function rightNames(rel: Join, leftNamed: Names, printer: Printer): Names {
  const left = new Set(leftNamed.values());
  const all = new Set([...left, ...rel.right.columns.map((c) => c.name)]);
  const wanted = new Map(rel.rightColumns.map((c, i) => [c.name, rel.columns[rel.left.columns.length + i]!.name]));
  const natural = rel.right.columns.every(({ name }) => {
    const own = wanted.get(name);
    // The key of a lookup goes away.
    if (own === undefined)
      return !left.has(name) || (rel.lookup && rel.on.some((pair) => isPair(pair, leftNamed, name)));
    return own === (left.has(name) ? `${name}1` : name) && (own === name || !all.has(own));
  });
  if (natural) return new Map();
  const taken = new Set([...left, ...wanted.values()]);
  return new Map(
    rel.right.columns.map(({ name }) => [name, wanted.get(name) ?? (taken.has(name) ? printer.fresh('key') : name)]),
  );
}
function isPair([left, right]: readonly [Expr, Expr], names: Names, name: string): boolean {
  return left.kind === 'column' && right.kind === 'column' && names.get(left.name) === name && right.name === name;
}

function renamed(input: Rel, names: Names): Rel {
  if (input.columns.every((c) => (names.get(c.name) ?? c.name) === c.name)) return input;
  const items = input.columns.map((c): Assignment => {
    const column: Column = { name: names.get(c.name) ?? c.name, type: c.type };
    return { column, expr: { kind: 'column', ...c } };
  });
  return { kind: 'project', input, items, columns: items.map((i) => i.column), place: input.place };
}
