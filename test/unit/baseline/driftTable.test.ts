import assert from 'node:assert/strict';
import { test } from 'node:test';
import { driftTable } from '../../../src/cli/commands/baselineTable.ts';
import type { Drift } from '../../../src/model/drift.ts';
import { differenceText } from '../../../src/model/driftTexts.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';

const tag: Drift = {
  customer: toCustomerKey('adatum'),
  customerName: 'Adatum',
  section: 'workspace',
  name: 'settings',
  where: 'workspace adatum-logs',
  target: '/subscriptions/1/workspaces/adatum-logs',
  severity: 'low',
  title: 'Change workspace adatum-logs',
  differences: [{ name: 'Tag managedBy', after: 'Northbridge' }],
  missing: false,
};
const since = (state: Drift['since']): Drift => ({ ...tag, ...(state ? { since: state } : {}) });
const refused = 'The client has no permission to read the activity log.';

test('when it was changed is short, and what a service refused is told once below, however many lines have it', () => {
  const { rows, notes } = driftTable({
    drift: [
      since({ state: 'notSeen', days: 89 }),
      since({ state: 'known', at: '2026-11-02T10:00:00.000Z', by: 'ann@adatum.example', operation: 'write' }),
      since({ state: 'unknown', reason: refused }),
      since({ state: 'unknown', reason: refused }),
      tag,
    ],
    unknown: [{ ...tag, error: { code: 'access.noPath', message: 'Nobody sees it.', retryable: false } }],
  });
  assert.deepEqual(
    rows.map((cells) => cells[5]),
    ['>89 d', '2026-11-02 by ann@adatum.example', 'not known [1]', 'not known [1]', '', ''],
  );
  assert.deepEqual(rows.at(-1)!.slice(1, 5), ['not read', 'workspace adatum-logs', 'settings', '[2]']);
  assert.deepEqual(notes, [`[1] ${refused}`, '[2] Nobody sees it.']);
});

test('a difference names what is missing, and a resource by its name where that tells it', () => {
  assert.equal(differenceText(tag), 'Tag managedBy missing (Northbridge)');
  const [old, other, moved] = ['rg-1/providers/w/logs', 'rg-1/providers/w/more', 'rg-2/providers/w/logs'].map(
    (rest) => `/subscriptions/1/resourceGroups/${rest}`,
  );
  const sent = (before: string | undefined, after: string | undefined): string =>
    differenceText({
      ...tag,
      differences: [{ name: 'Workspace', ...(before ? { before } : {}), ...(after ? { after } : {}) }],
    });
  assert.equal(sent(old, other), 'Workspace: logs instead of more');
  assert.equal(sent(old, moved), `Workspace: ${old} instead of ${moved}`);
  assert.equal(sent(old, undefined), 'Workspace: logs instead of none');
});
