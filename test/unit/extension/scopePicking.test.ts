import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDuration, parseTime } from '../../../src/extension/scope/timeRanges.ts';
import { timeRangeLabel } from '../../../src/model/timeRangeText.ts';
import { scopeOfPicks, scopePickItems, unlistedSelectors } from '../../../src/extension/session/pickItems.ts';
import type { SavedScope } from '../../../src/extension/session/scopeBook.ts';
import { ScopeBook, isSavedScopes } from '../../../src/extension/session/scopeBook.ts';
import type { Scope } from '../../../src/model/scope.ts';
import { findScopeLine } from '../../../src/kql/scopeLine.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { sampleEstate } from './sampleEstate.ts';

const estate = sampleEstate();
const CONTOSO: Scope = {
  include: [{ kind: 'customer', value: 'contoso' }],
  except: [{ kind: 'workspace', value: 'law-two' }],
};

test('the picker offers every kind a scope can name, with what is chosen ticked', () => {
  const items = scopePickItems(estate, CONTOSO);
  assert.deepEqual(
    items.flatMap((item) => (item.heading === undefined ? [] : [item.heading])),
    ['groups', 'customers', 'tenants', 'workspaces', 'tags', 'regions'],
  );
  const picked = items.flatMap((item) => (item.heading === undefined && item.picked ? [item.label] : []));
  assert.deepEqual(picked, ['$(organization) Contoso Ltd']);
  const gold = items.find((item) => item.heading === undefined && item.label === '$(layers) gold');
  assert.equal(gold?.heading === undefined && gold?.description, '2 workspaces');
});

test('tags that differ in case alone are one line of the picker, as they are one tag of a scope', () => {
  const tagged = {
    ...estate,
    customers: estate.customers.map((customer) => ({ ...customer, tags: {} })),
    workspaces: estate.workspaces.map((workspace, i) => ({
      ...workspace,
      tags: (i === 0 ? { Env: 'Prod' } : { env: 'prod', ENV: 'PROD' }) as Record<string, string>,
    })),
  };
  const tags = scopePickItems(tagged, EVERYTHING).flatMap((item) =>
    item.heading === undefined && item.selector !== 'all' && item.selector.kind === 'tag'
      ? [[item.selector.value, item.description]]
      : [],
  );
  assert.deepEqual(tags, [['Env=Prod', `${estate.workspaces.length} workspaces`]]);
});

test('choosing again keeps what was left out and what the list cannot show', () => {
  assert.deepEqual(scopeOfPicks([{ kind: 'group', value: 'gold' }], CONTOSO), {
    include: [{ kind: 'group', value: 'gold' }],
    except: CONTOSO.except,
  });
  assert.deepEqual(scopeOfPicks(['all'], CONTOSO), { include: 'all', except: CONTOSO.except });
  const gone: Scope = {
    include: [
      { kind: 'customer', value: 'gone' },
      { kind: 'customer', value: 'CONTOSO' },
    ],
    except: [],
  };
  assert.deepEqual(unlistedSelectors(gone, scopePickItems(estate, gone)), [{ kind: 'customer', value: 'gone' }]);
});

function book(): ScopeBook {
  let kept: readonly SavedScope[] | undefined;
  return new ScopeBook(
    {
      get: () => kept,
      set: async (value) => {
        kept = value;
      },
    },
    () => ({ kind: 'last', minutes: 1440 }),
  );
}

test("a document's scope: its own line, else what was chosen for it, else the default", async () => {
  const scopes = book();
  assert.deepEqual(scopes.scopeOf('a'), { scope: EVERYTHING, origin: 'default' });
  await scopes.setScope(undefined, CONTOSO);
  assert.equal(scopes.scopeOf('a').scope, CONTOSO);
  await scopes.setScope('a', EVERYTHING);
  assert.deepEqual(scopes.scopeOf('a'), { scope: EVERYTHING, origin: 'saved' });
  assert.deepEqual(scopes.scopeOf('a', findScopeLine('// @scope region:westeurope\nHeartbeat')).scope.include, [
    { kind: 'region', value: 'westeurope' },
  ]);
});

test('a scope line that cannot be read is an error with its place, not the default in disguise', () => {
  const { error, origin } = book().scopeOf('a', findScopeLine('Heartbeat\n// @scope contoso\n'));
  assert.equal(origin, 'line');
  assert.match(error?.message ?? '', /customer:contoso/);
  assert.equal(error?.start, 20);
});

test('a renamed document keeps its scope and time range', async () => {
  const scopes = book();
  await scopes.setScope('a', CONTOSO);
  await scopes.setTimeRange('a', { kind: 'last', minutes: 30 });
  await scopes.move('a', 'b');
  assert.deepEqual([scopes.scopeOf('b').scope, scopes.timeRangeOf('b')], [CONTOSO, { kind: 'last', minutes: 30 }]);
});

test('what answers are is kept of each document, also when it is renamed; across unless chosen otherwise', async () => {
  const scopes = book();
  assert.equal(scopes.answerOf('a'), 'across');
  await scopes.setAnswer('a', 'perWorkspace');
  await scopes.setScope('a', CONTOSO);
  await scopes.move('a', 'b');
  assert.deepEqual(
    [scopes.answerOf('a'), scopes.answerOf('b'), scopes.answerOf('c')],
    ['perWorkspace', 'perWorkspace', 'across'],
  );
  await scopes.setAnswer(undefined, 'perWorkspace');
  assert.equal(scopes.answerOf('c'), 'perWorkspace');
});

test('saved scopes from disk are looked at before they are used', () => {
  assert.ok(isSavedScopes([{ uri: 'a', scope: EVERYTHING }]));
  for (const wrong of [
    undefined,
    {},
    [{}],
    [{ uri: 1 }],
    [{ uri: 'a', scope: { include: 'some' } }],
    [{ uri: 'a', timeRange: { kind: 'never' } }],
    [{ uri: 'a', answer: 'both' }],
  ])
    assert.ok(!isSavedScopes(wrong), JSON.stringify(wrong));
});

test('time ranges read as people say them', () => {
  assert.deepEqual(
    [30, 60, 1440, 2880, 90].map((minutes) => timeRangeLabel({ kind: 'last', minutes })),
    ['Last 30 minutes', 'Last hour', 'Last 24 hours', 'Last 2 days', 'Last 90 minutes'],
  );
  assert.equal(
    timeRangeLabel({ kind: 'between', from: '2026-01-01T00:00:00.000Z', to: '2026-01-31T14:30:00.000Z' }),
    '2026-01-01 to 2026-01-31 14:30',
  );
  assert.deepEqual(['90m', '36h', ' 10 D ', '2w', '1.5h'].map(parseDuration), [90, 2160, 14400, 20160, 90]);
  for (const wrong of ['', '0m', 'soon', '5', '800d'])
    assert.throws(() => parseDuration(wrong), { code: 'input.timeRange' }, wrong);
});

test('a time without a zone is UTC, and a day that does not exist is refused', () => {
  assert.equal(parseTime('2026-01-31'), '2026-01-31T00:00:00.000Z');
  assert.equal(parseTime('2026-01-31 14:00'), '2026-01-31T14:00:00.000Z');
  assert.equal(parseTime('2026-01-31T14:00+02:00'), '2026-01-31T12:00:00.000Z');
  for (const wrong of ['2026-02-30', '2026-13-01', 'yesterday', '2026-01-31 25:00'])
    assert.throws(() => parseTime(wrong), { code: 'input.timeRange' }, wrong);
});
