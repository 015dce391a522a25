import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acrossSchema } from '../../../src/kql/across/acrossSchema.ts';
import { ownRowsText } from '../../../src/kql/across/ownRows.ts';
import { bindAcross } from '../../../src/kql/across/planAcross.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';
import { NOT_ATTRIBUTED } from '../../../src/model/sharedWorkspace.ts';
import type { AttributionRule } from '../../../src/model/sharedWorkspace.ts';

const columns = [{ name: '_ResourceId', type: 'string' as const }];
const { plain } = acrossSchema([{ name: 'central', tables: [{ name: 'Heartbeat', columns }] }]);

// Rows of nobody are told by the rules of everybody, and KQL has a limit for how deep a condition is.
test('the resource groups of 300 customers are one condition that can be read', () => {
  const rules = Array.from({ length: 300 }, (_, at): AttributionRule => ({
    by: 'resource',
    value: `/subscriptions/s/resourcegroups/rg-${at}`,
    customer: toCustomerKey(`customer-${at}`),
    origin: 'estate',
  }));
  const text = ownRowsText({ rules, customer: NOT_ATTRIBUTED }, columns).join('\n| ');
  assert.equal(text.match(/startswith/g)?.length, 300);
  const [result] = bindAcross(`Heartbeat\n| ${text}`, plain).results;
  assert.equal(result!.rel.kind, 'filter');
});
