import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ScriptedPerson, allRows, until } from '../workbench.ts';
import type { Row } from '../workbench.ts';

const VIEW = 'tenantscope.estate';
const GROUP = '7656deeb-f657-4c27-bb27-61dd1bfd76dc';
const LAMNA = { tenant: 'a0d78e76-6150-4577-8f40-2c9b0b11c199', subscription: '3f1c2f0e-6c0b-4a53-9a51-6f7c3f1f8a10' };
const ours = (...path: string[]): vscode.Uri =>
  vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, '.tenantscope', ...path);
const execute = (command: string, ...args: unknown[]): Thenable<unknown> =>
  vscode.commands.executeCommand(command, ...args);
const read = async (...path: string[]): Promise<string> =>
  new TextDecoder().decode(await vscode.workspace.fs.readFile(ours(...path)));
const write = (text: string, ...path: string[]): Thenable<void> =>
  vscode.workspace.fs.writeFile(ours(...path), new TextEncoder().encode(text));

/** A customer's document in front, once it says so. */
async function paper(says: RegExp): Promise<vscode.TextDocument> {
  return until(`a document that says ${says}; there is ${vscode.window.activeTextEditor?.document.getText()}`, () => {
    const document = vscode.window.activeTextEditor?.document;
    return document?.languageId === 'tenantscope-plan' && says.test(document.getText()) && document;
  });
}
async function lenses({ uri }: vscode.TextDocument): Promise<string[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri);
  return found.map(({ command }) => (command?.title ?? '').replace(/^\$\([\w-]+\) /, ''));
}
async function row(label: string): Promise<Row | undefined> {
  return (await allRows(VIEW, 4)).find((one) => one.label === label);
}

