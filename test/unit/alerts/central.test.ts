import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createHash } from 'node:crypto';
import { AppError } from '../../../src/base/errors.ts';
import type { AlertEvent } from '../../../src/core/alerts/central/alertState.ts';
import { entriesOf } from '../../../src/core/alerts/central/outbox.ts';
import type { AlertReport } from '../../../src/core/alerts/central/alertReport.ts';
import type { CentralAlerts } from '../../../src/core/alerts/central/centralAlerts.ts';
import type { AlertDefinition } from '../../../src/model/alert.ts';
import type { RollupStatePort } from '../../../src/ports/rollups.ts';
import { MemoryState } from '../../contract/rollup/memory.ts';
import { CentralWorld, define, MINUTE } from './centralWorld.ts';

const signal = new AbortController().signal;
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
const HOOKS = `// @deliver webhook https://provider.example/in
// @deliver webhook https://contoso.example/in for contoso
// @deliver webhook https://fabrikam.example/in for Fabrikam`;

async function approved(world: CentralWorld, definition: AlertDefinition): Promise<CentralAlerts> {
  const alerts = world.runner();
  for (const { kind, ...rest } of definition.deliveries)
    if (kind === 'webhook') await alerts.approve([definition], new URL((rest as { url: string }).url).host, signal);
  return alerts;
}
const told = ({ posted }: CentralWorld): string[] =>
  posted.map(({ url, body }) => {
    const { monitorCondition } = body.data.essentials;
    const { customer } = body['data']
      ? (body.data as unknown as { customProperties: { customer?: string } }).customProperties
      : {};
    return `${new URL(url).host.split('.')[0]!}: ${String(monitorCondition)} ${customer ?? 'all'}`;
  });

