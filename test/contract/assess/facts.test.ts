import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AssessClient } from '../../../src/azure/arm/assess/assessClient.ts';
import type { AssessWorld } from '../../../src/core/assess/assessWorld.ts';
import { toCustomerFacts } from '../../harness/customerPieces.ts';
import type { AssessScope, EstateFacts } from '../../../src/core/assess/estateFacts.ts';
import { measureEstate } from '../../../src/core/assess/measureEstate.ts';
import { readersOf } from '../../../src/core/assess/readers.ts';
import { parseCustomers } from '../../../src/core/customers/parseCustomers.ts';
import { EstateService } from '../../../src/core/estate/estateService.ts';
import { QuotaScheduler } from '../../../src/core/fanOut/quotaScheduler.ts';
import { SYSTEM_CLOCK } from '../../../src/engine/runtime/systemClock.ts';
import type { Fact, WorkspaceFacts } from '../../../src/model/assessment/facts.ts';
import type { CustomerFacts } from '../../../src/model/assessment/subject.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';
import { connect, signedIn } from '../azure/connect.ts';
import type { Connection } from '../azure/connect.ts';
import { SampleEmulator } from '../logs/sampleEmulator.ts';

let sample: SampleEmulator;
let person: ReturnType<typeof signedIn>;
let connection: Connection;
let whole: AssessScope;
let measured: EstateFacts;
let pieces: ReadonlyMap<string, CustomerFacts>;

/** Measures these customers through the real clients. */
function measure(...customers: readonly string[]): Promise<EstateFacts> {
  const world: AssessWorld = {
    logs: connection.logs,
    assess: new AssessClient(connection.clients),
    directory: connection.directory,
    scheduler: new QuotaScheduler(SYSTEM_CLOCK),
    clock: SYSTEM_CLOCK,
  };
  return measureEstate({ ...whole, customers: customers.map(toCustomerKey) }, world);
}

before(async () => {
  sample = await SampleEmulator.start();
  const { engineer, customersFile } = sample.sample;
  assert.ok(engineer.kind === 'user');
  person = signedIn(sample.emulator, engineer, engineer.password!);
  connection = connect(sample.emulator, person);
  const file = parseCustomers(customersFile, 'customers.json');
  const estate = await new EstateService({
    accounts: connection.tokens,
    directory: connection.directory,
    customers: { load: async () => file },
    clock: SYSTEM_CLOCK,
    cloud: 'emulator',
  }).load();
  whole = { estate, customers: [], entries: file.customers };
  const asked = ['alpine', 'coho', 'lucerne', 'tailspin', 'wideworld', 'woodgrove'];
  measured = await measure(...asked);
  pieces = new Map(
    toCustomerFacts({ ...whole, customers: asked.map(toCustomerKey) }, measured).map((piece) => [
      piece.customer.key,
      piece,
    ]),
  );
});
after(async () => {
  person?.close();
  connection?.dispose();
  await sample?.emulator.close();
});

const of = (name: string, facts = measured): WorkspaceFacts =>
  facts.workspaces.find(({ workspace }) => workspace.name === name)!;
function value<V>(fact: Fact<V>): V {
  if (fact.state === 'known') return fact.value;
  throw new Error(`${fact.error.code}: ${fact.error.message}`);
}

test('every query of every fact is answered by the service', () => {
  const failed = measured.workspaces.flatMap(({ workspace, ...facts }) =>
    Object.entries(facts).flatMap(([name, fact]: [string, Fact<unknown>]) =>
      fact.state === 'unknown' && fact.error.code !== 'input.notNeeded'
        ? [`${name} of ${workspace.name}: ${fact.error.code} ${fact.error.message}`]
        : [],
    ),
  );
  assert.deepEqual(failed, []);
  const calls = (fact: string) => measured.costs.find((cost) => cost.fact === fact)!;
  assert.equal(calls('usage').calls, measured.workspaces.length);
  for (const name of ['tables', 'diagnostics', 'exports'])
    assert.equal(calls(name).calls, measured.workspaces.length, name);
});

test('the settings of the provider are read as they were planned, and its volume is what it was made of', () => {
  const { configuration, usage, tables } = of('nb-central');
  const { sku, commitmentGb, retentionDays } = value(configuration);
  assert.deepEqual([sku, commitmentGb, retentionDays], ['CapacityReservation', 100, 90]);
  const { volumes, last } = value(usage);
  const days = new Set(volumes.map(({ day }) => day)).size;
  const mean = volumes.reduce((sum, { gb }) => sum + gb, 0) / days;
  assert.ok(mean > 9 && mean < 19, `planned 14 GB a day, measured ${mean} over ${days} days`);
  assert.ok(last['Heartbeat']! > '2026-03-02T08' && last['Heartbeat']! <= '2026-03-02T10:00:00.000Z');
  assert.ok(value(tables).some(({ name }) => name === 'BackupJobs_CL'));
});

