import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { NEVER } from '../../../src/base/cancel.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { openRunWorld } from '../badInput/runWorld.ts';
import type { RunWorld } from '../badInput/runWorld.ts';

// What the emulator received, byte for byte: addresses, headers and bodies as its HTTP parser took them, not what
// clients were handed. Contoso's and Fabrikam's workspaces and the provider's are asked; neither may read of the other.

interface Received {
  readonly request: IncomingMessage;
  readonly chunks: Buffer[];
}
let world: RunWorld;
let received: Received[] = [];

function record(message: unknown): void {
  const { request } = message as { readonly request: IncomingMessage };
  const chunks: Buffer[] = [];
  received.push({ request, chunks });
  const push = request.push.bind(request);
  request.push = (chunk: Buffer | null, ...more): boolean => {
    if (chunk) chunks.push(Buffer.from(chunk));
    return push(chunk, ...more);
  };
}

before(async () => {
  world = await openRunWorld({ across: true });
  await world.play('Heartbeat | take 1');
  subscribe('http.server.request.start', record);
});
beforeEach(() => {
  received = [];
});
after(async () => {
  unsubscribe('http.server.request.start', record);
  await world.close();
});

/** All that came with a request, tokens read as well, in one case and without what separates words. */
function bytesOf({ request, chunks }: Received): string {
  const { method = '', url = '', rawHeaders } = request;
  const tokens = rawHeaders.flatMap((header) => /^Bearer (.*)$/.exec(header)?.[1]?.split('.').slice(0, 2) ?? []);
  const read = tokens.map((part) => Buffer.from(part, 'base64url').toString());
  const all = [method, decodeURIComponent(url), ...rawHeaders, ...read, Buffer.concat(chunks).toString()].join('\n');
  return all.toLowerCase().replaceAll(/[-_\s]/g, '');
}

/** What tells of a customer: its name, and names and ids of what it has. */
function namesOf(who: 'contoso' | 'fabrikam'): string[] {
  const { [who]: tenant, workspaces, delegated, foreign } = world.small;
  const { customerId } = workspaces[who].properties;
  const { subscriptionId } = who === 'contoso' ? delegated : foreign;
  return [who, tenant.tenantId, customerId, subscriptionId].map((name) => name.toLowerCase().replaceAll('-', ''));
}

/** The questions the query API received, each with whose workspace was asked. */
function questions(): { readonly asked: string; readonly bytes: string }[] {
  const ids = Object.entries(world.small.workspaces).map(
    ([who, { properties }]) => [who, properties.customerId.toLowerCase()] as const,
  );
  return received
    .filter(({ request }) => /\/query\b/.test(request.url ?? '') && request.method === 'POST')
    .map((one) => {
      // Of several the one in the address; the others stand in the body.
      const asked = ids.find(([, id]) => (one.request.url ?? '').toLowerCase().includes(id));
      assert.ok(asked, `nobody's question: ${one.request.url}`);
      return { asked: asked[0], bytes: bytesOf(one) };
    });
}

function assertSilent(query: string, may: readonly string[] = []): void {
  for (const { asked, bytes } of questions())
    for (const other of ['contoso', 'fabrikam'] as const)
      if (asked !== other)
        for (const name of namesOf(other))
          assert.ok(may.includes(name) || !bytes.includes(name), `${asked} reads ${name}: ${query}\n${bytes}`);
}

const QUERIES: readonly string[] = [
  '// Contoso, Fabrikam\nHeartbeat | where TimeGenerated > ago(1h)',
  'Heartbeat | where Computer != "fabrikam-1"',
  'Heartbeat | where Computer !has "CONTOSO" and Computer !startswith "law-fabrikam"',
  'Heartbeat | where Computer !in~ ("con-toso", "Fabri kam", "x")',
  'Heartbeat | where Computer != "Fabri" "kam" and Computer != "Cont\\u006fso"',
  'Heartbeat | where Computer !in (dynamic(["Contoso", "y"])) | count',
  'Heartbeat | where not(Computer matches regex "(contoso|fabrikam)[0-9]+") | summarize count() by Computer',
  'Heartbeat | extend Fabrikam = Computer | where Fabrikam != ""',
  'Heartbeat | project ContosoHosts = Computer | distinct ContosoHosts',
  'let Contoso = 5; Heartbeat | take Contoso',
  'let fabrikam_rows = Heartbeat | where Computer != ""; fabrikam_rows | summarize n = count() by Computer',
  'Heartbeat | as Fabrikam | union (Fabrikam | where Computer == "a") | count',
  'union withsource=Contoso Heartbeat, Audit_CL | summarize count() by Contoso',
  'Heartbeat | extend bag = bag_pack("Contoso", Computer) | where isnotempty(bag.Contoso) | count',
  'Heartbeat | where _Customer == "Contoso" | summarize n = count() by Computer',
  'Heartbeat | summarize countif(_Customer == "Fabrikam"), dcountif(Computer, Computer != "Contoso")',
  'Heartbeat | join kind=leftouter (datatable(Computer: string, who: string)["computer-1", "Fabrikam"]) on Computer',
  'search in (Heartbeat) "Fabrikam"',
  'Heartbeat | render timechart with (title="Contoso")',
];
for (const query of QUERIES)
  test(`no workspace reads of another customer: ${query.replaceAll('\n', ' ')}`, async () => {
    const run = await world.play(query);
    assert.deepEqual([run.state, run.answer, run.error], ['finished', 'across', undefined]);
    assert.ok(questions().length > 0);
    assertSilent(query);
  });