describe('an alert that is evaluated here', () => {
  it('fires for each customer, once while it lasts, and is resolved', async () => {
    const world = new CentralWorld();
    const definition = await define(`// @condition count > 1\n${HOOKS}`);
    const alerts = await approved(world, definition);
    world.rows = [
      ['contoso', 'a'],
      ['contoso', 'b'],
      ['fabrikam', 'c'],
    ];
    const first = await alerts.evaluate(definition, { signal });
    assert.deepEqual([first.fired, first.resolved, first.open], [['Contoso'], [], 1]);
    world.now += 5 * MINUTE;
    const second = await alerts.evaluate(definition, { signal });
    assert.deepEqual([second.fired, second.resolved, second.open], [[], [], 1]);
    world.now += 5 * MINUTE;
    world.rows = [];
    const third = await alerts.evaluate(definition, { signal });
    assert.deepEqual([third.fired, third.resolved, third.open], [[], ['Contoso'], 0]);
    assert.deepEqual(told(world), [
      'provider: Fired Contoso',
      'contoso: Fired Contoso',
      'provider: Resolved Contoso',
      'contoso: Resolved Contoso',
    ]);
    const [fired, , resolved] = world.posted;
    assert.equal(fired!.body.data.essentials['alertId'], resolved!.body.data.essentials['alertId']);
    assert.deepEqual(fired!.body.data.essentials['alertTargetIDs'], [
      '/subscriptions/s/resourcegroups/g/providers/m/workspaces/law-contoso',
    ]);
    assert.deepEqual(world.asked, [
      '2026-03-02T09:55:00.000Z/2026-03-02T10:00:00.000Z',
      '2026-03-02T10:00:00.000Z/2026-03-02T10:05:00.000Z',
      '2026-03-02T10:05:00.000Z/2026-03-02T10:10:00.000Z',
    ]);
  });

  it('knows that a customer without any row has none of them', async () => {
    const world = new CentralWorld();
    const definition = await define('// @condition count < 1\n// @deliver jsonLines silent.jsonl');
    world.rows = [
      ['contoso', 'a'],
      ['adatum', 'b'],
    ];
    const { fired } = await world.runner().evaluate(definition, { signal });
    assert.deepEqual(fired, ['Fabrikam']);
    assert.match(world.lines[0]!.line, /"customer":"Fabrikam".*"value":"0"/);
  });

  it('has an alert for each value of a dimension, and looks at the values that are wanted', async () => {
    const world = new CentralWorld();
    const definition = await define('// @condition maximum(Value) >= 90\n// @dimension Computer != spare');
    world.rows = [
      ['contoso', 'web', 95],
      ['contoso', 'db', 10],
      ['contoso', 'spare', 99],
      ['fabrikam', 'web', 90],
    ];
    const { fired } = await world.runner().evaluate(definition, { signal });
    assert.deepEqual(fired, ['Contoso: Computer=web', 'Fabrikam: Computer=web']);
  });

  it('fires when enough windows fail', async () => {
    const world = new CentralWorld();
    const definition = await define('// @condition count > 0 in 2 of 3');
    world.rows = [
      ['contoso', 'a', 1, 1],
      ['contoso', 'a', 1, 12],
      ['fabrikam', 'a', 1, 1],
      ['fabrikam', 'a', 1, 2],
    ];
    const { fired } = await world.runner().evaluate(definition, { signal });
    assert.deepEqual(fired, ['Contoso']);
    assert.deepEqual(world.asked, ['2026-03-02T09:45:00.000Z/2026-03-02T10:00:00.000Z']);
  });

  it('looks at a window once: the same again, and one that is not over, tell nothing new', async () => {
    const world = new CentralWorld();
    const definition = await define(`// @condition count > 0\n// @autoResolve no\n// @deliver jsonLines a.jsonl`);
    world.rows = [['contoso', 'a']];
    await world.runner().evaluate(definition, { signal });
    await world.runner().evaluate(definition, { signal });
    world.now += MINUTE;
    const due = await world.runner().evaluate(definition, { onlyDue: true, signal });
    assert.equal(due.evaluatedTo, undefined);
    assert.equal(world.lines.length, 1);
    world.now += 5 * MINUTE;
    await world.runner().evaluate(definition, { onlyDue: true, signal });
    assert.equal(world.lines.length, 2, 'without a memory each window that meets it fires');
  });

  it('without everybody it resolves nothing of who is missing, and fires only what more rows could not undo', async () => {
    const world = new CentralWorld();
    const many = await define('// @name Many\n// @condition count > 0\n// @dimension Computer');
    world.rows = [
      ['contoso', 'a'],
      ['fabrikam', 'b'],
    ];
    await world.runner().evaluate(many, { signal });
    world.now += 5 * MINUTE;
    world.silent.add('contoso');
    world.rows = [];
    const report = await world.runner().evaluate(many, { signal });
    assert.deepEqual([report.resolved, report.unknown], [['Fabrikam: Computer=b'], ['Contoso: Computer=a']]);
    assert.deepEqual([report.complete, report.completeness], [false, '2 of 3 workspaces answered']);
    const few = await define('// @name Few\n// @condition count < 1');
    assert.deepEqual((await world.runner().evaluate(few, { signal })).fired, ['Fabrikam', 'Adatum']);
  });

  it('takes no notice of a clock that was set back', async () => {
    const world = new CentralWorld();
    const definition = await define('// @condition count > 0');
    world.rows = [['contoso', 'a']];
    await world.runner().evaluate(definition, { signal });
    world.now -= 60 * MINUTE;
    world.rows = [];
    const { resolved, open, complete, notes } = await world.runner().evaluate(definition, { onlyDue: true, signal });
    assert.deepEqual([resolved, open, complete], [[], 1, false]);
    assert.match(notes.join(), /until 2026-03-02T10:00:00.000Z, and by this clock that is still to come/);
  });

  it('does not take a customer that nobody could ask any more for one where all is well', async () => {
    const world = new CentralWorld();
    const definition = await define('// @condition count > 0');
    world.rows = [['contoso', 'a']];
    await world.runner().evaluate(definition, { signal });
    world.now += 5 * MINUTE;
    world.rows = [];
    world.gone.add('contoso');
    const { resolved, unknown } = await world.runner().evaluate(definition, { signal });
    assert.deepEqual([resolved, unknown], [[], ['Contoso']]);
  });

  it('decides nothing where it is refused, or each workspace answers for itself', async () => {
    const world = new CentralWorld();
    const refused = await world.runner().evaluate(await define('', 'Nonsense'), { signal });
    assert.equal(refused.error?.code, 'query.semantic');
    world.answerMode = 'perWorkspace';
    const alone = await world.runner().evaluate(await define(''), { signal });
    assert.match(alone.error?.message ?? '', /Each workspace would answer for itself/);
  });
});

