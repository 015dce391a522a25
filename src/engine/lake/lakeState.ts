import { randomUUID } from 'node:crypto';
import { link, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../base/errors.ts';
import type { RollupStatePort, Versioned } from '../../ports/rollups.ts';
import { namesIn, onDisk, syncFolder, textOf, writeText } from './files.ts';
import { LAKE } from './lakePaths.ts';

const VERSION = /^(\d{1,12})\.json$/;
const NAME = /^[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*$/;
/** Versions that are kept beside the newest: who lists a folder and then reads must still find what it saw. */
const KEPT = 2;

/**
 * The state of roll-ups in a lake: a folder for each document, a file for each version. A version is made by linking a
 * whole file to a name that nobody has, which of several programs one alone can do, and a crash cannot do by half.
 */
export class LakeState implements RollupStatePort {
  private readonly folder: string;

  constructor(lake: string) {
    this.folder = join(lake, LAKE.state);
  }

  load<T>(name: string): Promise<Versioned<T>> {
    return onDisk('the state of roll-ups could not be read', async () => {
      const folder = this.folderOf(name);
      for (;;) {
        const version = newest(await namesIn(folder));
        if (version === 0) return { value: undefined, version };
        const text = await textOf(join(folder, `${version}.json`));
        // Somebody has made newer ones meanwhile and cleared this away.
        if (text !== undefined) return { value: parse<T>(text, name), version };
      }
    });
  }

  save<T>(name: string, value: T, version: number): Promise<boolean> {
    return onDisk('the state of roll-ups could not be written', async () => {
      const folder = this.folderOf(name);
      const partial = join(folder, `.${randomUUID()}.partial`);
      const versions = versionsOf(await namesIn(folder));
      if (Math.max(0, ...versions) !== version) return false;
      await writeText(partial, `${JSON.stringify(value)}\n`);
      try {
        await link(partial, join(folder, `${version + 1}.json`));
      } catch (thrown) {
        const { code } = thrown as NodeJS.ErrnoException;
        if (code === 'EEXIST') return false;
        if (code === 'EPERM' || code === 'ENOSYS' || code === 'ENOTSUP')
          throw new AppError(
            'engine.disk',
            `The file system of ${dirname(this.folder)} has no hard links, which keep two runners apart. Put the lake elsewhere.`,
            { cause: thrown },
          );
        throw thrown;
      } finally {
        await rm(partial, { force: true });
      }
      await syncFolder(folder);
      for (const old of versions) if (old <= version - KEPT) await rm(join(folder, `${old}.json`), { force: true });
      return true;
    });
  }

  list(folder: string): Promise<readonly string[]> {
    return onDisk('the state of roll-ups could not be read', async () =>
      (await namesIn(this.folderOf(folder))).filter((name) => NAME.test(name)).map((name) => `${folder}/${name}`),
    );
  }

  private folderOf(name: string): string {
    if (!NAME.test(name)) throw new AppError('bug.stateName', `"${name}" is no name of a document.`);
    return join(this.folder, ...name.split('/'));
  }
}

function versionsOf(names: readonly string[]): number[] {
  return names.flatMap((name) => {
    const version = VERSION.exec(name)?.[1];
    return version === undefined ? [] : [Number(version)];
  });
}

function newest(names: readonly string[]): number {
  return Math.max(0, ...versionsOf(names));
}

function parse<T>(text: string, name: string): T {
  let cause: unknown;
  try {
    const value = JSON.parse(text) as T | null;
    // No document is null: a file that says so was not written by us.
    if (value !== null) return value;
  } catch (error) {
    cause = error;
  }
  throw new AppError(
    'engine.rollupState',
    `The state ${name} of the lake cannot be read. Put back a copy of it; nothing was stored.`,
    { cause },
  );
}
