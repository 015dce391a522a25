import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Locator } from 'playwright-core';
import { openStage } from '../harness/film.ts';
import type { Stage } from '../harness/film.ts';

/**
 * The main job as a person does it, in a real workbench with the packaged extension: tree, scope, query over the whole
 * estate, grid, chart, export, a failing workspace, provisioning. One film; every scene needs the ones before it.
 */
let stage: Stage;
before(
  async () => {
    stage = await openStage({ emulator: ['--agent-delay', '0'] });
    // Long before its scene: VS Code hears of new files when it comes to it.
    const folder = join(stage.folder, '.tenantscope', 'rollups');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'MachineBeats.kql'),
      [
        '// @description Who reported, hour by hour',
        '// @window 1h',
        '// @lateness 10m',
        '// @schedule every 1h',
        '// @scope group:gold',
        'Heartbeat',
        '| summarize Beats = count(), Last = max(TimeGenerated) by Hour = bin(TimeGenerated, 1h), Computer',
        '',
      ].join('\n'),
    );
  },
  { timeout: 240_000 },
);
after(async () => {
  await stage?.close();
});

const scene = (name: string, play: () => Promise<void>): void => {
  it(name, { timeout: 180_000 }, async () => {
    try {
      await play();
    } catch (error) {
      await stage.shoot(`failed-${name.replaceAll(/\W+/g, '-').slice(0, 40)}`);
      throw error;
    }
  });
};

const tree = (name: RegExp): Locator =>
  stage.page
    .getByRole('tree', { name: /Estate/ })
    .getByRole('treeitem', { name })
    .first();
const quickInput = (): Locator => stage.page.locator('.quick-input-widget');
async function pick(label: string | RegExp): Promise<void> {
  const row = quickInput().locator('.monaco-list-row', { hasText: label }).first();
  await row.waitFor({ timeout: 60_000 });
  await row.click();
}
async function enter(prompt: RegExp, text: string): Promise<void> {
  await quickInput().getByText(prompt).first().waitFor({ timeout: 60_000 });
  await quickInput().locator('input.input').first().fill(text);
  await stage.page.keyboard.press('Enter');
}
async function run(): Promise<void> {
  await stage.page.locator('.monaco-editor .view-line', { hasText: '|' }).last().click();
  await stage.page.keyboard.press('F5');
}
const finished = (): Locator =>
  stage.results.locator('.completeness:not(.running)', { hasText: /\d+ of \d+ workspaces answered/ });

