// A window of the desktop VS Code that runs the extension from this checkout.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './tools.mjs';

/**
 * Opens `folder` in a VS Code with settings and extensions of its own below `data`: nothing of the person's set-up is
 * touched. Resolves when the window was closed; rejects where `program` cannot be started.
 */
export function openDesktop({ program, data, folder, settings, args = [], env = {} }) {
  mkdirSync(join(data, 'User'), { recursive: true });
  writeFileSync(
    join(data, 'User', 'settings.json'),
    JSON.stringify({ ...settings, 'security.workspace.trust.enabled': false }, null, 2),
  );
  // Started from inside VS Code, its own variables would tell the new one that it is a part of the old.
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:VSCODE_|ELECTRON_)/.test(name)),
  );
  const child = spawn(
    program,
    ['--user-data-dir', data, `--extensionDevelopmentPath=${ROOT}`, '--wait', ...args, folder],
    // `code` of Windows is a batch file, which only a shell starts; a whole path is a program.
    { stdio: 'inherit', env: { ...inherited, ...env }, shell: process.platform === 'win32' && program === 'code' },
  );
  return new Promise((resolve, reject) => {
    child.once('exit', resolve);
    child.once('error', reject);
  });
}
