import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acrossSchema } from '../../../src/kql/across/acrossSchema.ts';
import { ownRowsText } from '../../../src/kql/across/ownRows.ts';
import { bindAcross } from '../../../src/kql/across/planAcross.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';
import { NOT_ATTRIBUTED } from '../../../src/model/sharedWorkspace.ts';
import type { AttributionRule } from '../../../src/model/sharedWorkspace.ts';

const columns = ['Computer', '_ResourceId'].map((name) => ({ name, type: 'string' as const }));
const { plain } = acrossSchema([{ name: 'central', tables: [{ name: 'Heartbeat', columns }] }]);

// Rows of nobody are told by the rules of everybody, and KQL has a limit for how deep a condition is.
test('the domains of 700 customers, and as many resource groups, are one condition that can be read', () => {
  const rulesBy = (by: 'computer' | 'resource'): AttributionRule[] =>
    Array.from({ length: 700 }, (_, at) => ({
      by,
      value: by === 'computer' ? `n${at}.example` : `/subscriptions/s/resourcegroups/rg-${at}`,
      customer: toCustomerKey(`customer-${at}`),
      origin: 'estate',
    }));
  for (const by of ['computer', 'resource'] as const) {
    const text = ownRowsText({ rules: rulesBy(by), customer: NOT_ATTRIBUTED }, columns).join('\n| ');
    assert.equal(text.match(by === 'computer' ? /endswith/g : /startswith/g)?.length, 700);
    const [result] = bindAcross(`Heartbeat\n| ${text}`, plain).results;
    assert.deepEqual(
      result!.rel.columns.map(({ name }) => name),
      ['Computer', '_ResourceId'],
    );
  }
});
