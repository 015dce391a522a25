import type { ParsePart } from '../plan.ts';
import type { LiteralValue } from '../literal.ts';
import { literalText, stringText } from './literals.ts';
import { nameText } from './names.ts';
import { LEVEL } from './operators.ts';
import { piped, unprintable } from './printer.ts';
import type { Of, Pipe, Printer } from './printer.ts';
import { schemaText } from './sources.ts';

/** `parse` and `parse-where`. */
export function parsePipe(rel: Of<'parse'>, printer: Printer): Pipe {
  const words = [
    rel.where ? 'parse-where' : 'parse',
    ...(rel.mode === 'simple' && rel.flags === '' ? [] : [`kind=${rel.mode}`]),
    ...(rel.flags === '' ? [] : [`flags=${flagsText(rel)}`]),
  ].join(' ');
  const value = printer.scalar(rel.value, rel.input.columns, LEVEL.primary);
  return piped(printer.rel(rel.input), `${words} ${value} with ${rel.parts.map(partText).join(' ')}`);
}
function flagsText(rel: Of<'parse'>): string {
  if (!/^\w+$/.test(rel.flags)) throw unprintable(`parse with the flags '${rel.flags}'`, rel.place);
  return rel.flags;
}
function partText(part: ParsePart): string {
  switch (part.kind) {
    case 'any':
      return '*';
    case 'text':
      return stringText(part.text);
    case 'column':
      return `${nameText(part.column.name)}${part.column.type === 'string' ? '' : `:${part.column.type}`}`;
  }
}

/** `parse-kv`. */
export function parseKvPipe(rel: Of<'parseKv'>, printer: Printer): Pipe {
  const value = printer.scalar(rel.value, rel.input.columns, LEVEL.primary);
  const options = Object.entries(rel.options).flatMap(([name, option]) => optionTexts(name, option));
  const clause = options.length > 0 ? ` with (${options.join(', ')})` : '';
  return piped(printer.rel(rel.input), `parse-kv ${value} as (${schemaText(rel.keys)})${clause}`);
}
/** Several quotes or escapes are parted by a line's end in the plan, and said one by one in KQL. */
function optionTexts(name: string, value: LiteralValue): string[] {
  if (typeof value !== 'string') return [`${name}=${literalText(typeof value === 'boolean' ? 'bool' : 'long', value)}`];
  const values = name === 'quote' || name === 'escape' ? value.split('\n') : [value];
  return values.map((one) => `${name}=${stringText(one)}`);
}
