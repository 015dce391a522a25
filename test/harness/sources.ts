import { join, resolve } from 'node:path';

/**
 * Arguments of a Node that runs the TypeScript of this repository as a process of its own: nothing to load where Node
 * strips the types itself (22.18 and later), else tsx by its URL - a path with a drive letter is none to `--import`.
 */
export const RUNS_SOURCES: readonly string[] = (process.features as { readonly typescript?: unknown }).typescript
  ? ['--disable-warning=ExperimentalWarning']
  : ['--import', import.meta.resolve('tsx')];

/**
 * Arguments of a Node that runs the command line: the built program where `npm test` has just built it, which starts in
 * a third of the time and is what people run; its sources where one file of tests is run alone.
 */
export function commandLine(): readonly string[] {
  const root = resolve(import.meta.dirname, '../..');
  return process.env['TENANTSCOPE_BUILT'] === '1'
    ? [join(root, 'dist', 'cli.cjs')]
    : [...RUNS_SOURCES, join(root, 'src/cli/main.ts')];
}

/**
 * What of this environment every process needs to work at all, and nothing that could sign it in: programs, home and
 * temporary folder, and on Windows the system's own places (without SystemRoot no socket opens there).
 */
export function bareEnvironment(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR'];
  const onWindows = [
    'SystemRoot',
    'ComSpec',
    'PATHEXT',
    'TEMP',
    'TMP',
    'USERPROFILE',
    'APPDATA',
    'LOCALAPPDATA',
    'NODE_PATH',
  ];
  return Object.fromEntries(
    [...names, ...(process.platform === 'win32' ? onWindows : [])].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
