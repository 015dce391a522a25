import type { Assignment, Expr, Rel, UnionInput } from '../plan.ts';
import { nameText } from './names.ts';
import { indented, inParentheses, listed, piped } from './printer.ts';
import type { Of, Pipe, Printer } from './printer.ts';
import { standsOnSubject } from './sharedRels.ts';
import { schemaText } from './sources.ts';

type Union = Of<'union'>;

/**
 * `union` of legs that have the answer's names and types already, so that nothing is split by type and no name is made
 * up; where a row comes from is a text that each leg says itself. Where legs have not the same columns a project gives
 * their order, unless nobody asks for it (`loose`).
 */
export function unionPipe(rel: Union, printer: Printer, loose: boolean): Pipe {
  const legs = rel.inputs.map((input) => leg(rel, input));
  const [first, ...others] = legs;
  if (!first) return { source: `datatable(${schemaText(rel.columns)})[]`, operators: [] };
  const names = rel.columns.map((c) => c.name).join('\n');
  const alike = legs.every((one) => one.columns.map((c) => c.name).join('\n') === names);
  // A column that no leg has is null in each.
  const missing = rel.columns.filter((c) => !legs.some((one) => one.columns.some((own) => own.name === c.name)));
  const settled = missing.length === 0 && (loose || alike);
  const united = together(first, others, printer, loose || !settled);
  if (settled) return united;
  const filled =
    missing.length === 0
      ? united
      : piped(
          united,
          listed(
            'extend',
            missing.map((c) => `${nameText(c.name)} = ${printer.scalar(nothing(c.type), [])}`),
          ),
        );
  if (loose) return filled;
  return piped(
    filled,
    listed(
      'project',
      rel.columns.map((c) => nameText(c.name)),
    ),
  );
}
function nothing(type: Rel['columns'][number]['type']): Expr {
  return { kind: 'literal', type, value: type === 'string' ? '' : null };
}

/** The legs as one; their columns have the order of the first one's, then those that others add. */
function together(first: Rel, others: readonly Rel[], printer: Printer, loose: boolean): Pipe {
  if (others.length === 0) return printer.rel(first, loose);
  const text = (one: Rel): string => {
    const pipe = printer.apart(one, loose || one !== first);
    return pipe.operators.length === 0 && pipe.source !== undefined && /^[\w'[\]]+$/.test(pipe.source)
      ? pipe.source
      : inParentheses(pipe);
  };
  // Rows of a subquery have no name: they are what is piped in.
  if (standsOnSubject(first)) return piped(printer.rel(first, loose), legsText(others.map(text)));
  return { source: legsText([first, ...others].map(text)), operators: [] };
}
function legsText(legs: readonly string[]): string {
  const line = `union ${legs.join(', ')}`;
  return line.length <= 110 && !line.includes('\n') ? line : `union\n${indented(legs.join(',\n'))}`;
}

/** A leg under the names and in the types of the answer, with its own name where rows say where they come from. */
function leg(rel: Union, { rel: input, name, target }: UnionInput): Rel {
  const offset = rel.source === undefined ? 0 : 1;
  const items = input.columns.flatMap((c, i): Assignment[] => {
    const column = target[i]! < 0 ? undefined : rel.columns[target[i]! + offset];
    return column ? [{ column, expr: { kind: 'column', ...c } }] : [];
  });
  const shaped: Rel = { kind: 'project', input, items, columns: items.map((i) => i.column), place: input.place };
  if (rel.source === undefined) return shaped;
  const source = rel.columns[0]!;
  const named: Assignment[] = [
    ...shaped.columns.map((column): Assignment => ({ column, expr: { kind: 'column', ...column } })),
    { column: source, expr: { kind: 'literal', type: 'string', value: name } },
  ];
  return {
    kind: 'project',
    input: shaped,
    items: named,
    columns: named.map((i) => i.column),
    place: input.place,
  };
}
