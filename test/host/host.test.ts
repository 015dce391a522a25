import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBrowser } from '../harness/browser.ts';
import { ROOT, startProgram } from '../../scripts/tools.mjs';
import { startWorkbench } from '../../scripts/workbench.mjs';
import { bundleSuites } from './bundle.ts';
import type { HostResult } from './main.ts';

const home = mkdtempSync(join(tmpdir(), 'tenantscope-host-'));
const closers: (() => unknown)[] = [
  () => {
    rmSync(home, { recursive: true, force: true });
  },
];

let suites = '';
let ready = '';

before(async () => {
  suites = await bundleSuites();
  ready = join(home, 'cloud.json');
  const emulator = await startProgram(join(ROOT, 'dist', 'emulator.cjs'), ['--ready', ready, '--agent-delay', '0'], {
    until: /ready/,
  });
  closers.unshift(() => emulator.child.kill());
  process.env['TENANTSCOPE_CLOUD'] = ready;
  // Rules for the Alerts view to show what they found, made as a person makes them.
  const rules = join(home, 'rules');
  mkdirSync(join(rules, '.tenantscope', 'alerts'), { recursive: true });
  writeFileSync(
    join(rules, '.tenantscope', 'alerts', 'Beats.kql'),
    '// @scope customer:contoso\n// @condition count > 0\n// @severity error\n// @frequency 15m\nHeartbeat\n',
  );
  execFileSync(process.execPath, [join(ROOT, 'dist', 'cli.cjs'), 'alert', 'apply', 'Beats', '--yes'], {
    cwd: rules,
    env: { ...process.env, TENANTSCOPE_CLOUD: ready },
    stdio: 'ignore',
  });
  // What this person approves is kept here.
  process.env['XDG_STATE_HOME'] = join(home, 'own');
});

after(async () => {
  for (const close of closers) await close();
});

/**
 * Runs one set of suites in a workbench of its own, with a fresh profile and folder, and returns what came of each
 * test.
 */
async function runSuites(
  name: 'trusted' | 'untrusted',
  settings: Record<string, unknown>,
): Promise<readonly HostResult[]> {
  const folder = join(home, name, 'folder');
  mkdirSync(join(folder, '.tenantscope'), { recursive: true });
  copyFileSync(
    (JSON.parse(readFileSync(ready, 'utf8')) as { customersFile: string }).customersFile,
    join(folder, '.tenantscope', 'customers.json'),
  );
  writeFileSync(join(folder, 'heartbeat.kql'), '// Machines\nHeartbeat\n| take 5\n');
  const report = join(home, name, 'report.json');
  process.env['TENANTSCOPE_HOST_REPORT'] = report;
  process.env['TENANTSCOPE_HOST_SUITES'] = name;
  const workbench = await startWorkbench({
    dataDirectory: join(home, name, 'vscode'),
    settings: { 'tenantscope.cloud.name': 'custom', 'tenantscope.cloud.file': ready, ...settings },
  });
  const browser = await launchBrowser();
  const said: string[] = [];
  try {
    const page = await browser.newPage();
    const remote = `vscode-remote://127.0.0.1:${workbench.port}`;
    const ended = new Promise<number>((resolve) => {
      void page.exposeFunction('codeAutomationExit', (code: number) => {
        resolve(code);
      });
    });
    await page.exposeFunction('codeAutomationLog', (_type: string, args: readonly unknown[]) => {
      said.push(args.map(String).join(' '));
    });
    await page.goto(
      workbench.url(folder, [
        ['extensionDevelopmentPath', `${remote}${ROOT}`],
        ['extensionTestsPath', `${remote}${suites}`],
      ]),
    );
    await ended;
    return JSON.parse(readFileSync(report, 'utf8')) as HostResult[];
  } catch (error) {
    throw new Error(
      `The extension host left no report.\n${said.slice(-30).join('\n')}\n${workbench.log().slice(-2000)}`,
      { cause: error },
    );
  } finally {
    await browser.close();
    await workbench.close();
  }
}

test('every suite passes in a real extension host', { timeout: 480_000 }, async (context) => {
  const results = await runSuites('trusted', {});
  assert.ok(results.length >= 30, `only ${results.length} tests ran`);
  for (const result of results)
    await context.test(result.title, () => {
      assert.equal(result.error, undefined, result.error);
    });
});

test('nothing is sent from a folder nobody trusts', { timeout: 120_000 }, async (context) => {
  const results = await runSuites('untrusted', {
    'security.workspace.trust.enabled': true,
    'security.workspace.trust.startupPrompt': 'never',
    'security.workspace.trust.banner': 'never',
  });
  assert.ok(results.length >= 4, `only ${results.length} tests ran`);
  for (const result of results)
    await context.test(result.title, () => {
      assert.equal(result.error, undefined, result.error);
    });
});
