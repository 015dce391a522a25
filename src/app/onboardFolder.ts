import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../base/errors.ts';
import { replaceFile } from '../engine/replaceFile.ts';
import type { OnboardingFolder } from '../ports/onboarding.ts';
import { OnboardHold } from './onboardHold.ts';

const JOURNAL = 'journal.jsonl';

/**
 * A folder of one customer's onboarding: the journal, and files for people. Rejects with `input.file` where it cannot
 * be read or written.
 */
export function openOnboardFolder(folder: string): OnboardingFolder {
  const hold = new OnboardHold(folder);
  return {
    hold: () => hold.hold(),
    release: () => hold.release(),
    journal: {
      read: () =>
        readFile(join(folder, JOURNAL), 'utf8').catch((cause: NodeJS.ErrnoException) => {
          if (cause.code === 'ENOENT') return undefined;
          throw unusable(folder, cause);
        }),
      append: (line) => appendSynced(folder, line),
    },
    write: async (name, text) => {
      const path = join(folder, name);
      const fresh = `${path}.new`;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFile(fresh, text);
        await replaceFile(fresh, path);
      } catch (cause) {
        throw unusable(folder, cause);
      }
    },
  };
}

/** On the disk when it resolves: a program that dies after it has told. A torn line before is closed first. */
async function appendSynced(folder: string, line: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = await open(join(folder, JOURNAL), 'a+');
    try {
      const { size } = await file.stat();
      const last = Buffer.alloc(1);
      if (size > 0) await file.read(last, 0, 1, size - 1);
      await file.appendFile(size > 0 && last.toString() !== '\n' ? `\n${line}` : line);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw unusable(folder, cause);
  }
}

function unusable(folder: string, cause: unknown): AppError {
  return new AppError('input.file', `The folder ${folder} cannot be used: ${String((cause as Error).message)}.`, {
    cause,
  });
}