describe('the main job', () => {
  scene('the estate tree shows every customer, and says who cannot be entered', async () => {
    await stage.page
      .getByRole('tab', { name: /^Tenantscope/ })
      .first()
      .click();
    await tree(/Contoso/).waitFor({ timeout: 90_000 });
    await stage.command('Tenantscope: Group Estate By');
    await pick('Customer');
    await tree(/^Lucerne Publishing|Alpine Ski House/).waitFor();
    await tree(/^Contoso/).click();
    await stage.shoot('estate');
  });

  scene('the scope is chosen and the editor knows its tables', async () => {
    await stage.openFile('silent-sources.kql');
    await stage.page
      .locator('.codelens-decoration', { hasText: /\d+ workspaces, \d+ customers/ })
      .first()
      .waitFor({ timeout: 60_000 });
    await stage.page
      .getByRole('button', { name: /\d+ workspaces, \d+ customers/ })
      .first()
      .waitFor();
  });

  scene('a query over the whole estate gives one attributed table', async () => {
    await run();
    await finished().waitFor({ timeout: 150_000 });
    await stage.results.locator('td[role=gridcell]').first().waitFor({ timeout: 30_000 });
    const headers = await stage.results.locator('thead th').allTextContents();
    // _Tenant stands between them where a customer of the answer has two.
    assert.deepEqual(
      headers.slice(1, 4).filter((name) => name.startsWith('_') && name !== '_Tenant'),
      ['_Customer', '_Workspace'],
    );
    const customers = await stage.results.locator('tbody tr').locator('td, th').allTextContents();
    assert.ok(customers.includes('Woodgrove Bank') && customers.includes('Fabrikam'), customers.join(', '));
    await stage.raisePanel(0.36);
    await stage.page.mouse.move(900, 12);
    await stage.shoot('results');
  });

  scene('the targets say who answered', async () => {
    await stage.results.getByRole('tab', { name: 'Targets' }).click();
    const rows = await stage.results.locator('.targets tbody tr').count();
    assert.ok(rows >= 24, `${rows} targets`);
    await stage.shoot('targets');
    await stage.results.getByRole('tab', { name: 'Results' }).click();
  });

  scene('the plan says what the answer is, what was sent, and what was made of it', async () => {
    await stage.results.getByRole('tab', { name: 'Plan' }).click();
    await stage.results.getByText("Across all workspaces, exact: as one workspace holding everybody's rows").waitFor();
    await stage.results.getByText('Made of it here').waitFor();
    await stage.shoot('across');
    await stage.results.getByRole('tab', { name: 'Results' }).click();
  });

  scene('the rows are exported and the file holds them', async () => {
    await stage.results.getByRole('button', { name: 'Export' }).click();
    await pick('CSV');
    await pick('One file');
    const file = join(stage.folder, 'silent.csv');
    // The dialog puts its proposal in once it knows the folder; typing before that would be lost.
    await stage.page.waitForFunction(() =>
      document.querySelector<HTMLInputElement>('.quick-input-widget input.input')?.value.endsWith('.csv'),
    );
    await quickInput().locator('input.input').first().fill(file);
    await quickInput().locator('input.input').first().press('Enter');
    await stage.page
      .getByText(/rows exported/)
      .first()
      .waitFor({ timeout: 30_000 });
    const lines = readFileSync(file, 'utf8').trim().split(/\r?\n/);
    assert.match(lines[0]!, /^"?_Customer"?,"?_Workspace"?,"?Computer"?,/);
    assert.equal(
      lines.length - 1,
      Number((await stage.results.locator('#tab-rows .count').textContent())!.replaceAll(',', '')),
    );
  });

  scene('render gives a chart', async () => {
    await stage.openFile('busiest-processors.kql');
    await run();
    await stage.results.locator('.canvas canvas').waitFor({ timeout: 150_000 });
    await finished().waitFor({ timeout: 60_000 });
    assert.equal(await stage.results.getByLabel('Kind').inputValue(), 'timechart');
    await stage.shoot('chart');
  });

  scene('a chart of an across answer is one per customer at one click', async () => {
    await stage.results.getByRole('button', { name: 'One per customer' }).click();
    await stage.results.getByText('Processor load, %').waitFor();
    await stage.shoot('chart-per-customer');
    await stage.results.getByRole('button', { name: 'One per customer' }).click();
  });

  scene('a failing workspace is one row with a reason, and only it is retried', async () => {
    await stage.faults([{ fault: { kind: 'accessLag' }, match: { service: 'logs', workspace: 'contoso-prod' } }]);
    await run();
    await stage.results.getByRole('tab', { name: 'Targets' }).click();
    await stage.results.locator('tr.state-failed').first().waitFor({ timeout: 90_000 });
    assert.match((await stage.results.locator('tr.state-failed').first().textContent())!, /Contoso/);
    await stage.results.locator('.completeness:not(.running)', { hasText: /1 no access/ }).waitFor({ timeout: 60_000 });
    await stage.shoot('failed-target');
    await stage.faults([]);
    await stage.results.getByRole('button', { name: /Retry/ }).click();
    await stage.results.locator('tr.state-failed').first().waitFor({ state: 'detached', timeout: 90_000 });
  });

  scene('a roll-up pulls every customer to a centre, and the view says how far each is', async () => {
    await stage.openFile('MachineBeats.kql');
    // Lenses are asked for while the editor has the keys.
    await stage.page.locator('.codelens-decoration', { hasText: 'Run Now' }).first().waitFor({ timeout: 60_000 });
    // Room for the one view; the others come back for the scenes that follow.
    const others = ['Estate', 'Queries', 'Runs'];
    const section = (name: string): Locator => stage.page.getByRole('button', { name: `${name} Section` });
    for (const name of others) await section(name).click();
    const row = (name: RegExp): Locator =>
      stage.page.getByRole('tree', { name: /Roll-ups/ }).getByRole('treeitem', { name });
    await row(/^MachineBeats, never run/).hover();
    await row(/^MachineBeats/)
      .getByRole('button', { name: 'Run Now' })
      .click();
    await row(/^MachineBeats, lag .*rows last/).click({ timeout: 90_000 });
    await stage.page.keyboard.press('ArrowRight');
    await row(/^Contoso, lag/).click();
    await stage.page.keyboard.press('ArrowRight');
    await row(/^contoso-prod/i).waitFor();
    // Its rows are asked here, and nobody else.
    await row(/^MachineBeats, lag/).hover();
    await row(/^MachineBeats, lag/)
      .getByRole('button', { name: 'Show Rows' })
      .click();
    await stage.results.locator('.completeness', { hasText: /as stored until/ }).waitFor({ timeout: 60_000 });
    await stage.results.getByRole('tab', { name: 'Results' }).click();
    await stage.results.locator('td[role=gridcell]').first().waitFor({ timeout: 30_000 });
    await stage.page.mouse.move(900, 12);
    await stage.shoot('rollups');
    for (const name of others) await section(name).click();
  });

  scene('a workspace is provisioned from the command palette', async () => {
    await stage.command('Tenantscope: Create Workspace');
    await pick('Contoso');
    await pick(/./);
    await pick('New resource group');
    await enter(/new resource group/i, 'rg-film');
    await enter(/Name of the workspace/, 'law-contoso-film');
    await quickInput()
      .getByPlaceholder(/^Region/)
      .waitFor({ timeout: 60_000 });
    await quickInput().locator('input.input').first().fill('westeurope');
    await pick('West Europe');
    await pick('PerGB2018');
    await pick(/^90 days/);
    await enter(/Daily cap/, '5');
    await enter(/Tags/, 'env=film');
    const editor = stage.page.locator('.editor-instance', { hasText: 'nothing has been done yet' });
    await editor.getByText('What will happen').waitFor({ timeout: 30_000 });
    // The results of the queries before lie in the panel: the plan has the whole height.
    await stage.page.locator('.part.panel').waitFor({ state: 'hidden' });
    await stage.shoot('plan');
    // Seen whole before it is confirmed, and confirmed from it.
    await editor.getByText('Carry out this plan').click({ timeout: 60_000 });
    await stage.page
      .locator('.editor-instance', { hasText: 'DONE - ' })
      .getByText('What happened')
      .waitFor({ timeout: 90_000 });
    // The new workspace is revealed in the tree.
    await tree(/law-contoso-film/).waitFor({ timeout: 90_000 });
    await stage.shoot('provisioned');
  });

  scene('the architecture of every customer is assessed, and one customer can be read', async () => {
    await stage.command('Tenantscope: Assess Architecture Fit');
    const page = stage.editorPage();
    await page.locator('.flow').waitFor({ timeout: 170_000 });
    await stage.lowerPanel();
    await stage.page.locator('.notifications-toasts .notification-toast').first().waitFor({ state: 'hidden' });
    const lucerne = page.getByRole('button', { name: 'Lucerne Publishing' });
    await lucerne.waitFor();
    assert.match(await page.locator('.customers').innerText(), /Litware[\s\S]*none/);
    await stage.shoot('assessment');
    await lucerne.click();
    await page.getByRole('heading', { level: 1, name: 'Lucerne Publishing' }).waitFor();
    await page.getByText(/Central today/).waitFor();
    await stage.shoot('assessment-customer');
    // What was found stands below its customer in the tree.
    await tree(/^Lucerne Publishing/).click();
    await stage.page.keyboard.press('ArrowRight');
    await tree(/^Findings/).waitFor();
  });

  scene('a customer is onboarded from the command palette', async () => {
    const agreed = {
      savedQueries: { 'Silent servers': { query: 'Heartbeat | summarize Last = max(TimeGenerated) by Computer' } },
      collectionRules: {
        'dcr-servers': { windowsEvents: ['System!*[System[(Level=1 or Level=2)]]'], machines: 'all' },
      },
    };
    writeFileSync(
      join(stage.folder, '.tenantscope', 'baseline.json'),
      JSON.stringify({ customers: { graphicdesign: { main: 'law-graphic-design', ...agreed } } }),
    );
    // Room for the tree; the other views come back behind the scene.
    const others = ['Queries', 'Runs', 'Roll-ups'];
    const section = (name: string): Locator => stage.page.getByRole('button', { name: `${name} Section` });
    for (const name of others) await section(name).click();
    await stage.command('Tenantscope: Onboard Customer');
    await enter(/Name of the customer/, 'Graphic Design Institute');
    await pick('Graphic Design Institute');
    await pick('Azure Lighthouse');
    await pick('Northbridge');
    await enter(/Name of the offer/, 'Northbridge managed logs');
    await enter(/Object ID of your group/, '7656deeb-f657-4c27-bb27-61dd1bfd76dc');
    await enter(/Name of the group/, 'Operations');
    await pick('Contributor');
    // What the assessment of the scene before found stands beside the choices.
    await quickInput()
      .getByText(/fits best, says the assessment of/)
      .waitFor({ timeout: 60_000 });
    await stage.page.waitForFunction(() => document.getAnimations().every((one) => one.playState !== 'running'));
    await stage.shoot('onboarding-architecture');
    await pick('Distributed');
    await pick('Graphic Design Institute');
    await pick('Australia East');
    await enter(/Resource group: /, 'rg-graphic-design-logs');
    await enter(/Workspace: /, 'law-graphic-design');
    await pick(/^90 days/);
    await enter(/Daily cap/, '5');
    const editor = (says: string): Locator => stage.page.locator('.editor-instance', { hasText: says });
    await editor('nothing has been done yet').getByText('What was looked at first').waitFor({ timeout: 60_000 });
    await editor('nothing has been done yet').getByText('Carry out this plan').waitFor({ timeout: 60_000 });
    await stage.page.mouse.move(900, 12);
    await stage.shoot('onboarding');
    await editor('nothing has been done yet').getByText('Carry out this plan').click();
    // The workspace answers by then; what the baseline agrees is shown before it is made.
    await editor('Silent servers').getByText('Make it so, as agreed').click({ timeout: 90_000 });
    await editor('DONE - the workspace').getByText('data arrive').first().waitFor({ timeout: 90_000 });
    await tree(/law-graphic-design/).waitFor({ timeout: 90_000 });
    await editor('DONE - the workspace').getByText('Open folder').waitFor({ timeout: 60_000 });
    await stage.shoot('onboarded');
    for (const name of others) await section(name).click();
    const file = readFileSync(join(stage.folder, '.tenantscope', 'customers-to-come.json'), 'utf8');
    assert.match(file, /"name": "Graphic Design Institute"/);
  });

  scene('nothing of ours was written to the console as an error', async () => {
    assert.deepEqual(stage.complaints, []);
  });
});
