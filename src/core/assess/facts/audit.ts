import type { DiagnosticSetting } from '../../../model/assessment/facts.ts';
import type { QueryFact } from './queryFact.ts';

/** AADTenantId is the Entra tenant of who asked; the column TenantId would be the workspace. */
const QUERY = `LAQueryLogs
| where TimeGenerated > ago(7d)
| summarize Queries = count(), Across = countif(StatsWorkspaceCount > 1)
    by Tenant = tolower(AADTenantId), Person = AADObjectId
| summarize People = countif(isnotempty(Person)), Queries = sum(Queries), Across = sum(Across) by Tenant
| order by Tenant asc`;

/**
 * Who asked in seven days. Where nothing sends the audit and Usage has none of it in 30 days, there is nothing to ask
 * for: no call.
 */
export const audit: QueryFact<'audit'> = {
  name: 'audit',
  timespan: 'P7D',
  plan({ usage, diagnostics }) {
    const none = usage?.state === 'known' && !Object.keys(usage.value.last).some((name) => /^LAQueryLogs$/i.test(name));
    const off = diagnostics?.state === 'known' && !diagnostics.value.some(isAudited);
    if (none && off) return { known: { askers: [] }, source: usage.source };
    return { query: QUERY, tables: ['LAQueryLogs'] };
  },
  read: (rows) => ({
    askers: rows.map((row) => ({
      tenant: row.text('Tenant'),
      people: row.number('People'),
      queries: row.number('Queries'),
      across: row.number('Across'),
    })),
  }),
};

/** Where the diagnostic settings of a workspace have the text of its queries kept, by name; empty where nowhere. */
export function findAudits(settings: readonly DiagnosticSetting[]): string[] {
  const places = settings
    .filter(isAudited)
    .flatMap(({ workspace, storage, eventHub }) => [workspace, storage, eventHub]);
  return [...new Set(places.flatMap((place) => place?.split('/').at(-1) ?? []))];
}

/** Whether a diagnostic setting of a workspace sends the audit of its queries somewhere. */
function isAudited({ categories }: DiagnosticSetting): boolean {
  return categories.some((category) => /^(audit|alllogs)$/i.test(category));
}
