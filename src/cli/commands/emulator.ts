import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../../base/errors.ts';

/**
 * The emulator is a program of its own beside this one; its arguments are its own business, `--help` too. Resolves to
 * its exit code.
 */
export function runEmulator(args: readonly string[]): Promise<number> {
  const here = dirname(realpathSync(process.argv[1]!));
  // Beside the bundle; in the build that the linked command (`bin/`) belongs to; in the sources.
  const entry = [
    join(here, 'emulator.cjs'),
    join(here, '..', 'dist', 'emulator.cjs'),
    join(here, '..', 'emulator', 'main.ts'),
  ].find((path) => existsSync(path));
  if (!entry)
    throw new AppError(
      'input.emulatorMissing',
      'The emulator is not beside this program. Build the project, or install the whole package.',
    );
  const child = spawn(process.execPath, [...process.execArgv, entry, ...args], { stdio: 'inherit' });
  // A terminal sends Ctrl+C to both; a supervisor ends only this one.
  const pass = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  process.on('SIGTERM', pass);
  process.on('SIGINT', () => undefined);
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      reject(new AppError('engine.emulator', `The emulator could not be started: ${cause.message}.`, { cause }));
    });
    child.once('exit', (code, signal) => {
      resolve(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1));
    });
  });
}
