// What a bare machine lacks, installed once into a cache outside the repository: Node 24, a real VS Code server,
// Chromium.
// Plain JavaScript on Node's own modules, because it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const CACHE =
  process.env.TENANTSCOPE_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tenantscope');

const NODE_24 = '24.21.0';
const CODE_SERVER = '4.139.1';

/** One line of progress on standard error, so that standard output stays the answer's. */
export function say(message) {
  process.stderr.write(`tenantscope: ${message}\n`);
}

export function run(command, args, options = {}) {
  const done = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', ...options });
  if (done.status !== 0)
    throw new Error(
      `${command} ${args.slice(0, 3).join(' ')} failed (${done.status ?? done.error?.message}):\n${(done.stderr ?? '').slice(-2000)}`,
    );
}

/**
 * Installs into a temporary folder and moves it into place, so that an interrupted install is never taken for a
 * finished one.
 */
export function installOnce(name, fill) {
  const target = join(CACHE, name);
  if (existsSync(join(target, '.complete'))) return target;
  const draft = `${target}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  fill(draft);
  writeFileSync(join(draft, '.complete'), '');
  rmSync(target, { recursive: true, force: true });
  renameSync(draft, target);
  return target;
}

export function npmInstall(folder, packages) {
  if (!existsSync(join(folder, 'package.json'))) writeFileSync(join(folder, 'package.json'), '{"private":true}');
  run(
    'npm',
    ['install', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error', ...packages],
    { cwd: folder, shell: process.platform === 'win32' },
  );
}

/** The project's own packages, exactly as the lock file says; nothing happens when they are there already. */
export function ensurePackages() {
  const lock = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
  const mark = join(ROOT, 'node_modules', '.tenantscope-lock');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return;
  say('installing packages (about half a minute) ...');
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: ROOT,
    shell: process.platform === 'win32',
  });
  writeFileSync(mark, lock);
}

/** Path of a Node 24: this one where it is new enough, else the pinned binary from the registry. */
export function ensureNode24() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const folder = installOnce(`node-${NODE_24}`, (draft) => {
    say(`fetching Node ${NODE_24} ...`);
    npmInstall(draft, [`${name}@${NODE_24}`]);
  });
  return join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/** Folder of a real VS Code server (workbench and extension host), from the npm registry. */
export function ensureVscodeServer() {
  const node = ensureNode24();
  const folder = installOnce(`vscode-server-${CODE_SERVER}`, (draft) => {
    say('fetching a VS Code server (about half a minute) ...');
    npmInstall(draft, [`code-server@${CODE_SERVER}`]);
    // Its native modules ship as prebuilt files or have fallbacks; nothing needs a compiler.
    const server = join(draft, 'node_modules', 'code-server', 'lib', 'vscode');
    run('npm', ['install', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: server,
      shell: process.platform === 'win32',
      env: { ...process.env, PATH: `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}` },
    });
  });
  return join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
}

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const MAC_BROWSERS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

export function findBrowser() {
  const named = process.env.TENANTSCOPE_BROWSER;
  if (named) return named;
  for (const path of MAC_BROWSERS) if (existsSync(path)) return path;
  for (const name of BROWSERS) {
    const found = spawnSync(process.platform === 'win32' ? 'where' : 'which', [name], { encoding: 'utf8' });
    if (found.status === 0) return found.stdout.split('\n')[0].trim();
  }
  return undefined;
}

/** A Chromium to drive: one that is here, or Debian's, installed as root. */
export function ensureBrowser() {
  const here = findBrowser();
  if (here) return here;
  if (process.platform === 'linux' && process.getuid?.() === 0 && spawnSync('which', ['apt-get']).status === 0) {
    say('installing Chromium ...');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    run('apt-get', ['update', '-qq'], { env });
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], { env });
    const installed = findBrowser();
    if (installed) return installed;
  }
  throw new Error('No Chromium was found. Install Chromium, Chrome or Edge, or name one in TENANTSCOPE_BROWSER.');
}

/** Builds dist/ when a source is newer than the last build. */
export function ensureBuild() {
  const newest = newestSource();
  const mark = join(ROOT, 'dist', 'built');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === newest) return;
  say('building ...');
  run(process.execPath, ['esbuild.js'], { cwd: ROOT });
  writeFileSync(mark, newest);
}

/** A digest of what the build is made of: path, size and time of every source. */
function newestSource() {
  const digest = createHash('sha256');
  const visit = (path) => {
    const stat = statSync(path);
    if (stat.isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name));
    else digest.update(`${path}:${stat.size}:${stat.mtimeMs}\n`);
  };
  for (const name of ['src', 'package.json', 'package-lock.json', 'esbuild.js']) visit(join(ROOT, name));
  return digest.digest('hex');
}

/** Starts a Node program of the project and resolves with it once `until` matches a line it prints. */
export function startProgram(script, args, { until, env = {}, node = process.execPath, cwd = ROOT }) {
  const child = spawn(node, [script, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let seen = '';
  return new Promise((resolve, reject) => {
    const hear = (chunk) => {
      seen += chunk;
      if (until.test(seen)) resolve({ child, output: seen });
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`${script} ended with ${code}:\n${seen.slice(-2000)}`));
    });
  });
}
