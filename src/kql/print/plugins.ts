import { columnsUsed } from '../prune.ts';
import type { Assignment, Expr, Rel } from '../plan.ts';
import { literalText, stringText } from './literals.ts';
import { nameText } from './names.ts';
import { listed, piped, unprintable } from './printer.ts';
import type { Of, Pipe, Printer } from './printer.ts';
import { schemaText } from './sources.ts';

/** `bag_unpack()` whose columns are known, as a project: each from its key, in its type. */
export function bagUnpackRel(rel: Of<'bagUnpack'>): Rel {
  const known = new Map(rel.input.columns.map((c) => [c.name, c]));
  const items = rel.columns.map((column): Assignment => {
    const output = rel.outputs.find((o) => o.column.name === column.name);
    if (!output) return { column, expr: { kind: 'column', ...(known.get(column.name) ?? column) } };
    const key: Expr = { kind: 'literal', type: 'string', value: output.key };
    return { column, expr: { kind: 'call', name: 'path', type: 'dynamic', args: [rel.bag, key], place: rel.place } };
  });
  return { kind: 'project', input: rel.input, items, columns: rel.columns, place: rel.place };
}

/** `evaluate pivot()` with the columns it has. */
export function pivotPipe(rel: Of<'pivot'>, printer: Printer): Pipe {
  const row = rel.input.columns;
  const odd = rel.keys.find(({ column, expr }) => expr.kind !== 'column' || expr.name !== column.name);
  if (odd) throw unprintable(`pivot() by an expression named '${odd.column.name}'`, rel.place);
  // Without keys in the call it takes all other columns as such.
  const used = new Set([...columnsUsed(rel.pivot), ...columnsUsed(rel.aggregate)]);
  const needed = row.filter((c) => used.has(c.name));
  const input = printer.rel(rel.input, true);
  const rows =
    rel.keys.length === 0 && needed.length < row.length
      ? piped(
          input,
          listed(
            'project',
            needed.map((c) => nameText(c.name)),
          ),
        )
      : input;
  const args = [rel.pivot, rel.aggregate, ...rel.keys.map((key) => key.expr)].map((arg) => printer.scalar(arg, row));
  return piped(rows, `evaluate pivot(${args.join(', ')}) : (${schemaText(rel.columns)})`);
}

/** `evaluate ipv4_lookup()` and `ipv6_lookup()`; the table to look in stands in a `let` unless it is a plain one. */
export function ipLookupPipe(rel: Of<'ipLookup'>, printer: Printer): Pipe {
  const plugin = rel.inRange === 'ipv4_is_in_range' ? 'ipv4_lookup' : 'ipv6_lookup';
  const plain = rel.lookup.kind === 'table' ? printer.rel(rel.lookup) : undefined;
  const table =
    plain?.source !== undefined && plain.operators.length === 0 && /^\w+$/.test(plain.source)
      ? plain.source
      : printer.named(rel.lookup);
  const args = [
    table,
    printer.scalar(rel.source, rel.input.columns),
    printer.scalar(rel.network, rel.lookup.columns),
    ...rel.keys.map(([key]) => nameText(key)),
    ...(rel.unmatched ? [`return_unmatched = ${literalText('bool', true)}`] : []),
  ];
  const found = piped(printer.rel(rel.input), `evaluate ${plugin}(${args.join(', ')})`);
  // As the last operator it would show the lookup table's columns first.
  return plugin === 'ipv4_lookup'
    ? found
    : piped(
        found,
        listed(
          'project',
          rel.columns.map((c) => nameText(c.name)),
        ),
      );
}

/** Plugins over columns and constants. */
export function pluginPipe(rel: Of<'plugin'>, printer: Printer): Pipe {
  const args = [...rel.args, ...rel.dimensions].map((arg) => printer.scalar(arg, rel.input.columns));
  return piped(printer.rel(rel.input), `evaluate ${rel.plugin}(${args.join(', ')})`);
}

/** `reduce`. */
export function reducePipe(rel: Of<'reduce'>, printer: Printer): Pipe {
  const value = printer.scalar(rel.value, rel.input.columns);
  const options = [
    `threshold=${rel.threshold}`,
    ...(rel.characters === '' ? [] : [`characters=${stringText(rel.characters)}`]),
  ];
  return piped(printer.rel(rel.input, true), `reduce by ${value} with ${options.join(', ')}`);
}
