import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toReader } from '../../../src/core/access/toReader.ts';
import { EstateIndex } from '../../../src/core/estate/estateIndex.ts';
import type { ReaderRow } from '../../../src/model/assessment/assessment.ts';
import { toAccountId } from '../../../src/model/ids.ts';
import type { PrincipalName } from '../../../src/ports/microsoftGraph.ts';
import { sampleEstate, tenantOf } from '../estate/sampleEstate.ts';

const local = { id: toAccountId('sp:litware'), label: 'an application', homeTenant: tenantOf(3) };
const estate = { ...sampleEstate(), accounts: [...sampleEstate().accounts, local] };
const [workspace] = estate.workspaces;
const row: ReaderRow = {
  workspace: workspace!.name,
  who: 'id-1',
  principal: 'id-1',
  side: 'customer',
  kind: 'user',
  by: 'role',
  role: 'Reader',
  limit: '',
};
const sideOf = (told: PrincipalName | undefined) =>
  toReader(row, workspace!, {
    names: { find: () => told, why: () => undefined },
    index: EstateIndex.of(estate),
    delegations: { state: 'known', value: [], source: { kind: 'estate' }, at: '', ms: 0, calls: 1 },
    members: { of: () => ({ state: 'notVisible', why: '' }) },
  }).side;

test('whose a person is, is said only where the directory tells it', () => {
  assert.equal(sideOf({ name: 'ada', kind: 'user' }), 'customer');
  assert.equal(sideOf(undefined), 'unknown', 'it may be a guest');
  assert.equal(sideOf({ name: 'kai', kind: 'user', guestOf: 'litware.example' }), 'unknown', 'of another customer');
});
