import { Composer, isMap, isScalar, isSeq, Lexer, Parser } from 'yaml';
import type { Scalar } from 'yaml';
import { alignLines, alignQuoted } from './places.ts';
import type { Segment } from './places.ts';
import { MAX_DEPTH } from './placedTree.ts';
import type { PlacedNode } from './placedTree.ts';
import type { FileProblem } from './queryFile.ts';

/** The library takes up to 30 µs for each word of a text that wants to be slow; a rule has a few hundred. */
const MAX_WORDS = 20_000;

/**
 * The documents of a YAML file. Untrusted: every value is a text or a list or map of them, tags make nothing, and
 * aliases are not followed, so that none can multiply. A document with a mistake is left out and told.
 */
export function parseYaml(text: string): {
  readonly roots: readonly PlacedNode[];
  readonly problems: readonly FileProblem[];
} {
  let words = 0;
  for (const _ of new Lexer().lex(text))
    if (++words > MAX_WORDS)
      return { roots: [], problems: [{ message: 'The file has more YAML in it than is read at once.', start: 0 }] };
  const roots: PlacedNode[] = [],
    problems: FileProblem[] = [];
  const composer = new Composer({
    schema: 'failsafe',
    resolveKnownTags: false,
    customTags: [],
    merge: false,
    uniqueKeys: false,
    logLevel: 'silent',
    prettyErrors: false,
  });
  try {
    for (const document of composer.compose(new Parser().parse(text), true, text.length)) {
      const [error] = document.errors;
      if (error) problems.push({ message: `The YAML cannot be read: ${error.message}.`, start: error.pos[0] });
      else roots.push(toNode(document.contents, text, 0));
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    problems.push({ message: 'The YAML is nested too deeply to be read.', start: 0 });
  }
  return { roots, problems };
}

const NOTHING: PlacedNode = { kind: 'value', value: null };

function toNode(node: unknown, text: string, depth: number): PlacedNode {
  if (depth > MAX_DEPTH) return NOTHING;
  if (isMap(node)) {
    const entries = new Map<string, PlacedNode>();
    for (const { key, value } of node.items)
      if (isScalar(key) && typeof key.value === 'string' && !entries.has(key.value))
        entries.set(key.value, toNode(value, text, depth + 1));
    return { kind: 'map', entries };
  }
  if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => toNode(item, text, depth + 1)) };
  if (!isScalar(node) || typeof node.value !== 'string' || !node.range) return NOTHING;
  return toText(node, node.value, node.range, text);
}

function toText(node: Scalar, value: string, [begin, end]: readonly number[], text: string): PlacedNode {
  const block = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
  const quotes = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' ? 1 : 0;
  const header = text.indexOf('\n', begin);
  const start = block && header >= 0 ? header + 1 : begin! + quotes;
  const stop = Math.max(start, end! - quotes);
  const oneLine = !text.slice(start, stop).includes('\n');
  return {
    kind: 'text',
    value,
    place: { start, length: stop - start },
    quoted: oneLine && value.includes('\n'),
    segments: (): Segment[] =>
      oneLine && node.type === 'QUOTE_DOUBLE' ? alignQuoted(text, start, stop) : alignLines(text, start, stop, value),
  };
}
