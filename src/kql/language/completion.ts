import { list } from '../kustoApi.ts';
import { completionKinds } from '../kustoEditor.ts';
import type { KustoCode, RawCompletionItem } from '../kustoEditor.ts';
import { printSelector, SCOPE_KINDS } from '../scopeLine.ts';
import { lineEnd } from '../scan.ts';
import type { ScopeTable } from '../scopeSchema.ts';
import type { DocumentBlock } from './blocks.ts';
import type { CompletionItem, CompletionKind, CompletionList, Documentation, ScopeNames } from './face.ts';
import type { EditingColumn, ScopeModel } from './scopeModel.ts';
import { columnSentences, columnTypes, tableSentences } from './sentences.ts';
import { nameUses } from './symbols.ts';
import { aboutItem } from './words.ts';

const KINDS: Readonly<Record<string, CompletionKind>> = {
  Keyword: 'keyword',
  Punctuation: 'operator',
  Syntax: 'keyword',
  Identifier: 'variable',
  Example: 'snippet',
  ScalarPrefix: 'operator',
  TabularPrefix: 'keyword',
  TabularSuffix: 'keyword',
  QueryPrefix: 'keyword',
  CommandPrefix: 'keyword',
  ScalarInfix: 'operator',
  RenderChart: 'chart',
  Column: 'column',
  Table: 'table',
  BuiltInFunction: 'function',
  LocalFunction: 'localFunction',
  DatabaseFunction: 'storedFunction',
  AggregateFunction: 'aggregate',
  Parameter: 'parameter',
  Variable: 'variable',
  Database: 'database',
  Cluster: 'database',
  MaterialiedView: 'table',
  EntityGroup: 'variable',
  Graph: 'variable',
  ScalarType: 'type',
  Option: 'option',
  StoredQueryResult: 'table',
};
let byNumber: CompletionKind[] | undefined;
function kindOf(kind: number): CompletionKind {
  if (!byNumber) {
    byNumber = [];
    for (const [name, value] of Object.entries(completionKinds()))
      if (typeof value === 'number') byNumber[value] = KINDS[name] ?? 'keyword';
  }
  return byNumber[kind] ?? 'keyword';
}

/** Azure Monitor has no such things: offering them would send people into an error. */
const NOT_IN_AZURE_MONITOR = new Set([
  'cluster',
  'database',
  'entity_group',
  'external_table',
  'graph',
  'materialized_view',
  'stored_query_result',
  'macro-expand',
  'inline_external_table',
]);

/** Microsoft's items for the block at `offset`, in their order, with what the scope knows about tables and columns. */
export function completionsAt(model: ScopeModel, block: DocumentBlock | undefined, offset: number): CompletionList {
  const base = block?.rawStart ?? offset;
  const code = model.code(block?.raw ?? '');
  const { items, start, length } = code.completion(offset - base);
  let columns: ReadonlyMap<string, ColumnInUse> | undefined;
  const made: CompletionItem[] = [];
  for (const raw of items) {
    const name = raw.MatchText;
    if (NOT_IN_AZURE_MONITOR.has(name)) continue;
    const kind = kindOf(raw.Kind);
    if (kind === 'table') made.push(tableItem(model, raw));
    else if (kind === 'column') made.push(columnItem((columns ??= columnsInUse(model, code.code)).get(name), raw));
    else made.push(toItem(raw, kind));
  }
  return { range: { start: base + start, end: base + start + length }, items: made };
}

function toItem(raw: RawCompletionItem, kind: CompletionKind): CompletionItem {
  const { DisplayText: display, MatchText: name } = raw;
  // BeforeText and AfterText are queries over this list at every reading: as slow as all the rest.
  const texts = list(raw.ApplyTexts);
  const caret = texts.findIndex((text) => text.Caret);
  const before = joined(texts, 0, caret < 0 ? texts.length : caret),
    after = caret < 0 ? '' : joined(texts, caret, texts.length);
  const call = display.length > name.length && display.startsWith(`${name}(`);
  return {
    label: call ? name : display,
    kind,
    sortText: raw.OrderText,
    filterText: name,
    insertText: after ? `${escapeSnippet(before)}$0${escapeSnippet(after)}` : before,
    ...(after ? { snippet: true as const } : {}),
    ...(call ? { detail: display } : {}),
    ...(raw.Retrigger ? { retrigger: true as const } : {}),
  };
}

