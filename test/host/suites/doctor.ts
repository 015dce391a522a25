import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Diagnosis } from '../../../src/model/diagnosis.ts';
import { ScriptedPerson, allRows, faults, until } from '../workbench.ts';

/** What the emulator's file says of who signs in, and of whom. */
interface Ready {
  readonly resourceManager: string;
  readonly customersFile: string;
  readonly sampleAccounts: readonly {
    readonly tenantId: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly label?: string;
  }[];
  readonly admin: { readonly token: string };
}
interface Customers {
  readonly customers: readonly { readonly key: string; readonly name: string; readonly tenants: readonly string[] }[];
}

/** Runs the command; the text of the document it opens, and the part of that for support. */
async function diagnose(): Promise<{ readonly text: string; readonly support: string }> {
  const isOne = ({ uri }: vscode.TextDocument): boolean => uri.path.endsWith('/Connection diagnosis.md');
  const before = new Set(vscode.workspace.textDocuments.filter(isOne).map(({ uri }) => uri.toString()));
  await vscode.commands.executeCommand('tenantscope.doctor.diagnose');
  const document = await until('the diagnosis', () =>
    vscode.workspace.textDocuments.find((one) => isOne(one) && !before.has(one.uri.toString())),
  );
  const text = document.getText();
  const [, support] = /^## For support$[^]*?^```json\n([^]*?)\n```$/m.exec(text) ?? assert.fail(text);
  return { text, support: support! };
}

/** The rows of the table below a heading, as cells. */
function tableOf(text: string, heading: string): string[][] {
  const [, table = ''] = new RegExp(`^## ${heading}$\n\n([^]*?)(?:\n\n|(?![^]))`, 'm').exec(text) ?? [];
  return table
    .split('\n')
    .slice(2)
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').replaceAll('\\', '')));
}

describe('the doctor', () => {
  let ready: Ready;
  let person: ScriptedPerson;
  before(() => {
    ready = JSON.parse(readFileSync(process.env['TENANTSCOPE_CLOUD']!, 'utf8')) as Ready;
  });
  beforeEach(() => {
    person = new ScriptedPerson([]);
  });
  afterEach(async () => {
    person.restore();
    await faults([]);
  });

  it('says as a document what works, and how each service is reached', async () => {
    const { text } = await diagnose();
    assert.match(text, /^# Connection Diagnosis\n\n\d+ checks work.*Cloud emulator, Tenantscope \d/);
    const everything = tableOf(text, 'Everything');
    const { host } = new URL(ready.resourceManager);
    const found = (what: string) => everything.filter(([check]) => check === what);
    assert.deepEqual(found('Proxy: Resource Manager'), [
      ['Proxy: Resource Manager', host, 'works', 'reached directly, no proxy is named for it', ''],
    ]);
    for (const service of ['Microsoft Entra', 'Log Analytics']) {
      assert.equal(found(`Connection: ${service}`)[0]?.[2], 'works');
      assert.equal(found(`Proxy: ${service}`)[0]?.[3], 'reached directly, no proxy is named for it');
    }
    assert.ok(found('Query').some((cells) => cells[2] === 'works' && cells[3] === 'a workspace answers'));
    assert.deepEqual(person.told, [], 'nobody was asked for anything');
  });

  it('has for support the same without a name or a secret', async () => {
    const { text, support } = await diagnose();
    const diagnosis = JSON.parse(support) as Diagnosis;
    assert.equal(tableOf(text, 'Everything').length, diagnosis.checks.length);
    for (const { message, names } of diagnosis.checks) {
      assert.equal(message, undefined, 'what an error says in words of its own');
      for (const [kind, name] of Object.entries(names)) assert.match(name as string, new RegExp(`^${kind} \\d+$`));
    }
    const { customers } = JSON.parse(readFileSync(ready.customersFile, 'utf8')) as Customers;
    const workspaces = (await allRows('tenantscope.estate', 4)).filter((row) => row.contextValue === 'workspace');
    assert.ok(customers.length > 10 && workspaces.length > 10 && ready.sampleAccounts.length > 0);
    const names = [
      ...customers.flatMap(({ name, tenants }) => [name, ...tenants]),
      ...workspaces.map(({ label }) => label),
      ...ready.sampleAccounts.flatMap(({ clientId, tenantId, label }) => [clientId, tenantId, label ?? clientId]),
      new URL(ready.resourceManager).host,
    ];
    assert.deepEqual(
      names.filter((name) => support.includes(name)),
      [],
    );
    // They are there for the person, so that this test looks for the right ones.
    const shown = tableOf(text, 'Everything').flat().join('\n');
    assert.ok(shown.includes(new URL(ready.resourceManager).host));
    assert.ok(customers.filter(({ name }) => shown.includes(name)).length > 5);
    const secrets = [...ready.sampleAccounts.map(({ clientSecret }) => clientSecret), ready.admin.token];
    assert.deepEqual(
      secrets.filter((secret) => text.replaceAll('\\', '').includes(secret)),
      [],
      'not even for the person',
    );
    assert.doesNotMatch(text, /eyJ[\w-]{10,}\./, 'a token');
  });

  it('puts what fails first, with the next step', async () => {
    await faults([{ match: { service: 'graph' }, fault: { kind: 'status', status: 503 } }]);
    const { text } = await diagnose();
    const failing = tableOf(text, 'What to look at').filter(([, , state]) => state === 'FAILS');
    assert.ok(failing.length > 0);
    assert.deepEqual([...new Set(failing.map(([check]) => check))], ['Resource Graph']);
    assert.match(failing[0]![3]!, /Try again/);
  });

  it("tells of a proxy auto-configuration file's address that cannot be used, and goes on when it is mended", async () => {
    const network = vscode.workspace.getConfiguration('tenantscope.network');
    try {
      await network.update('proxyScript', 'ftp://wpad.example/proxy.pac', vscode.ConfigurationTarget.Global);
      await until('the refusal', async () => {
        await vscode.commands.executeCommand('tenantscope.doctor.diagnose');
        return person.told.some((message) => /proxy auto-configuration file cannot be used/.test(message));
      });
    } finally {
      await network.update('proxyScript', undefined, vscode.ConfigurationTarget.Global);
    }
    await until('the mended setting', async () => {
      person.told.length = 0;
      await vscode.commands.executeCommand('tenantscope.doctor.diagnose');
      return person.told.length === 0;
    });
    const { text } = await diagnose();
    assert.ok(tableOf(text, 'Everything').some(([check, , state]) => check === 'Query' && state === 'works'));
  });
});
