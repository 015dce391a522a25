import { nameText } from './names.ts';
import { LEVEL } from './operators.ts';
import { assignmentText } from './project.ts';
import { indented, listed, piped } from './printer.ts';
import type { Of, Pipe, Printer } from './printer.ts';

/** `make-series`: its aggregates, and in a line of its own what it goes over. */
export function makeSeriesPipe(rel: Of<'makeSeries'>, printer: Printer): Pipe {
  const row = rel.input.columns;
  const items = rel.items.map(
    (item) =>
      `${nameText(item.column.name)} = ${printer.scalar(item.expr, row)}${item.fill ? ` default=${printer.scalar(item.fill, [], LEVEL.sum)}` : ''}`,
  );
  const bound = (word: string, expr: typeof rel.from): string =>
    expr ? ` ${word} ${printer.scalar(expr, [], LEVEL.sum)}` : '';
  // The axis is an array in the answer, of a value of its own type.
  const axis = assignmentText(
    { column: { ...rel.axis.column, type: rel.axis.expr.type }, expr: rel.axis.expr },
    rel,
    row,
    printer,
  );
  const keys = rel.keys.map((key) => assignmentText(key, rel, row, printer)).join(', ');
  const range =
    rel.inclusive && rel.from && rel.to
      ? ` in range(${[rel.from, rel.to, rel.step].map((e) => printer.scalar(e, [])).join(', ')})`
      : `${bound('from', rel.from)}${bound('to', rel.to)}${bound('step', rel.step)}`;
  const head = listed(rel.nonempty ? 'make-series kind=nonempty' : 'make-series', items);
  const on = `on ${axis}${range}${keys ? ` by ${keys}` : ''}`;
  return piped(printer.rel(rel.input, true), `${head}\n${indented(on)}`);
}

/** `top-nested`, a level a line. */
export function topNestedPipe(rel: Of<'topNested'>, printer: Printer): Pipe {
  const row = rel.input.columns;
  const levels = rel.levels.map((level) => {
    const count = level.count ? ` ${printer.scalar(level.count, [], LEVEL.primary)}` : '';
    const others = level.others ? ` with others = ${printer.scalar(level.others, [], LEVEL.primary)}` : '';
    const measure = assignmentText(
      { column: { ...level.measure.column, type: level.measure.expr.type }, expr: level.measure.expr },
      rel,
      row,
      printer,
    );
    return `top-nested${count} of ${assignmentText(level.key, rel, row, printer)}${others} by ${measure} ${level.desc ? 'desc' : 'asc'}`;
  });
  return piped(printer.rel(rel.input, true), levels.join(',\n  '));
}
