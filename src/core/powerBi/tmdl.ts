/**
 * An object of TMDL (the text form of a tabular model): `kind name = expression`, its properties and the objects in
 * it. https://learn.microsoft.com/analysis-services/tmdl/tmdl-overview
 */
export interface TmdlObject {
  readonly kind: string;
  readonly name?: string;
  /** What stands behind `=`: a word (`partition P = m`), or an expression of DAX or M, also of many lines. */
  readonly expression?: string;
  /** Shown to people who use the model. */
  readonly description?: string;
  /** In order; `true` is written as the property's name alone. */
  readonly properties?: readonly (readonly [name: string, value: TmdlValue])[];
  readonly children?: readonly TmdlObject[];
}

/** A property's value: a text, a number, `true`, a name of an object, or an expression of many lines. */
export type TmdlValue = string | number | true | { readonly expression: string } | { readonly reference: string };

/** Objects as the text of a TMDL file; each level is a tab further in, an expression two further than its object. */
export function printTmdl(objects: readonly TmdlObject[]): string {
  return `${objects.map((object) => linesOf(object, 0).join('\n')).join('\n\n')}\n`;
}

/** A name of TMDL: in single quotes unless it is plain. */
export function tmdlName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `'${name.replaceAll("'", "''")}'`;
}

/** A column of a table, as relationships name it. */
export function tmdlColumn(table: string, column: string): string {
  return `${tmdlName(table)}.${tmdlName(column)}`;
}

function linesOf(
  { kind, name, expression, description, properties = [], children = [] }: TmdlObject,
  depth: number,
): string[] {
  const tabs = '\t'.repeat(depth);
  const head = [kind, ...(name === undefined ? [] : [tmdlName(name)])].join(' ');
  return [
    ...(description === undefined ? [] : [`${tabs}/// ${oneLine(description)}`]),
    ...(expression === undefined ? [`${tabs}${head}`] : withExpression(`${tabs}${head} =`, expression, depth + 2)),
    ...properties.flatMap(([property, value]) => propertyLines(property, value, depth + 1)),
    ...children.flatMap((child) => ['', ...linesOf(child, depth + 1)]),
  ];
}

function propertyLines(name: string, value: TmdlValue, depth: number): string[] {
  const tabs = '\t'.repeat(depth);
  if (value === true) return [`${tabs}${name}`];
  if (typeof value === 'number') return [`${tabs}${name}: ${value}`];
  if (typeof value === 'string') return [`${tabs}${name}: ${textValue(value)}`];
  if ('reference' in value) return [`${tabs}${name}: ${value.reference}`];
  return withExpression(`${tabs}${name} =`, value.expression, depth + 2);
}

/** One line stays beside `=`; more stand below, as they are, further in. */
function withExpression(head: string, expression: string, depth: number): string[] {
  const lines = expression.split('\n');
  if (lines.length === 1) return [`${head} ${expression}`];
  return [head, ...lines.map((line) => (line === '' ? '' : `${'\t'.repeat(depth)}${line}`))];
}

function textValue(text: string): string {
  const line = oneLine(text);
  return /^[\w#.,[\]$ -]+$/.test(line) && line === line.trim() ? line : `"${line.replaceAll('"', '""')}"`;
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}
