import type { SortKey } from '../plan.ts';
import { LEVEL } from './operators.ts';
import { packsRow } from './bags.ts';
import { nameText } from './names.ts';
import { isUnit } from './project.ts';
import { listed, piped } from './printer.ts';
import type { Of, Pipe, Printer } from './printer.ts';
import type { Column } from '../../model/kqlType.ts';

/** `where`. */
export function filterPipe(rel: Of<'filter'>, printer: Printer, loose: boolean): Pipe {
  return piped(
    printer.rel(rel.input, loose && !packsRow(rel.condition)),
    `where ${printer.scalar(rel.condition, rel.input.columns)}`,
  );
}

/** `distinct`: by the names of a project of columns beneath it, else of all there is. */
export function distinctPipe(rel: Of<'distinct'>, printer: Printer): Pipe {
  const { input } = rel;
  const listedColumns =
    input.kind === 'project' &&
    !printer.isNamed(input) &&
    !isUnit(input.input) &&
    input.input.kind !== 'spread' &&
    input.items.length > 0 &&
    input.items.every(
      ({ column, expr }) => expr.kind === 'column' && expr.name === column.name && expr.type === column.type,
    );
  if (listedColumns)
    return piped(
      printer.rel(input.input, true),
      listed(
        'distinct',
        input.columns.map((c) => nameText(c.name)),
      ),
    );
  return piped(printer.rel(input), 'distinct *');
}

function keyText(key: SortKey, row: readonly Column[], printer: Printer): string {
  const nulls = key.nullsFirst === key.desc ? ` nulls ${key.nullsFirst ? 'first' : 'last'}` : '';
  return `${printer.scalar(key.expr, row)} ${key.desc ? 'desc' : 'asc'}${nulls}`;
}
function sortText(keys: readonly SortKey[], row: readonly Column[], printer: Printer): string {
  return listed(
    'sort by',
    keys.map((key) => keyText(key, row, printer)),
  );
}
/** `sort by`. */
export function sortPipe(rel: Of<'sort'>, printer: Printer, loose: boolean): Pipe {
  const input = printer.rel(rel.input, loose);
  return rel.keys.length === 0 ? input : piped(input, sortText(rel.keys, rel.input.columns, printer));
}

/** `take`, and `top` where it is the first by a key. */
export function takePipe(rel: Of<'take'>, printer: Printer, loose: boolean): Pipe {
  const input = printer.rel(rel.input, loose);
  const count = printer.scalar(rel.count, [], LEVEL.sum);
  const [only, ...more] = rel.keys;
  if (!only) return piped(input, `take ${count}`);
  const row = rel.input.columns;
  if (more.length === 0) return piped(input, `top ${count} by ${keyText(only, row, printer)}`);
  return piped(input, sortText(rel.keys, row, printer), `take ${count}`);
}
