import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planRollup, windowQuery } from '../../../src/kql/rollup/planRollup.ts';
import type { SourceSchema } from '../../../src/kql/scopeSchema.ts';
import type { Column } from '../../../src/model/kqlType.ts';

const columns = (text: string): Column[] =>
  text.split(' ').map((each) => ({ name: each.split(':')[0]!, type: each.split(':')[1] as Column['type'] }));
const EVENT = columns('TimeGenerated:datetime Computer:string EventID:int Level:string');
const SCHEMA: SourceSchema = {
  tables: [
    { name: 'Event', columns: EVENT },
    { name: 'Syslog', columns: columns('TimeGenerated:datetime Computer:string') },
  ],
};
const HOUR = { from: Date.UTC(2026, 0, 2, 3), to: Date.UTC(2026, 0, 2, 4) };
const lines = (text: string | undefined): string => (text ?? '').replaceAll(/\s*\n\s*/g, ' ');

function asked(query: string, target: SourceSchema = SCHEMA): string {
  return lines(windowQuery(planRollup(query, [SCHEMA]), target, HOUR, HOUR.to));
}
function refusal(query: string): string {
  try {
    planRollup(query, [SCHEMA]);
  } catch (error) {
    return (error as Error).message;
  }
  return 'not refused';
}

describe('a roll-up window by window', () => {
  it('asks for what was ingested in the window, and for the time the workspace had', () => {
    assert.equal(
      asked('Event | where EventID == 4625 | project Computer'),
      'let _Asked = () { Event | where ingestion_time() >= datetime(2026-01-02T03:00:00.0000000Z) and ingestion_time() < datetime(2026-01-02T04:00:00.0000000Z) | project Computer, EventID | where EventID == 4625 | project Computer }; union (_Asked()), (print _ReadAt = now())',
    );
  });
  it('asks for a slice of rows that came together, by what they say', () => {
    const plan = planRollup('Event | project Computer, EventID', [SCHEMA]);
    assert.match(
      lines(windowQuery(plan, SCHEMA, { ...HOUR, slice: { of: 4, at: 3 } }, HOUR.to)),
      /\| project Computer, EventID \| where hash\(tostring\(pack_array\(Computer, EventID\)\), 4\) == 3 \}/,
    );
  });
  it('rows as they are make a portion, groups by a time bin a summary whose parts are added in the centre', () => {
    const portion = planRollup('Event | where EventID == 1', [SCHEMA]);
    assert.deepEqual([portion.kind, portion.view], ['portion', undefined]);
    const summary = planRollup(
      'Event | extend Hour = bin(TimeGenerated, 1h) | summarize n = count(), m = avg(EventID) by Hour, Computer',
      [SCHEMA],
    );
    assert.deepEqual([summary.kind, summary.binMinutes], ['summary', 60]);
    assert.deepEqual(
      summary.part.columns.map(({ name }) => name),
      ['Hour', 'Computer', 'n', 'm_sum', 'm_count'],
    );
    assert.match(lines(summary.view), /summarize n = sum\(n\), m = .*by Hour, Computer/);
  });
  it('now() is the end of the window, and stays a call in what the centre is asked', () => {
    const query =
      'Event | where TimeGenerated > ago(1d) | summarize n = count() by Day = startofday(TimeGenerated) | where Day > ago(7d)';
    assert.match(asked(query), /TimeGenerated > datetime\(2026-01-01T04:00:00Z\)/);
    assert.match(planRollup(query, [SCHEMA]).view!, /ago\(7d\)|ago\(7\.00:00:00\)/);
  });
  it('a column that a workspace has not is empty there; one of another type stops that workspace alone', () => {
    const older: SourceSchema = { tables: [{ name: 'Event', columns: EVENT.filter(({ name }) => name !== 'Level') }] };
    assert.match(asked('Event | project Level', older), /project Level = ""/);
    const other: SourceSchema = { tables: [{ name: 'Event', columns: columns('Computer:string Level:int') }] };
    assert.throws(() => asked('Event | project Level', other), { code: 'query.schemaChanged' });
    const majority = planRollup('Event | project Level', [other, SCHEMA, older, SCHEMA]);
    assert.deepEqual(majority.part.columns, [{ name: 'Level', type: 'string' }]);
    assert.equal(windowQuery(majority, { tables: [] }, HOUR, HOUR.to), undefined);
  });
  it('the plan over what was pinned is the same, whatever the workspaces have become', () => {
    const plan = planRollup('Event | project Computer', [SCHEMA]);
    assert.deepEqual(
      plan.pinned.tables.map(({ name }) => name),
      ['Event'],
    );
    assert.equal(
      lines(windowQuery(planRollup('Event | project Computer', [plan.pinned]), SCHEMA, HOUR, 0)),
      asked('Event | project Computer'),
    );
  });
});

