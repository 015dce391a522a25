import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../test/harness/browser.ts';
import { ensureBuild, ROOT } from '../scripts/tools.mjs';
import { packageVsix } from '../scripts/package/vsix.mjs';
import { startWorkbench } from '../scripts/workbench.mjs';
import type { Workbench } from '../scripts/workbench.mjs';
import type { Measurement } from './main.ts';

const BUNDLE = join(ROOT, 'dist', 'extension.cjs');
const ROUNDS = 3;
/** How often VS Code is asked for its report of one start. */
const ATTEMPTS = 4;
/** High enough for both tables of VS Code's report: an editor draws only the lines one sees. */
const SIZE = { width: 1600, height: 2_000 };

/**
 * What the extension costs before its first use: the JavaScript that is loaded, and its activation as a part of the
 * start of a real workbench.
 */
export async function benchStart(): Promise<Measurement[]> {
  ensureBuild();
  const bytes = statSync(BUNDLE).size;
  const inputs = await bundledPackages();
  const required = requiredModules();
  const vsix = packageVsix();
  const { activation, started, detail } = await bestStart(vsix);
  return [
    {
      name: 'JavaScript loaded at activation, of 300 KB',
      ratio: bytes / 300_000,
      bar: 1,
      detail: `${Math.round(bytes / 1000)} KB; packages in it: ${inputs.join(', ') || 'none'}; required: ${required.join(', ')}; VSIX ${(statSync(vsix).size / 1e6).toFixed(1)} MB`,
    },
    { name: 'activation, of the start of the workbench', ratio: activation / started, bar: 0.02, detail },
  ];
}

/**
 * Packages inside the extension's bundle, from the bundler's own list. Throws where there is an SDK, the parser or the
 * database among them.
 */
async function bundledPackages(): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/extension/main.ts'],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode'],
    mainFields: ['module', 'main'],
    metafile: true,
    write: false,
    logLevel: 'silent',
    outfile: 'out/none.cjs',
  });
  const packages = [
    ...new Set(
      Object.keys(metafile.inputs).flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []),
    ),
  ];
  const heavy = [
    ...packages.filter((name) => /^@(azure|kusto|duckdb)\//.test(name)),
    ...Object.keys(metafile.inputs).filter((path) =>
      /^src\/(azure\/|engine\/|emulator\/|kql\/kusto\w*\.ts)/.test(path),
    ),
  ];
  if (heavy.length > 0) throw new Error(`Heavy parts in the extension's bundle: ${heavy.join(', ')}`);
  return packages;
}

/**
 * Loads and activates the bundle in a process of its own with a stub of `vscode`, and tells every module it asks for.
 * Throws where one is more than Node's own, or a process is started.
 */
function requiredModules(): string[] {
  const child = spawnSync(process.execPath, ['--input-type=commonjs', '-e', STUB, BUNDLE], { encoding: 'utf8' });
  if (child.status !== 0)
    throw new Error(`The extension does not activate on a stub of vscode:\n${child.stderr.slice(-1_000)}`);
  const { asked, files, children } = JSON.parse(child.stdout) as {
    readonly asked: readonly string[];
    readonly files: readonly string[];
    readonly children: number;
  };
  const foreign = asked.filter((name) => name !== 'vscode' && !name.startsWith('node:'));
  if (foreign.length > 0 || files.length !== 1 || children > 0)
    throw new Error(
      `Activation asks for ${foreign.join(', ')}, reads ${files.join(', ')} and starts ${children} processes.`,
    );
  return asked.map((name) => name.replace('node:', ''));
}

const STUB = `
const Module = require('node:module'), asked = new Set(), load = Module._load;
const get = (target, name) => name === 'then' ? undefined : name === Symbol.toPrimitive ? () => '' : name === Symbol.iterator ? function* () {} : (target[name] ??= anything());
const anything = () => { const one = new Proxy(function () {}, { get, apply: () => anything(), construct: () => anything(), getPrototypeOf: () => new Proxy({}, { get }) }); return one; };
const processes = require('node:child_process'), threads = require('node:worker_threads');
let children = 0;
for (const [owner, name] of [[processes, 'fork'], [processes, 'spawn'], [threads, 'Worker']]) { const real = owner[name]; owner[name] = function (...args) { children++; return new.target ? new real(...args) : real.apply(this, args); }; }
Module._load = (request, ...rest) => request === process.argv[1] ? load(request, ...rest) : (asked.add(request), request === 'vscode' ? anything() : load(request, ...rest));
const before = new Set(Object.keys(require.cache));
require(process.argv[1]).activate({ ...anything(), subscriptions: [], extensionUri: anything(), globalStorageUri: anything(), secrets: anything(), workspaceState: { get: () => undefined, update: async () => {} }, globalState: { get: () => undefined, update: async () => {} } });
process.stdout.write(JSON.stringify({ asked: [...asked], files: Object.keys(require.cache).filter((file) => !before.has(file)), children }));
process.exit(0);
`;