function tableItem(model: ScopeModel, raw: RawCompletionItem): CompletionItem {
  const item = toItem(raw, 'table');
  const table = model.table(raw.MatchText);
  if (table?.have === undefined || table.of === undefined) return item;
  const { have, of, filled = have } = table;
  if (filled < have) return { ...item, detail: `rows in ${filled} of ${of}${have < of ? `, known in ${have}` : ''}` };
  return have < of ? { ...item, detail: `in ${have} of ${of}` } : item;
}

function columnItem(found: ColumnInUse | undefined, raw: RawCompletionItem): CompletionItem {
  const item = toItem(raw, 'column');
  if (!found) return item;
  const { column, table } = found;
  const some =
    column.have === undefined
      ? ''
      : table?.have === undefined
        ? `, in ${column.have}`
        : `, in ${column.have} of ${table.have}`;
  return { ...item, detail: `${columnTypes(column)}${some}` };
}

/** What is to be said about one item of the list at `offset`. */
export function describeItem(
  model: ScopeModel,
  block: DocumentBlock | undefined,
  kind: CompletionKind,
  name: string,
): Documentation | undefined {
  if (kind === 'table') {
    const table = model.table(name);
    return (
      table && { notes: tableSentences(table, [...model.columnsOf(name)].filter((column) => !column.added).length) }
    );
  }
  if (kind === 'storedFunction') {
    const fn = model.fn(name);
    return fn?.description === undefined ? undefined : { notes: [fn.description] };
  }
  if (kind !== 'column') return aboutItem(kind, name);
  const found = columnsInUse(model, model.code(block?.raw ?? '').code).get(name);
  const notes = found
    ? [
        ...(found.table && !found.column.added ? [`Column of ${found.table.name}.`] : []),
        ...columnSentences(found.column, found.table),
      ]
    : [];
  return notes.length > 0 ? { notes } : undefined;
}

interface ColumnInUse {
  readonly column: EditingColumn;
  readonly table: ScopeTable | undefined;
}
/** Columns of the tables a query names, by name; a name that several of its tables have keeps the first. */
function columnsInUse(model: ScopeModel, code: KustoCode | undefined): Map<string, ColumnInUse> {
  const found = new Map<string, ColumnInUse>();
  if (!code) return found;
  for (const use of nameUses(code.Syntax)) {
    if (use.kind !== 'TableSymbol') continue;
    const table = model.table(use.name);
    for (const column of model.columnsOf(use.name))
      if (!found.has(column.name)) found.set(column.name, { column, table });
  }
  return found;
}

function joined(texts: readonly { readonly Text: string }[], from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i++) text += texts[i]!.Text;
  return text;
}
function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}

/** Inside a `// @scope` line: kinds, then the names of a kind. Undefined elsewhere. */
export function scopeCompletionsAt(text: string, offset: number, names: ScopeNames): CompletionList | undefined {
  const lineStart = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  const before = text.slice(lineStart, offset);
  const start = /^(\s*\/\/\s*)(@\w*)$/.exec(before);
  if (start) {
    return {
      range: { start: lineStart + start[1]!.length, end: offset },
      items: [
        {
          label: '@scope',
          kind: 'scope',
          insertText: '@scope ',
          sortText: '0',
          filterText: '@scope',
          retrigger: true,
          detail: 'what the query below runs against, or at the top all of them',
        },
        {
          label: '@source',
          kind: 'scope',
          insertText: '@source ',
          sortText: '1',
          filterText: '@source',
          retrigger: true,
          detail: 'what the query below asks: Azure Resource Graph instead of the workspaces',
        },
      ],
    };
  }
  if (!/^\s*\/\/\s*@scope\s/i.test(before)) return undefined;
  const word = /(?:[^\s,"']|"[^"]*(?:"|$)|'[^']*(?:'|$))*$/.exec(before)![0];
  const wordEnd = offset + /^[^\s,]*/.exec(text.slice(offset, lineEnd(text, offset)))![0].length;
  const range = { start: offset - word.length, end: wordEnd };
  const kind = SCOPE_KINDS.find((known) => word.toLowerCase().startsWith(`${known}:`));
  if (kind) {
    return {
      range,
      items: (names[kind] ?? []).map((name, i) => {
        const label = printSelector({ kind, value: name });
        return {
          label,
          kind: 'scope',
          insertText: label,
          sortText: String(i).padStart(6, '0'),
          filterText: `${kind}:${name}`,
        };
      }),
    };
  }
  const words = [...SCOPE_KINDS.map((known) => `${known}:`), 'all', 'except'];
  return {
    range,
    items: words.map((label, i) => ({
      label,
      kind: 'scope',
      insertText: label === 'except' ? 'except ' : label,
      sortText: String(i),
      filterText: label,
      ...(label.endsWith(':') ? { retrigger: true as const } : {}),
    })),
  };
}
