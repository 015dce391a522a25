import assert from 'node:assert/strict';
import type { Node } from 'web-tree-sitter';
import { childrenOf, parseBy } from './grammar.ts';

/** One command of a script with what it is given: texts, or lists of them. */
export interface PowershellCommand {
  readonly name: string;
  readonly words: readonly unknown[];
}

/** Marks a text that stands in a file. */
const SAVED = '\u0000';

/** The commands of these names in their order, read by PowerShell's grammar; `secrets` are what variables hold. */
export async function readPowershell(
  text: string,
  names: readonly string[],
  secrets: Readonly<Record<string, string>>,
): Promise<readonly PowershellCommand[]> {
  const root = await parseBy('powershell', text);
  return root
    .descendantsOfType('command')
    .filter((node): node is Node => node !== null && !isWithin(node, 'function_statement'))
    .flatMap((node) => {
      const name = nameOf(node);
      return names.includes(name) ? [{ name, words: wordsOf(node, secrets) }] : [];
    });
}

function isWithin(node: Node, type: string): boolean {
  for (let above = node.parent; above; above = above.parent) if (above.type === type) return true;
  return false;
}

function nameOf(command: Node): string {
  return childrenOf(command).find(({ type }) => type === 'command_name')!.text;
}

function wordsOf(command: Node, secrets: Readonly<Record<string, string>>): readonly unknown[] {
  const elements = childrenOf(command).find(({ type }) => type === 'command_elements');
  return elements ? childrenOf(elements).map((one) => valueOf(one, secrets)) : [];
}

function valueOf(node: Node, secrets: Readonly<Record<string, string>>): unknown {
  const children = childrenOf(node);
  switch (node.type) {
    case 'generic_token':
    case 'command_parameter':
      return node.text;
    case 'string_literal':
      return unquote(node.text);
    case 'variable': {
      const value = secrets[node.text.slice(1)];
      assert.notEqual(value, undefined, `${node.text} is a parameter`);
      return value;
    }
    case 'additive_expression':
      // The CLI reads the file behind the sign, which has the text that was saved.
      return children
        .map((one) => valueOf(one, secrets) as string)
        .join('')
        .replace(`@${SAVED}`, '');
    case 'array_expression':
      return [listOf(node, secrets)].flat();
    case 'command': {
      const [first] = wordsOf(node, secrets);
      switch (nameOf(node)) {
        case 'ConvertTo-Json':
          return JSON.stringify(first);
        case 'ConvertFrom-SecureString':
          return first;
        case 'Save-Word':
          return `${SAVED}${String(first)}`;
        default:
          throw new Error(`A command that nobody expects: ${node.text}`);
      }
    }
    default:
      assert.equal(children.length, 1, `${node.type} of one part: ${node.text}`);
      return valueOf(children[0]!, secrets);
  }
}

/** The entries of the one list in an expression. */
function listOf(node: Node, secrets: Readonly<Record<string, string>>): readonly unknown[] {
  const children = childrenOf(node);
  if (node.type === 'array_literal_expression') return children.map((one) => valueOf(one, secrets));
  assert.equal(children.length, 1, node.type);
  return listOf(children[0]!, secrets);
}

/** Quotes and escapes as about_Quoting_Rules and about_Special_Characters have them; curly quotes are quotes. */
function unquote(text: string): string {
  const inner = text.slice(1, -1);
  if (/^['\u2018-\u201b]/.test(text)) return inner.replaceAll(/(['\u2018-\u201b])['\u2018-\u201b]/g, '$1');
  assert.doesNotMatch(inner.replaceAll(/`[\s\S]/g, ''), /["\u201c-\u201e$]/, `nothing is expanded in ${text}`);
  return inner.replaceAll(/`(u\{[\da-f]+\}|[\s\S])/g, (_all, escape: string) =>
    escape.startsWith('u{') ? String.fromCodePoint(Number.parseInt(escape.slice(2, -1), 16)) : escape,
  );
}
