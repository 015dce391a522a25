import { findScopeLine, printScope } from '../scopeLine.ts';
import type { DocumentBlock } from './blocks.ts';
import type { Hover } from './face.ts';
import type { ScopeModel } from './scopeModel.ts';
import { columnSentences, tableSentences } from './sentences.ts';
import { nameUses } from './symbols.ts';

/** Microsoft's line about the element, and what the scope knows about it. */
export function hoverAt(model: ScopeModel, block: DocumentBlock, offset: number): Hover | undefined {
  const code = model.code(block.raw);
  const at = offset - block.rawStart;
  const element = code.element(at);
  const info = code.quickInfo(at);
  const use = code.code && nameUses(code.code.Syntax).find((name) => name.start <= at && at <= name.end);
  const notes: string[] = [];
  if (use?.kind === 'TableSymbol') {
    const table = model.table(use.name);
    if (table) notes.push(...tableSentences(table));
  } else if (use?.kind === 'FunctionSymbol') {
    const fn = model.fn(use.name);
    if (fn?.have !== undefined && fn.of !== undefined && fn.have < fn.of) notes.push(`In ${fn.have} of ${fn.of} workspaces of the scope.`);
    if (fn?.description) notes.push(fn.description);
  } else if (use?.kind === 'ColumnSymbol') {
    for (const { column, table } of model.originsOf(use.symbol)) notes.push(...columnSentences(column, table));
  }
  if (!info.length && !notes.length) return undefined;
  const range = { start: block.rawStart + element.start, end: block.rawStart + element.start + element.length };
  return { range, code: info.join('\n'), notes: [...new Set(notes)] };
}

/** What a `// @scope` line says. */
export function scopeHoverAt(text: string, offset: number): Hover | undefined {
  const line = findScopeLine(text);
  if (!line || offset < line.start || offset > line.end) return undefined;
  return { range: { start: line.start, end: line.end }, code: '', notes: [line.scope ? `The queries of this file run against ${printScope(line.scope)}.` : line.error?.message ?? ''] };
}
