import { Range, Uri, window, workspace } from 'vscode';
import type { QuickPickItem, TextDocument } from 'vscode';
import { AppError } from '../../base/errors.ts';
import { newRollupFile, rollupNameOf } from '../../kql/queryFiles/newRollupFile.ts';
import { printScope } from '../../kql/scopeLine.ts';
import type { Scope } from '../../model/scope.ts';
import { timeRangeLabel } from '../../model/timeRangeText.ts';
import type { App } from '../platform/app.ts';
import { plainMessage } from '../platform/plainMessage.ts';
import { isQueryDocument } from '../session/activeQuery.ts';
import { readPlace } from '../session/queriesInside.ts';
import { titleOfQuery } from '../session/queryTitle.ts';
import type { RollupBook } from './rollupBook.ts';
import { rollupFolderFor } from './rollupFiles.ts';
import { dryRunRollup } from './runRollup.ts';

const TITLE = 'Create Roll-up from Query';
const STEPS = 3;
/** Widths of windows that are offered, minutes: a day is whole ones of each. */
const WIDTHS = [15, 60, 360, 1440];

/** A query that is to become a roll-up: its text, and whom it is asked of. */
interface Wanted {
  readonly document: TextDocument;
  readonly text: string;
  readonly scope: Scope;
}

/**
 * Makes a roll-up of the query at a place, or at the cursor: asks for name, window and schedule, reads the last window
 * of each workspace and shows what that brings, and writes the file once the person has seen it.
 */
export async function createRollup(app: App, book: RollupBook, place: unknown): Promise<void> {
  const { document, text, scope } = await findWanted(app, place);
  const folder = rollupFolderFor(document);
  if (!folder)
    throw new AppError('input.noFolder', 'Open the folder of your repository first: a roll-up is a file in it.');
  const picture = await book.look();
  const taken = new Set(picture.files.flatMap(({ definition }) => definition?.name.toLowerCase() ?? []));
  const name = await askName(rollupNameOf(titleOfQuery(text)), taken);
  if (name === undefined) return;
  const windowMinutes = await askMinutes('Window', 2, WIDTHS, 'How much is read at once, by the time it was ingested');
  if (windowMinutes === undefined) return;
  const everyMinutes = await askMinutes(
    'Schedule',
    3,
    [...new Set([windowMinutes, ...WIDTHS.filter((one) => one > windowMinutes), 10_080])],
    'How often runners look for windows that are over',
  );
  if (everyMinutes === undefined) return;
  const file = newRollupFile(text, {
    name,
    window: shortDuration(windowMinutes),
    lateness: '10m',
    schedule: `every ${shortDuration(everyMinutes)}`,
    scope: printScope(scope),
  });
  const uri = Uri.joinPath(folder, `${name}.kql`);
  const run = await dryRunRollup(app, book, { name, file: { path: uri.toString(), text: file } });
  if (run.error) throw new AppError('input.rollup', `${run.error.message} Nothing was written.`);
  const write = await window.showInformationMessage(
    plainMessage(`The dry run of ${name} is shown. Write ${workspace.asRelativePath(uri)}?`),
    'Write the File',
  );
  if (write === undefined) return;
  await writeNew(uri, file);
  await window.showTextDocument(await workspace.openTextDocument(uri), { preview: false });
  await book.look();
}

async function findWanted(app: App, place: unknown): Promise<Wanted> {
  const inside = await app.inside.find(place);
  if (inside) {
    const { document, query } = inside;
    if (query.refusal) throw new AppError('input.file', `This query cannot be rolled up: ${query.refusal}`);
    return { document, text: query.text, scope: app.scope.ofInside(document, query.scope).scope };
  }
  const given = readPlace(place);
  const document = given ? await workspace.openTextDocument(Uri.parse(given.uri)) : app.active.document;
  if (!document || !isQueryDocument(document))
    throw new AppError('input.noQuery', 'There is no query to roll up. Open a .kql file or make a new query.');
  const editor = app.active.document === document ? app.active.editor : undefined;
  const selected =
    editor && !given && !editor.selection.isEmpty ? new Range(editor.selection.start, editor.selection.end) : undefined;
  const offset = given?.offset ?? (editor ? document.offsetAt(editor.selection.active) : 0);
  const text = selected ? document.getText(selected) : (await app.blocks.at(document, offset))?.text;
  if (text === undefined)
    throw new AppError('query.empty', 'There is no query here: the text is empty or only comments.');
  const { scope, error } = app.scope.of(document, offset);
  if (error) throw new AppError('input.scopeLine', `The scope line cannot be read: ${error.message}`);
  return { document, text, scope };
}

function askName(ready: string, taken: ReadonlySet<string>): Thenable<string | undefined> {
  return window.showInputBox({
    title: `${TITLE} (1 of ${STEPS})`,
    prompt: 'Its name, which is that of its file and of its table in the centre',
    value: ready,
    ignoreFocusOut: true,
    validateInput: (text) =>
      !/^[A-Za-z][A-Za-z0-9_]{0,44}$/.test(text)
        ? 'A letter, then letters, digits and _, at most 45 of them.'
        : taken.has(text.toLowerCase())
          ? 'There is a roll-up of this name already.'
          : undefined,
  });
}

async function askMinutes(
  what: string,
  step: number,
  widths: readonly number[],
  placeHolder: string,
): Promise<number | undefined> {
  const items = widths.map((minutes): QuickPickItem & { readonly minutes: number } => ({
    label: timeRangeLabel({ kind: 'last', minutes })
      .replace(/^Last (?!\d)/, '1 ')
      .replace(/^Last /, ''),
    description: shortDuration(minutes),
    minutes,
  }));
  const picked = await window.showQuickPick(items, {
    title: `${TITLE} (${step} of ${STEPS}): ${what}`,
    placeHolder,
    ignoreFocusOut: true,
  });
  return picked?.minutes;
}

/** `15m`, `6h`, `1d`: as the file says it. */
function shortDuration(minutes: number): string {
  if (minutes % 1440 === 0) return `${minutes / 1440}d`;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}

async function writeNew(uri: Uri, text: string): Promise<void> {
  const there = await workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
  if (there)
    throw new AppError('input.exportPath', `${workspace.asRelativePath(uri)} is there already. Choose another name.`);
  await workspace.fs.createDirectory(Uri.joinPath(uri, '..'));
  await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
}
