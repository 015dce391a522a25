import { counted } from '../../base/counted.ts';
import { AppError } from '../../base/errors.ts';
import { MAX_FILE_LENGTH } from '../queryFiles/queryFile.ts';
import { closesFence } from '../queryFiles/markdownSpans.ts';
import { tellIgnored, withoutReach } from '../queryFiles/withoutReach.ts';
import { toForeignText } from './foreignText.ts';
import type { NotebookCell } from './notebookCells.ts';
import { withPlainLines } from './notebookCells.ts';
import { printNotebook } from './printNotebook.ts';

/** A notebook of another tool as Markdown, and in sentences what of it could not be taken over. */
export interface ImportedNotebook {
  readonly markdown: string;
  readonly notes: readonly string[];
  /** How many of its cells are queries now. */
  readonly queries: number;
}

/** Pictures in a notebook make it larger than any file of queries. */
const MAX_NOTEBOOK_LENGTH = 10 * MAX_FILE_LENGTH;
/** As Azure Data Studio, Jupyter and Polyglot Notebooks call the kernels and languages whose cells are KQL. */
const KQL = /^(?:kql|kusto|kustoquery|csl|log\s*analytics|azure\s*monitor(?:\s*logs)?)$/i;
/** Cells of kqlmagic: the whole cell, or one line that is no connection and no command of it. */
const CELL_MAGIC = /^\s*%%kql[^\n]*\n([\s\S]*)$/;
const LINE_MAGIC = /^\s*%kql[ \t]+(?!--|\w+:\/\/)([^\n]+)\s*$/;

type Entries = Readonly<Record<string, unknown>>;

/**
 * Makes Markdown of a notebook (`.ipynb`, format 4): text as it is, cells of KQL as fenced blocks, other code as blocks
 * of its language that nobody runs. Outputs and attached pictures stay behind. Nothing in it chooses whom it asks: text
 * becomes no query and no front matter, and lines like `// @scope` do not count (`withoutReach`). Throws `input.file`,
 * with a sentence, for what is no such notebook.
 */
export function importNotebook(text: string): ImportedNotebook {
  const { cells, metadata } = parsed(text);
  const language = kernelLanguage(metadata);
  const made: NotebookCell[] = [];
  const left = { code: new Map<string, number>(), raw: 0, outputs: 0, attachments: [] as string[], unknown: 0 };
  const plain = { fences: 0, closed: 0, rules: 0, ignored: [] as string[] };
  for (const cell of cells) {
    const source = withPlainLines(sourceOf(cell['source'])).replace(/\n+$/, '');
    if (cell['cell_type'] === 'markdown') {
      left.attachments.push(...Object.keys(entriesOf(cell['attachments'])));
      if (source.trim() === '') continue;
      const { text: value, fences, closed, rule } = toForeignText(source);
      plain.fences += fences;
      plain.closed += Number(closed);
      plain.rules += Number(rule);
      made.push({ kind: 'text', value });
    } else if (cell['cell_type'] === 'code') {
      if (Array.isArray(cell['outputs']) && cell['outputs'].length > 0) left.outputs++;
      if (source.trim() === '') continue;
      const own = cellLanguage(cell) ?? language;
      const query = KQL.test(own) ? source : (CELL_MAGIC.exec(source)?.[1] ?? LINE_MAGIC.exec(source)?.[1]);
      if (query === undefined) {
        left.code.set(own, (left.code.get(own) ?? 0) + 1);
        made.push(fenced(own, source));
        continue;
      }
      const { text: value, ignored } = withoutReach(query);
      plain.ignored.push(...ignored);
      made.push({ kind: 'query', value });
    } else {
      if (cell['cell_type'] === 'raw') left.raw++;
      else left.unknown++;
      if (source.trim() !== '') made.push(fenced('text', source));
    }
  }
  return {
    markdown: printNotebook({ cells: made, eol: '\n', bom: '' }),
    queries: made.filter(({ kind }) => kind === 'query').length,
    notes: [
      ...[...left.code].map(
        ([name, count]) => `${counted(count, 'cell')} of ${name} kept as text: only KQL is run here.`,
      ),
      ...(left.raw > 0 ? [`${counted(left.raw, 'raw cell')} kept as text.`] : []),
      ...(left.unknown > 0 ? [`${counted(left.unknown, 'cell')} of a kind that is not known, kept as text.`] : []),
      ...(left.outputs > 0 ? [`The outputs of ${counted(left.outputs, 'cell')} left out: run them again.`] : []),
      ...(left.attachments.length > 0
        ? [`Attached files left out, and shown as broken pictures: ${left.attachments.slice(0, 20).join(', ')}.`]
        : []),
      ...(plain.fences > 0
        ? [`${counted(plain.fences, 'block')} of KQL in text kept as text, and not as a query.`]
        : []),
      ...(plain.closed > 0 ? [`Closed ${counted(plain.closed, 'block')} that text left open.`] : []),
      ...(plain.rules > 0
        ? [`${counted(plain.rules, 'rule')} (---) at the head of text written as ***: it could begin front matter.`]
        : []),
      ...(plain.ignored.length > 0 ? [tellIgnored(plain.ignored)] : []),
    ],
  };
}

