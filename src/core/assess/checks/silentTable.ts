import { kqlTable } from '../look/kql.ts';
import { overOwn } from '../look/overWorkspaces.ts';
import { DAY, rhythms } from '../look/volumes.ts';
import type { TableRhythm } from '../look/volumes.ts';
import { count, list, minute } from '../look/words.ts';
import type { Check, Found } from './check.ts';
import { known } from './check.ts';

const LEAST_DAYS = 7;
const LEAST_SHARE = 0.8;

/** A table that used to receive rows every day receives none any more. */
export const silentTable: Check = {
  id: 'silentTable',
  title: 'Every table that receives rows every day still does',
  severity: 'critical',
  rule:
    'A table had data on 80 % or more of the full days (at least 7) between its first day of the last 30 and its last row, which is older ' +
    'than 24 hours, while the workspace received something within them. Where the whole workspace received nothing: one finding, critical.',
  why: 'A source that stops without a word leaves a hole that nobody sees before the logs are needed. Alerts on it never fire.',
  remedy:
    'Look at what feeds the table: the agents and their collection rule, the diagnostic setting, the connector or its credentials.',
  facts: ['usage'],
  judge(customer) {
    const now = Date.parse(customer.at);
    return overOwn(customer, 'usage', (facts, subject, unknown) => {
      const usage = known(facts.usage, 'usage', subject, unknown);
      if (!usage) return;
      const all = rhythms(usage);
      const silent = all.filter((rhythm) => isSteady(rhythm) && now - rhythm.last > DAY);
      if (silent.length === 0) return;
      const { name, key } = facts.workspace;
      const newest = all.reduce((most, { last }) => Math.max(most, last), 0);
      if (now - newest > DAY)
        return {
          severity: 'critical',
          subject,
          title: `${name} received nothing for ${ago(now - newest)}, in none of ${count(all.length, 'table')}`,
          evidence: [
            {
              text: `The last row of all came ${minute(new Date(newest).toISOString())}; ${list(silent.map(({ table }) => table))} had data nearly every day before`,
              measured: facts.usage,
            },
          ],
          actions: [{ kind: 'openQuery', workspace: key, query: VOLUMES, timespan: 'P30D' }],
          message: `Your workspace ${name} has received no logs for ${ago(now - newest)}. Was something changed at its sources?`,
        };
      return silent.map((rhythm): Found => ({
        severity: 'high',
        subject: { kind: 'table', name: `${rhythm.table} in ${name}`, workspace: key },
        title: `${rhythm.table} in ${name} has been silent for ${ago(now - rhythm.last)}`,
        evidence: [
          {
            text: `Data on ${rhythm.withData} of the ${count(rhythm.fullDays, 'full day')} before; last row ${minute(new Date(rhythm.last).toISOString())}`,
            measured: facts.usage,
          },
        ],
        actions: [
          {
            kind: 'openQuery',
            workspace: key,
            query: `${kqlTable(rhythm.table)}\n| summarize Rows = count() by Day = bin(TimeGenerated, 1d)\n| order by Day desc`,
            timespan: 'P31D',
          },
        ],
        message: `The table ${rhythm.table} of your workspace ${name} has received nothing for ${ago(now - rhythm.last)}, though it did nearly every day before. Was something changed at its source?`,
      }));
    });
  },
};

const VOLUMES = `Usage
| summarize GB = sum(Quantity) / 1000 by Day = bin(StartTime, 1d), DataType
| order by Day desc`;

/** Whether a table had data on nearly every day, so that its silence means something. */
export function isSteady({ fullDays, withData }: TableRhythm): boolean {
  return fullDays >= LEAST_DAYS && withData >= LEAST_SHARE * fullDays;
}

function ago(ms: number): string {
  const hours = Math.floor(ms / 3_600_000);
  return hours < 72 ? count(hours, 'hour') : count(Math.floor(hours / 24), 'day');
}
