import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { queryOfRule, toSummaryRule } from '../../../src/kql/rollup/summaryRule.ts';
import type { SourceSchema } from '../../../src/kql/scopeSchema.ts';
import type { Column } from '../../../src/model/kqlType.ts';

const columns = (text: string): Column[] =>
  text.split(' ').map((each) => ({ name: each.split(':')[0]!, type: each.split(':')[1] as Column['type'] }));
const SCHEMA: SourceSchema = {
  tables: [
    { name: 'Event', columns: columns('TimeGenerated:datetime Seen:datetime Computer:string EventID:int') },
    { name: 'Syslog', columns: columns('TimeGenerated:datetime Computer:string') },
  ],
  functions: [{ name: 'Failures', parameters: '', body: 'Event | where EventID == 4625' }],
};
const rule = (query: string) => toSummaryRule(query, [SCHEMA]);
function refusal(query: string): string {
  try {
    rule(query);
  } catch (error) {
    return (error as Error).message;
  }
  return 'not refused';
}

describe('a summary as a summary rule', () => {
  it('is the query as it is, run by the smallest size of which its bins are a part', () => {
    const query =
      'Event | where EventID == 4625 | summarize n = count(), m = avg(EventID) by Hour = bin(TimeGenerated, 1h), Computer';
    const made = rule(query);
    assert.equal(made.query, query);
    assert.equal(made.binMinutes, 60);
    assert.equal(
      queryOfRule(made, 'r', 'Sums_CL'),
      'Sums_CL\n| where _RuleName == "r"\n| project Hour, Computer, n, m\n',
    );
  });
  for (const [bin, minutes] of [
    ['bin(TimeGenerated, 5m)', 20],
    ['bin(TimeGenerated, 15m)', 30],
    ['bin(TimeGenerated, 6h)', 360],
    ['startofday(TimeGenerated)', 1440],
  ] as const)
    it(`${bin}: every ${minutes} minutes`, () => {
      assert.equal(rule(`Event | summarize n = count() by T = ${bin}`).binMinutes, minutes);
    });
  it('columns that the service has itself go by another name, and come back by theirs', () => {
    const made = rule('Event | summarize n = count() by bin(TimeGenerated, 1h)');
    assert.match(made.query, /\| project-rename Of_TimeGenerated = TimeGenerated$/);
    assert.match(queryOfRule(made, 'r', 'Sums_CL'), /\| project TimeGenerated = Of_TimeGenerated, n\n/);
  });
});

describe('what no rule can compute is refused, with why', () => {
  for (const [query, why] of [
    ['Event | project Computer', /rows as they are/],
    ['union Event, Syslog | summarize count() by bin(TimeGenerated, 1h)', /more than one table/],
    ['Failures | summarize count() by bin(TimeGenerated, 1h)', /a function that is stored in workspaces/],
    ['Event | where Seen > ago(1d) | summarize count() by bin(TimeGenerated, 1h)', /asks for now\(\)/],
    ['Event | summarize count() by bin(Seen, 1h)', /not those of TimeGenerated/],
    ['Event | extend TimeGenerated = Seen | summarize count() by bin(TimeGenerated, 1h)', /not those of TimeGenerated/],
    ['Event | summarize count() by bin(TimeGenerated, 7d)', /10080 minutes wide, and of none of 20, 30/],
    ['Event | summarize count() by startofmonth(TimeGenerated)', /of no fixed width/],
    ['Event | summarize count() by bin(TimeGenerated, 1h), _Customer', /names _Customer, _Tenant or _Workspace/],
    ["Event | summarize ['a b'] = count() by bin(TimeGenerated, 1h)", /cannot be called a b/],
  ] as const)
    it(query, () => {
      assert.match(refusal(query), why);
    });
});
