import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { offsetInFile, positionOf } from '../../../src/kql/queryFiles/places.ts';
import { readRollupFile } from '../../../src/kql/queryFiles/rollupFile.ts';
import { SETTINGS } from '../../../src/kql/queryFiles/rollupSettings.ts';
import { ROOT } from '../../../scripts/tools.mjs';

const COMMENT = `// @name SignInsDaily
// @description Who failed,
// @description and how often.
// @scope group:gold except customer:contoso
// @window 6h
// @lateness 15m
// @recheck 24h
// @schedule every 1h
// @sink lake, centre
// @limit 200,000 rows
// @owner soc@example.com
// @since 2026-01-31
SigninLogs // of everybody
| summarize n = count() by bin(TimeGenerated, 1d)
`;
const YAML = `name: SignInsDaily
description: Who failed, and how often.
scope: group:gold except customer:contoso
window: 6h
lateness: 15m
recheck: 24h
schedule: every 1h
sinks: [lake, centre]
limits:
  rows: 200000
owner: soc@example.com
since: "2026-01-31"
query: |
  SigninLogs
  | summarize n = count() by bin(TimeGenerated, 1d)
`;

const saysWhere = async (path: string, text: string): Promise<string[]> =>
  (await readRollupFile(path, text)).problems.map(({ message, start }) => {
    const { line, column } = positionOf(text, start);
    return `${line}:${column} ${message}`;
  });

describe('the file of a roll-up', () => {
  it('says the same in comment lines of KQL and in YAML', async () => {
    const kql = await readRollupFile('x.kql', COMMENT);
    const yaml = await readRollupFile('x.yaml', YAML);
    assert.deepEqual([...kql.problems, ...yaml.problems], []);
    const { query, ...rest } = kql.definition!;
    assert.deepEqual(rest, {
      name: 'SignInsDaily',
      description: 'Who failed, and how often.',
      scope: {
        include: [{ kind: 'group', value: 'gold' }],
        except: [{ kind: 'customer', value: 'contoso' }],
      },
      windowMinutes: 360,
      latenessMinutes: 15,
      recheckMinutes: 1440,
      everyMinutes: 60,
      sinks: ['lake', 'centre'],
      limits: { rows: 200_000 },
      owner: 'soc@example.com',
      since: Date.UTC(2026, 0, 31),
    });
    assert.doesNotMatch(query, /everybody|soc@|\/\//, 'nothing of the comments is sent');
    const { query: same, ...others } = yaml.definition!;
    assert.deepEqual(others, rest);
    assert.equal(offsetInFile(yaml.segments, same.indexOf('| summarize')), YAML.indexOf('| summarize'));
  });
  it('needs no more than a query', async () => {
    const { definition } = await readRollupFile('.tenantscope/rollups/Beats.kql', 'Heartbeat');
    assert.deepEqual(definition, {
      name: 'Beats',
      query: 'Heartbeat',
      scope: { include: 'all', except: [] },
      windowMinutes: 60,
      latenessMinutes: 10,
      everyMinutes: 60,
      sinks: ['lake'],
      limits: { rows: 1_000_000 },
    });
  });
  it('has a schema for editors of YAML with the settings that are read, and no others', () => {
    const { properties } = JSON.parse(readFileSync(join(ROOT, 'media/rollup.schema.json'), 'utf8')) as {
      readonly properties: Readonly<Record<string, unknown>>;
    };
    assert.deepEqual(Object.keys(properties).sort(), [...SETTINGS, 'limits', 'query'].sort());
    const { contributes } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      readonly contributes: { readonly yamlValidation: readonly { readonly url: string }[] };
    };
    assert.equal(contributes.yamlValidation[0]!.url, './media/rollup.schema.json');
  });
  it('tells each mistake at its place, and then means nothing', async () => {
    const text = '// @window 7h\n// @lateness soon\n// @wondow 1h\n// @limit many\n// @scope gold\n// @window 1h\nT';
    assert.deepEqual(await saysWhere('T.kql', text), [
      '3:5 A roll-up has no setting "wondow"; there are name, description, scope, window, lateness, recheck, schedule, sinks, limit, owner, key, since.',
      '6:12 "window" is said twice.',
      '1:12 A window is a part of a day, from 5m to 1d, of which a day is whole ones: 5m, 15m, 1h, 6h.',
      '2:14 Lateness is how long after its end a window is read, 0m to 2d: 10m.',
      '4:11 A limit is a number of rows of one window: "200000 rows".',
      '5:11 "gold" needs to say what it is: customer:gold, group:gold, tenant:, workspace:, tag: or region:.',
    ]);
    assert.equal((await readRollupFile('T.kql', text)).definition, undefined);
    assert.deepEqual(await saysWhere('T.yaml', 'window: 1h\nevry: 1h\nquery: [a]\n'), [
      '2:7 A roll-up has no setting "evry"; there are name, description, scope, window, lateness, recheck, schedule, sinks, limit, owner, key, since.',
      '1:1 There is no query.',
    ]);
    assert.deepEqual(await saysWhere('two words.kql', '// nothing'), [
      '1:1 "two words" is no name of a roll-up: a letter, then letters, digits and _, at most 45 of them.',
      '1:1 There is no query.',
    ]);
  });
});
