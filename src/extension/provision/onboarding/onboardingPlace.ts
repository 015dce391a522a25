import { Range, Uri, WorkspaceEdit, workspace } from 'vscode';
import { decodeText } from '../../../base/decodeText.ts';
import { AppError } from '../../../base/errors.ts';
import type { RepositoryText } from '../../../protocol/onboarding.ts';

const OURS = '.tenantscope';
const NAME = 'customers-to-come.json';

/** Where an open folder keeps its customers to come, and what becomes of them. */
export interface OnboardingPlace {
  readonly file: Uri;
  readonly baseline: Uri;
  readonly customers: Uri;
  /** Absolute paths: a folder for each customer is below. */
  readonly onboarding: string;
  readonly offboarding: string;
}

/** The first open folder that has the file, else the first one; undefined where none of this machine is open. */
export async function findOnboardingPlace(): Promise<OnboardingPlace | undefined> {
  const places = (workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ uri }) => ({
      file: Uri.joinPath(uri, OURS, NAME),
      baseline: Uri.joinPath(uri, OURS, 'baseline.json'),
      customers: Uri.joinPath(uri, OURS, 'customers.json'),
      onboarding: Uri.joinPath(uri, OURS, 'onboarding').fsPath,
      offboarding: Uri.joinPath(uri, OURS, 'offboarding').fsPath,
    }));
  for (const place of places) if ((await readText(place.file)) !== undefined) return place;
  return places[0];
}

/** The same for who cannot do without. Throws `input.noFolder`. */
export async function onboardingPlace(): Promise<OnboardingPlace> {
  const place = await findOnboardingPlace();
  if (place) return place;
  throw new AppError(
    'input.noFolder',
    `Open a folder of this machine first, best the repository of your queries: customers to come are written into its ${OURS}/${NAME}.`,
  );
}

/** The file as it is in the editor, else as it is saved; empty where there is none. */
export async function readComing({ file }: OnboardingPlace): Promise<string> {
  return (await readText(file)) ?? '';
}

/** Writes the file, also where it is open. */
export async function writeComing({ file }: OnboardingPlace, text: string): Promise<void> {
  const open = findOpen(file);
  if (!open) {
    await workspace.fs.createDirectory(Uri.joinPath(file, '..'));
    await workspace.fs.writeFile(file, new TextEncoder().encode(text));
    return;
  }
  const edit = new WorkspaceEdit();
  edit.replace(file, new Range(0, 0, open.lineCount, 0), text);
  if (!(await workspace.applyEdit(edit)) || !(await open.save()))
    throw new AppError('input.file', `${workspace.asRelativePath(file)} could not be written. Save it, and try again.`);
}

/** The baseline of the same folder, where it has one. */
export async function readBaseline({ baseline }: OnboardingPlace): Promise<RepositoryText | undefined> {
  const text = await readText(baseline);
  return text === undefined ? undefined : { label: workspace.asRelativePath(baseline), text };
}

/** Path of the customers file of the same folder, where it has one. */
export async function findCustomersFile({ customers }: OnboardingPlace): Promise<string | undefined> {
  return (await readText(customers)) === undefined ? undefined : customers.fsPath;
}

async function readText(uri: Uri): Promise<string | undefined> {
  return findOpen(uri)?.getText() ?? workspace.fs.readFile(uri).then(decodeText, () => undefined);
}

function findOpen(uri: Uri): (typeof workspace.textDocuments)[number] | undefined {
  return workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
}
