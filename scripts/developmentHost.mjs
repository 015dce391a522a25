// What F5 starts: the sample estate, and a VS Code on it that runs the extension from this checkout and waits for
// debuggers. `.vscode/tasks.json` runs it after `npm run watch` has built once:
//   node scripts/developmentHost.mjs PROGRAM    PROGRAM is the VS Code to open, `code` unless said
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openDesktop } from './desktop.mjs';
import { startSampleEstate } from './sampleEstate.mjs';
import { ROOT, say } from './tools.mjs';

/** The ports that `.vscode/launch.json` attaches to. */
const PORTS = { extension: 9229, worker: 9230 };

const home = join(ROOT, '.cache', 'developmentHost');
if (!existsSync(join(ROOT, 'dist', 'emulator.cjs'))) {
  say('nothing is built yet; run npm run watch, or npm run build.');
  process.exit(1);
}
const { emulator, folder, settings } = await startSampleEstate(home);
try {
  say('opening the development host ...');
  const closed = openDesktop({
    program: process.argv[2] ?? 'code',
    data: join(home, 'vscode'),
    folder,
    settings,
    args: [`--inspect-extensions=${PORTS.extension}`],
    env: { TENANTSCOPE_INSPECT_WORKER: `${PORTS.worker}` },
  });
  say('the development host is open.');
  await closed;
} catch (error) {
  say(`VS Code could not be opened: ${error.message}`);
  process.exitCode = 1;
} finally {
  emulator.kill();
}
