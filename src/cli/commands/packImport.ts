import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { counted } from '../../base/counted.ts';
import { AppError } from '../../base/errors.ts';
import { tellIgnored } from '../../kql/queryFiles/withoutReach.ts';
import { toQueryFile } from '../../core/queryPacks/toQueryFile.ts';
import type { Values } from '../command.ts';
import { openAzure } from '../compose.ts';
import { EXIT } from '../exitCodes.ts';
import { toJson } from '../output/json.ts';
import { resultFileNames } from '../output/resultFiles.ts';
import { planFile, writePlanned } from '../output/plannedFile.ts';
import type { PlannedFile } from '../output/plannedFile.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { chosenByName, readPlace } from './packPlace.ts';
import { confirm } from './workspaceAction.ts';

/** A file that is to be, and the lines of its saved query that do not count in it. */
interface ImportedFile extends PlannedFile {
  readonly name: string;
  readonly ignored: readonly string[];
}

const WORDS = { new: 'new', same: 'there already', replaced: 'REPLACES another file' };

/** `pack import DIR`: a file of KQL for each saved search of a workspace, or query of a pack. The exit code. */
export async function importPack(folder: string, values: Values, terminal: Terminal): Promise<number> {
  const azure = await openAzure(values, terminal);
  try {
    const place = await readPlace(azure, values, terminal);
    const saved = chosenByName(await azure.savedQueries.list(place, terminal.signal), ({ name }) => name, values);
    if (saved.length === 0) {
      terminal.say(safeText(`There is no saved query in ${place.told}.`));
      return EXIT.complete;
    }
    const names = resultFileNames(
      saved.map(({ name }) => name),
      'kql',
    );
    const files: ImportedFile[] = [];
    for (const [i, query] of saved.entries()) {
      const { text, ignored } = toQueryFile(query);
      files.push({ name: query.name, ignored, ...(await planFile(join(folder, names[i]!), text)) });
    }
    const work = files.filter(({ state }) => state !== 'same');
    // As JSON they follow below; whoever is asked has to see them before.
    const asks = values['plan'] !== true && values['yes'] !== true && work.length > 0;
    if (values['json'] !== true || asks)
      for (const { path, name, state, ignored } of files) {
        terminal.say(safeText(`${path}  ${name} - ${WORDS[state]}`));
        if (ignored.length > 0) terminal.say(safeText(`  ${tellIgnored(ignored)}`));
      }
    const replaced = files.filter(({ state }) => state === 'replaced').length;
    if (values['plan'] !== true && work.length > 0) {
      const overwrites = replaced > 0 ? `, ${counted(replaced, 'file')} replaced` : '';
      await confirm(`Write ${counted(work.length, 'file')} of ${safeText(place.told)}${overwrites}?`, {
        values,
        terminal,
      });
      await write(folder, work);
      terminal.say(safeText(`${counted(work.length, 'query', 'queries')} of ${place.told} written to ${folder}`));
    }
    if (values['json'] === true) await terminal.write(`${toJson(files.map(({ text: _text, ...file }) => file))}\n`);
    return EXIT.complete;
  } finally {
    azure.dispose();
  }
}

async function write(folder: string, files: readonly PlannedFile[]): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    for (const file of files) await writePlanned(file);
  } catch (cause) {
    throw new AppError(
      'input.exportPath',
      `Not all files can be written to ${folder}: ${(cause as { readonly code?: string }).code ?? 'unknown'}. Choose another folder.`,
      { cause },
    );
  }
}