test('the agents, the days of a cap, and who asked', () => {
  const legacy = value(of('wwi-logs').agents).filter((agent) => agent.legacy);
  assert.ok(legacy.length > 0 && legacy.length < value(of('wwi-logs').agents).length);
  assert.ok(value(of('woodgrove-trust').agents).every((agent) => !agent.legacy));
  assert.ok(value(of('tailspin-ops').operations).capDays.length >= 9, 'it is stopped every day');
  assert.deepEqual(value(of('wwi-logs').operations).capDays, []);
  const home = whole.estate.accounts[0]!.homeTenant;
  assert.deepEqual(
    value(of('nb-soc').audit).askers.map(({ tenant }) => tenant),
    [home],
  );
  const { audit } = of('coho-edge');
  assert.deepEqual([value(audit).askers, audit.calls], [[], 0]);
});

test('rows at the centre are cut to their customers: those with a workspace of their own and those without', () => {
  for (const key of ['coho', 'lucerne']) {
    const [part, ...others] = pieces.get(key)!.central;
    assert.deepEqual([part!.shared.workspace.name, others, part!.customers], ['nb-central', [], 3]);
    assert.ok(part!.share > 0.1 && part!.share < 0.3 && part!.computers.length === 4);
    assert.ok(part!.unattributed.rows > 0, 'its computers report without domains');
  }
  assert.deepEqual([pieces.get('coho')!.own.length, pieces.get('lucerne')!.own.length], [1, 0]);
  assert.deepEqual(
    [...pieces.values()].filter(({ central }) => central.length > 0).map(({ customer }) => customer.key),
    ['coho', 'lucerne', 'woodgrove'],
  );
});

test("no customer's facts hold a domain, a tenant or a subscription of another's", () => {
  const estate = whole.estate;
  const provider = pieces.get('coho')!.estate.providerTenants;
  for (const [key, piece] of pieces) {
    const text = JSON.stringify(piece).toLowerCase();
    for (const tenant of estate.tenants) {
      if (tenant.customer === key || provider.includes(tenant.id)) continue;
      const names = [tenant.id, tenant.defaultDomain ?? tenant.id];
      const subscriptions = estate.workspaces.filter((one) => one.tenant === tenant.id).map((one) => one.subscription);
      for (const name of [...names, ...subscriptions])
        assert.ok(!text.includes(name.toLowerCase()), `${key} holds ${name} of ${tenant.name}`);
    }
  }
});

test('a tenant that cannot be entered has unknown facts with its reason, and the customer no workspace', () => {
  const { tenants, own } = pieces.get('alpine')!;
  const { machines } = tenants[0]!.facts!;
  assert.deepEqual([own, machines.state], [[], 'unknown']);
  assert.ok(machines.state === 'unknown' && /^(access|auth)\./.test(machines.error.code));
});

test('who reads: delegates by name where it is delegated, assignments where we are in the tenant', () => {
  const rowsOf = (customer: string, name: string) =>
    readersOf(pieces.get(customer)!).filter(({ workspace }) => workspace === name);
  const delegated = rowsOf('tailspin', 'tailspin-ops').map(({ who, side, by, role }) => ({ who, side, by, role }));
  const delegate = { side: 'provider', by: 'delegation' };
  assert.deepEqual(
    delegated.filter(({ by }) => by === 'delegation').sort((a, b) => (a.who < b.who ? -1 : 1)),
    [
      { who: 'Northbridge Operations', ...delegate, role: 'Contributor' },
      { who: 'Northbridge Readers', ...delegate, role: 'Log Analytics Reader' },
      { who: 'tenantscope-automation', ...delegate, role: 'Contributor' },
    ],
  );
  assert.ok(
    delegated.some(({ who, role }) => who.startsWith("The customer's own") && role === 'not known'),
    'over Lighthouse its own administrators are not listed',
  );
  const guest = rowsOf('wideworld', 'wwi-logs').filter(({ by }) => by === 'role');
  assert.ok(guest.some(({ kind, role }) => kind === 'user' && role === 'Contributor'));
  assert.ok(guest.every(({ role }) => role !== 'not known'));
});

test('a table whose rows are kept from us leaves its fact unknown, by whichever way, and no other', async () => {
  for (const as of [undefined, 'unresolved'] as const) {
    sample.emulator.faults.add({
      match: { service: 'logs', workspace: 'coho-edge' },
      fault: { kind: 'denyTables', tables: ['Usage', 'Heartbeat'], ...(as ? { as } : {}) },
    });
    const facts = of('coho-edge', await measure('coho'));
    sample.emulator.faults.clear();
    const states = [facts.usage, facts.agents, facts.operations].map((fact) =>
      fact.state === 'known' ? 'known' : fact.error.code,
    );
    assert.deepEqual(states, ['access.tableDenied', 'access.tableDenied', 'known'], as ?? 'no rows');
  }
});
