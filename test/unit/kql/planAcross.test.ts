import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { acrossSchema } from '../../../src/kql/across/acrossSchema.ts';
import { isAsked } from '../../../src/kql/across/isAsked.ts';
import { planAcross } from '../../../src/kql/across/planAcross.ts';
import { remoteQuery } from '../../../src/kql/across/remoteQuery.ts';
import type { SourceSchema } from '../../../src/kql/scopeSchema.ts';
import type { Column } from '../../../src/model/kqlType.ts';
import { ticksOfMs } from '../../../src/model/values/ticks.ts';

const NOW = ticksOfMs(Date.UTC(2026, 0, 2));
const columns = (text: string): Column[] =>
  text.split(' ').map((each) => ({ name: each.split(':')[0]!, type: each.split(':')[1] as Column['type'] }));
const EVENTS = columns('TimeGenerated:datetime Computer:string EventID:int Level:string');
const full: SourceSchema = { tables: [{ name: 'Event', columns: EVENTS }] };
const older: SourceSchema = {
  tables: [{ name: 'Event', columns: columns('TimeGenerated:datetime Computer:string EventID:long') }],
};
const other: SourceSchema = {
  tables: [{ name: 'Syslog', columns: columns('TimeGenerated:datetime Facility:string') }],
};

/** What the targets are sent and what is done with it, as texts. */
function planned(
  query: string,
  { targets = [full], confidential = [] as readonly string[] } = {},
): { readonly sent: (string | undefined)[]; readonly local: string; readonly asks: string[] } {
  const schema = acrossSchema(targets);
  const isConfidential = (text: string): boolean => confidential.some((name) => text.includes(name));
  const plan = planAcross(query, schema, { now: NOW, isConfidential });
  return {
    sent: plan.parts.flatMap((part) => targets.map((target) => remoteQuery(part, target, schema, NOW))),
    local: plan.local ?? '',
    asks: ['Contoso', 'Fabrikam'].filter((name) =>
      plan.parts.some((part) => isAsked(part, { _Customer: name, _Tenant: 't', _Workspace: 'w' })),
    ),
  };
}
const lines = (text: string | undefined): string => (text ?? '').replaceAll(/\s*\n\s*/g, ' ');

