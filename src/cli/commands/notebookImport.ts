import { counted } from '../../base/counted.ts';
import { importNotebook } from '../../kql/notebook/importNotebook.ts';
import { EXIT } from '../exitCodes.ts';
import { checkOut, writeOut } from '../output/outFile.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { readText } from '../queryText.ts';

/**
 * Writes a notebook of another tool as Markdown and says what of it could not be taken over. Rejects with `input.file`
 * and as `writeOut` does.
 */
export async function importNotebookFile(path: string, out: string | undefined, terminal: Terminal): Promise<number> {
  if (out !== undefined) await checkOut(out);
  const { markdown, notes, queries } = importNotebook(await readText(path, terminal));
  await writeOut(out, terminal, (put) => put(markdown));
  for (const note of notes) terminal.say(safeText(note));
  terminal.say(`${counted(queries, 'query', 'queries')} imported`);
  return EXIT.complete;
}
