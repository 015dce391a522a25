import { rm, rename } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** What Windows says of a file that another program (a virus scanner, an indexer, a reader) has open for a moment. */
const HELD = new Set(['EPERM', 'EACCES', 'EBUSY']);
/** Waits between the attempts, in ms: two seconds in all. */
const WAITS = [10, 20, 50, 100, 200, 400, 500, 720];

/**
 * How a file is renamed, and whether the system is one where an open file cannot be replaced; the real ones by default.
 */
export interface Renaming {
  readonly rename?: (from: string, to: string) => Promise<void>;
  readonly platform?: NodeJS.Platform;
}

/**
 * Puts the whole file `from` in the place of `to`, which need not be there. On Windows that fails while anybody has
 * `to` open, so it is tried again for two seconds. Rejects with what the system said last.
 */
export async function replaceFile(
  from: string,
  to: string,
  { rename: move = rename, platform = process.platform }: Renaming = {},
): Promise<void> {
  for (const wait of platform === 'win32' ? WAITS : []) {
    try {
      await move(from, to);
      return;
    } catch (error) {
      if (!HELD.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
    await pause(wait);
  }
  await move(from, to);
}

/**
 * Removes a folder of ours with all that is in it; none is fine. On Windows a file that is open a moment longer keeps
 * its folder, so that is tried again for about a second.
 */
export async function removePath(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 60 });
}
