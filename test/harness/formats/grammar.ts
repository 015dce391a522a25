import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { Language, Parser } from 'web-tree-sitter';
import type { Node } from 'web-tree-sitter';

const require = createRequire(import.meta.url);
const loaded = new Map<string, Promise<Parser>>();

/** The tree of a text by the language's own grammar; a text with a mistake in it is refused. */
export async function parseBy(language: 'bicep' | 'powershell', text: string): Promise<Node> {
  let parser = loaded.get(language);
  if (!parser) loaded.set(language, (parser = load(language)));
  const tree = (await parser).parse(text);
  assert.ok(tree && !tree.rootNode.hasError, `${language} with a mistake: ${mistake(tree?.rootNode)}\n${text}`);
  return tree.rootNode;
}

async function load(language: string): Promise<Parser> {
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(await Language.load(require.resolve(`tree-sitter-${language}/tree-sitter-${language}.wasm`)));
  return parser;
}

function mistake(node: Node | undefined): string {
  const found = node?.descendantsOfType('ERROR')[0];
  return found ? `line ${found.startPosition.row + 1}: ${found.text.slice(0, 80)}` : 'something is missing';
}

/** The named children of a node; comments are none. */
export function childrenOf(node: Node): readonly Node[] {
  return node.namedChildren.filter((one): one is Node => one !== null && !/comment|separator|_sep$/.test(one.type));
}
