import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { LocalSignal } from '../../../src/base/rpc.ts';
import { AssessmentService } from '../../../src/core/assess/assessmentService.ts';
import type { AssessmentPorts, AssessmentRequest } from '../../../src/core/assess/assessmentService.ts';
import { DEFAULT_WEIGHTS } from '../../../src/core/assess/fit/judgeFit.ts';
import { toHead } from '../../../src/core/assess/slim.ts';
import { parseScope } from '../../../src/kql/scopeLine.ts';
import type { Assessment } from '../../../src/model/assessment/assessment.ts';
import type { Estate } from '../../../src/model/estate.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import type { AssessmentShelf } from '../../../src/ports/shelf.ts';
import { FakeWorld, makeEstate } from './fakeWorld.ts';
import type { Changes } from './fakeWorld.ts';

/** A provider, a customer of two workspaces, one of one, and one that has none. */
const ESTATE = makeEstate(
  [
    { name: 'centre', customer: 'msp' },
    { name: 'alpha-one', customer: 'alpha' },
    { name: 'alpha-two', customer: 'alpha' },
    { name: 'beta-one', customer: 'beta' },
  ],
  'msp',
  ['gamma'],
  (customer) => (customer.key === 'beta' || customer.key === 'gamma' ? { ...customer, groups: ['gold'] } : customer),
);

/** A service over a world of virtual time. */
function serviceOf(changes: Changes = {}, more: Partial<AssessmentPorts> = {}) {
  const world = new FakeWorld(ESTATE, changes);
  let made = 0;
  const service = new AssessmentService({
    logs: world.logs,
    assess: world.assess,
    directory: world.directory,
    scheduler: world.scheduler,
    clock: world.clock,
    random: world.random,
    estate: { load: async () => ESTATE },
    customers: { load: async () => ({ customers: [], problems: [] }) },
    newId: () => `a${++made}`,
    ...more,
  });
  /** Assesses to the end, as fast as the virtual clock goes. */
  const assess = async (request: Partial<AssessmentRequest> = {}): Promise<Assessment> =>
    world.clock.run(service.assess({ scope: EVERYTHING, ...request }));
  return { world, service, assess };
}
const scopeOf = (text: string) => parseScope(text).scope ?? assert.fail(text);
const namesOf = ({ customers }: Assessment): readonly string[] => customers.map(({ key }) => key);

/** Keeps in memory what a folder would. */
class MemoryShelf implements AssessmentShelf {
  readonly kept: Assessment[] = [];
  opened = 0;
  async list() {
    return this.kept.map(toHead).reverse();
  }
  async open(id: string) {
    this.opened++;
    return this.kept.find((one) => one.id === id);
  }
  async keep(assessment: Assessment) {
    this.kept.push(assessment);
  }
}

describe('who is assessed', () => {
  it('is everybody, those without a workspace too', async () => {
    const { assess } = serviceOf();
    const all = await assess();
    assert.deepEqual(namesOf(all), ['msp', 'alpha', 'beta', 'gamma']);
    assert.deepEqual(all.numbers, { customers: 4, tenants: 4, workspaces: 4 });
    assert.deepEqual([all.version, all.scope, all.cloud, all.cancelled], [1, 'all', 'test', false]);
    assert.deepEqual(all.weights, DEFAULT_WEIGHTS);
  });

  const scopes: readonly (readonly [string, readonly string[]])[] = [
    ['customer:alpha', ['alpha']],
    // A verdict on a part of a customer is none.
    ['workspace:alpha-one', ['alpha']],
    ['tenant:t-beta', ['beta']],
    ['group:gold', ['beta', 'gamma']],
    ['customer:gamma', ['gamma']],
    ['all except customer:alpha', ['msp', 'beta']],
    ['group:gold except customer:gamma', ['beta']],
  ];
  for (const [text, expected] of scopes)
    it(`is, of "${text}", ${expected.join(' and ')} as a whole`, async () => {
      const { assess, world } = serviceOf();
      const assessment = await assess({ scope: scopeOf(text) });
      assert.deepEqual([namesOf(assessment), assessment.scope], [expected, text]);
      const owned = ESTATE.workspaces.filter(({ customer }) => expected.includes(customer));
      assert.equal(assessment.numbers.workspaces, owned.length);
      // Beside theirs, the provider's workspaces are asked, and nobody else's.
      const asked = new Set<string | undefined>(world.queries.map(({ request }) => request.armId.split('/').at(-1)));
      assert.deepEqual(asked, new Set([...owned.map(({ name }) => name), 'centre']));
    });

  for (const text of ['customer:alfa', 'all except customer:alfa', 'workspace:alpha-one workspace:nowhere'])
    it(`is refused before anybody is asked where "${text}" names nobody`, async () => {
      const { assess, world, service } = serviceOf();
      await assert.rejects(assess({ scope: scopeOf(text) }), { code: 'input.scope', message: /There is no/ });
      assert.deepEqual([world.queries, world.calls], [[], []]);
      assert.deepEqual(namesOf(await world.clock.run(service.assess({ scope: scopeOf('customer:beta') }))), ['beta']);
    });
});