describe('stored functions', () => {
  it('are kept with the plan as they are when it is made, and no others', () => {
    const schema: SourceSchema = {
      ...SCHEMA,
      functions: [
        { name: 'Failures', parameters: '', body: 'Known | where EventID == 4625' },
        { name: 'Known', parameters: '', body: 'Event | where isnotempty(Computer)' },
        { name: 'Other', parameters: '', body: 'Syslog' },
      ],
    };
    const { pinned } = planRollup('Failures | project Computer', [schema]);
    assert.deepEqual(
      [pinned.tables, pinned.functions].map((each) => each!.map(({ name }) => name)),
      [['Event'], ['Failures', 'Known']],
    );
    const later = planRollup('Failures | project Computer', [pinned]);
    assert.match(lines(windowQuery(later, SCHEMA, HOUR, HOUR.to)), /EventID == 4625/);
  });
});

describe('what cannot be asked window by window is refused by name, with why', () => {
  const refused: readonly [string, RegExp][] = [
    ['Event | top 5 by TimeGenerated', /take or top cannot be: it chooses among all rows/],
    ['Event | take 5', /take or top cannot be/],
    ['Event | distinct Computer', /distinct cannot be: a value seen in two windows/],
    ['Event | join kind=inner Syslog on Computer', /join cannot be: two rows that belong together/],
    ['Event | sort by TimeGenerated', /sort cannot be: stored rows have no order/],
    ['Event | summarize count() by Computer', /summarize without a time bin cannot be: it would grow for ever/],
    [
      'Event | summarize n = count() by bin(TimeGenerated, 1h) | summarize max(n)',
      /summarize below summarize cannot be: it is whole only/,
    ],
    ['Event | make-series count() on TimeGenerated step 1h', /make-series cannot be: it looks at many rows together/],
    ['Event | extend r = rand()', /rand\(\) and new_guid\(\) cannot be: a window that is read twice/],
    ['Event | where Computer in (Syslog | project Computer)', /reads its tables more than once/],
    ['Event | summarize make_list(Computer) by bin(TimeGenerated, 1h)', /make_list|one of its aggregates cannot/],
    ['Event | summarize n = count() by bin(TimeGenerated, 1h) | top 3 by n', /take or top cannot be/],
    ['Event | extend _RowKey = 1', /_RowKey is one of the roll-up's own/],
    ['Event | extend _rowkey = 1', /_rowkey is one of the roll-up's own/],
    ['Event | extend computer = 1', /its columns Computer and computer differ in case alone/],
    ['union (Event | summarize n = count() by bin(TimeGenerated, 1h)), Syslog', /summarize below union/],
    ['Event | where ingestion_time() > ago(1h)', /it looks at ingestion_time\(\) itself/],
    ["externaldata(a: string) ['https://x/y.csv']", /reads no table|externaldata/],
    [
      "Event | join kind=inner (externaldata(Computer: string) ['https://x/y.csv']) on Computer",
      /externaldata|join cannot/,
    ],
    ['Event | evaluate pivot(Level)', /the columns that pivot makes depend on the data/],
    ['print 1', /reads no table/],
  ];
  for (const [query, reason] of refused)
    it(query, () => {
      assert.match(refusal(query), reason);
    });
});
