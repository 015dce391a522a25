import { isObject, SecretRef } from './value.ts';
import type { Value } from './value.ts';

/** An expression that is written as it is: a reference to another resource. */
export class HclReference {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What stands in a block: attributes and further blocks, in their order. */
export type HclEntry =
  | readonly [name: string, value: Value | HclReference | readonly HclReference[]]
  | { readonly block: string; readonly body: readonly HclEntry[] };

/** A block with its labels, indented by `indent`. */
export function hclBlock(head: string, labels: readonly string[], body: readonly HclEntry[], indent = ''): string {
  const lines = body.map((entry) =>
    'block' in entry
      ? hclBlock(entry.block, [], entry.body, `${indent}  `)
      : `${indent}  ${entry[0]} = ${hclValue(entry[1], `${indent}  `)}`,
  );
  return [`${indent}${[head, ...labels.map(hclText)].join(' ')} {`, ...lines, `${indent}}`].join('\n');
}

function hclValue(value: Value | HclReference | readonly (Value | HclReference)[], indent: string): string {
  const deeper = `${indent}  `;
  if (value instanceof HclReference) return value.text;
  if (value instanceof SecretRef) return `var.${value.name}`;
  if (typeof value === 'string') return hclText(value);
  if (Array.isArray(value))
    return value.length === 0
      ? '[]'
      : ['[', ...value.map((item: Value) => `${deeper}${hclValue(item, deeper)},`), `${indent}]`].join('\n');
  if (!isObject(value as Value)) return JSON.stringify(value);
  const entries = Object.entries(value as object) as [string, Value][];
  return entries.length === 0
    ? '{}'
    : [
        '{',
        ...entries.map(([name, item]) => `${deeper}${hclKey(name)} = ${hclValue(item, deeper)}`),
        `${indent}}`,
      ].join('\n');
}

function hclKey(name: string): string {
  // A bare word that means something to the language is a text here.
  return /^[A-Za-z_]\w*$/.test(name) && !/^(true|false|null|for|if|in)$/.test(name) ? name : hclText(name);
}

/**
 * A quoted template without templates. What begins one has its first character written by its number: a doubled sign
 * behind another sign would be read otherwise.
 */
export function hclText(text: string): string {
  const escaped = text
    .replaceAll(/[\\"]/g, String.raw`\$&`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\r', String.raw`\r`)
    .replaceAll('\t', String.raw`\t`)
    .replaceAll(/[$%](?=\{)|[\p{Cc}\p{Cf}\u2028\u2029]/gu, (one) => {
      const code = one.codePointAt(0)!;
      return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
    });
  return `"${escaped}"`;
}