describe('one assessment at a time', () => {
  it('refuses a second one, and takes the next when the first has ended', async () => {
    const { service, assess, world } = serviceOf();
    const first = service.assess({ scope: EVERYTHING });
    await assert.rejects(service.assess({ scope: EVERYTHING }), { code: 'input.assessing' });
    await world.clock.run(first);
    assert.equal((await assess()).id, 'a2');
  });

  it('takes the next when the first has failed', async () => {
    let fails = true;
    const load = async (): Promise<Estate> => {
      if (fails) throw new AppError('network.failed', 'No network.');
      return ESTATE;
    };
    const { assess } = serviceOf({}, { estate: { load } });
    await assert.rejects(assess(), { code: 'network.failed' });
    fails = false;
    assert.equal(namesOf(await assess()).length, 4);
  });

  it('tells how far it is, from the first moment to the last', async () => {
    const heard: { readonly done: number; readonly total: number }[] = [];
    const { assess } = serviceOf();
    await assess({ progress: ({ done, total }) => heard.push({ done, total }) });
    assert.deepEqual(heard[0]?.done, 0);
    assert.ok(heard.length > 20);
    const last = heard.at(-1)!;
    assert.equal(last.done, last.total);
  });
});

describe('a cancellation', () => {
  const hanging: Changes = {
    logs: (fact, { armId }) => (fact === 'agents' && armId.endsWith('/beta-one') ? 'hang' : undefined),
  };
  for (const how of ['the service', 'the signal'] as const)
    it(`by ${how} keeps what came, says that it is not whole, and is not kept`, async () => {
      const shelf = new MemoryShelf();
      const { service, world } = serviceOf(hanging, { shelf });
      const signal = new LocalSignal();
      const running = service.assess({ scope: EVERYTHING, signal });
      await world.clock.run(world.clock.sleep(60_000));
      if (how === 'the service') service.cancel();
      else signal.abort();
      const assessment = await world.clock.run(running);
      assert.deepEqual([assessment.cancelled, assessment.complete], [true, false]);
      assert.deepEqual(namesOf(assessment), ['msp', 'alpha', 'beta', 'gamma']);
      const cost = assessment.costs.find(({ fact }) => fact === 'agents')!;
      assert.deepEqual([cost.known, cost.unknown], [3, 1]);
      const unknown = assessment.customers
        .find(({ key }) => key === 'beta')!
        .checks.flatMap((check) => check.unknown)
        .filter(({ fact }) => fact === 'agents');
      assert.ok(unknown.length > 0 && unknown.every(({ error }) => error.code === 'cancelled.byUser'));
      assert.deepEqual(shelf.kept, []);
      // It is there as long as the program runs.
      assert.equal((await service.open(assessment.id)).id, assessment.id);
      assert.deepEqual(
        (await service.list()).map(({ id }) => id),
        [assessment.id],
      );
    });

  it('of nothing does nothing', async () => {
    const { service, assess } = serviceOf();
    service.cancel();
    assert.equal((await assess()).cancelled, false);
  });
});

describe('assessments that ended', () => {
  it('are listed newest first, opened and compared, those of earlier sessions too', async () => {
    const shelf = new MemoryShelf();
    const earlier = serviceOf({}, { shelf });
    const before = await earlier.assess();
    let now = 0;
    const later = serviceOf(
      {
        logs: (fact, { armId }) =>
          fact === 'usage' && armId.endsWith('/beta-one') ? new AppError('access.forbidden', 'No.') : undefined,
      },
      { shelf, newId: () => `later${++now}` },
    );
    await later.world.clock.run(later.world.clock.sleep(3_600_000));
    const after = await later.assess();
    assert.deepEqual(
      (await later.service.list()).map(({ id, customers }) => [id, customers]),
      [
        ['later1', 4],
        ['a1', 4],
      ],
    );
    assert.deepEqual(await later.service.open('a1'), before);
    const difference = await later.service.compare('a1', 'later1');
    assert.deepEqual([difference.before, difference.after], [before.at, after.at]);
    // Nobody could look into beta's volumes this time: what was found of them is not gone.
    assert.ok(!difference.gone.some(({ customer }) => customer === 'beta'));
    assert.equal((await later.service.customer('a1', toCustomerKey('beta'))).key, 'beta');
  });

  it('are held in memory by the newest few, and read again from where they are kept', async () => {
    const shelf = new MemoryShelf();
    const { service, assess } = serviceOf({}, { shelf });
    for (let at = 0; at < 4; at++) await assess({ scope: scopeOf('customer:gamma') });
    await service.open('a4');
    await service.open('a3');
    assert.equal(shelf.opened, 0);
    await service.open('a1');
    await service.open('a1');
    assert.equal(shelf.opened, 1);
  });

  it('are unknown by any other name, and so are customers that they do not have', async () => {
    const { service, assess } = serviceOf();
    await assess({ scope: scopeOf('customer:beta') });
    await assert.rejects(service.open('../a1'), { code: 'input.unknownAssessment' });
    await assert.rejects(service.customer('a1', toCustomerKey('alpha')), { code: 'input.unknownCustomer' });
    await assert.rejects(service.compare('a1', 'a2'), { code: 'input.unknownAssessment' });
  });

  it('are there although nothing can be kept: that costs the keeping alone', async () => {
    const refuse = async (): Promise<never> => {
      throw new AppError('engine.disk', 'The disk is full.');
    };
    const { service, assess } = serviceOf({}, { shelf: { keep: refuse, list: refuse, open: refuse } });
    const [one, two] = [await assess(), await assess()];
    assert.deepEqual((await service.list()).map(({ id }) => id).sort(), [one.id, two.id]);
    assert.equal((await service.open(one.id)).id, one.id);
    await assert.rejects(service.open('a9'), { code: 'input.unknownAssessment' });
  });
});
