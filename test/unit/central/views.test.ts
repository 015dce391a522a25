import assert from 'node:assert/strict';
import { test } from 'node:test';
import { viewsOf } from '../../../src/core/central/views.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';

test('no two customers have a view of one name: a plan for one would take the place of the other', () => {
  const table = { name: 'Heartbeat', columns: [{ name: 'Computer', type: 'string' as const }] };
  const nameOf = (key: string): string => {
    const customer = toCustomerKey(key);
    const rule = { by: 'computer', value: 'x.example', customer, origin: 'file' } as const;
    return viewsOf([rule], { key: customer, name: key }, [table]).bodies[0]!.name;
  };
  assert.deepEqual(['coho', 'fourth-coffee', 'fourth_coffee', '3m', '日本', '中国', "o'hara"].map(nameOf), [
    'coho_Heartbeat',
    'fourth_coffee_Heartbeat',
    'fourth__coffee_Heartbeat',
    '_3m_Heartbeat',
    '_u65e5__u672c__Heartbeat',
    '_u4e2d__u56fd__Heartbeat',
    'o_u27_hara_Heartbeat',
  ]);
});
