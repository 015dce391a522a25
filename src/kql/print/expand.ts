import type { Expansion } from '../plan.ts';
import { LEVEL } from './operators.ts';
import { nameText } from './names.ts';
import { indented, listed, piped, pipeText } from './printer.ts';
import type { Of, Pipe, Printer } from './printer.ts';

/** `mv-expand`. */
export function mvExpandPipe(rel: Of<'mvExpand'>, printer: Printer): Pipe {
  const words = [
    'mv-expand',
    ...(rel.bagAsArray ? ['kind=array'] : []),
    ...(rel.indexName === undefined ? [] : [`with_itemindex=${nameText(rel.indexName)}`]),
  ].join(' ');
  return piped(printer.rel(rel.input), listed(words, expansions(rel, printer), limitText(rel, printer)));
}

/** `mv-apply`, its subquery a block. */
export function mvApplyPipe(rel: Of<'mvApply'>, printer: Printer): Pipe {
  const words = [
    'mv-apply',
    ...(rel.indexName === undefined ? [] : [`with_itemindex=${nameText(rel.indexName)}`]),
  ].join(' ');
  const limit = limitText(rel, printer);
  const head = listed(words, expansions(rel, printer), limit);
  return piped(printer.rel(rel.input), `${head} on ${block(printer.body(rel.body))}`);
}

/** `partition`, its subquery a block. */
export function partitionPipe(rel: Of<'partition'>, printer: Printer): Pipe {
  const key = printer.scalar(rel.key, rel.input.columns);
  const head = `partition hint.strategy=${rel.limited ? 'legacy' : 'native'} by ${key}`;
  return piped(printer.rel(rel.input), `${head} ${block(printer.body(rel.body))}`);
}

/** The subquery on the rows of each; without an operator it is none. */
function block(pipe: Pipe): string {
  const whole = pipe.source === undefined && pipe.operators.length === 0 ? piped(pipe, 'where true') : pipe;
  return `(\n${indented(pipeText(whole))}\n)`;
}

function expansions(rel: Of<'mvExpand'> | Of<'mvApply'>, printer: Printer): string[] {
  return rel.items.map((item) => expansionText(item, rel, printer));
}
function expansionText(
  { column, expr, type }: Expansion,
  rel: Of<'mvExpand'> | Of<'mvApply'>,
  printer: Printer,
): string {
  // What is expanded is taken as dynamic by itself.
  const value = printer.scalar(
    expr.kind === 'convert' && expr.type === 'dynamic' ? expr.value : expr,
    rel.input.columns,
  );
  const name = nameText(column.name);
  const text = value === name ? name : `${name} = ${value}`;
  return type === 'dynamic' ? text : `${text} to typeof(${type})`;
}
function limitText(rel: Of<'mvExpand'> | Of<'mvApply'>, printer: Printer): string {
  return rel.limit ? `limit ${printer.scalar(rel.limit, [], LEVEL.primary)}` : '';
}
