import type { Column } from '../../model/kqlType.ts';
import type { Assignment, Expr, Rel } from '../plan.ts';
import { nameText } from './names.ts';
import { inParentheses, piped, unprintable } from './printer.ts';
import type { Of, Pipe, Printer } from './printer.ts';

type Join = Of<'join'>;

/**
 * `join` and `lookup`. Columns of the right side that would get other names than the plan has are called what they
 * are to be before they are joined, so that nothing has to be renamed behind.
 */
export function joinPipe(rel: Join, printer: Printer): Pipe {
  if (rel.on.length === 0) throw unprintable('A join without keys', rel.place);
  const oneSided = /^(left|right)(semi|anti)$/.test(rel.flavor);
  const names = oneSided ? undefined : rightNames(rel, printer);
  const right = names ? renamed(rel.right, names) : rel.right;
  const on = rel.on.map(([l, r]) => {
    const [left, other] = [keyName(l, rel), names?.get(keyName(r, rel)) ?? keyName(r, rel)];
    return left === other ? nameText(left) : `$left.${nameText(left)} == $right.${nameText(other)}`;
  });
  const operator = `${rel.lookup ? 'lookup' : 'join'} kind=${rel.flavor} ${inParentheses(printer.apart(right, oneSided))}`;
  return piped(printer.rel(leftSide(rel, oneSided)), `${operator} on ${on.join(', ')}`);
}

function keyName(expr: Expr, rel: Join): string {
  if (expr.kind !== 'column') throw unprintable('A join on something other than columns', rel.place);
  return expr.name;
}

/** The left side under the names it has in the answer. */
function leftSide(rel: Join, oneSided: boolean): Rel {
  if (oneSided || rel.left.columns.every((c, i) => rel.columns[i]?.name === c.name)) return rel.left;
  throw unprintable('A join that renames columns of its left side', rel.place);
}

/** Names for the columns of the right side; undefined where those they have become the plan's by themselves. */
function rightNames(rel: Join, printer: Printer): Map<string, string> | undefined {
  const left = new Set(rel.left.columns.map((c) => c.name));
  const all = new Set([...left, ...rel.right.columns.map((c) => c.name)]);
  const wanted = new Map(rel.rightColumns.map((c, i) => [c.name, rel.columns[left.size + i]!.name]));
  const natural = rel.right.columns.every(({ name }) => {
    const own = wanted.get(name);
    // The key of a lookup goes away.
    if (own === undefined) return !left.has(name) || rel.on.some(([l, r]) => isPair(l, r, name));
    return own === (left.has(name) ? `${name}1` : name) && (own === name || !all.has(own));
  });
  if (natural) return undefined;
  const taken = new Set(wanted.values());
  return new Map(
    rel.right.columns.map(({ name }) => {
      const own = wanted.get(name);
      return [name, own ?? (left.has(name) || taken.has(name) ? printer.fresh('key') : name)];
    }),
  );
}
function isPair(left: Expr, right: Expr, name: string): boolean {
  return left.kind === 'column' && right.kind === 'column' && left.name === name && right.name === name;
}

function renamed(input: Rel, names: ReadonlyMap<string, string>): Rel {
  const items = input.columns.map((c): Assignment => {
    const column: Column = { name: names.get(c.name) ?? c.name, type: c.type };
    return { column, expr: { kind: 'column', ...c } };
  });
  return { kind: 'project', input, items, columns: items.map((i) => i.column), place: input.place };
}
