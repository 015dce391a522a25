import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, copyFileSync, cpSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { ROOT, startProgram } from '../../scripts/tools.mjs';
import { packageVsix } from '../../scripts/package/vsix.mjs';
import { startWorkbench } from '../../scripts/workbench.mjs';
import type { Workbench } from '../../scripts/workbench.mjs';

interface Ready {
  readonly customersFile: string;
  readonly ca: string;
  readonly admin: { readonly url: string; readonly token: string };
}

/**
 * Everything a person has in front of them: the emulator, a folder, a workbench with the packaged extension, a page.
 */
export interface Stage {
  readonly page: Page;
  readonly folder: string;
  /** The Results page inside its webview. */
  readonly results: FrameLocator;
  /** The page of ours that was opened last among the editors. */
  editorPage(): FrameLocator;
  /** Errors of our own code on the workbench's console. */
  readonly complaints: readonly string[];
  command(title: string): Promise<void>;
  openFile(name: string): Promise<void>;
  /** Sets the emulator's faults (a list of rules), or none. */
  faults(rules: readonly object[]): Promise<void>;
  /** Gives the panel with the results the lower part of the window from this share of its height on. */
  raisePanel(share: number): Promise<void>;
  /** Closes the panel: the editors have the whole height. */
  lowerPanel(): Promise<void>;
  shoot(name: string): Promise<void>;
  close(): Promise<void>;
}

const SIZE = { width: 1440, height: 900 };

/**
 * Starts the emulator (with `arguments`) and a workbench that has the VSIX installed, opens the sample folder, and
 * waits until it stands.
 */
export async function openStage(
  options: { emulator?: readonly string[]; settings?: Record<string, unknown> } = {},
): Promise<Stage> {
  const home = mkdtempSync(join(tmpdir(), 'tenantscope-film-'));
  const ready = join(home, 'cloud.json');
  const emulator = await startProgram(
    join(ROOT, 'dist', 'emulator.cjs'),
    ['--ready', ready, ...(options.emulator ?? [])],
    { until: /ready/ },
  );
  const told = JSON.parse(readFileSync(ready, 'utf8')) as Ready;
  const folder = join(home, 'northbridge');
  mkdirSync(join(folder, '.tenantscope'), { recursive: true });
  copyFileSync(told.customersFile, join(folder, '.tenantscope', 'customers.json'));
  cpSync(join(ROOT, 'media', 'samples'), folder, { recursive: true });
  try {
    return await openWorkbench({
      home,
      ready,
      folder,
      told,
      emulator: emulator.child,
      settings: options.settings ?? {},
    });
  } catch (error) {
    // A stage that does not open must not keep the test waiting on its emulator.
    emulator.child.kill();
    throw error;
  }
}

interface Opening {
  home: string;
  ready: string;
  folder: string;
  told: Ready;
  emulator: ChildProcess;
  settings: Record<string, unknown>;
}

async function openWorkbench({ home, ready, folder, told, emulator, settings }: Opening): Promise<Stage> {
  const workbench = await startWorkbench({
    dataDirectory: join(home, 'vscode'),
    extensions: [packageVsix()],
    settings: {
      'tenantscope.cloud.name': 'custom',
      'tenantscope.cloud.file': ready,
      'files.simpleDialog.enable': true,
      'window.dialogStyle': 'custom',
      'workbench.colorTheme': 'Default Dark Modern',
      'editor.minimap.enabled': false,
      ...settings,
    },
  });
  const browser = await launchBrowser();
  const page = await browser.newPage({ viewport: SIZE });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && /tenantscope\.tenantscope-/i.test(`${message.text()} ${message.location().url}`))
      complaints.push(message.text());
  });
  await page.goto(workbench.url(folder));
  await page.locator('.monaco-workbench .part.activitybar').waitFor();
  await widenSideBar(page);
  return stageOf({ home, folder, told, emulator, workbench, browser, page, complaints });
}

/** Room for what a tree row says behind its name. */
async function widenSideBar(page: Page): Promise<void> {
  const box = await page.locator('.part.sidebar').boundingBox();
  if (box) await drag(page, { x: box.x + box.width + 1, y: 450 }, { x: 440, y: 450 });
}

async function drag(page: Page, from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 });
  await page.mouse.move(to.x, to.y, { steps: 4 });
  await page.mouse.up();
}

interface Props {
  home: string;
  folder: string;
  told: Ready;
  emulator: ChildProcess;
  workbench: Workbench;
  browser: Browser;
  page: Page;
  complaints: string[];
}

function stageOf({ home, folder, told, emulator, workbench, browser, page, complaints }: Props): Stage {
  const quickInput = page.locator('.quick-input-widget input.input').first();
  return {
    page,
    folder,
    complaints,
    results: page.frameLocator('iframe.webview.ready').last().frameLocator('iframe#active-frame'),
    // A webview lies over its editor, not inside it: the newest one is that of the page just opened.
    editorPage: () => page.frameLocator('iframe.webview.ready').last().frameLocator('iframe#active-frame'),
    async command(title) {
      await page.keyboard.press('F1');
      await quickInput.waitFor();
      await quickInput.fill(`>${title}`);
      await page
        .locator('.quick-input-list .monaco-list-row')
        .first()
        .getByText(title, { exact: false })
        .first()
        .waitFor();
      await page.keyboard.press('Enter');
    },
    async openFile(name) {
      await page.keyboard.press('Control+P');
      await quickInput.waitFor();
      await quickInput.fill(name);
      await page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().click();
      await page.locator('.tab.active', { hasText: name }).waitFor();
    },
    faults: (rules) => send(`${told.admin.url}/faults`, 'PUT', told, JSON.stringify(rules)),
    async raisePanel(share) {
      const box = await page.locator('.part.panel').boundingBox();
      if (box)
        await drag(
          page,
          { x: box.x + box.width / 2, y: box.y - 1 },
          { x: box.x + box.width / 2, y: SIZE.height * share },
        );
    },
    async lowerPanel() {
      const panel = page.locator('.part.panel');
      if (!(await panel.isVisible())) return;
      await page.keyboard.press('Control+J');
      await panel.waitFor({ state: 'hidden' });
    },
    async shoot(name) {
      const folderOfShots = join(ROOT, process.env['TENANTSCOPE_SHOTS'] ?? 'out/screenshots');
      mkdirSync(folderOfShots, { recursive: true });
      await page.screenshot({ path: join(folderOfShots, `${name}.png`) });
    },
    async close() {
      await browser.close();
      await workbench.close();
      emulator.kill();
      const out = join(ROOT, 'out');
      mkdirSync(out, { recursive: true });
      writeFileSync(join(out, 'workbench.log'), workbench.log());
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function send(url: string, method: string, { ca, admin }: Ready, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      { method, ca, headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' } },
      (response) => {
        response.resume();
        response.once('end', () => {
          if ((response.statusCode ?? 500) < 300) resolve();
          else reject(new Error(`${method} ${url}: ${response.statusCode}`));
        });
      },
    );
    asked.once('error', reject);
    asked.end(body);
  });
}
