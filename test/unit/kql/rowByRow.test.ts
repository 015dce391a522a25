import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import azureTables from '../../../src/kql/across/azureTables.json' with { type: 'json' };
import { analyzeQuery } from '../../../src/kql/analyze.ts';
import { referenceTableNames } from '../../../src/emulator/world/tableReference.ts';

const ROW_BY_ROW = [
  'Event',
  "['Event']",
  'Event | where EventID > 1 | extend y = EventID * 2 | project y, Computer',
  'Event | mv-expand todynamic(EventData)',
  'union Event, Heartbeat',
  'union (Event | where EventID > 1), (Heartbeat | project-away Computer)',
  'union withsource=T * | project-away TenantId',
  'Event | union Heartbeat | render table',
  'let n = 5; Event | where EventID > n',
  'let recent = Event | where TimeGenerated > ago(1h); recent | project Computer',
  'let these = dynamic(["a", "b"]); Event | where Computer in (these)',
  'let a = materialize(Event | where EventID > 1); union a, Heartbeat',
  'Event | where Computer in ("a", "b") and Level in (Low, High) and Computer has_any ("x", "y")',
  'Event | parse Computer with * "=" v | as Parsed',
  'Event | extend r = rand()',
  'search "error"',
  'Event | search "error"',
];

/** Each looks at several rows together, or nobody can tell before the tables are known. */
const UNTOLD = [
  'Event | summarize count() by Computer',
  'Event | count',
  'Event | sort by TimeGenerated | extend p = prev(EventID)',
  'Event | extend p = prev(EventID)',
  'Event | join (Heartbeat) on Computer',
  'Event | mv-apply d = todynamic(EventData) on (top 1 by tolong(d))',
  'Event | where EventID > toscalar(Event | summarize max(EventID))',
  'let m = toscalar(Event | count); Event | where EventID > m',
  'let m = toscalar(Event | count); let n = m; Event | where EventID > n',
  'Event | where Computer in ((Heartbeat | project Computer))',
  'Event | where Computer in (Heartbeat)',
  'let b = Heartbeat; Event | where Computer in (b)',
  'let n = 5; let n = toscalar(Event | count); Event | where EventID > n',
  'let Event = Event | count; Event',
  'let v = view () { Event | count }; union *',
  'let f = (m: long) { Event | where EventID > m }; f(3)',
  'union (Event | take 1), Heartbeat',
  'union Event, (print x = 1)',
  'Event | where Computer has_any ((Heartbeat | project Computer))',
  'Event | extend d = current_database()',
  'workspace("x").Event',
  'table("Event")',
  'print 1',
  'datatable(a: long)[1]',
  'Event; Heartbeat',
  'declare query_parameters(n: long = 5); Event | where EventID > n',
  '',
  'let x = 1;',
  'Event |',
  'Event | wher x',
  '| take 5',
];

describe('rows that surely are the answer over all workspaces, one under the other', () => {
  for (const query of ROW_BY_ROW) it(query, () => assert.equal(analyzeQuery(query).rowByRow, true));
});

describe('what a plan over the tables has to tell', () => {
  for (const query of UNTOLD)
    it(query || '(no query)', () => {
      assert.equal(analyzeQuery(query).rowByRow, false);
    });

  it('a name that Azure gives to no table may be a stored function, which is called like one', () => {
    assert.equal(analyzeQuery('Totals').rowByRow, false);
    assert.equal(analyzeQuery('union Event, Totals').rowByRow, false);
    assert.equal(analyzeQuery('let totals = Totals; totals | where n > 1').rowByRow, false);
  });
  it('Azure’s tables are those of its reference', () => {
    assert.deepEqual(azureTables, referenceTableNames());
  });
});
