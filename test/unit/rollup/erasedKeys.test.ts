import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownAs } from '../../../src/cli/commands/rollupCustomer.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';

const eu = toCustomerKey('contoso-eu');
const us = toCustomerKey('contoso-us');
const other = toCustomerKey('other');
const stored = (customer: typeof eu, customerName: string, ...formerly: (typeof eu)[]) => ({
  customer,
  customerName,
  formerly,
});

test('two customers of one name: the rows of the other one stay, and it is named by its key', () => {
  const contoso = { key: eu, name: 'Contoso' };
  assert.deepEqual(knownAs(contoso, [stored(us, 'contoso'), stored(eu, 'Contoso')]), {
    isKnown: true,
    namesakes: [us],
  });
  assert.deepEqual(knownAs(contoso, [stored(us, 'Contoso')]), { isKnown: false, namesakes: [us] });
});

test('a workspace that has become the customer of another is erased under the old key, not as the new owner', () => {
  const known = knownAs({ key: eu, name: 'Contoso' }, [stored(other, 'Other Ltd', eu)]);
  assert.deepEqual(known, { isKnown: true, namesakes: [] });
});