describe('whose alert is told to whom', () => {
  it('rows that may be of several customers are told to the provider alone, whatever they say', async () => {
    const world = new CentralWorld();
    const definition = await define(
      `// @condition count > 0\n${HOOKS}`,
      'T | summarize take_any(_Customer) by Computer',
    );
    const alerts = await approved(world, definition);
    world.rows = [['contoso', 'a']];
    const { notes } = await alerts.evaluate(definition, { signal });
    assert.deepEqual(told(world), ['provider: Fired all']);
    assert.match(notes[0]!, /may hold values of several customers/);
  });

  it('two customers of one name are told apart by nobody: the provider alone hears', async () => {
    const world = new CentralWorld();
    const definition = await define(`// @condition count > 0\n${HOOKS}`);
    const alerts = await approved(world, definition);
    world.rows = [['Stranger', 'a']];
    await alerts.evaluate(definition, { signal });
    assert.deepEqual(told(world), ['provider: Fired all']);
  });

  it("a customer's delivery reads nothing of another one in query and description", async () => {
    const world = new CentralWorld();
    const definition = await define(
      `// @condition count > 0\n// @description As at Fabrikam\n${HOOKS}`,
      'Heartbeat | where Computer !startswith "fabrikam"',
    );
    const alerts = await approved(world, definition);
    world.rows = [['contoso', 'a']];
    await alerts.evaluate(definition, { signal });
    for (const { body } of world.posted) assert.doesNotMatch(JSON.stringify(body), /fabrikam/i);
    world.posted.length = 0;
    await alerts.test(definition, signal);
    const tested = world.posted.filter(({ url }) => url.includes('contoso'));
    assert.equal(tested.length, 1);
    assert.doesNotMatch(JSON.stringify(tested), /fabrikam/i, 'a test neither');
  });

  it('an address is approved once, as it is: another path, or another customer, is another address', async () => {
    const world = new CentralWorld();
    const definition = await define(
      '// @condition count > 0\n// @deliver webhook https://contoso.example/in for contoso',
    );
    world.rows = [['contoso', 'a']];
    const alerts = world.runner();
    const first = await alerts.evaluate(definition, { signal });
    assert.deepEqual([first.delivered.unapproved, world.posted.length], [['contoso.example'], 0]);
    await alerts.approve([definition], 'CONTOSO.example', signal);
    const second = await alerts.evaluate(definition, { signal });
    assert.equal(second.delivered.sent, 1, 'what waited is told');
    for (const [n, other] of ['other for contoso', 'in for fabrikam'].entries()) {
      const changed = await define(
        `// @name Other${n}\n// @condition count > 0\n// @deliver webhook https://contoso.example/${other}`,
      );
      world.rows = [
        ['contoso', 'a'],
        ['fabrikam', 'a'],
      ];
      const { delivered } = await alerts.evaluate(changed, { signal });
      assert.deepEqual(delivered.unapproved, ['contoso.example'], other);
    }
    await assert.rejects(alerts.approve([definition], 'evil.example', signal), { code: 'input.alert' });
  });

  it('no token goes along, and the id is in the body and in the header', async () => {
    const world = new CentralWorld();
    const definition = await define(
      '// @condition count > 0\n// @deliver webhook https://contoso.example/in for contoso',
    );
    const alerts = await approved(world, definition);
    world.rows = [['contoso', 'a']];
    await alerts.evaluate(definition, { signal });
    const [{ headers, body }] = world.posted as [(typeof world.posted)[0]];
    assert.deepEqual(Object.keys(headers).sort(), ['content-type', 'idempotency-key']);
    assert.match(JSON.stringify(body), new RegExp(`"deliveryId":"${headers['idempotency-key']!}"`));
  });
});

