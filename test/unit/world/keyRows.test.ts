import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EmulatedClock } from '../../../src/emulator/clock.ts';
import { emptyWorld } from '../../../src/emulator/emptyWorld.ts';
import { answerKey } from '../../../src/emulator/world/answerKey.ts';
import { assessEstate } from '../../../src/emulator/world/assessEstate.ts';
import { PROVIDER_CUSTOMERS } from '../../../src/emulator/world/defaultEstate.ts';
import type { CustomerPlan } from '../../../src/emulator/world/estatePlan.ts';
import { addSampleEstate, type SampleOptions } from '../../../src/emulator/world/sample.ts';
import { DAY, measure, type Measured } from './rowMeasures.ts';

const NOW = Date.parse('2026-03-02T10:00:00Z');
/** What of a key can be read off the rows alone, a workspace at a time, and what of two. */
const READ_OFF = [
  'capHit',
  'silentTable',
  'silentMachines',
  'legacyAgents',
  'workspaceEmpty',
  'payAsYouGo',
  'commitmentUnused',
  'paidTwice',
  'rowsUnattributable',
  'crossRegion',
];

for (const [name, options, plans] of [
  ['the sample estate', {}, PROVIDER_CUSTOMERS],
  ['an estate for assessments', { assess: { seed: 3, count: 20 } }, assessEstate(3, 20)],
  ['another one', { assess: { seed: 6, count: 20 } }, assessEstate(6, 20)],
] as [string, SampleOptions, readonly CustomerPlan[]][])
  test(`the rows of ${name} bear out its key`, async () => {
    const expected = Object.fromEntries(
      Object.entries(answerKey(plans, 'automation').customers).map(([key, { findings }]) => [
        key,
        findings.filter((line) => READ_OFF.some((check) => line.startsWith(`${check}:`))),
      ]),
    );
    assert.deepEqual(await readOff(options, plans), expected);
  });

async function readOff(
  options: SampleOptions,
  plans: readonly CustomerPlan[],
): Promise<Record<string, readonly string[]>> {
  const world = emptyWorld({ seed: 1, clock: new EmulatedClock(NOW, true) });
  const { logs } = await addSampleEstate(world, options);
  const named = new Map([...world.workspaces.values()].map((workspace) => [workspace.name, workspace]));
  const measured = new Map<string, Measured | undefined>();
  const of = (name: string): Measured | undefined => {
    if (!measured.has(name)) {
      const found = logs.find(named.get(name)!.properties.customerId);
      measured.set(name, found && measure(found, NOW));
    }
    return measured.get(name);
  };
  const subscriptionsOf = (plan: CustomerPlan): Set<string> =>
    new Set(
      [...world.subscriptions.values()]
        .filter(({ tags }) => tags['customer'] === plan.key)
        .map(({ subscriptionId }) => subscriptionId),
    );
  const namesOf = (plan: CustomerPlan): Set<string> =>
    new Set([...subscriptionsOf(plan), ...(plan.declared?.domains ?? [])]);
  const providers = plans.filter(({ provider }) => provider);
  const customers = plans.filter(({ provider }) => !provider);
  const shared = providers.flatMap(({ tenants }) => tenants.flatMap(({ workspaces }) => workspaces));

  return Object.fromEntries(
    plans.map((customer): [string, string[]] => {
      const closed = customer.tenants.every(({ access }) => access === 'none');
      const own = closed
        ? []
        : customer.tenants.flatMap(({ workspaces }) =>
            workspaces.filter(({ softDeleted, dataActionsOnly }) => !softDeleted && !dataActionsOnly),
          );
      const lines = own.flatMap(({ name, region }) => ofOne(name, region, named.get(name)!.properties, of(name)));
      for (const { name } of customer.provider ? [] : shared) {
        const rows = of(name)!.rows;
        const share = (names: Set<string>): number =>
          [...rows].filter(([owner]) => names.has(owner)).reduce((sum, [, count]) => sum + count, 0);
        if (share(namesOf(customer)) === 0) continue;
        const all = [...rows.values()].reduce((sum, count) => sum + count, 0);
        const known = plans.reduce((sum, plan) => sum + share(namesOf(plan)), 0);
        const nobodys = (all - known) / all;
        if (customers.filter((plan) => share(namesOf(plan)) > 0).length >= 2 && nobodys >= 0.01)
          lines.push(`rowsUnattributable:${name}:${nobodys >= 0.1 ? 'critical' : 'high'}`);
      }
      for (const { name } of own) {
        const others = [...own.filter((other) => other.name !== name), ...(customer.provider ? [] : shared)];
        const twice = others.some((other) =>
          [...(of(name)?.sources ?? [])].some(([source, tables]) =>
            [...(of(other.name)?.sources.get(source) ?? [])].some((table) => tables.has(table)),
          ),
        );
        if (twice) lines.push(`paidTwice:${name}:medium`);
      }
      return [customer.key, lines.sort((a, b) => (a < b ? -1 : 1))];
    }),
  );

  function ofOne(
    name: string,
    region: string,
    { sku }: { sku: { name: string } },
    found: Measured | undefined,
  ): string[] {
    if (!found || found.usage.size === 0) return [`workspaceEmpty:${name}:low`];
    const late = (last: number): boolean => last < NOW - DAY;
    const silent = [...found.computers.values()].filter(({ last }) => late(last)).length;
    const quiet = [...found.usage].filter(([, { last, days }]) => late(last) && days >= 20);
    for (const [table, { last }] of found.usage)
      assert.equal(late(last), late(found.newest.get(table)!), `Usage and rows of ${table} in ${name} agree`);
    const allQuiet = quiet.length === found.usage.size;
    const billable = [...found.usage.values()].reduce((sum, table) => sum + table.billable, 0) / 30;
    const machines = [...found.computers.values()].flatMap(({ resource }) => world.resources.get(resource) ?? []);
    const away = machines.filter(({ location }) => location !== region).length;
    const reserved = sku.name === 'CapacityReservation';
    return [
      ...(found.capDays > 0 ? [`capHit:${name}:high`] : []),
      ...(allQuiet ? [`silentTable:${name}:critical`] : quiet.map(([table]) => `silentTable:${table} in ${name}:high`)),
      ...(silent > 0 ? [`silentMachines:${name}:${silent / found.computers.size >= 0.25 ? 'high' : 'medium'}`] : []),
      ...([...found.computers.values()].some(({ legacy }) => legacy) ? [`legacyAgents:${name}:high`] : []),
      ...(!reserved && billable >= 85.3 ? [`payAsYouGo:${name}:medium`] : []),
      ...(reserved && billable * 2.3 < 196 ? [`commitmentUnused:${name}:medium`] : []),
      ...(machines.length >= 2 && away / machines.length >= 0.25 && !providersOwn(name)
        ? [`crossRegion:${name}:low`]
        : []),
    ];
  }

  /** Of a provider's own workspace the computers of others count as away: it is the plans that leave them out. */
  function providersOwn(name: string): boolean {
    return shared.some((plan) => plan.name === name);
  }
}