describe('customers that come and go', () => {
  let person: ScriptedPerson;
  before(async () => {
    const queries = { 'Silent servers': { query: 'Heartbeat | summarize max(TimeGenerated) by Computer' } };
    const rules = { 'dcr-servers': { windowsEvents: ['System!*[System[(Level=1 or Level=2)]]'], machines: 'all' } };
    const main = { graphicdesign: { main: 'law-gdi' } };
    const provider = { savedQueries: queries, collectionRules: rules };
    await write(JSON.stringify({ provider, customers: main }), 'baseline.json');
  });
  afterEach(() => {
    person.restore();
  });
  after(async () => {
    for (const name of ['baseline.json', 'customers-to-come.json', 'onboarding', 'offboarding'])
      await vscode.workspace.fs.delete(ours(name), { recursive: true });
  });

  it('a new one is asked step by step, written into the file, looked at, and its plan laid open', async () => {
    person = new ScriptedPerson([
      'Graphic Design Institute',
      'Graphic Design Institute',
      'Azure Lighthouse',
      'Northbridge',
      'Managed logs',
      GROUP,
      'Operations',
      'Contributor',
      'Distributed',
      'Graphic Design',
      'Australia East',
      'rg-graphic-design-institute-logs',
      'law-gdi',
      '90 days',
      '5',
    ]);
    await execute('tenantscope.customers.onboard');
    const plan = await paper(/^PLAN - nothing has been done yet/m);
    assert.match(
      plan.getText(),
      /^Onboard Graphic Design Institute\n {2}Architecture {2}distributed [^]*\nWhat was looked at first\n {2}ok +roles: [^]*Create workspace law-gdi/,
    );
    assert.deepEqual(await lenses(plan), ['Carry out this plan']);
    assert.equal(await row('law-gdi'), undefined, 'nothing has been done');
    const { offer, customers } = JSON.parse(await read('customers-to-come.json')) as {
      readonly offer: { readonly authorizations: readonly { readonly role: string }[] };
      readonly customers: readonly object[];
    };
    assert.deepEqual(
      offer.authorizations.map(({ role }) => role),
      ['Contributor', 'Managed Services Registration assignment Delete Role'],
    );
    assert.deepEqual(
      Object.keys(customers[0]!).join(' '),
      'name key tenant subscription access architecture region retentionDays dailyCapGb workspace',
    );
    const said = person.boxes.map((box) => box.said).join('\n');
    for (const word of [/Its folder and names are made of "graphic-design-institute"/, /The object ID is a GUID/])
      assert.match(said, word);
    assert.match(person.boxes.at(-1)!.title, /^Onboard Graphic Design Institute/);
  });

  it('is carried out from its document: the baseline is shown and asked for, and data arrive; then the receipt, and the tree', async () => {
    person = new ScriptedPerson([]);
    const { uri } = await paper(/^PLAN/m);
    const carriedOut = execute('tenantscope.onboarding.carryOut', uri);
    const agreed = await paper(/Silent servers/);
    assert.match(agreed.getText(), /^PLAN - nothing has been done yet/m);
    assert.deepEqual(await lenses(agreed), ['Make it so, as agreed', 'Not now']);
    assert.match(person.told.join('\n'), /What the baseline agrees with it is shown/);
    assert.ok(await row('law-gdi'), 'the workspace is there by then');
    await execute('tenantscope.onboarding.carryOut', uri);
    await carriedOut;
    const receipt = await paper(/^DONE - the workspace answers and data arrive/m);
    assert.match(
      receipt.getText(),
      /Rows of the last day are in Heartbeat\.[^]*Create workspace law-gdi - done[^]*Silent servers.* - done[^]*gdi-web01.* - done/,
    );
    assert.equal(await read('onboarding', 'graphic-design-institute', 'receipt.txt'), receipt.getText());
    assert.match(
      person.told.join('\n'),
      /Graphic Design Institute is onboarded: its workspace answers, and data arrive/,
    );
    assert.deepEqual(await lenses(receipt), ['Open folder']);
    // Once more: what is there stays.
    await execute('tenantscope.onboarding.checkAgain', uri);
    assert.match((await paper(/^NOTHING TO DO/m)).getText(), /1 earlier attempt/);
  });

  it('who has not let us in gets text and files to send, and is looked at again', async () => {
    person = new ScriptedPerson([
      'New Customer',
      'Lamna Healthcare',
      'Another Tenant',
      LAMNA.tenant,
      'Azure Lighthouse',
      'Distributed',
      LAMNA.subscription,
      'westeurope',
      'rg-lamna-healthcare-logs',
      'law-lamna-healthcare-westeurope',
      '30 days',
      '',
    ]);
    await execute('tenantscope.customers.onboard');
    const waiting = await paper(/^WAITING - the customer has to let us in first/m);
    assert.match(waiting.getText(), /What the customer's administrator has to do[^]*az deployment sub create/);
    assert.deepEqual(await lenses(waiting), ['Check again', 'Copy text for the customer', 'Open folder']);
    const open = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));
    for (const name of ['access.md', 'lighthouse-offer.json']) assert.ok(open.includes(name), open.join(', '));
    await execute('tenantscope.onboarding.copyText', waiting.uri);
    assert.match(await vscode.env.clipboard.readText(), /^# Access to the logs of Lamna Healthcare/);
    await execute('tenantscope.onboarding.checkAgain', waiting.uri);
    assert.doesNotMatch((await paper(/^WAITING/m)).getText(), /earlier attempt/, 'nothing was changed');
    const { customers } = JSON.parse(await read('customers-to-come.json')) as { readonly customers: readonly object[] };
    assert.deepEqual(
      Object.keys(customers[1]!).join(' '),
      'name key tenant subscription access architecture region retentionDays',
    );
  });

  it('one that a crash interrupted stands first, to be continued', async () => {
    const at = new Date().toISOString();
    await write(
      ['attempt', 'planned']
        .map(
          (step) =>
            `${JSON.stringify({ step, at, subject: `${LAMNA.tenant} ${LAMNA.subscription}`, changes: ['workspace law'] })}\n`,
        )
        .join(''),
      'onboarding',
      'lamna-healthcare',
      'journal.jsonl',
    );
    person = new ScriptedPerson(['Continue Onboarding of Lamna Healthcare']);
    await execute('tenantscope.customers.onboard');
    await paper(/workspace law: an attempt ended before it knew what became of this/);
  });

  it('one is let go by its typed name alone: written down, the delegation ended, the receipt in the document', async () => {
    person = new ScriptedPerson(['Graphic Design', 'Graphic Design Institute']);
    await execute('tenantscope.customers.offboardHere', (await row('Graphic Design Institute'))!.node);
    const plan = await paper(/^Let Graphic Design Institute go\n\nPLAN/);
    assert.deepEqual(await lenses(plan), ['Let this customer go', 'Open folder']);
    await execute('tenantscope.onboarding.carryOut', plan.uri);
    assert.match(person.told.join('\n'), /Nothing was taken away: the name did not match/);
    await execute('tenantscope.onboarding.carryOut', plan.uri);
    await paper(/^DONE - /m);
    assert.match(await read('offboarding', 'graphic-design-institute', 'settings.json'), /"name": "law-gdi"/);
    await until('the customer to be gone', async () => !(await row('law-gdi')) && !(await row('gdi-logs')));
  });
});