test('nor by the ids of tenants, workspaces and subscriptions', async () => {
  const { contoso, foreign, workspaces } = world.small;
  const ids = [contoso.tenantId, foreign.subscriptionId, workspaces.fabrikam.properties.customerId.toUpperCase()];
  for (const id of ids)
    for (const query of [
      `Heartbeat | where Computer != "${id}"`,
      `Heartbeat | where Computer != tostring(guid(${id}))`,
    ]) {
      received = [];
      const run = await world.play(query);
      assert.deepEqual([run.state, run.answer, questions().length], ['finished', 'across', 3], query);
      assertSilent(query);
    }
});

test('a query that has no plan is not sent where it names one, and is where it does not', async () => {
  const run = await world.play('Heartbeat | where Computer != "Fabrikam" | fork (count) (take 1)');
  assert.deepEqual([run.state, run.error?.code, questions()], ['failed', 'query.namesCustomer', []]);
  const other = await world.play('Heartbeat | where Computer != "x" | fork (count) (take 1)');
  assert.deepEqual([other.answer, questions().length], ['perWorkspace', 3]);
  assertSilent('fork');
});

for (const query of QUERIES)
  test(`where all may be asked together, ids of workspaces travel and nothing else: ${query.replaceAll('\n', ' ')}`, async () => {
    world.emulator.world.clock.advance(30_001);
    // The provider's token reaches Contoso's workspace, too; Fabrikam's is a guest's.
    const { contoso, provider } = world.small.workspaces;
    const [id, own] = [contoso, provider].map((of) => of.properties.customerId.toLowerCase().replaceAll('-', ''));
    for (const shared of ['sameCustomer', 'everyone'] as const) {
      received = [];
      const run = await world.play(query, { shared });
      assert.deepEqual([run.state, run.answer, run.error], ['finished', 'across', undefined]);
      assertSilent(query, shared === 'everyone' ? [id!] : []);
      const together = questions().filter(({ bytes }) => bytes.includes('"workspaces":['));
      assert.ok(shared === 'everyone' || together.length === 0, query);
      for (const { bytes } of together) assert.match(bytes, new RegExp(`"workspaces":\\["(?:${id}|${own})"\\]`));
    }
  });

test('a count of everybody is asked of two by one request, where all may be asked together', async () => {
  const run = await world.play('Heartbeat | count', { shared: 'everyone' });
  assert.deepEqual(
    [
      run.state,
      questions()
        .map(({ asked }) => asked)
        .sort(),
    ],
    ['finished', ['contoso', 'fabrikam']],
  );
});

test('nor by slices of time, whose ends are times of the workspace itself, nor by counting', async (t) => {
  t.after(() => {
    world.emulator.faults.clear();
  });
  world.emulator.faults.add({ fault: { kind: 'rowLimit', rows: 4 } });
  for (const query of ['Heartbeat | project Computer', 'Heartbeat | where Computer != "Fabrikam" | sort by Computer']) {
    received = [];
    const run = await world.play(query);
    // How many depends on how long the emulated clock has gone on.
    assert.ok(run.completeness.complete && run.targets[0]!.slices!.number > 2, query);
    assert.ok(questions().length >= 15);
    assertSilent(query);
    received = [];
    const request = { query, scope: EVERYTHING, timeRange: { kind: 'last', minutes: 60 } } as const;
    await world.runs.explain(request, NEVER, true);
    assert.equal(questions().length, 3);
    assertSilent(query);
  }
});

test('these bytes would tell: who asks one customer alone of itself sends its name', async () => {
  const only = { include: [{ kind: 'customer', value: 'Fabrikam' }], except: [] } as const;
  const { id } = await world.runs.start({
    query: 'Heartbeat | where Computer != "Fabrikam"',
    scope: only,
    timeRange: { kind: 'last', minutes: 60 },
  });
  await world.runs.ended(id);
  const [question, ...more] = questions();
  assert.deepEqual([question?.asked, more], ['fabrikam', []]);
  assert.ok(question?.bytes.includes('computer!=\\"fabrikam'), question?.bytes);
  assertSilent('alone');
});
