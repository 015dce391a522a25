import type { WorkspaceSpec } from '../populate.ts';

interface SampleFunction {
  readonly needs: string;
  readonly name: string;
  readonly category: string;
  readonly displayName: string;
  readonly query: string;
  readonly functionAlias?: string;
  readonly functionParameters?: string;
}

/** Saved searches, some of them functions, as a provider puts them into the workspaces of its customers. */
const SAVED: readonly SampleFunction[] = [
  {
    needs: 'Heartbeat',
    name: 'quiet-computers',
    category: 'Northbridge',
    displayName: 'Computers that stopped reporting',
    functionAlias: 'QuietComputers',
    functionParameters: 'age:timespan = 1h',
    query:
      'Heartbeat\n| summarize LastHeartbeat = max(TimeGenerated) by Computer, Category, OSType\n| where LastHeartbeat < now() - age',
  },
  {
    needs: 'SigninLogs',
    name: 'failed-signins',
    category: 'Northbridge',
    displayName: 'Failed sign-ins',
    functionAlias: 'FailedSignins',
    functionParameters: 'atLeast:long = 3',
    query:
      'SigninLogs\n| where ResultType != "0"\n| summarize Attempts = count(), Addresses = dcount(IPAddress) by UserPrincipalName\n| where Attempts >= atLeast',
  },
  {
    needs: 'Usage',
    name: 'volume-by-table',
    category: 'Northbridge',
    displayName: 'Billable volume by table',
    query: 'Usage\n| where IsBillable\n| summarize Megabytes = sum(Quantity) by DataType\n| order by Megabytes desc',
  },
];

/** The saved functions of a workspace that has these tables. */
export function functionsOf(tables: readonly string[]): NonNullable<WorkspaceSpec['savedSearches']> {
  return SAVED.filter(({ needs }) => tables.includes(needs)).map(({ needs: _needs, ...search }) => ({
    ...search,
    version: 2,
  }));
}
