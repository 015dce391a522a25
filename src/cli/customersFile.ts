import { lstat, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { decodeText } from '../base/decodeText.ts';
import { AppError } from '../base/errors.ts';
import type { CustomersText } from '../core/customers/customersTexts.ts';

/** Whose files count: this user's, by number; undefined where the system has no such numbers (Windows). */
export type Owner = number | undefined;

/** The nearest customers file, as `findInRepository` finds it. */
export function findCustomers(folder: string, me: Owner = process.getuid?.()): Promise<CustomersText | undefined> {
  return findInRepository(folder, 'customers', me);
}

/**
 * The nearest `.tenantscope/NAME.json` from `folder` up to the top of the repository it lies in; without a repository
 * of this user's, of `folder` alone: what lies further up (`/tmp`, a share) is anybody's. Rejects with
 * `input.customersFile` or `input.baselineFile` for one that belongs to somebody else, who could relabel customers by
 * it, or say what is to be kept.
 */
export async function findInRepository(
  folder: string,
  name: 'customers' | 'baseline',
  me: Owner = process.getuid?.(),
): Promise<CustomersText | undefined> {
  for (const place of await foldersInUse(resolve(folder), me)) {
    const path = join(place, '.tenantscope', `${name}.json`);
    const text = await readFile(path).then(decodeText, () => undefined);
    if (text === undefined) continue;
    for (const part of [path, dirname(path)])
      if (!(await isMine(part, me)))
        throw new AppError(
          `input.${name}File`,
          `The ${name} file ${path} belongs to somebody else (${part === path ? 'the file' : 'its folder'} does), so it is not taken by itself. Nothing was sent. Name it with --${name} to use it, or take it away.`,
        );
    return { label: path, text };
  }
  return undefined;
}

/** `folder` and what is above it within its repository, from the inside out. */
async function foldersInUse(folder: string, me: Owner): Promise<readonly string[]> {
  const folders: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    folders.push(at);
    const git = join(at, '.git');
    if (await stat(git).catch(() => undefined)) return (await isMine(git, me)) ? folders : [folder];
    if (dirname(at) === at) return [folder];
  }
}

/** Whether a path is this user's, as a link and where it leads. */
async function isMine(path: string, me: Owner): Promise<boolean> {
  if (me === undefined) return true;
  return (await lstat(path)).uid === me && (await stat(path)).uid === me;
}
