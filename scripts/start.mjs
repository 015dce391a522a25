// `npm start`: the product on the embedded sample estate, on a machine with nothing but Node and npm.
//   npm start               sets up, prints one cross-customer answer, opens a VS Code with the extension signed in
//   npm start -- --once     sets up, prints the answer and its completeness, exits 0 when every reachable workspace
// answered
//   npm start -- --desktop  uses the desktop VS Code (`code`) on the path
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuild, ensurePackages, findBrowser, ROOT, say, startProgram } from './tools.mjs';
import { packageVsix } from './package/vsix.mjs';
import { startWorkbench } from './workbench.mjs';

const OPTIONS = new Set(process.argv.slice(2));
const HOME = join(ROOT, '.cache', 'start');
const READY = join(HOME, 'cloud.json');
const FOLDER = join(HOME, 'northbridge');

function fail(message) {
  say(message);
  process.exit(1);
}

/** The folder a provider would keep in git: the customers file and a few queries. */
function writeSampleFolder(customersFile) {
  mkdirSync(join(FOLDER, '.tenantscope'), { recursive: true });
  copyFileSync(customersFile, join(FOLDER, '.tenantscope', 'customers.json'));
  cpSync(join(ROOT, 'media', 'samples'), FOLDER, { recursive: true });
}

function printAnswer() {
  const query = join(FOLDER, 'silent-sources.kql');
  process.stdout.write(`\n${readFileSync(query, 'utf8').trim()}\n\n`);
  const done = spawnSync(
    process.execPath,
    [
      join(ROOT, 'dist', 'cli.cjs'),
      'query',
      query,
      '--reachable',
      '--cloud',
      READY,
      '--customers',
      join(FOLDER, '.tenantscope', 'customers.json'),
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  process.stdout.write('\n');
  return done.status ?? 1;
}

async function main() {
  for (const option of OPTIONS)
    if (!['--once', '--desktop'].includes(option)) fail(`There is no option ${option}. Use --once or --desktop.`);
  ensurePackages();
  ensureBuild();
  rmSync(HOME, { recursive: true, force: true });
  mkdirSync(HOME, { recursive: true });
  say('starting the emulator with the sample estate ...');
  const emulator = await startProgram(join(ROOT, 'dist', 'emulator.cjs'), ['--ready', READY], { until: /ready/ });
  const stop = (code) => {
    emulator.child.kill();
    process.exit(code);
  };
  const { customersFile } = JSON.parse(readFileSync(READY, 'utf8'));
  writeSampleFolder(customersFile);
  const status = printAnswer();
  if (OPTIONS.has('--once')) stop(status);
  if (status !== 0) say(`the query ended with exit code ${status}; the editor may still tell more.`);

  const settings = { 'tenantscope.cloud.name': 'custom', 'tenantscope.cloud.file': READY };
  if (OPTIONS.has('--desktop')) {
    await openDesktop(settings);
    stop(0);
  }
  const workbench = await startWorkbench({
    dataDirectory: join(HOME, 'vscode'),
    extensions: [packageVsix()],
    settings,
  });
  const url = workbench.url(FOLDER);
  process.stdout.write(`\nVS Code with the sample estate: ${url}\nPress Ctrl+C to stop.\n`);
  openInBrowser(url);
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.on(signal, () => {
      void workbench.close().finally(() => stop(0));
    });
}

/**
 * A window of the desktop VS Code with settings and extensions of its own: nothing of the person's set-up is touched.
 */
async function openDesktop(settings) {
  const data = join(HOME, 'desktop');
  mkdirSync(join(data, 'User'), { recursive: true });
  writeFileSync(
    join(data, 'User', 'settings.json'),
    JSON.stringify({ ...settings, 'security.workspace.trust.enabled': false }, null, 2),
  );
  const child = spawn('code', ['--user-data-dir', data, `--extensionDevelopmentPath=${ROOT}`, '--wait', FOLDER], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  await new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', () => {
      say('`code` is not on the path; run npm start without --desktop.');
      resolve(undefined);
    });
  });
}

/** Opens the address where there is a display to open it on; its address is printed in any case. */
function openInBrowser(url) {
  if (process.env.CI || (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)) return;
  const opener =
    process.platform === 'darwin'
      ? 'open'
      : process.platform === 'win32'
        ? 'explorer'
        : existsSync('/usr/bin/xdg-open')
          ? 'xdg-open'
          : findBrowser();
  if (opener) spawn(opener, [url], { stdio: 'ignore', detached: true }).unref();
}

main().catch((error) => {
  fail(error instanceof Error ? error.message : String(error));
});
