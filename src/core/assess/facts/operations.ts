import type { QueryFact } from './queryFact.ts';

/**
 * The daily cap is told by the detail "... Ingestion status = OverQuota": the documented filter by the operation's name
 * finds nothing (github.com/MicrosoftDocs/azure-docs/issues/92689).
 */
const QUERY = `_LogOperation
| where TimeGenerated > ago(30d)
| where Category =~ "Ingestion"
| summarize CapReached = countif(Detail contains "OverQuota"), RateLimited = countif(Operation =~ "Ingestion rate")
    by Day = startofday(TimeGenerated)
| order by Day asc`;

/** What the workspace says of its own ingestion in 30 days; the function reads the table Operation. */
export const operations: QueryFact<'operations'> = {
  name: 'operations',
  timespan: 'P30D',
  plan: () => ({ query: QUERY, tables: ['Operation'], through: '_LogOperation' }),
  read: (rows) => ({
    capDays: rows.filter((row) => row.number('CapReached') > 0).map((row) => row.day('Day')),
    rateLimited: rows.reduce((sum, row) => sum + row.number('RateLimited'), 0),
  }),
};
