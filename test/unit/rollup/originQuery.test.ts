import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newRollupFile, rollupNameOf } from '../../../src/kql/queryFiles/newRollupFile.ts';
import { readRollupFile } from '../../../src/kql/queryFiles/rollupFile.ts';
import { SETTINGS } from '../../../src/kql/queryFiles/rollupSettings.ts';
import { SETTING_WORDS } from '../../../src/kql/queryFiles/rollupSettingWords.ts';
import { originQuery } from '../../../src/kql/rollup/originQuery.ts';
import type { SourceSchema } from '../../../src/kql/scopeSchema.ts';

const SCHEMA: SourceSchema = {
  tables: [
    {
      name: 'Event',
      columns: [
        { name: 'TimeGenerated', type: 'datetime' },
        { name: 'Computer', type: 'string' },
        { name: 'EventID', type: 'int' },
        { name: 'Level', type: 'string' },
      ],
    },
  ],
};
const HOUR = { from: Date.UTC(2026, 0, 2, 3), to: Date.UTC(2026, 0, 2, 4) };
const WINDOW =
  'Event | where ingestion_time() >= datetime(2026-01-02T03:00:00.0000000Z) and ingestion_time() < datetime(2026-01-02T04:00:00.0000000Z)';
const origin = (query: string): string => originQuery(query, SCHEMA, HOUR).replaceAll(/\s*\n\s*/g, ' ');

describe('the rows behind a stored row', () => {
  it('of a portion are what it stores of the window', () => {
    assert.equal(
      origin('Event | where EventID == 4625 | project Computer'),
      `${WINDOW} | where EventID == 4625 | project Computer`,
    );
  });
  it('of a summary are the rows that it groups, whole', () => {
    assert.equal(
      origin('Event | where EventID == 4625 | summarize n = count() by bin(TimeGenerated, 1h), Computer'),
      `${WINDOW} | where EventID == 4625`,
    );
  });
  it('now() is the end of the window, as it was when it was read', () => {
    assert.match(
      origin('Event | where TimeGenerated > ago(1d)'),
      /TimeGenerated > .*(?:2026-01-02T04:00:00|2026-01-01T04:00:00)/,
    );
  });
});

describe('a new roll-up’s file', () => {
  it('says its settings above the query, each once, and leaves the rest of it alone', async () => {
    const text = newRollupFile('// Beats by hour\r\n// @scope all\r\n// @owner me\r\nHeartbeat\r\n', {
      name: 'Beats',
      window: '1h',
      scope: 'customer:contoso',
    });
    assert.equal(
      text,
      '// @name Beats\n// @window 1h\n// @scope customer:contoso\n// Beats by hour\n// @owner me\nHeartbeat\n',
    );
    const { definition, problems } = await readRollupFile('Beats.kql', text);
    assert.deepEqual([problems, definition?.owner, definition?.windowMinutes], [[], 'me', 60]);
  });
  it('has a name that every centre takes, whatever the query is called', () => {
    const names = ['Failed sign-ins by country', '2026 – été', '…', 'x'.repeat(99)].map(rollupNameOf);
    assert.deepEqual([names[0], names[2]], ['FailedSignInsByCountry', 'Rollup']);
    for (const name of names) assert.match(name, /^[A-Za-z][A-Za-z0-9_]{0,44}$/);
  });
  it('every value that is offered for a setting is one that is taken', async () => {
    for (const setting of SETTINGS)
      for (const value of SETTING_WORDS[setting].values) {
        const { problems } = await readRollupFile('A.kql', `// @${setting} ${value}\nHeartbeat`);
        assert.deepEqual(problems, [], `${setting} ${value}`);
      }
  });
});
