import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toDiskError } from './errors.ts';

/** A new folder for what does not fit in memory, below the system's, readable by its owner alone. */
export function makeSpillFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'tenantscope-engine-'));
  } catch (cause) {
    throw toDiskError(cause, `the folder for temporary files below ${tmpdir()} could not be made`);
  }
}

/** Removes it with all that is in it; nothing where there is none. */
export function removeSpillFolder(folder: string | undefined): void {
  // Windows lets a folder go only after the files in it, which may take a moment more.
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 60 });
}
