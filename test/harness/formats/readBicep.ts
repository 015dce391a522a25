import assert from 'node:assert/strict';
import type { Node } from 'web-tree-sitter';
import type { PlanExportFile } from '../../../src/model/planExport.ts';
import { childrenOf, parseBy } from './grammar.ts';
import { idOf } from './written.ts';
import type { WrittenResource } from './written.ts';

type Entries = Readonly<Record<string, Node>>;

/** The resources of a Bicep file and of its modules, read by Bicep's grammar. */
export async function readBicep(
  files: readonly PlanExportFile[],
  subscription: string,
  group?: string,
  file = files[0]!,
): Promise<readonly WrittenResource[]> {
  const root = await parseBy('bicep', file.text);
  const resources: WrittenResource[] = [];
  const ids = new Map<string, string>();
  /** What a module makes, by its symbol. */
  const parts = new Map<string, readonly string[]>();
  const neededBy = (entries: Entries, symbols: readonly Node[]): readonly string[] =>
    [...(entries['dependsOn'] ? childrenOf(entries['dependsOn']) : []), ...symbols].flatMap((needed) => {
      assert.ok(ids.has(needed.text) || parts.has(needed.text), `${needed.text} is declared before it is needed`);
      return parts.get(needed.text) ?? [ids.get(needed.text)!];
    });
  for (const node of childrenOf(root)) {
    if (node.type === 'module_declaration') {
      const [symbol, path, body] = childrenOf(node);
      const entries = entriesOf(body!);
      const module = files.find(({ name }) => `./${name}` === valueOf(path!));
      assert.ok(module, `The module ${path!.text} is among the files.`);
      const scope = argumentsOf(entries['scope']!).map(valueOf);
      const within = scope.length > 1 ? (scope[0] as string) : subscription;
      const needs = neededBy(entries, []);
      const made = await readBicep(files, within, scope.at(-1) as string, module);
      resources.push(...made.map((one) => ({ ...one, needs: [...(one.needs ?? []), ...needs] })));
      parts.set(
        symbol!.text,
        made.map(({ id }) => id),
      );
    }
    if (node.type !== 'resource_declaration') continue;
    const [symbol, typed, body] = childrenOf(node);
    const [type, apiVersion] = (valueOf(typed!) as string).split('@') as [string, string];
    const entries = entriesOf(body!);
    const { name, parent, scope, dependsOn: _dependsOn, ...rest } = entries;
    const needs = neededBy(
      entries,
      [parent, scope].filter((one) => one !== undefined),
    );
    const called = valueOf(name!) as string;
    const above = parent ?? scope;
    const id =
      type === 'Microsoft.Resources/resourceGroups'
        ? `/subscriptions/${subscription}/resourceGroups/${called}`
        : parent
          ? `${ids.get(parent.text)!}/${type.slice(type.lastIndexOf('/') + 1)}/${called}`
          : idOf(
              above
                ? ids.get(above.text)!
                : `/subscriptions/${subscription}${group === undefined ? '' : `/resourceGroups/${group}`}`,
              type,
              called,
            );
    assert.ok(!ids.has(symbol!.text), `${symbol!.text} is declared once`);
    ids.set(symbol!.text, id);
    if (node.text.includes(' existing = ')) continue;
    const values = Object.entries(rest).map(([key, value]) => [key, valueOf(value)]);
    resources.push({ id, apiVersion, body: Object.fromEntries(values) as object, needs });
  }
  return resources;
}

function entriesOf(object: Node): Entries {
  return Object.fromEntries(
    childrenOf(object).map((property) => {
      const [name, value] = childrenOf(property) as [Node, Node];
      return [name.type === 'string' ? (valueOf(name) as string) : name.text, value];
    }),
  );
}

function argumentsOf(call: Node): readonly Node[] {
  return childrenOf(childrenOf(call).find(({ type }) => type === 'arguments')!);
}

function valueOf(node: Node): unknown {
  switch (node.type) {
    case 'string':
      assert.equal(node.descendantsOfType('interpolation').length, 0, `no expression in ${node.text}`);
      return unquote(node.text);
    case 'object':
      return Object.fromEntries(Object.entries(entriesOf(node)).map(([name, value]) => [name, valueOf(value)]));
    case 'array':
      return childrenOf(node).map(valueOf);
    case 'number':
    case 'boolean':
    case 'null':
      return JSON.parse(node.text);
    case 'identifier':
      return { secret: node.text };
    case 'call_expression':
      assert.equal(childrenOf(node)[0]!.text, 'json');
      return JSON.parse(valueOf(argumentsOf(node)[0]!) as string);
    default:
      // A sign before a number.
      if (/^-\d+$/.test(node.text)) return Number(node.text);
      throw new Error(`Bicep that nobody expects: ${node.type} ${node.text}`);
  }
}

/** Escapes as the language has them, https://learn.microsoft.com/azure/azure-resource-manager/bicep/data-types#strings. */
function unquote(text: string): string {
  return text.slice(1, -1).replaceAll(/\\(u\{[\da-f]+\}|[\s\S])/g, (_all, escape: string) => {
    if (escape.startsWith('u{')) return String.fromCodePoint(Number.parseInt(escape.slice(2, -1), 16));
    const known: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\', "'": "'", $: '$' };
    assert.ok(Object.hasOwn(known, escape), `\\${escape} is an escape of Bicep`);
    return known[escape]!;
  });
}
