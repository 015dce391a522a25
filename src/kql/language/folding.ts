import { scan } from '../scan.ts';
import type { DocumentBlock } from './blocks.ts';
import type { FoldingRange } from './face.ts';
import { LineMap } from './lineMap.ts';

/**
 * Blocks, brackets, multi-line strings and runs of comment lines, each over more than one line; `// #region` is the
 * editor's own business.
 */
export function foldingRanges(text: string, blocks: readonly DocumentBlock[]): FoldingRange[] {
  const lines = new LineMap(text);
  const ranges = new Map<number, FoldingRange>();
  const add = (startLine: number, endLine: number, kind?: 'comment'): void => {
    const known = ranges.get(startLine);
    if (endLine > startLine && (!known || known.endLine < endLine))
      ranges.set(startLine, { startLine, endLine, ...(kind ? { kind } : {}) });
  };
  for (const block of blocks) if (block.kind !== 'comment') add(lines.lineAt(block.codeStart), lines.lineAt(block.end));
  const { spans, brackets } = scan(text);
  for (const { open, close } of brackets) add(lines.lineAt(open), lines.lineAt(close) - 1);
  let run: { from: number; to: number } | undefined;
  for (const span of spans) {
    const line = lines.lineAt(span.start);
    if (span.kind === 'string') {
      add(line, lines.lineAt(span.end));
      continue;
    }
    if (text.slice(lines.startOf(line), span.start).trim() !== '') continue;
    if (run && line === run.to + 1) run.to = line;
    else {
      if (run) add(run.from, run.to, 'comment');
      run = { from: line, to: line };
    }
  }
  if (run) add(run.from, run.to, 'comment');
  return [...ranges.values()].sort((a, b) => a.startLine - b.startLine);
}
