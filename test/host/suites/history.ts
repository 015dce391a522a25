import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Run } from '../../../src/model/run.ts';
import { AS_IT_STANDS, ScriptedPerson, allRows, openQuery, rows, runToEnd, runs } from '../workbench.ts';

const execute = (command: string, ...args: unknown[]): Thenable<unknown> =>
  vscode.commands.executeCommand(command, ...args);
const QUERY =
  '// Rows by machine\nHeartbeat | where TimeGenerated > ago(1h) | summarize Rows = count() by Computer, _Workspace';

/** Does something while the person answers so. */
async function answering<T>(answers: readonly string[], work: () => T | PromiseLike<T>, button?: string): Promise<T> {
  const person = new ScriptedPerson(answers, button);
  try {
    const done = await work();
    assert.deepEqual(person.told, [], 'nothing went wrong');
    return done;
  } finally {
    person.restore();
  }
}
const rowOf = async (run: Run) => (await rows('tenantscope.runs')).find(({ node }) => (node as Run).id === run.id)!;

describe('runs view', () => {
  let first: Run;
  before(async () => {
    await openQuery(`// @scope all\n\n${QUERY}`);
    first = await runToEnd(() => execute('tenantscope.query.run'));
  });

  it('runs a query again as it was, and over another scope', async () => {
    const again = await runToEnd(() => execute('tenantscope.runs.runAgain', first));
    assert.deepEqual([again.query, again.scope, again.timeRange], [first.query, first.scope, first.timeRange]);
    assert.equal(again.rowCount, first.rowCount);
    const narrow = await runToEnd(() => answering(['Contoso'], () => execute('tenantscope.runs.runAgainOver', first)));
    assert.equal(narrow.query, first.query);
    assert.ok(narrow.completeness.asked < first.completeness.asked && narrow.completeness.asked > 0);
  });

  it('calls a run what its label says, until the label is taken away', async () => {
    await answering(['before the patch'], () => execute('tenantscope.runs.label', first));
    assert.equal((await rowOf(first)).label, 'before the patch');
    await answering([''], () => execute('tenantscope.runs.label', first));
    assert.equal((await rowOf(first)).label, 'Rows by machine');
  });

  it('compares two runs by the suggested columns, and shows what changed as a result', async () => {
    // The estate goes on; these rows do not.
    await openQuery(
      `// @result ${first.id}\n\n// Rows by machine\nResults | extend Rows = Rows + iff(strlen(Computer) % 2 == 0, 1, 0)`,
    );
    const changed = await runToEnd(() => execute('tenantscope.query.run'));
    const comparison = await runToEnd(() =>
      answering([AS_IT_STANDS], () => execute('tenantscope.runs.compare', changed, [first, changed])),
    );
    const { made } = comparison;
    assert.ok(made?.kind === 'comparison');
    assert.deepEqual([made.before, comparison.of, made.key], [first.id, changed.id, ['_Workspace', 'Computer']]);
    assert.deepEqual([made.added, made.gone], [0, 0]);
    assert.ok(made.changed > 0 && made.same > 0, JSON.stringify(made));
    assert.equal(comparison.rowCount, made.changed);
    assert.deepEqual(made.notes, ['The two runs asked different queries.']);
    const { label, contextValue } = await rowOf(comparison);
    assert.deepEqual([label, contextValue], ['Changes: Rows by machine', 'run.made']);
    const answer = await runToEnd(async () => {
      await openQuery(`// @result ${comparison.id}\n\nResults | summarize n = count() by _Change, _Changed`);
      await execute('tenantscope.query.run');
    });
    assert.equal(answer.rowCount, 1);
  });

  it('keeps nothing of a run that is not to be kept, and says so', async () => {
    await openQuery('// @scope all\n\nHeartbeat | take 1');
    const passing = await runToEnd(() => execute('tenantscope.query.runPassing'));
    assert.equal(passing.passing, true);
    assert.match((await rowOf(passing)).description, /not kept$/);
  });

  it('shows which table exists where, of a scope and of an entry of the tree', async () => {
    await openQuery('// @scope customer:contoso\n\nHeartbeat');
    const matrix = await runToEnd(() => answering(['Tables by workspace'], () => execute('tenantscope.schema.show')));
    assert.equal(matrix.made?.kind, 'schema');
    assert.deepEqual(matrix.columns.map(({ name }) => name).slice(0, 3), ['Table', 'Workspaces', 'Filled']);
    assert.equal(matrix.columns.length, 6 + matrix.completeness.answered);
    const columns = await runToEnd(() =>
      answering(['Columns of one table', 'Heartbeat'], () => execute('tenantscope.schema.show')),
    );
    assert.ok(columns.rowCount > 10);
    const customer = (await allRows('tenantscope.estate', 2)).find(({ label }) => label === 'Contoso')!;
    const list = await runToEnd(() =>
      answering(['Tables of each workspace'], () => execute('tenantscope.schema.showHere', customer.node)),
    );
    assert.deepEqual(list.columns[0]?.name, '_Customer');
  });

  it('deletes all runs that are selected', async () => {
    const [one, another] = await runs();
    await execute('tenantscope.runs.discard', one, [one, another]);
    const left = (await runs()).map(({ id }) => id);
    assert.ok(!left.includes(one!.id) && !left.includes(another!.id));
  });
});
