import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ScriptedPerson, allRows, openQuery, rows, until } from '../workbench.ts';

const VIEW = 'tenantscope.estate';

describe('estate', () => {
  before(async () => {
    await vscode.commands.executeCommand('tenantscope.estate.refresh');
  });

  it('shows the sample estate, customer by customer', async () => {
    const all = await allRows(VIEW, 4);
    const workspaces = new Set(all.filter((row) => row.contextValue === 'workspace').map((row) => row.label));
    assert.ok(workspaces.size >= 20, `${workspaces.size} workspaces`);
    assert.ok(
      all.some((row) => row.contextValue === 'customer') && all.some((row) => row.contextValue === 'tenant.entered'),
    );
    assert.ok(
      all.some(
        (row) => row.contextValue === 'workspace' && /^(home|Lighthouse|guest|service principal)/.test(row.description),
      ),
      'a badge of the access path',
    );
  });

  it('says in its place which tenant cannot be entered, and why', async () => {
    const closed = (await allRows(VIEW, 3)).filter((row) =>
      /^tenant\.(signInRequired|noAccess|failed)$/.test(row.contextValue),
    );
    assert.ok(closed.length >= 1);
    const [reason] = await rows(VIEW, closed[0]!.node);
    assert.ok(reason && reason.label.length > 20, reason?.label);
  });

  it('lists the tables of a workspace with plan and retention', async () => {
    const workspace = (await allRows(VIEW, 4)).find((row) => row.contextValue === 'workspace');
    const [tables] = await rows(VIEW, workspace!.node);
    const listed = await rows(VIEW, tables!.node);
    assert.ok(
      listed.some((row) => row.contextValue === 'table' && /(Analytics|Basic|Auxiliary) · \d+ d/.test(row.description)),
      JSON.stringify(listed.slice(0, 3).map((row) => row.label)),
    );
  });

  it('everything is ticked at first; a scope chosen in the picker ticks what it means', async () => {
    assert.ok((await rows(VIEW)).filter((row) => row.checked !== undefined).every((row) => row.checked));
    const customer = (await allRows(VIEW, 2)).find(
      (row) => row.contextValue === 'customer' && row.checked !== undefined,
    )!;
    await openQuery('Heartbeat');
    const person = new ScriptedPerson([customer.label]);
    try {
      await vscode.commands.executeCommand('tenantscope.scope.pick');
    } finally {
      person.restore();
    }
    const ticked = await until('the boxes', async () => {
      const customers = (await allRows(VIEW, 2)).filter((row) => row.contextValue === 'customer' && row.checked);
      return customers.every((row) => row.label === customer.label) && customers;
    });
    assert.ok(ticked.length >= 1);
  });

  it('writes the scope into the document on request', async () => {
    const document = await openQuery('Heartbeat');
    await vscode.commands.executeCommand('tenantscope.scope.writeLine');
    assert.match(document.getText(), /^\/\/ @scope \S.*\nHeartbeat$/);
  });

  it('copies the IDs of a workspace', async () => {
    const workspace = (await allRows(VIEW, 4)).find((row) => row.contextValue === 'workspace')!;
    await vscode.commands.executeCommand('tenantscope.estate.copyArmId', workspace.node);
    assert.match(await vscode.env.clipboard.readText(), /^\/subscriptions\/.+\/workspaces\//i);
    await vscode.commands.executeCommand('tenantscope.estate.copyWorkspaceId', workspace.node);
    assert.match(await vscode.env.clipboard.readText(), /^[0-9a-f-]{36}$/);
  });

  it('shows a mistake in the customers file at its line, and the rest works', async () => {
    const [file] = await vscode.workspace.findFiles('.tenantscope/customers.json');
    const good = await vscode.workspace.fs.readFile(file!);
    const text = new TextDecoder().decode(good).replace('"customers"', '"wrongField": 1,\n  "customers"');
    try {
      await vscode.workspace.fs.writeFile(file!, new TextEncoder().encode(text));
      const found = await until('the squiggle', () =>
        vscode.languages.getDiagnostics(file!).find((one) => one.source === 'Tenantscope'),
      );
      assert.match(found.message, /wrongField/);
      assert.equal(text.split('\n')[found.range.start.line]?.includes('wrongField'), true);
      assert.ok((await allRows(VIEW, 4)).some((row) => row.contextValue === 'workspace'));
    } finally {
      await vscode.workspace.fs.writeFile(file!, good);
      await until(
        'no squiggle',
        () => !vscode.languages.getDiagnostics(file!).some((one) => one.source === 'Tenantscope'),
      );
    }
  });
});