describe('each delivery', () => {
  const definition = define('// @condition count > 0\n// @deliver webhook https://contoso.example/in for contoso');
  const fire = async (world: CentralWorld): Promise<AlertReport> => {
    world.rows = [['contoso', 'a']];
    return (await approved(world, await definition)).evaluate(await definition, { signal });
  };
  const ids = ({ posted }: CentralWorld): string[] => posted.map(({ headers }) => headers['idempotency-key']!);

  it('is tried again after a pause that doubles, as long as asked, under the same id', async () => {
    const world = new CentralWorld();
    world.answers.push(503, () => ({ status: 429, retryAfterMs: 7_000 }));
    const { delivered } = await fire(world);
    assert.equal(delivered.sent, 1);
    assert.deepEqual(world.slept, [1_000, 7_000]);
    assert.equal(new Set(ids(world)).size, 1);
  });

  it('waits for the next run where the receiver is down, and is given up after a day', async () => {
    const world = new CentralWorld();
    const down = (): never => {
      throw new AppError('network.refused', 'Nobody listens there.');
    };
    world.answers.push(down, down, down);
    const first = await fire(world);
    assert.deepEqual(first.delivered.waiting, [{ to: 'contoso.example', reason: 'Nobody listens there.' }]);
    world.now += 5 * MINUTE;
    const second = await world.runner().evaluate(await definition, { signal });
    assert.deepEqual([second.delivered.sent, second.delivered.waiting], [1, []]);
    assert.equal(new Set(ids(world)).size, 1);
    world.answers.push(404);
    world.rows = [];
    world.now += 5 * MINUTE;
    await world.runner().evaluate(await definition, { signal });
    assert.equal(world.posted.length, 5, 'what is refused is not tried again at once');
    world.answers.push(404);
    world.now += 25 * 60 * MINUTE;
    const last = await world.runner().evaluate(await definition, { signal });
    assert.deepEqual(last.delivered.waiting, []);
  });

  it('waits neither for a question that fails, nor behind a receiver that hangs', async () => {
    const world = new CentralWorld();
    const many = await define(`// @condition count > 0\n// @dimension Computer\n${HOOKS}`);
    const alerts = await approved(world, many);
    world.rows = [
      ['contoso', 'a'],
      ['contoso', 'b'],
      ['contoso', 'c'],
    ];
    world.answers.push(503, 503, 503);
    const { delivered } = await alerts.evaluate(many, { signal });
    assert.deepEqual([delivered.sent, delivered.waiting.length], [3, 3], 'of what hangs one alone is tried');
    assert.equal(world.posted.length, 6);
    world.now += 5 * MINUTE;
    world.answerMode = 'perWorkspace';
    const failed = await alerts.evaluate(many, { signal });
    assert.deepEqual([failed.error?.code, failed.delivered.sent, failed.open], ['query.unsupported', 3, 3]);
  });

  it('is sent again under the same id by the next runner, where one dies before the receipt', async () => {
    const world = new CentralWorld();
    const dying = new DyingState(world.state);
    const alerts = await approved(world, await definition);
    world.rows = [['contoso', 'a']];
    dying.failAfter('alerts/Silent', 2);
    const died = await world.runner('dying', dying).evaluate(await definition, { signal });
    assert.equal(died.error?.code, 'engine.disk');
    assert.equal(world.posted.length, 1);
    const early = await alerts.evaluate(await definition, { signal });
    assert.equal(early.delivered.sent, 0, 'it may still be at it');
    world.now += 3 * MINUTE;
    const { delivered, fired } = await alerts.evaluate(await definition, { signal });
    assert.deepEqual([delivered.sent, fired], [1, []]);
    assert.equal(new Set(ids(world)).size, 1);
  });

  it('is made by one of two runners', async () => {
    const world = new CentralWorld();
    await approved(world, await definition);
    world.rows = [['contoso', 'a']];
    const both = await Promise.all(
      ['one', 'two'].map(async (owner) => world.runner(owner).evaluate(await definition, { signal })),
    );
    assert.equal(world.posted.length, 1);
    assert.equal(
      both.reduce((sum, { delivered }) => sum + delivered.sent, 0),
      1,
    );
  });

  it('has an id that is the same whoever makes it, and another for each of what it is about', async () => {
    const deliveries = ['https://a.example/', 'https://b.example/'].map((url) => ({
      delivery: { kind: 'webhook', url } as const,
    }));
    const event = { alertId: 'x', condition: 'Fired', from: 1, to: 2 } as AlertEvent;
    const events = [event, { ...event, condition: 'Resolved' as const }, { ...event, to: 3 }];
    const idsOf = (now: number): string[] => entriesOf(events, deliveries, now, digest).map(({ id }) => id);
    assert.deepEqual(idsOf(1), idsOf(2));
    assert.equal(new Set(idsOf(1)).size, 6);
  });

  it('of an alert keeps its order: it is not resolved before it has fired', async () => {
    const world = new CentralWorld();
    world.answers.push(404);
    await fire(world);
    world.rows = [];
    world.now += 5 * MINUTE;
    world.answers.push(404);
    const { delivered } = await world.runner().evaluate(await definition, { signal });
    assert.equal(delivered.waiting.length, 2);
    assert.deepEqual(told(world), ['contoso: Fired Contoso', 'contoso: Fired Contoso']);
  });

  it('that the definition does not say any more is not made', async () => {
    const world = new CentralWorld();
    world.answers.push(404);
    await fire(world);
    world.now += MINUTE;
    const { delivered } = await world.runner().evaluate(await define('// @condition count > 0'), { signal });
    assert.deepEqual([delivered.sent, delivered.waiting], [0, []]);
    assert.equal(world.posted.length, 1);
  });
});

