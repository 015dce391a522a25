import { kqlTables } from '../look/kql.ts';
import { overOwn } from '../look/overWorkspaces.ts';
import { tablesWithData } from '../look/volumes.ts';
import { count, list } from '../look/words.ts';
import type { Check } from './check.ts';
import { known } from './check.ts';

/** Tables that only the retired Data Collector API fills. */
export const classicTables: Check = {
  id: 'classicTables',
  title: 'No table depends on the retired Data Collector API',
  severity: 'high',
  rule: 'A workspace of the customer has tables of the Data Collector API (tableSubType Classic): high with data in the last 30 days, else low.',
  why: "Its retirement was announced for 14 September 2026, and it signs in with the workspace's key. Its tables take no transformation and no other plan.",
  remedy:
    'Migrate each table to the Logs Ingestion API with a collection rule, move what sends to it, and delete those that nothing fills.',
  facts: ['tables', 'usage'],
  judge(customer) {
    return overOwn(customer, 'tables', (facts, subject, unknown) => {
      const tables = known(facts.tables, 'tables', subject, unknown);
      const classic =
        tables
          ?.filter((table) => table.classic)
          .map(({ name }) => name)
          .sort() ?? [];
      if (tables && classic.length === 0) return;
      const usage = known(facts.usage, 'usage', subject, unknown);
      if (!tables || !usage) return;
      const used = new Set(tablesWithData(usage));
      const filled = classic.filter((name) => used.has(name));
      return {
        severity: filled.length > 0 ? 'high' : 'low',
        subject,
        title:
          filled.length > 0
            ? `${count(filled.length, 'table')} of ${subject.name} ${filled.length === 1 ? 'is' : 'are'} still filled by the retired Data Collector API`
            : `${count(classic.length, 'table')} of the retired Data Collector API ${classic.length === 1 ? 'is' : 'are'} left in ${subject.name}, without data`,
        evidence: [
          { text: `Classic tables: ${list(classic, 10)}`, measured: facts.tables },
          { text: filled.length > 0 ? `With data: ${list(filled, 10)}` : 'No data in 30 days', measured: facts.usage },
        ],
        actions: [
          {
            kind: 'openQuery',
            workspace: facts.workspace.key,
            query: `union withsource = Table ${kqlTables(filled.length > 0 ? filled : classic)}\n| summarize Rows = count(), Last = max(TimeGenerated) by Table\n| order by Rows desc`,
            timespan: 'P30D',
          },
        ],
        ...(filled.length > 0
          ? {
              message: `Programs of yours still write into ${list(filled, 10)} of your workspace ${subject.name} through the Data Collector API, which Microsoft retires. Who looks after them, so that we can move them to the Logs Ingestion API?`,
            }
          : {}),
      };
    });
  },
};
