import { Uri, workspace } from 'vscode';
import { decodeText } from '../../base/decodeText.ts';
import { toAppError } from '../../base/errors.ts';
import type { FileQuery } from '../../kql/queryFiles/queryFile.ts';
import type { App } from '../platform/app.ts';
import type { QueryEntry } from './queryFiles.ts';

/** Larger files are no files of queries that people keep. */
const MAX_BYTES = 16_000_000;
/** Most queries that are run or exported at once. */
const MOST_QUERIES = 500;

/** A query, and the file it stands in. */
export interface PackedQuery {
  readonly uri: Uri;
  readonly query: FileQuery;
}

/** What a file holds, as it is in the editor where it is open, else as it is saved. Rejects where it cannot be read. */
export async function readQueries(app: Pick<App, 'language'>, uri: Uri): Promise<readonly FileQuery[]> {
  const open = workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
  if (!open && (await workspace.fs.stat(uri)).size > MAX_BYTES) return [];
  const text = open?.getText() ?? decodeText(await workspace.fs.readFile(uri));
  return (await (await app.language()).queries({ path: uri.path, text })).queries;
}

/** The files of an entry of the view, in the order they are shown. */
export function filesOf(entry: QueryEntry | { readonly children: readonly QueryEntry[] }): readonly Uri[] {
  if ('children' in entry) return entry.children.flatMap(filesOf);
  return entry.kind === 'file' ? [Uri.parse(entry.id)] : [];
}

/** The queries of files, in their order; a file that cannot be read is told in `problems`. */
export async function readPack(
  app: Pick<App, 'language'>,
  uris: readonly Uri[],
): Promise<{ readonly queries: readonly PackedQuery[]; readonly problems: readonly string[] }> {
  const queries: PackedQuery[] = [];
  const problems: string[] = [];
  for (const uri of uris)
    try {
      for (const query of await readQueries(app, uri)) queries.push({ uri, query });
    } catch (error) {
      problems.push(`${workspace.asRelativePath(uri)} cannot be read: ${toAppError(error).message}`);
    }
  if (queries.length > MOST_QUERIES)
    problems.push(`Only the first ${MOST_QUERIES} of ${queries.length} queries count.`);
  return { queries: queries.slice(0, MOST_QUERIES), problems };
}
