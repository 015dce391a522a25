import assert from 'node:assert/strict';
import { test } from 'node:test';
import { centreIntents } from '../../../src/core/centre/centreIntents.ts';
import type { CentrePlace } from '../../../src/core/centre/centreIntents.ts';
import { wantedFunctions } from '../../../src/azure/kusto/centreTables.ts';
import { storedRows } from '../../../src/core/powerBi/storedRows.ts';
import { namesOf } from '../../../src/engine/lake/lakePaths.ts';
import type { Issuer } from '../../../src/ports/issuer.ts';
import { BEATS, LOAD, SIGN_INS } from './rollups.ts';

const PLACE: CentrePlace = {
  centre: { kind: 'logAnalytics', name: 'soc', tenant: 't', workspace: '/subscriptions/s/resourceGroups/g/x/w' },
  region: 'westeurope',
  owner: 't' as CentrePlace['owner'],
  issuer: { tenant: 't' } as Issuer,
  newId: () => '0',
};

test('stored rows are called as the centre calls them that keeps them', () => {
  for (const { table } of [SIGN_INS, BEATS, LOAD]) {
    assert.equal(storedRows('lake', table), namesOf(table).rows);
    assert.equal(storedRows('dataExplorer', table), wantedFunctions(table)[0]!.name);
    const functions = centreIntents(table, PLACE).filter(({ resource }) => resource === 'savedQuery');
    // The answer of a summary is a function of its own, made of that of the rows.
    assert.equal(functions[0]!.id, `function ${storedRows('logAnalytics', table)}`);
  }
});
