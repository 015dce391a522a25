import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { addressOf } from '../../../src/core/centre/centreAddress.ts';
import { readCentres } from '../../../src/core/centre/readCentres.ts';
import type { Centre } from '../../../src/model/centre.ts';

const TENANT = '11111111-2222-3333-4444-555555555555';
const WORKSPACE = `/subscriptions/${TENANT}/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law-centre`;
const MAIN = { kind: 'logAnalytics', tenant: TENANT, workspace: WORKSPACE };
const ADX = {
  kind: 'dataExplorer',
  tenant: TENANT,
  cluster: 'https://logs.westeurope.kusto.windows.net',
  database: 'Logs',
};
const STATE = { tenant: TENANT, container: 'https://account.blob.core.windows.net/rollups' };

/** The file with its mistakes, each as `line: message`. */
function read(file: unknown): { readonly centres: readonly Centre[]; readonly told: readonly string[] } {
  const { centres, problems } = readCentres(typeof file === 'string' ? file : JSON.stringify(file, undefined, 1));
  return { centres, told: problems.map(({ line, message }) => `${line}: ${message}`) };
}

describe('a file of centres', () => {
  it('names workspaces, databases, and where the state is', () => {
    assert.deepEqual(readCentres(JSON.stringify({ centres: { main: MAIN, adx: ADX }, state: STATE })), {
      centres: [
        { name: 'main', ...MAIN },
        { name: 'adx', ...ADX, ingestion: 'queued' },
      ],
      state: STATE,
      problems: [],
    });
  });
  it('has its mistakes told where they stand, and the rest of it counts', () => {
    const { centres, told } = read({ centres: { bad: { ...MAIN, tenant: 'contoso.com' }, main: MAIN }, other: 1 });
    assert.deepEqual(
      centres.map(({ name }) => name),
      ['main'],
    );
    assert.deepEqual(told, [
      '14: "other" is not known here; use $schema, centres, state.',
      '5: A tenant is its ID (a guid): whose token writes and reads.',
    ]);
    assert.match(read('{"centres": {').told[0]!, /^1: The file ends/);
    assert.deepEqual(read('[]').centres, []);
  });
  for (const [what, centre, message] of [
    ['a kind nobody knows', { ...MAIN, kind: 'ftp' }, /kind is logAnalytics or dataExplorer, not "ftp"/],
    ['a field of another kind', { ...MAIN, cluster: ADX.cluster }, /"cluster" is not known here/],
    [
      'an id of something else',
      { ...MAIN, workspace: WORKSPACE.replace('OperationalInsights', 'Compute') },
      /resource ID/,
    ],
    ['an address in the clear', { ...ADX, cluster: 'http://logs.kusto.windows.net' }, /https address/],
    ['an address with a path', { ...ADX, cluster: `${ADX.cluster}/x` }, /https address/],
    [
      'an address with a name before @',
      { ...ADX, cluster: 'https://a.kusto.windows.net@evil.example' },
      /https address/,
    ],
    // URLs take a backslash for a slash: the host would be evil.example.
    ['an address with a backslash', { ...ADX, cluster: 'https://evil.example\\.kusto.windows.net' }, /https address/],
    ['a database with quotation marks', { ...ADX, database: "x'] | y" }, /letters, digits/],
    ['something that is no object', 'law', /An object is expected/],
  ] as const)
    it(`refuses ${what}`, () => {
      const { centres, told } = read({ centres: { one: centre } });
      assert.deepEqual(centres, []);
      assert.match(told.join('\n'), message);
    });
  it('refuses names that stand for something else, and a container with a signature', () => {
    for (const name of ['lake', 'Lake', 'state', 'a b', '../x', ''])
      assert.deepEqual(read({ centres: { [name]: MAIN } }).centres, [], name);
    assert.deepEqual(
      readCentres(JSON.stringify({ state: { ...STATE, container: `${STATE.container}?sig=x` } })).state,
      undefined,
    );
  });
  it('has a schema that knows the same fields', () => {
    const schema = JSON.parse(readFileSync(new URL('../../../media/centres.schema.json', import.meta.url), 'utf8')) as {
      properties: {
        centres: {
          propertyNames: { pattern: string };
          additionalProperties: { oneOf: { properties: Record<string, { pattern?: string; enum?: string[] }> }[] };
        };
        state: { properties: Record<string, { pattern?: string }> };
      };
    };
    const [logs, kusto] = schema.properties.centres.additionalProperties.oneOf;
    assert.deepEqual(Object.keys(logs!.properties), Object.keys(MAIN));
    assert.deepEqual(Object.keys(kusto!.properties), [...Object.keys(ADX), 'ingestion']);
    assert.deepEqual(Object.keys(schema.properties.state.properties), Object.keys(STATE));
    for (const [pattern, good, bad] of [
      [logs!.properties['workspace']!.pattern, WORKSPACE, `${WORKSPACE}/x`],
      [kusto!.properties['cluster']!.pattern, ADX.cluster, 'https://a\\b'],
      [schema.properties.state.properties['container']!.pattern, STATE.container, `${STATE.container}?sig=x`],
      [schema.properties.centres.propertyNames.pattern, 'main', 'LAKE'],
    ])
      assert.deepEqual([new RegExp(pattern!).test(good!), new RegExp(pattern!).test(bad!)], [true, false], pattern);
  });
});

describe('the address of a centre', () => {
  const [adx] = readCentres(JSON.stringify({ centres: { adx: ADX } })).centres as [Centre & { kind: 'dataExplorer' }];
  it('is the same however Azure would take it for the same, and another one for another', () => {
    const main = { name: 'main', ...MAIN } as Centre;
    assert.equal(addressOf({ ...main, workspace: WORKSPACE.toUpperCase() } as Centre), addressOf(main));
    const all = [
      main,
      adx,
      STATE,
      { ...adx, database: 'logs' },
      { ...adx, tenant: TENANT.replace('1', '2') },
      { ...adx, cluster: 'https://other.kusto.windows.net' },
    ].map(addressOf);
    assert.equal(new Set(all).size, all.length);
  });
});
