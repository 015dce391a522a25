import { posix, win32 } from 'node:path';

/**
 * The person's own folder for what the program keeps: `$XDG_STATE_HOME/tenantscope`; a relative XDG_STATE_HOME counts
 * as none, as its specification says. Without it below `.local/state` of the home folder, on Windows below the local
 * application data.
 */
export function ownFolder(
  env: Readonly<Record<string, string | undefined>>,
  home: string,
  platform: NodeJS.Platform = process.platform,
): string {
  const { isAbsolute, join } = platform === 'win32' ? win32 : posix;
  const absolute = (name: string): string | undefined => {
    const path = env[name];
    return path !== undefined && isAbsolute(path) ? path : undefined;
  };
  const folder =
    absolute('XDG_STATE_HOME') ??
    (platform === 'win32'
      ? (absolute('LOCALAPPDATA') ?? join(home, 'AppData', 'Local'))
      : join(home, '.local', 'state'));
  return join(folder, 'tenantscope');
}
