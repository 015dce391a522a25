import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SampleEmulator, type ErrorBody, type QueryBody } from './sampleEmulator.ts';

/** Failures of queries, and the limits of answers. */
let it: SampleEmulator;
before(async () => {
  it = await SampleEmulator.start();
});
after(() => it.emulator.close());

test('a syntax error names its line, its place and the token', async () => {
  const answer = await it.query('contoso-prod', 'Heartbeat\n| invalid');
  const { error } = answer.json<ErrorBody>();
  assert.equal(answer.status, 400);
  assert.deepEqual(error, {
    message: 'The request had some invalid properties',
    code: 'BadArgumentError',
    correlationId: error.correlationId,
    innererror: {
      code: 'SyntaxError',
      message: 'A recognition error occurred in the query.',
      innererror: {
        code: 'SYN0002',
        message: "Query could not be parsed at 'invalid' on line [2,3]",
        line: 2,
        pos: 3,
        token: 'invalid',
      },
    },
  });
  assert.match(error.correlationId ?? '', /^[0-9a-f-]{36}$/);
});

test('an unknown table or column is a semantic error with the operator that wanted it', async () => {
  const message = async (query: string): Promise<unknown> => {
    const { error } = (await it.query('contoso-prod', query)).json<ErrorBody>();
    assert.deepEqual(
      [error.code, error.innererror?.code, error.innererror?.innererror?.['code']],
      ['BadArgumentError', 'SemanticError', 'SEM0100'],
    );
    return error.innererror?.innererror?.['message'];
  };
  assert.equal(
    await message('NoSuchTable_CL | where X == 1'),
    "'where' operator: Failed to resolve table or column expression named 'NoSuchTable_CL'",
  );
  assert.equal(
    await message('Heartbeat | where Zork == 1'),
    "'where' operator: Failed to resolve column or scalar expression named 'Zork'",
  );
});

test('what our engine cannot do is refused under a name Azure does not have', async () => {
  const answer = await it.query('contoso-prod', 'Heartbeat | evaluate autocluster()');
  assert.deepEqual([answer.status, answer.json<ErrorBody>().error.code], [400, 'UnsupportedByEmulator']);
  assert.match(answer.text, /autocluster/);
});

test('more than 500,000 rows come as 500,000 rows and a partial error', async () => {
  const body = (await it.query('contoso-prod', 'range x from 1 to 500010 step 1')).json<QueryBody>();
  assert.equal(body.tables[0]!.rows.length, 500_000);
  assert.deepEqual(body.tables[0]!.rows.at(-1), [500_000]);
  assert.equal(body.error?.code, 'PartialError');
  assert.equal(body.error?.details?.[0]?.innererror?.code, '-2133196797');
  assert.match(body.error?.details?.[0]?.innererror?.message ?? '', /500000 records.*E_QUERY_RESULT_SET_TOO_LARGE/);
});

test('more than 64,000,000 bytes come as the rows so far and a partial error', async () => {
  const body = (
    await it.query('contoso-prod', 'range x from 1 to 40000 step 1 | extend text = strrep("0123456789", 200)')
  ).json<QueryBody>();
  const kept = body.tables[0]!.rows.length;
  assert.ok(kept > 30_000 && kept < 32_000, String(kept));
  assert.match(body.error?.details?.[0]?.innererror?.message ?? '', /64000000 bytes/);
});

test('a query that takes longer than it may is a gateway timeout, and the next one works', async () => {
  const answer = await it.query(
    'contoso-prod',
    'range x from 1 to 30000 step 1 | extend k = 1 | join kind=inner (range y from 1 to 30000 step 1 | extend k = 1) on k | summarize sum(x * y)',
    { headers: { prefer: 'wait=0.15' } },
  );
  assert.deepEqual(
    [answer.status, answer.json<ErrorBody>().error.code, answer.json<ErrorBody>().error.innererror?.code],
    [504, 'GatewayTimeout', 'GatewayTimeout'],
  );
  assert.deepEqual(await it.rows('contoso-prod', 'print 1'), [[1]]);
});

test('a call that faults held up longer than it may wait is a timeout too', async () => {
  const fault = it.emulator.faults.add({ match: { workspace: 'contoso-apps' }, fault: { kind: 'latency', ms: 60 } });
  assert.equal((await it.query('contoso-apps', 'print 1', { headers: { prefer: 'wait=0.05' } })).status, 504);
  assert.equal((await it.query('contoso-apps', 'print 1')).status, 200);
  it.emulator.faults.remove(fault);
});

test('a fault of one workspace leaves the others alone', async () => {
  const fault = it.emulator.faults.add({
    match: { workspace: 'fabrikam-dev' },
    fault: { kind: 'throttle', retryAfterSeconds: 7 },
  });
  const refused = await it.query('fabrikam-dev', 'print 1');
  assert.deepEqual([refused.status, refused.headers['retry-after']], [429, '7']);
  assert.equal((await it.query('fabrikam-ops', 'print 1')).status, 200);
  it.emulator.faults.remove(fault);
});

test('two hundred queries in thirty seconds are taken, the next is told when to come back', async () => {
  const token = await it.token(undefined, undefined, it.sample.reader);
  let refused = 0;
  for (let n = 0; n < 205; n++) {
    const answer = await it.query('contoso-prod', 'print limited = 1', { token });
    if (answer.status !== 429) continue;
    refused++;
    assert.ok(Number(answer.headers['retry-after']) >= 1);
  }
  assert.equal(refused, 5);
  it.clock.advance(31_000);
  assert.equal((await it.query('contoso-prod', 'print limited = 1', { token })).status, 200);
});

test('more than a hundred workspaces in one query are refused', async () => {
  const many = await SampleEmulator.start({ customers: 25 });
  try {
    const ids = [...many.emulator.world.workspaces.values()].map(({ properties }) => properties.customerId);
    const token = await many.token();
    const readable: string[] = [];
    for (const workspace of many.emulator.world.workspaces.values())
      if (
        readable.length < 101 &&
        many.emulator.world.delegations.some(({ scope }) => scope.endsWith(workspace.subscriptionId))
      )
        readable.push(workspace.properties.customerId);
    assert.equal(readable.length, 101, `of ${ids.length}`);
    const send = (names: string[]): Promise<{ status: number; text: string }> =>
      many.query('nb-central', 'Heartbeat | summarize dcount(TenantId)', { token, body: { workspaces: names } });
    const refused = await send(readable.slice(0, 100));
    assert.equal(refused.status, 400);
    assert.match(refused.text, /101 workspaces; at most 100/);
    assert.equal((await send(readable.slice(0, 3))).status, 200);
  } finally {
    await many.emulator.close();
  }
});
