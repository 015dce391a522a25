import { formatted, parsed } from '../kustoEditor.ts';
import { child, children, kindOf } from '../kusto.ts';
import { diagnosticsOf } from '../kustoAnalysis.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import type { DocumentBlock } from './blocks.ts';
import type { TextChange } from './face.ts';

/**
 * Microsoft's formatting of one block as the smallest change of the document, or nothing. A block with a syntax error
 * is left as it is:
 * its tokens may not mean what the formatter takes them for. Line breaks stay what the document uses.
 */
export function formatBlock(block: DocumentBlock, tabSize: number, lineBreak: string): TextChange | undefined {
  if (block.kind !== 'query') return undefined;
  const code = parsed(block.text);
  if (!code || diagnosticsOf(code).some((d) => d.severity === 'Error')) return undefined;
  let made = block.text;
  // One pass may leave what a second one would move (Microsoft's formatter looks at the breaks it finds): go on until
  // it rests.
  for (let pass = 0; pass < 3; pass++) {
    const before = made;
    const read = pass === 0 ? code : parsed(made);
    const broken = read ? breakPipelines(made, read.Syntax) : made;
    made = formatted((broken === made ? read : parsed(broken)) ?? code, tabSize)
      .replace(/\r\n?|\n/g, lineBreak)
      .trim();
    if (made === before) break;
  }
  if (!sameTokens(made, block.text)) return undefined;
  return smallestChange(block.text, made, block.start);
}

/**
 * Microsoft's formatter keeps a pipeline on one line until it is long; ours has one stage per line from two stages on.
 * One break makes it break all.
 */
function breakPipelines(text: string, root: SyntaxNode): string {
  let made = text;
  for (const statement of children(root, 'Statements').reverse()) {
    let pipe = kindOf(statement) === 'ExpressionStatement' ? child(statement, 'Expression') : undefined;
    let stages = 0,
      firstBar: SyntaxNode | undefined;
    for (; pipe && kindOf(pipe) === 'PipeExpression'; pipe = child(pipe, 'Expression')) {
      stages++;
      firstBar = child(pipe, 'Bar');
    }
    if (stages > 1 && firstBar) made = `${made.slice(0, firstBar.TextStart)}\n${made.slice(firstBar.TextStart)}`;
  }
  return made;
}

/** Formatting moves blanks and nothing else. */
function sameTokens(a: string, b: string): boolean {
  return a.replace(/\s+/g, '') === b.replace(/\s+/g, '');
}

/** The change between two texts without what they begin and end with in common; undefined where they are equal. */
function smallestChange(before: string, after: string, base: number): TextChange | undefined {
  if (before === after) return undefined;
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail++;
  // Never part a CRLF.
  if (head > 0 && before[head - 1] === '\r' && (before[head] === '\n' || after[head] === '\n')) head--;
  if (
    tail > 0 &&
    before[before.length - tail] === '\n' &&
    (before[before.length - tail - 1] === '\r' || after[after.length - tail - 1] === '\r')
  )
    tail--;
  return { start: base + head, end: base + before.length - tail, newText: after.slice(head, after.length - tail) };
}