describe('tickets and tests', () => {
  it('a value in a ticket is no markup, and stays inside its text', async () => {
    const world = new CentralWorld();
    const definition = await define('// @condition count > 0\n// @dimension Computer\n// @deliver ticket t.md');
    world.template = '# {{ alert }}: {{dimensions}}';
    world.rows = [['contoso', '](http://evil)\n# <b>*x*']];
    await world.runner().evaluate(definition, { signal });
    const [[file, text]] = [...world.tickets] as [[string, string]];
    assert.match(file, /^Silent-[0-9a-f]{32}\.md$/);
    assert.equal(text, String.raw`# Silent: Computer=\]\(http://evil\) \# &lt;b\>\*x\*`);
    const json = await define('// @name J\n// @condition count > 0\n// @dimension Computer\n// @deliver ticket t.json');
    world.template = '{ "title": "{{alert}}", "what": "{{dimensions}}" }';
    world.rows = [['contoso', '", "admin": "yes']];
    await world.runner().evaluate(json, { signal });
    const made = [...world.tickets].find(([name]) => name.endsWith('.json'))![1];
    assert.deepEqual(JSON.parse(made), { title: 'J', what: 'Computer=", "admin": "yes' });
  });

  it('a template that names what there is not says so, and the ticket waits', async () => {
    const world = new CentralWorld();
    world.template = '{{password}}';
    world.rows = [['contoso', 'a']];
    const { delivered } = await world
      .runner()
      .evaluate(await define('// @condition count > 0\n// @deliver ticket t.md'), { signal });
    assert.match(delivered.waiting[0]!.reason, /The template names \{\{password\}\}; there are alertId/);
  });

  it('a test is marked as one, goes to every delivery, and changes nothing', async () => {
    const world = new CentralWorld();
    const definition = await define(`// @condition count > 0\n${HOOKS}\n// @deliver jsonLines a.jsonl`);
    await assert.rejects(world.runner().test(definition, signal), {
      code: 'input.notConfirmed',
      message: /provider\.example, contoso\.example, fabrikam\.example was not approved/,
    });
    const alerts = await approved(world, definition);
    world.answers.push(200, 500, 500, 500);
    const tests = await alerts.test(definition, signal);
    assert.deepEqual(
      tests.map(({ delivery, customer, failure }) => [delivery, customer, failure]),
      [
        ['webhook at provider.example', undefined, undefined],
        ['webhook at contoso.example', 'Contoso', 'contoso.example answered with HTTP 500.'],
        ['webhook at fabrikam.example', 'Fabrikam', undefined],
        ['a.jsonl', undefined, undefined],
      ],
    );
    assert.match(JSON.stringify(world.posted[0]!.body), /"alertRule":"\[TEST\] Silent".*"test":"true"/);
    const { open, fired } = await alerts.evaluate(definition, { signal });
    assert.deepEqual([open, fired], [0, []]);
  });
});

/** A state of which one document cannot be written any more, from some change on: the process died there. */
class DyingState implements RollupStatePort {
  private readonly state: RollupStatePort;
  private left = Infinity;
  private name = '';

  constructor(state: RollupStatePort = new MemoryState()) {
    this.state = state;
  }
  failAfter(name: string, changes: number): void {
    this.name = name;
    this.left = changes;
  }
  load<T>(name: string): ReturnType<RollupStatePort['load']> & Promise<never> {
    return this.state.load<T>(name) as never;
  }
  save<T>(name: string, value: T, version: number): Promise<boolean> {
    if (name === this.name && this.left-- <= 0) throw new AppError('engine.disk', 'The disk is gone.');
    return this.state.save(name, value, version);
  }
  list(folder: string): Promise<readonly string[]> {
    return this.state.list(folder);
  }
}
