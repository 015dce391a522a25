import type { ScopeTable } from '../scopeSchema.ts';
import { readDocumentScopes } from '../documentScopes.ts';
import { printScope } from '../scopeLine.ts';
import type { DocumentBlock } from './blocks.ts';
import type { Hover } from './face.ts';
import type { EditingColumn, ScopeModel } from './scopeModel.ts';
import { columnSentences, columnTypes, tableSentences } from './sentences.ts';
import { nameUses } from './symbols.ts';
import { aboutWord, wordAt } from './words.ts';

/** Columns of a table that are shown by name. */
const SHOWN = 8;

/** What stands at the offset: Microsoft's line about it, what the language means by it, and what the scope knows. */
export function hoverAt(model: ScopeModel, block: DocumentBlock, offset: number): Hover | undefined {
  const code = model.code(block.raw);
  const at = offset - block.rawStart;
  const range = ({ start, end }: { readonly start: number; readonly end: number }): Hover['range'] => ({
    start: block.rawStart + start,
    end: block.rawStart + end,
  });
  const word = wordAt(code, at);
  const about = word && aboutWord(word.kind, word.name);
  if (word && about && (word.kind === 'operator' || word.kind === 'expression'))
    return { ...about, range: range(word), code: word.name };
  const element = code.element(at);
  const info = code.quickInfo(at).map(shortTable);
  const use = code.code && nameUses(code.code.Syntax).find((name) => name.start <= at && at <= name.end);
  const notes: string[] = [];
  if (use?.kind === 'TableSymbol') {
    const table = model.table(use.name);
    if (table) {
      const columns = [...model.columnsOf(use.name)].filter((column) => !column.added);
      notes.push(...tableSentences(table, columns.length));
      info.splice(0, info.length, tableLine(table, columns));
    }
  } else if (use?.kind === 'FunctionSymbol') {
    const fn = model.fn(use.name);
    if (fn?.have !== undefined && fn.of !== undefined && fn.have < fn.of)
      notes.push(`In ${fn.have} of ${fn.of} workspaces of the scope.`);
    if (fn?.description) notes.push(fn.description);
  } else if (use?.kind === 'ColumnSymbol') {
    const origins = model.originsOf(use.symbol);
    const tables = [...new Set(origins.flatMap(({ column, table }) => (column.added ? [] : [table.name])))];
    if (tables.length > 0)
      notes.push(
        `Column of ${tables.slice(0, 3).join(', ')}${tables.length > 3 ? ` and ${tables.length - 3} more tables` : ''}.`,
      );
    for (const { column, table } of origins) notes.push(...columnSentences(column, table));
    if (origins[0] && origins[0].column.types.length > 1)
      info.splice(0, info.length, `${use.name}: ${columnTypes(origins[0].column)}`);
  }
  if (about) notes.unshift(...about.notes);
  if (!info.length && !notes.length) return undefined;
  return {
    range: range({ start: element.start, end: element.start + element.length }),
    code: info.join('\n'),
    notes: [...new Set(notes)],
    ...(about?.link === undefined ? {} : { link: about.link }),
  };
}

function tableLine({ name }: ScopeTable, columns: readonly EditingColumn[]): string {
  return `${name}: table(${columns
    .slice(0, SHOWN)
    .map((column) => `${column.name}: ${columnTypes(column)}`)
    .join(', ')}${columns.length > SHOWN ? ', ...' : ''})`;
}

/** Microsoft's line names all columns of a table, which may be hundreds. */
function shortTable(line: string): string {
  return line.replace(/\btable\(([^()]*)\)/g, (whole, columns: string) => {
    const names = columns.split(', ');
    return names.length > SHOWN ? `table(${names.slice(0, SHOWN).join(', ')}, ...)` : whole;
  });
}

/** What a `// @scope` line says. */
export function scopeHoverAt(text: string, offset: number): Hover | undefined {
  const { followed, top, blocks } = readDocumentScopes(text);
  const line = followed.find(({ start, end }) => start <= offset && offset <= end);
  if (!line) return undefined;
  const several = blocks.some(({ own }) => own);
  const whose =
    line !== top
      ? 'This query runs'
      : several
        ? 'Queries without a scope of their own run'
        : 'The queries of this file run';
  return {
    range: { start: line.start, end: line.end },
    code: '',
    notes: [line.scope ? `${whose} against ${printScope(line.scope)}.` : (line.error?.message ?? '')],
  };
}
