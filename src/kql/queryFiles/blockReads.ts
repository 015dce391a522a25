import { cellName, isSaidIn } from '../notebook/cellName.ts';
import type { FileQuery } from './queryFile.ts';

/**
 * The blocks of a Markdown file, those refused that read the rows of an earlier one: only a notebook has these. A block
 * is read by the name that its `// @name` line gives it, as a notebook reads it.
 */
export async function refusingBlockReaders(queries: readonly FileQuery[]): Promise<FileQuery[]> {
  const above = new Set<string>();
  const read: FileQuery[] = [];
  for (const query of queries) {
    const names = await readBlocks(query.text, above);
    read.push(names.length === 0 ? query : { refusal: refusalOf(names), ...query, readsBlocks: names });
    const name = cellName(query.text);
    if (name !== undefined) above.add(name);
  }
  return read;
}

/** Which of these names a text reads as tables. The parser is large, and asked only where a name is said at all. */
async function readBlocks(text: string, above: ReadonlySet<string>): Promise<readonly string[]> {
  if (![...above].some((name) => isSaidIn(text, name))) return [];
  const { analyzeQuery } = await import('../analyze.ts');
  return analyzeQuery(text).tables.filter((table) => above.has(table));
}

function refusalOf(names: readonly string[]): string {
  const whose = `block${names.length === 1 ? '' : 's'} ${names.map((name) => `"${name}"`).join(' and ')}`;
  return `It reads the rows of ${whose} of this file: open it as a notebook, or use "tenantscope notebook run".`;
}
