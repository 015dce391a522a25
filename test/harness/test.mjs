// `npm test`: everything, on a machine with Node 20 and npm. `npm test -- unit cli` runs only those kinds.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { groupTests } from './groups.mjs';
import {
  ensureBrowser,
  ensureBuild,
  ensureNode24,
  ensurePackages,
  ensureVscodeServer,
  ROOT,
  say,
} from '../../scripts/tools.mjs';

const WANTED = process.argv.slice(2);
const KINDS = [
  'types',
  'format',
  'lint',
  'dead',
  'unit',
  'golden',
  'manifest',
  'architecture',
  'contract',
  'cli',
  'package',
  'pages',
  'host',
  'e2e',
];
const unknown = WANTED.filter((name) => !KINDS.includes(name));
if (unknown.length > 0) {
  say(`There is no kind of test called ${unknown.join(', ')}. There are: ${KINDS.join(', ')}.`);
  process.exit(2);
}
const failures = [];
const started = Date.now();

function filesBelow(folder, ending) {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder))
    .flatMap((name) => {
      const path = `${folder}/${name}`;
      return statSync(join(ROOT, path)).isDirectory() ? filesBelow(path, ending) : name.endsWith(ending) ? [path] : [];
    })
    .sort();
}

/** Runs one step with its output shown; a failure is remembered and the rest still runs, so that one look tells all. */
function step(name, command, args, options = {}) {
  if (WANTED.length > 0 && !WANTED.includes(name)) return;
  const begun = Date.now();
  say(`--- ${name}`);
  const done = spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], ...options });
  const seconds = ((Date.now() - begun) / 1000).toFixed(0);
  say(`--- ${name} ${done.status === 0 ? 'passed' : 'FAILED'} in ${seconds} s`);
  if (done.status !== 0) failures.push(name);
}

async function tests(name, folder, options = {}) {
  if (WANTED.length > 0 && !WANTED.includes(name)) return;
  const found = filesBelow(folder, '.test.ts');
  if (found.length === 0) throw new Error(`There are no tests in ${folder}.`);
  const files = options.groups ? await groupTests(name, found, options.groups) : found;
  step(
    name,
    options.node ?? process.execPath,
    [
      '--import',
      'tsx',
      '--test',
      '--test-reporter=spec',
      `--test-concurrency=${options.concurrency ?? 2}`,
      ...(options.timeout ? [`--test-timeout=${options.timeout}`] : []),
      ...files,
    ],
    { env: { ...process.env, NODE_OPTIONS: '--max-old-space-size=4096 --enable-source-maps', ...options.env } },
  );
}

ensurePackages();
const bin = (name, path) => join(ROOT, 'node_modules', name, path);
step('types', process.execPath, [bin('typescript-native', 'bin/tsc'), '-b']);
step('format', process.execPath, [bin('oxfmt', 'bin/oxfmt'), '--check', '.']);
step('lint', process.execPath, [
  bin('oxlint', 'bin/oxlint'),
  '--type-aware',
  '--max-warnings=0',
  'src',
  'test',
  'bench',
  'scripts',
]);
step('dead', ensureNode24(), [bin('knip', 'bin/knip.js'), '--no-progress']);
// Once more without the tests as users: what only they use is dead as well.
step('dead', ensureNode24(), [
  bin('knip', 'bin/knip.js'),
  '--no-progress',
  '--production',
  '--config',
  'knip.production.json',
]);
ensureBuild();
await tests('unit', 'test/unit', { groups: 10 });
await tests('golden', 'test/golden');
await tests('manifest', 'test/manifest');
await tests('architecture', 'test/architecture', { concurrency: 1 });
// Programs are started from what was built above.
const BUILT = { TENANTSCOPE_BUILT: '1' };
await tests('contract', 'test/contract', { groups: 8, timeout: 1_500_000, env: BUILT });
await tests('cli', 'test/cli', { groups: 6, timeout: 1_500_000, env: BUILT });
await tests('package', 'test/package', { timeout: 240_000 });
if (WANTED.length === 0 || ['pages', 'host', 'e2e'].some((name) => WANTED.includes(name))) {
  ensureBrowser();
  ensureVscodeServer();
}
await tests('pages', 'test/pages', { concurrency: 1, timeout: 120_000 });
await tests('host', 'test/host', { concurrency: 1, timeout: 600_000 });
await tests('e2e', 'test/e2e', { concurrency: 1, timeout: 1_500_000 });

say(
  `${failures.length === 0 ? 'All passed' : `Failed: ${failures.join(', ')}`} in ${((Date.now() - started) / 60_000).toFixed(1)} minutes.`,
);
process.exitCode = failures.length === 0 ? 0 : 1;