interface Start {
  readonly activation: number;
  readonly started: number;
  readonly detail: string;
}

/**
 * A fresh workbench with the packaged extension, its view opened once the start has come to rest, and what VS Code
 * itself says of its start ("Developer: Startup Performance"):
 * loading the extension's code, calling `activate` and waiting for it, against the time until the workbench was ready.
 * Each the least of several starts.
 */
async function bestStart(vsix: string): Promise<Start> {
  const home = mkdtempSync(join(tmpdir(), 'bench-start-'));
  const folder = join(home, 'folder');
  mkdirSync(folder);
  writeFileSync(join(folder, 'query.kql'), 'Heartbeat | take 10\n');
  const workbench = await startWorkbench({ dataDirectory: join(home, 'vscode'), extensions: [vsix], settings: {} });
  try {
    const starts: Start[] = [];
    for (let round = 0; round < ROUNDS; round++) starts.push(await oneStart(workbench, folder));
    const least = (pick: (start: Start) => number): Start =>
      starts.reduce((best, one) => (pick(one) < pick(best) ? one : best));
    const quickest = least((start) => start.activation),
      { started } = least((start) => start.started);
    return {
      ...quickest,
      started,
      detail: `${quickest.detail}, of ${Math.round(started)} ms until the workbench was ready; as VS Code reports them, the least of ${ROUNDS} starts`,
    };
  } finally {
    await workbench.close();
    // The extension host outlives its server by a moment, and still writes.
    for (let tries = 0, gone = false; !gone && tries < 20; tries++) {
      try {
        rmSync(home, { recursive: true, force: true });
        gone = true;
      } catch {
        await setTimeout(500);
      }
    }
  }
}

async function oneStart(workbench: Workbench, folder: string): Promise<Start> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: SIZE });
    page.setDefaultTimeout(120_000);
    await page.goto(workbench.url(folder));
    await page
      .getByRole('tab', { name: /^Tenantscope/ })
      .first()
      .waitFor();
    await command(page, 'Developer: Startup Performance');
    // The report writes itself anew as extensions become active; when it rests, those of the start no longer stand in
    // one another's way.
    let before: string[] = [];
    for (
      let now = await linesOf(page), tries = 0;
      tries < 60 && (!now.some((line) => line.includes('Activation Stats')) || now.join() !== before.join());
      tries++
    ) {
      before = now;
      await setTimeout(2_000);
      now = await linesOf(page);
    }
    await command(page, 'View: Show Tenantscope');
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      for (let tries = 0; tries < 40; tries++) {
        const start = readReport(await linesOf(page));
        if (start) return start;
        await setTimeout(500);
      }
      // A report that was written while the workbench was busy is not always written again: ask for a new one.
      await command(page, 'View: Close All Editors');
      await command(page, 'Developer: Startup Performance');
    }
    throw new Error(`VS Code did not tell how it started. Its report says:\n${(await linesOf(page)).join('\n')}`);
  } finally {
    await browser.close();
  }
}

async function command(page: Page, title: string): Promise<void> {
  const input = page.locator('.quick-input-widget input.input').first();
  await page.keyboard.press('F1');
  await input.waitFor();
  await input.fill(`>${title}`);
  await page.locator('.quick-input-list .monaco-list-row').first().getByText(title, { exact: false }).first().waitFor();
  await page.keyboard.press('Enter');
}

async function linesOf(page: Page): Promise<string[]> {
  return (await page.locator('.editor-instance .view-line').allInnerTexts()).map((line) =>
    line.replaceAll('\u00a0', ' '),
  );
}

/**
 * Rows of the report's two tables: `| workbench ready | 1234.5 | ...` and `| tenantscope.tenantscope | false | load |
 * call | finish | event | by |`, in ms.
 */
function readReport(lines: readonly string[]): Start | undefined {
  const row = (name: string): string[] | undefined =>
    lines
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .find((cells) => cells[1] === name)
      ?.slice(2);
  const ready = Number(row('workbench ready')?.[0]),
    [, ...ours] = row('tenantscope.tenantscope') ?? [];
  const [code, call, finish] = ours.map(Number);
  if (!(ready > 0) || code === undefined || call === undefined || finish === undefined) return undefined;
  return {
    activation: code + call + finish,
    started: ready,
    detail: `loading code ${code} + activate ${call} + finishing ${finish} ms by ${ours[3]}`,
  };
}
