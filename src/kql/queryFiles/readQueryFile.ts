import { refusingBlockReaders } from './blockReads.ts';
import { withFileScope } from './frontMatter.ts';
import { readKqlFile } from './kqlFile.ts';
import { readMarkdownFile } from './markdownFile.ts';
import { MAX_FILE_LENGTH, MAX_QUERIES } from './queryFile.ts';
import { offsetInFile, positionOf } from './places.ts';
import type { FileQuery, QueryFile } from './queryFile.ts';
import { queriesOfTree } from './treeQueries.ts';

/** Endings of the files that queries are looked for in, when a whole folder is meant. */
export const QUERY_FILE = /\.(?:kql|kusto|csl|ya?ml|md|markdown|json|workbook)$/i;

/**
 * The queries in a file of any form that is known by the ending of its name; every other name, `-` too, is KQL, and
 * what comes from standard input is one query. Never throws on bad text: what cannot be read is in `problems`. A block
 * of Markdown that reads the rows of an earlier one is refused.
 */
export async function readQueryFile(path: string, text: string): Promise<QueryFile> {
  const { queries, problems } = await readAlone(path, text);
  return { queries: /\.(?:md|markdown)$/i.test(path) ? await refusingBlockReaders(queries) : queries, problems };
}

/** The blocks of a Markdown file for who runs it as a notebook: a later one may read the rows of earlier ones. */
export function readNotebookQueries(text: string): Promise<QueryFile> {
  return readAlone('notebook.md', text);
}

/** The queries of a file, each for itself. */
async function readAlone(path: string, text: string): Promise<QueryFile> {
  const file = path.replace(/^.*[\\/]/, '');
  const ending = /\.(\w+)$/.exec(file)?.[1]!.toLowerCase() ?? '';
  const name = file.replace(/\.\w+$/, '') || file;
  const read = await readAs(ending, path === '-' ? 'query' : name, text, path === '-');
  if (read.queries.length <= MAX_QUERIES) return read;
  const message = `The file has more than ${MAX_QUERIES.toLocaleString('en-US')} queries; the rest is left out.`;
  return {
    queries: read.queries.slice(0, MAX_QUERIES),
    problems: [...read.problems, { message, start: read.queries[MAX_QUERIES]!.place.start }],
  };
}

async function readAs(ending: string, name: string, text: string, whole: boolean): Promise<QueryFile> {
  const known = /^(?:ya?ml|md|markdown|json|workbook)$/.test(ending);
  if (known && text.length > MAX_FILE_LENGTH) {
    const [is, most] = [text.length, MAX_FILE_LENGTH].map((n) => n.toLocaleString('en-US'));
    return {
      queries: [],
      problems: [{ message: `The file has ${is} characters; at most ${most} are read.`, start: 0 }],
    };
  }
  if (!known) return readKqlFile(name, text, whole || text.length > MAX_FILE_LENGTH);
  if (ending.startsWith('m')) return withFileScope(text, scopesPlaced(text, readMarkdownFile(name, text)));
  // Both are large and seldom needed.
  const { parseJson } = await import('./jsonTree.ts');
  const yaml = ending.startsWith('y');
  const { roots, problems } = yaml ? (await import('./yamlTree.ts')).parseYaml(text) : parseJson(text);
  const queries = roots.flatMap((root) => queriesOfTree(root, name, (inner) => parseJson(inner).roots));
  return scopesPlaced(text, { queries, problems });
}

/** Scope lines that were found in the text of a query, with their places in the file. */
function scopesPlaced(text: string, { queries, problems }: QueryFile): QueryFile {
  const placed = queries.map((query): FileQuery => {
    if (!query.scope) return query;
    const start = offsetInFile(query.segments, query.scope.start);
    const end = offsetInFile(query.segments, query.scope.end);
    return { ...query, scope: { ...query.scope, start, end, line: positionOf(text, start).line - 1 } };
  });
  return { queries: placed, problems };
}