function parsed(text: string): { readonly cells: readonly Entries[]; readonly metadata: Entries } {
  if (text.length > MAX_NOTEBOOK_LENGTH)
    throw new AppError(
      'input.file',
      `The notebook has ${text.length.toLocaleString('en-US')} characters; at most ${MAX_NOTEBOOK_LENGTH.toLocaleString('en-US')} are read. Clear its outputs first.`,
    );
  let read: Entries;
  try {
    read = entriesOf(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch (cause) {
    throw new AppError('input.file', 'The notebook cannot be read: it is no JSON.', { cause });
  }
  if (!Array.isArray(read['cells']))
    throw new AppError(
      'input.file',
      Array.isArray(read['worksheets'])
        ? 'The notebook is of format 3. Open it in Jupyter and save it again, then import that.'
        : 'The file is no notebook: it has no list of cells.',
    );
  return { cells: read['cells'].map(entriesOf), metadata: entriesOf(read['metadata']) };
}

function kernelLanguage(metadata: Entries): string {
  const kernel = entriesOf(metadata['kernelspec']);
  const names = [
    kernel['language'],
    kernel['display_name'],
    kernel['name'],
    entriesOf(metadata['language_info'])['name'],
  ]
    .filter((name) => typeof name === 'string')
    .map((name) => name.trim());
  return names.find((name) => KQL.test(name)) ?? names.find((name) => name !== '') ?? 'an unknown kernel';
}

/** A notebook of several languages says it of each cell. */
function cellLanguage(cell: Entries): string | undefined {
  const metadata = entriesOf(cell['metadata']);
  const said = [
    entriesOf(metadata['polyglot_notebook'])['kernelName'],
    entriesOf(metadata['dotnet_interactive'])['language'],
    entriesOf(metadata['vscode'])['languageId'],
    metadata['language'],
  ].find((name) => typeof name === 'string' && name.trim() !== '');
  return typeof said === 'string' ? said.trim() : undefined;
}

/** Code that is not run, in a fence that it does not close. */
function fenced(language: string, source: string): NotebookCell {
  let mark = '```';
  while (source.split('\n').some((line) => closesFence(line, mark))) mark += '`';
  const word = /^[\w+#.-]{1,40}$/.test(language) ? language.toLowerCase() : '';
  return { kind: 'text', value: `${mark}${word}\n${source}\n${mark}` };
}

function sourceOf(source: unknown): string {
  if (typeof source === 'string') return source;
  return Array.isArray(source) ? source.filter((line) => typeof line === 'string').join('') : '';
}

function entriesOf(value: unknown): Entries {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Entries) : {};
}
