// A real VS Code workbench and extension host, served on loopback, with the extension installed from its VSIX.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureNode24, ensureVscodeServer } from './tools.mjs';

/** Settings that keep a fresh workbench quiet: no welcome page, no chat, no update or trust prompts. */
const QUIET = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'update.mode': 'none',
  'workbench.enableExperiments': false,
  'git.enabled': false,
  'extensions.autoUpdate': false,
};

/**
 * Starts the server. `extensions`: VSIX files to install; `settings`: user settings; the folder opens by URL.
 * Returns { url(folder, payload?), port, close(), log() }.
 */
export async function startWorkbench({ dataDirectory, extensions = [], settings = {}, port = 0 }) {
  const node = ensureNode24();
  const server = ensureVscodeServer();
  const main = join(server, 'out', 'server-main.js');
  for (const scope of ['User', 'Machine']) {
    mkdirSync(join(dataDirectory, 'data', scope), { recursive: true });
    writeFileSync(
      join(dataDirectory, 'data', scope, 'settings.json'),
      JSON.stringify({ ...QUIET, ...settings }, null, 2),
    );
  }
  for (const vsix of extensions) {
    const done = spawnSync(
      node,
      [
        main,
        '--server-data-dir',
        dataDirectory,
        '--accept-server-license-terms',
        '--install-extension',
        vsix,
        '--force',
      ],
      { encoding: 'utf8' },
    );
    if (done.status !== 0 || /Failed Installing/.test(`${done.stdout}${done.stderr}`))
      throw new Error(`The extension could not be installed:\n${done.stdout}${done.stderr}`);
  }
  const child = spawn(
    node,
    [
      main,
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--without-connection-token',
      '--accept-server-license-terms',
      '--telemetry-level',
      'off',
      '--server-data-dir',
      dataDirectory,
      '--enable-smoke-test-driver',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, VSCODE_CWD: undefined } },
  );
  let log = '';
  const listening = await new Promise((resolve, reject) => {
    const hear = (chunk) => {
      log += chunk;
      const match = /Extension host agent listening on (\d+)/.exec(log);
      if (match) resolve(Number(match[1]));
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    child.once('exit', (code) => {
      reject(new Error(`The VS Code server ended with ${code}:\n${log.slice(-2000)}`));
    });
  });
  return {
    port: listening,
    url(folder, payload = []) {
      const query = [`folder=${encodeURIComponent(folder)}`];
      if (payload.length > 0) query.push(`payload=${encodeURIComponent(JSON.stringify(payload))}`);
      return `http://127.0.0.1:${listening}/?${query.join('&')}`;
    },
    log: () => log,
    close: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null) resolve();
        else {
          child.once('exit', resolve);
          child.kill();
        }
      }),
  };
}
