// `npm start`: the product on the embedded sample estate, on a machine with nothing but Node and npm.
//   npm start               sets up, prints one cross-customer answer, opens a VS Code with the extension signed in
//   npm start -- --once     sets up, prints the answer, exits 0 when every reachable workspace answered
//   npm start -- --centre   sets up, builds a centre of Log Analytics and a lake, fills both, and compares their answers
//   npm start -- --desktop  uses the desktop VS Code (`code`) on the path
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuild, ensurePackages, findBrowser, ROOT, say } from './tools.mjs';
import { openDesktop } from './desktop.mjs';
import { buildCentre } from './centre.mjs';
import { packageVsix } from './package/vsix.mjs';
import { startSampleEstate } from './sampleEstate.mjs';
import { startWorkbench } from './workbench.mjs';

const OPTIONS = new Set(process.argv.slice(2));
const HOME = join(ROOT, '.cache', 'start');

function fail(message) {
  say(message);
  process.exit(1);
}

/** Asks one question of everybody, as the command line does; returns its exit code. */
function printAnswer(folder, cloudFile) {
  const query = join(folder, 'silent-sources.kql');
  process.stdout.write(`\n${readFileSync(query, 'utf8').trim()}\n\n`);
  const done = spawnSync(
    process.execPath,
    [
      join(ROOT, 'dist', 'cli.cjs'),
      'query',
      query,
      '--reachable',
      '--cloud',
      cloudFile,
      '--customers',
      join(folder, '.tenantscope', 'customers.json'),
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  process.stdout.write('\n');
  return done.status ?? 1;
}

async function main() {
  for (const option of OPTIONS)
    if (!['--once', '--centre', '--desktop'].includes(option))
      fail(`There is no option ${option}. Use --once, --centre or --desktop.`);
  ensurePackages();
  ensureBuild();
  const { emulator, cloudFile, folder, settings } = await startSampleEstate(HOME);
  const stop = (code) => {
    emulator.kill();
    process.exit(code);
  };
  // Whatever throws from here on: no emulator is left behind.
  process.on('exit', () => emulator.kill());
  if (OPTIONS.has('--centre')) stop(buildCentre({ cloudFile, folder, lake: join(HOME, 'lake') }));
  const status = printAnswer(folder, cloudFile);
  if (OPTIONS.has('--once')) stop(status);
  if (status !== 0) say(`the query ended with exit code ${status}; the editor may still tell more.`);

  if (OPTIONS.has('--desktop')) {
    await openDesktop({ program: 'code', data: join(HOME, 'desktop'), folder, settings }).catch(() => {
      say('`code` is not on the path; run npm start without --desktop.');
    });
    stop(0);
  }
  const workbench = await startWorkbench({
    dataDirectory: join(HOME, 'vscode'),
    extensions: [packageVsix()],
    settings,
  });
  const url = workbench.url(folder);
  process.stdout.write(`\nVS Code with the sample estate: ${url}\nPress Ctrl+C to stop.\n`);
  openInBrowser(url);
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.on(signal, () => {
      void workbench.close().finally(() => stop(0));
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
