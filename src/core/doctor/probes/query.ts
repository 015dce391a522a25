import type { CheckNames } from '../../../model/diagnosis.ts';
import type { WorkspaceListing } from '../../../ports/directory.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import type { LogsPort } from '../../../ports/logs.ts';
import { probe } from '../check.ts';
import type { ProbeCall, Probed } from '../check.ts';

/** Reads no table, so that it costs nothing and names nothing in the workspace's own record of queries. */
const QUERY = 'print Works = 1';

/** Whether a workspace answers a query. */
export function probeQuery(
  issuer: Issuer,
  { guid, armId, name }: WorkspaceListing,
  names: CheckNames,
  logs: Pick<LogsPort, 'query'>,
  { clock, signal }: ProbeCall,
): Promise<Probed<true>> {
  const head = { probe: 'query', service: 'logAnalytics', names: { ...names, workspace: name } } as const;
  return probe(head, clock, async () => {
    const { tables } = await logs.query(
      { issuer, workspaceGuid: guid, armId, query: QUERY, timespan: 'PT1H', noCache: true },
      signal,
    );
    const rows = tables[0]?.rows;
    if (rows && 'pages' in rows) for (const _page of rows.pages());
    return { value: true, detail: 'a workspace answers' };
  });
}