describe('what is sent, and what is done here', () => {
  it('rows that are only filtered and shaped come as they are', () => {
    const { sent, local } = planned('Event | where EventID == 4625 | project Computer');
    assert.equal(lines(sent[0]), 'Event | project Computer, EventID | where EventID == 4625 | project Computer');
    assert.equal(local, '');
  });
  it('groups are counted there and added here', () => {
    const { sent, local } = planned('Event | summarize n = count() by Computer');
    assert.equal(lines(sent[0]), 'Event | project Computer | summarize n = count() by Computer');
    assert.match(lines(local), /summarize n = sum\(n\) by Computer/);
  });
  it('distinct values travel, and are counted here', () => {
    const { sent, local } = planned('Event | summarize dcount(Computer)');
    assert.match(lines(sent[0]), /summarize by dcount_Computer_value = Computer|by dcount_Computer_value = Computer/);
    assert.match(lines(local), /count_distinct\(dcount_Computer_value\)/);
  });
  it('the first rows of each are the candidates for the first of all', () => {
    const { sent, local } = planned('Event | top 5 by TimeGenerated');
    assert.match(lines(sent[0]), /top 5 by TimeGenerated/);
    assert.match(lines(local), /top 5 by TimeGenerated/);
  });
  it('a join collects no more columns than it needs', () => {
    const { sent } = planned(
      'Event | join kind=inner (Event | project Computer, Level) on Computer | summarize count() by Level1',
    );
    assert.deepEqual(sent.map(lines), ['Event | project Computer', 'Event | project Computer, Level']);
  });
  it('the first column of a table is its own, not whose it is', () => {
    const names = { name: 'Names', columns: columns('Computer:string Owner:string') };
    const { sent, local } = planned('Event | where Computer in (Names) | count', {
      targets: [{ tables: [...full.tables, names] }],
    });
    assert.deepEqual(sent.map(lines), ['Event | project Computer', 'Names | project Computer']);
    assert.match(lines(local), /Computer in \(part2 \| project Computer\)/);
  });
  it('now() and ago() are one instant', () => {
    const { sent } = planned('Event | where TimeGenerated between (ago(1h) .. now()) | project Computer');
    assert.doesNotMatch(sent[0]!, /now\(|ago\(/);
    assert.match(sent[0]!, /datetime\(2026-01-0[12]/);
  });
  it('comments do not leave', () => {
    const { sent, local } = planned('Event // for Fabrikam\n| summarize count() // secret');
    assert.doesNotMatch(`${sent[0]}${local}`, /Fabrikam|secret|\/\//);
  });
});

describe('what reads no table', () => {
  it('is answered here, once, and sent to nobody', () => {
    const { sent, local } = planned('range x from 1 to 3 step 1 | extend at = now()');
    assert.deepEqual(sent, []);
    assert.match(lines(local), /^range x .* datetime\(2026-01-02/);
  });
});

describe('targets of different shapes', () => {
  it('a column that a target lacks is null there, one of another type is a column of its own', () => {
    const { sent } = planned('Event | summarize count() by Level, EventID_long', { targets: [full, older] });
    assert.match(lines(sent[0]), /Event \| project EventID_long = long\(null\), Level/);
    assert.match(lines(sent[1]), /Event \| project EventID_long = EventID, Level = ""/);
  });
  it('a target without the table is not asked', () => {
    const { sent } = planned('Event | count', { targets: [full, other] });
    assert.equal(sent[1], undefined);
  });
  it('in a union it has no rows', () => {
    const { sent } = planned('union Event, Syslog | summarize count() by Facility', { targets: [full, other] });
    assert.match(lines(sent[0]), /datatable\(Facility: ?string\) ?\[\]/);
  });
  it('a function that differs is not planned', () => {
    const f = (body: string): SourceSchema => ({ ...full, functions: [{ name: 'F', parameters: '', body }] });
    assert.throws(() => planned('F() | count', { targets: [f('Event'), f('Event | take 1')] }), /F is not the same/);
  });
});

describe('what names a customer stays here', () => {
  const confidential = ['Fabrikam'];
  it('a filter by customer leaves targets out and is sent to nobody', () => {
    const { sent, asks } = planned('Event | where _Customer == "Fabrikam" | summarize count() by Computer', {
      confidential,
    });
    assert.doesNotMatch(sent[0]!, /Fabrikam/);
    assert.deepEqual(asks, ['Fabrikam']);
  });
  it('a filter that holds the name of one is looked at here', () => {
    const { sent, local } = planned('Event | where EventID == 1 and Computer has "Fabrikam" | project Computer', {
      confidential,
    });
    assert.equal(lines(sent[0]), 'Event | project Computer, EventID | where EventID == 1 | project Computer');
    assert.match(local, /has "Fabrikam"/);
  });
  for (const query of [
    'Event | extend Fabrikam = EventID | summarize count() by Fabrikam',
    'let names = dynamic(["x", "Fabrikam"]); Event | where Computer in (names) | count',
    'Event | join kind=inner (datatable(Computer: string)["Fabrikam-1"]) on Computer | count',
    'Event | summarize countif(Computer has "Fabrikam") by Level',
    'Event | where Computer in ((datatable(c: string)["Fabrikam"])) | count',
    'Event | parse Computer with "Fabrikam" rest | summarize count() by rest',
    'Event | extend x = "Fabrikam" | distinct x',
    'Event | extend Fabrikam = EventID | where Fabrikam > 3',
    'Event | project-rename Fabrikam = EventID',
    'let Fabrikam = 5; Event | where EventID == Fabrikam',
    'Event | as Fabrikam | union (Fabrikam | where EventID == 3) | count',
    'union withsource=Fabrikam Event, (Event | where EventID == 1)',
    'let Fabrikam = Event | where EventID == 3; union withsource=S Fabrikam, Event | summarize count() by S',
    'union (Event | extend Fabrikam = 1), (Event | where EventID == 1)',
    'Event | summarize Fabrikam = avg(EventID), (Fabrikam2, y) = arg_max(EventID, Computer) by Fabrikam1 = Level',
    'Event | make-series Fabrikam = count() on TimeGenerated from ago(1d) to now() step 1h',
    'Event | mv-expand Fabrikam = parse_json(Level) | count',
    'Event | where parse_json(Level).Fabrikam == 1 | count',
    'Event | where Computer matches regex "Fabrikam[0-9]" | count',
    'Event | parse Level with Fabrikam "." rest | summarize count() by rest',
    'Event | top 3 by iff(Computer == "Fabrikam", 1, 0)',
    'Event | render timechart with (title="Fabrikam")',
    'search in (Event) "Fabrikam" | count',
  ])
    it(`nor by ${query}`, () => {
      assert.doesNotMatch(planned(query, { confidential }).sent.join('\n'), /Fabrikam/);
    });
});

describe('names of columns that only some have', () => {
  const ticket: SourceSchema = {
    tables: [{ name: 'Event', columns: [...EVENTS, ...columns('FabrikamTicket:string')] }],
  };
  const confidential = ['Fabrikam'];
  for (const query of ['Event', 'Event | summarize count() by FabrikamTicket', 'Event | summarize arg_max(EventID, *)'])
    it(`are read only where they are: ${query}`, () => {
      const { sent, local } = planned(query, { targets: [ticket, full], confidential });
      assert.match(lines(sent[0]), /column = FabrikamTicket/);
      assert.match(lines(sent[1]), /column = ""/);
      assert.doesNotMatch(sent[1]!, /Fabrikam/);
      assert.match(local, /FabrikamTicket = column|by FabrikamTicket/);
    });
  it('are sent as they are where everybody has them, or where they tell nothing', () => {
    const all = planned('Event | summarize count() by FabrikamTicket', { targets: [ticket, ticket], confidential });
    assert.doesNotMatch(lines(all.sent[0]), /= FabrikamTicket\b.*project/);
    const plain = planned('Event | summarize count() by FabrikamTicket', { targets: [ticket, full] });
    assert.match(lines(plain.sent[1]), /FabrikamTicket = ""/);
  });
});

test('ingestion_time() in the body of a stored function is asked of each workspace', () => {
  const columns = [{ name: 'n', type: 'long' }] as const;
  const functions = [{ name: 'Fresh', parameters: '()', body: '{ T | where ingestion_time() > ago(1h) }' }];
  const source: SourceSchema = { name: 'w', tables: [{ name: 'T', columns }], functions };
  const { parts } = planAcross('Fresh | count', acrossSchema([source]), { now: 638_000_000_000_000_000n });
  assert.deepEqual([...parts[0]!.hidden!.get('T')!], [['ingestion_time', '$IngestionTime']]);
});

describe('what is not planned is refused with the reason', () => {
  for (const [query, reason] of [
    ['Event | project ingestion_time()', /ingestion_time\(\) as a column without a name/],
    ['Event | where ingestion_time() > ago(1h) | distinct *', /ingestion_time\(\) beside what looks at all columns/],
    ['Event | fork (count) (take 1)', /several results/],
    ['let p = Event | project p = parse_json(Level) | evaluate bag_unpack(p); p | count', /depend on the data/],
    [
      'Event | where Computer in ((_GetWatchlist("x") | project SearchKey)) | count',
      /watchlist is each workspace’s own/,
    ],
  ] as const)
    it(query, () => {
      assert.throws(() => planned(query), reason);
    });
});
