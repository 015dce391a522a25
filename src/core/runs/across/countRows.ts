import type { CancelSignal } from '../../../base/cancel.ts';
import { cancelled } from '../../../base/errors.ts';
import type { Outcome } from '../../../base/outcome.ts';
import type { RemotePart } from '../../../kql/across/acrossPlan.ts';
import type { SourceSchema } from '../../../kql/scopeSchema.ts';
import type { CountedRows, Target } from '../../../model/run.ts';
import type { LogsPort } from '../../../ports/logs.ts';
import { fanOut } from '../../fanOut/fanOut.ts';
import type { QuotaScheduler } from '../../fanOut/quotaScheduler.ts';
import type { RetryRules } from '../../fanOut/retry.ts';
import type { Way, WorkspaceWay } from '../plannedTarget.ts';
import type { WrittenPlan } from './acrossWorld.ts';
import { whoseOf } from './answerAcross.ts';
import { PartTexts } from './partTexts.ts';

/** What counting takes: it counts against the quota of queries, for somebody waits for it. */
export interface CountWorld {
  readonly logs: Pick<LogsPort, 'query'>;
  readonly scheduler: QuotaScheduler;
  readonly retry: RetryRules;
  readonly random: () => number;
}

/** How many rows targets would answer a text of ours with; who cannot say is counted, too. */
export type CountRows = (text: string, targets: readonly WorkspaceWay[]) => Promise<CountedRows>;

/**
 * Asks each target how many rows it would answer the text with, and for nothing else: a request each. `timespan` is the
 * run's. Rejects when cancelled.
 */
export async function countRows(
  text: string,
  targets: readonly WorkspaceWay[],
  timespan: string | undefined,
  { logs, scheduler, retry, random }: CountWorld,
  signal: CancelSignal,
): Promise<CountedRows> {
  const settled = await fanOut({
    name: 'counting rows',
    targets,
    quota: scheduler,
    credentialOf: ({ issuer }) => issuer.account,
    placeOf: ({ armId }) => armId,
    retry,
    random,
    signal,
    work: async ({ issuer, guid, armId }, attempt) => {
      const query = `${text}\n| count`;
      const answer = await logs.query(
        { issuer, workspaceGuid: guid, armId, query, ...(timespan === undefined ? {} : { timespan }) },
        attempt.signal,
      );
      const rows = answer.tables[0]?.rows;
      // A workspace that never had data answers anything with nothing.
      return rows && !('pages' in rows) ? Number(rows[0]?.[0] ?? 0) : 0;
    },
  });
  if (signal.aborted) throw cancelled();
  return added(settled.map(({ outcome }) => outcome));
}

/** Rows of a part over the targets that are asked it, each by the text that is for it alone. */
export async function countPart(
  part: RemotePart,
  written: WrittenPlan,
  schemas: ReadonlyMap<Target, SourceSchema>,
  ways: ReadonlyMap<Target, Way>,
  count: CountRows,
): Promise<CountedRows> {
  const texts = new PartTexts(part, written, false);
  const groups = new Map<string, WorkspaceWay[]>();
  for (const [target, schema] of schemas) {
    const text = texts.of(schema)?.text;
    const way = ways.get(target);
    if (text === undefined || !way || !('armId' in way) || !written.asks(part, whoseOf(target))) continue;
    groups.set(text, [...(groups.get(text) ?? []), way]);
  }
  const counts = await Promise.all([...groups].map(([text, targets]) => count(text, targets)));
  const sum = (of: (one: CountedRows) => number): number => counts.reduce((all, one) => all + of(one), 0);
  const reason = counts.find((one) => one.reason !== undefined)?.reason;
  return {
    rows: sum(({ rows }) => rows),
    workspaces: sum(({ workspaces }) => workspaces),
    ...(reason === undefined ? {} : { failed: sum(({ failed = 0 }) => failed), reason }),
  };
}

function added(outcomes: readonly Outcome<number>[]): CountedRows {
  const failed = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.error]));
  const [first] = failed;
  return {
    rows: outcomes.reduce((sum, outcome) => sum + (outcome.ok ? outcome.value : 0), 0),
    workspaces: outcomes.length - failed.length,
    ...(first ? { failed: failed.length, reason: first.message } : {}),
  };
}
