import { parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import { alignQuoted } from './places.ts';
import { MAX_DEPTH } from './placedTree.ts';
import type { PlacedNode } from './placedTree.ts';
import type { FileProblem } from './queryFile.ts';

/** A JSON file, with the comments that templates of Resource Manager may have. One with a mistake is told, not read. */
export function parseJson(text: string): {
  readonly roots: readonly PlacedNode[];
  readonly problems: readonly FileProblem[];
} {
  const errors: ParseError[] = [];
  try {
    const tree = parseTree(text, errors, { allowTrailingComma: true });
    const [error] = errors;
    if (!error && tree) return { roots: [toNode(tree, text, 0)], problems: [] };
    const message = `The JSON cannot be read: ${error ? printParseErrorCode(error.error) : 'the file is empty'}.`;
    return { roots: [], problems: [{ message, start: error?.offset ?? 0 }] };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { roots: [], problems: [{ message: 'The JSON is nested too deeply to be read.', start: 0 }] };
  }
}

function toNode(node: Node, text: string, depth: number): PlacedNode {
  if (depth > MAX_DEPTH) return { kind: 'value', value: null };
  const children = node.children ?? [];
  if (node.type === 'object') {
    const entries = new Map<string, PlacedNode>();
    for (const { children: [key, value] = [] } of children)
      if (key && value && !entries.has(String(key.value)))
        entries.set(String(key.value), toNode(value, text, depth + 1));
    return { kind: 'map', entries };
  }
  if (node.type === 'array') return { kind: 'list', items: children.map((item) => toNode(item, text, depth + 1)) };
  if (node.type !== 'string') return { kind: 'value', value: node.value as unknown };
  const start = node.offset + 1,
    end = node.offset + node.length - 1;
  return {
    kind: 'text',
    value: String(node.value),
    place: { start, length: end - start },
    quoted: String(node.value).includes('\n'),
    segments: () => alignQuoted(text, start, end),
  };
}
