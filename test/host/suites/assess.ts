import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Assessment } from '../../../src/model/assessment/assessment.ts';
import { targetName } from '../../../src/model/run.ts';
import { ScriptedPerson, allRows, faults, openQuery, rows, runToEnd, until } from '../workbench.ts';
import type { Row } from '../workbench.ts';

const VIEW = 'tenantscope.estate';

async function customer(name: string): Promise<Row> {
  const found = (await allRows(VIEW, 2)).find((row) => row.contextValue === 'customer' && row.label === name);
  return found ?? assert.fail(`${name} is not in the tree`);
}

/** The findings that stand below a customer, as `severity: title`. */
async function findings(name: string): Promise<readonly string[]> {
  const folder = (await rows(VIEW, (await customer(name)).node)).find((row) => row.contextValue === 'findings');
  if (!folder) return [];
  return (await rows(VIEW, folder.node)).map((row) => `${row.description}: ${row.label}`);
}

/** Open pages of architecture fit. */
function pages(): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('tenantscope.assessment'),
    );
}

const assess = async (name: string): Promise<void> => {
  await vscode.commands.executeCommand('tenantscope.assess.startHere', (await customer(name)).node);
};
const here = (...path: readonly string[]): vscode.Uri =>
  vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, ...path);
const write = (uri: vscode.Uri, text: string): Thenable<void> =>
  vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));

/** Exports to a file of the folder, in the form of its ending, and reads it. */
async function exported(name: string, form: string): Promise<string> {
  const target = here(name);
  const window = vscode.window as unknown as Record<string, unknown>;
  const real = window['showSaveDialog'];
  window['showSaveDialog'] = async () => target;
  const person = new ScriptedPerson([form]);
  try {
    await vscode.commands.executeCommand('tenantscope.assess.export');
    assert.deepEqual(person.told, ['The report was written.']);
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(target));
  } finally {
    person.restore();
    window['showSaveDialog'] = real;
  }
}

describe('architecture fit', () => {
  let person: ScriptedPerson;
  beforeEach(() => {
    person = new ScriptedPerson([]);
  });
  afterEach(async () => {
    person.restore();
    await faults([]);
  });
  after(async () => {
    await vscode.workspace.fs.delete(here('.tenantscope', 'fit.json')).then(undefined, () => undefined);
    for (const tab of pages()) await vscode.window.tabGroups.close(tab);
  });

  it('has nothing to compare or to export before the first', async () => {
    for (const command of ['tenantscope.assess.compare', 'tenantscope.assess.export']) {
      person.told.length = 0;
      await vscode.commands.executeCommand(command);
      assert.match(person.told.join('\n'), /Nothing was assessed yet/, command);
    }
    assert.deepEqual(await findings('Coho Winery'), []);
  });

  it('opens its page, and what was found stands below the customer', async () => {
    await assess('Coho Winery');
    assert.equal(pages().length, 1);
    assert.equal(pages()[0]!.label, 'Architecture Fit');
    const found = await findings('Coho Winery');
    assert.match(found[0]!, /^critical: .*nb-central/);
    assert.ok(found.length >= 4, found.join('\n'));
    assert.deepEqual(await findings('Adatum'), [], 'who was not assessed has none');
    assert.deepEqual(person.told, []);
  });

  it('shows the customer of a finding on the same page', async () => {
    const folder = (await rows(VIEW, (await customer('Coho Winery')).node))[0]!;
    const [first] = await rows(VIEW, folder.node);
    await vscode.commands.executeCommand('tenantscope.assess.showCustomer', first!.node);
    await vscode.commands.executeCommand('tenantscope.assess.show');
    assert.equal(pages().length, 1);
    assert.deepEqual(person.told, []);
    await vscode.commands.executeCommand('tenantscope.assess.showCustomer', undefined);
    assert.match(person.told.join('\n'), /Choose this command on a customer/);
  });

  it('writes a report as a file', async () => {
    person.restore();
    assert.match(await exported('fit.md', 'Markdown'), /^# Architecture fit\n[^]*## Coho Winery/);
    assert.match(await exported('fit.html', 'HTML'), /^<!doctype html>[^]*Coho Winery/i);
  });

  it('a query of it is asked of its workspace alone, by the scope line it is opened with', async () => {
    await openQuery('// @scope workspace:"Coho Winery/coho-edge"\n\nHeartbeat | take 1');
    const run = await runToEnd(() => vscode.commands.executeCommand('tenantscope.query.run'));
    assert.deepEqual(run.targets.map(targetName), ['coho-edge']);
  });

  it('weighs as the file of the folder says, and names the line that it cannot read', async () => {
    const file = here('.tenantscope', 'fit.json');
    await write(file, '{"weights": {"residency": 77}}');
    await assess('Adatum');
    person.restore();
    const { weights, customers } = JSON.parse(await exported('fit.json', 'JSON')) as Assessment;
    assert.equal(weights['residency'], 77);
    assert.deepEqual(
      customers.map(({ name }) => name),
      ['Adatum'],
    );
    assert.ok((await findings('Adatum')).length > 0);
    person = new ScriptedPerson([]);
    await write(file, '{\n  "weights": {\n    "residence": 77\n  }\n}\n');
    await assess('Adatum');
    assert.match(person.told.join('\n'), /\.tenantscope\/fit\.json:3: "residence" is no criterion/);
    assert.ok((await findings('Adatum')).length > 0, 'what was shown stays');
    await vscode.workspace.fs.delete(file);
  });

  it('says what is different since an earlier one', async () => {
    await assess('Adatum');
    person.restore();
    person = new ScriptedPerson(['']);
    await vscode.commands.executeCommand('tenantscope.assess.compare');
    assert.deepEqual(person.told, []);
  });

  it('can be cancelled, and shows what was measured by then', async () => {
    await faults([{ match: { service: 'logs', workspace: 'coho-edge' }, fault: { kind: 'hang' } }]);
    const window = vscode.window as unknown as Record<string, unknown>;
    const real = window['withProgress'];
    const heard: string[] = [];
    window['withProgress'] = async (
      options: vscode.ProgressOptions,
      task: (progress: vscode.Progress<{ message?: string }>, token: vscode.CancellationToken) => Thenable<unknown>,
    ) => {
      assert.ok(options.cancellable);
      const cancel = new vscode.CancellationTokenSource();
      const report = ({ message = '' }: { message?: string }): void => {
        heard.push(message);
        if (Number(/^(\d+) of/.exec(message)?.[1]) > 10) cancel.cancel();
      };
      return task({ report }, cancel.token);
    };
    try {
      await assess('Coho Winery');
    } finally {
      window['withProgress'] = real;
    }
    assert.match(heard[0]!, /^0 of \d+$/);
    assert.match(person.told.join('\n'), /was cancelled: what was measured by then is shown/);
    person.restore();
    const partial = JSON.parse(await exported('partial.json', 'JSON')) as Assessment;
    assert.equal(partial.cancelled, true);
    assert.ok(partial.costs.some(({ known }) => known > 0));
    person = new ScriptedPerson([]);
    await faults([]);
    await assess('Coho Winery');
    await until('the whole', async () => (await findings('Coho Winery')).length >= 4);
  });
});
