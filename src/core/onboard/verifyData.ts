import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { Clock } from '../../base/clock.ts';
import { toAppError } from '../../base/errors.ts';
import type { AppErrorData } from '../../base/errors.ts';
import type { Cell } from '../../model/kqlType.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { LogsPort } from '../../ports/logs.ts';

/** Which workspace is asked, as whom; `subscription` where only rows of it count (a workspace of many). */
export interface VerifyPlace {
  readonly issuer: Issuer;
  readonly guid: string;
  readonly armId: string;
  readonly subscription?: string;
}

/** Tables that say that something sends, and none that the workspace writes of itself. */
const SENDERS = [
  'Heartbeat',
  'AzureActivity',
  'Event',
  'Syslog',
  'Perf',
  'SecurityEvent',
  'SigninLogs',
  'AzureDiagnostics',
];
const LOOK_EVERY_MS = 30_000;

/** What asking came to: the tables with rows in the last day; or why it cannot be asked yet. */
export type Arrived =
  | { readonly state: 'arrived'; readonly tables: readonly string[] }
  | { readonly state: 'silent' }
  | { readonly state: 'unanswered'; readonly error: AppErrorData };

interface Waiting {
  readonly logs: Pick<LogsPort, 'query'>;
  readonly clock: Clock;
  readonly withinMs: number;
  readonly signal?: CancelSignal;
  readonly report?: (message: string) => void;
}

/** Waits until a workspace answers at all: a new one, or a new role on it, takes the service minutes. */
export async function waitUntilAnswered(place: VerifyPlace, waiting: Waiting): Promise<AppErrorData | undefined> {
  const last = await waitFor(waiting, 'Waiting until the workspace answers', async (signal) => {
    await ask(place, 'print Answered = true', waiting.logs, signal);
    return { state: 'arrived', tables: [] };
  });
  return last.state === 'unanswered' ? last.error : undefined;
}

/** Waits until rows of somebody who sends are there. One look where `withinMs` is 0. */
export function waitForData(place: VerifyPlace, waiting: Waiting): Promise<Arrived> {
  const own = place.subscription === undefined ? '' : ` | where _SubscriptionId =~ "${place.subscription}"`;
  const query = `union isfuzzy=true withsource=SourceTable ${SENDERS.join(', ')} | where TimeGenerated > ago(1d)${own} | summarize Rows = count() by SourceTable`;
  return waitFor(waiting, 'Waiting for data', async (signal) => {
    const rows = await ask(place, query, waiting.logs, signal);
    const tables = rows.map(([table]) => String(table)).sort();
    return tables.length > 0 ? { state: 'arrived', tables } : { state: 'silent' };
  });
}

async function waitFor(
  { clock, withinMs, signal = NEVER, report }: Waiting,
  message: string,
  look: (signal: CancelSignal) => Promise<Arrived>,
): Promise<Arrived> {
  const until = clock.now() + withinMs;
  for (;;) {
    let seen: Arrived;
    try {
      seen = await look(signal);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.family === 'cancelled' || error.family === 'bug') throw error;
      seen = { state: 'unanswered', error: error.toData() };
    }
    const left = until - clock.now();
    if (seen.state === 'arrived' || left <= 0) return seen;
    report?.(message);
    await clock.sleep(Math.min(LOOK_EVERY_MS, left), signal);
  }
}

async function ask(
  { issuer, guid, armId }: VerifyPlace,
  query: string,
  logs: Pick<LogsPort, 'query'>,
  signal: CancelSignal,
): Promise<readonly (readonly Cell[])[]> {
  const answer = await logs.query({ issuer, workspaceGuid: guid, armId, query, noCache: true }, signal);
  const rows = answer.tables[0]?.rows ?? [];
  return 'pages' in rows ? [...rows.pages()].flat() : rows;
}
