import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * What does not hold on every system: each constant is the reason a test is skipped with where it does not, and false
 * where it does (`test(name, { skip: NO_FULL_DEVICE }, ...)`).
 */
export const ON_WINDOWS = process.platform === 'win32';
export const NO_FULL_DEVICE =
  process.platform !== 'linux' && 'only Linux has /dev/full, a place without room to write to';
export const NO_SHELL = ON_WINDOWS && 'Windows has no sh, whose pipes and redirections this is about';
export const NO_SIGNALS = ON_WINDOWS && 'Windows has no signal that asks a process to end: it is ended at once';
export const NO_LIMITS = process.platform !== 'linux' && 'only Linux has prlimit, which takes a process its room';
export const NO_NPM =
  ON_WINDOWS &&
  spawnSync('npm --version', { shell: true }).status !== 0 &&
  'npm is not beside this Node, as it is not below Wine';
export const NO_LINKS =
  !makesLinks() && 'links to files are made on Windows only by whom a policy lets, below Wine by nobody';

/** How a process that somebody else killed has ended, in the words of its owner: Windows tells a code alone. */
export const KILLED = ON_WINDOWS ? 'ended with code 1 ' : 'ended by SIGKILL ';

/** Which variable names the folder for temporary files, for messages. */
export const TEMPORARY_VARIABLE = ON_WINDOWS ? 'TEMP' : 'TMPDIR';

/** The environment in which `folder` is the one for temporary files. */
export function temporaryIn(folder: string): Record<string, string> {
  return ON_WINDOWS ? { TEMP: folder, TMP: folder } : { TMPDIR: folder };
}

/** Does so in this process; returns what undoes it. */
export function useTemporary(folder: string): () => void {
  const before = Object.keys(temporaryIn(folder)).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, temporaryIn(folder));
  return () => {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  };
}

/** The mode of a file; Windows has access lists in its place, and says of everything that all may read and write it. */
export function assertMode(path: string, mode: number): void {
  assert.equal(statSync(path).mode & 0o777, ON_WINDOWS ? 0o666 : mode, path);
}

function makesLinks(): boolean {
  if (!ON_WINDOWS) return true;
  const folder = mkdtempSync(join(tmpdir(), 'links-'));
  try {
    symlinkSync('target', join(folder, 'link'), 'file');
    return lstatSync(join(folder, 'link')).isSymbolicLink();
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
