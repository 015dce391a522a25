import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { GNOME_SCHEMA, parseGsettings } from './gnome.ts';
import { parseScutil } from './mac.ts';
import { NOTHING } from './systemProxy.ts';
import type { SystemProxy } from './systemProxy.ts';
import { parseRegistry, REGISTRY_KEY } from './windows.ts';

/** So long a desktop's own tool may take; one that hangs says nothing. */
const DEADLINE_MS = 5_000;

/**
 * What this machine's system says of proxies, asked anew: the registry on Windows, `scutil` on macOS, GNOME's settings
 * elsewhere. A system without its tool says nothing.
 */
export async function readSystemProxy(platform: NodeJS.Platform = process.platform): Promise<SystemProxy> {
  switch (platform) {
    case 'win32': {
      // By its whole path: a `reg.exe` in the current folder is not Windows'.
      const reg = join(process.env['SystemRoot'] ?? String.raw`C:\Windows`, 'System32', 'reg.exe');
      return parseRegistry(await outputOf(reg, ['query', REGISTRY_KEY]));
    }
    case 'darwin':
      return parseScutil(await outputOf('/usr/sbin/scutil', ['--proxy']));
    case 'linux':
    case 'freebsd':
    case 'openbsd':
      return parseGsettings(await outputOf('gsettings', ['list-recursively', GNOME_SCHEMA]));
    default:
      return NOTHING;
  }
}

function outputOf(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, args, { encoding: 'utf8', timeout: DEADLINE_MS, windowsHide: true }, (error, output) => {
      resolve(error ? '' : output);
    });
  });
}
