import assert from 'node:assert/strict';
import { it } from 'node:test';
import { customerWorld } from '../../../src/core/baseline/customerWorlds.ts';
import { querySettings } from '../../../src/core/baseline/sections/querySettings.ts';
import type { Baseline } from '../../../src/model/baseline.ts';
import { estateOf } from '../runs/world.ts';

const estate = estateOf(1);

function idsOf(baseline: Baseline): readonly string[] {
  const nothing = { machines: new Map(), resources: new Map() };
  const { world } = customerWorld(estate, estate.customers[0]!, baseline, estate.workspaces, nothing);
  return querySettings(world).map(({ intent }) => intent.target.slice(intent.target.lastIndexOf('/') + 1));
}

it('every function and saved query has an id of its own, also where their names have the same words', () => {
  const query = 'Heartbeat';
  const long = 'a name that is as long as nobody would write it, with a part that differs: ';
  const names = [
    'Silent servers?',
    'Silent servers!',
    'beats',
    '東京の全てのサーバーの静かな時間',
    '東京の全てのサーバーの静かな日',
    `${long}1`,
    `${long}2`,
  ];
  const baseline = {
    functions: { Beats: { query } },
    savedQueries: Object.fromEntries(names.map((name) => [name, { query }])),
  };
  const ids = idsOf(baseline);
  assert.equal(new Set(ids.map((id) => id.toLowerCase())).size, 8, ids.join());
  assert.deepEqual(ids.slice(0, 2), ['Beats', 'silent-servers'], 'who is alone, or first, has the plain words');
  assert.deepEqual(idsOf(baseline), ids);
});
