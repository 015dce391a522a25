import { AppError, cancelled } from '../../base/errors.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { Clock } from '../../base/clock.ts';
import { targetName } from '../../model/run.ts';
import type { AskedAudited, QueryReaders } from '../../model/run.ts';
import type { AssessPort } from '../../ports/assess.ts';
import { issuerKey } from '../../ports/issuer.ts';
import { findAudits } from '../assess/facts/audit.ts';
import { fanOut } from '../fanOut/fanOut.ts';
import { QuotaScheduler } from '../fanOut/quotaScheduler.ts';
import { ARM_READ_LIMITS } from '../fanOut/quotaLimits.ts';
import type { PlannedTarget, WorkspaceWay } from './plannedTarget.ts';

/** Settings change rarely; a run that refuses must not go by one of yesterday. */
const MAX_AGE_MS = 15 * 60_000;

interface Kept {
  readonly at: number;
  readonly keptIn: readonly string[];
}

/** Who will be able to read a query: what the diagnostic settings of each workspace say, kept for a while. */
export class QueryAudits {
  private readonly settings: Pick<AssessPort, 'workspace'>;
  private readonly clock: Clock;
  private readonly quota: QuotaScheduler;
  private readonly kept = new Map<string, Kept>();

  constructor(settings: Pick<AssessPort, 'workspace'>, clock: Clock) {
    this.settings = settings;
    this.clock = clock;
    this.quota = new QuotaScheduler(clock, ARM_READ_LIMITS);
  }

  /**
   * Which of the targets that would be asked keep the text: one call of Resource Manager for each that is not known.
   * Where it cannot be told that is said, never taken for no. Rejects when cancelled.
   */
  async of(planned: readonly PlannedTarget[], signal: CancelSignal): Promise<QueryReaders> {
    const ways = planned.flatMap(({ target, way }) => (way && 'armId' in way ? [{ target, way }] : []));
    // One that is asked for the rows of several customers keeps the text once.
    const asked = [...new Map(ways.map((one) => [one.way.armId.toLowerCase(), one])).values()];
    const settled = await fanOut({
      name: 'audits',
      targets: asked,
      quota: this.quota,
      credentialOf: ({ way }) => issuerKey(way.issuer),
      placeOf: ({ way }) => way.armId,
      signal,
      work: ({ way }, attempt) => this.ofWorkspace(way, attempt.signal),
    });
    if (signal.aborted) throw cancelled();
    const named = settled.map(({ target: { target }, outcome }) => ({
      target: `${target.customerName}/${targetName(target)}`,
      outcome,
    }));
    return {
      asked: asked.length,
      audited: named.flatMap(({ target, outcome }) =>
        outcome.ok && outcome.value.length > 0 ? [{ target, keptIn: outcome.value }] : [],
      ),
      unseen: named.flatMap(({ target, outcome }) => (outcome.ok ? [] : [{ target, message: outcome.error.message }])),
    };
  }

  private async ofWorkspace({ issuer, armId }: WorkspaceWay, signal: CancelSignal): Promise<readonly string[]> {
    const key = `${issuerKey(issuer)} ${armId.toLowerCase()}`;
    const known = this.kept.get(key);
    if (known && this.clock.now() - known.at < MAX_AGE_MS) return known.keptIn;
    const { value } = await this.settings.workspace('diagnostics', issuer, armId, signal);
    const keptIn = findAudits(value);
    this.kept.set(key, { at: this.clock.now(), keptIn });
    return keptIn;
  }
}

/** Names told in one message. */
const NAMED = 5;

/**
 * Throws `query.audited`, by name, where a workspace keeps the text of the query, or nobody can tell whether it does.
 * `data.ask`: a person may say that it is sent all the same.
 */
export function checkReaders({ audited, unseen }: QueryReaders, asked: AskedAudited): void {
  if (asked === 'allow' || (audited.length === 0 && unseen.length === 0)) return;
  const names = (all: readonly { readonly target: string }[]): string => {
    const more = all.length - NAMED;
    const told = all.slice(0, NAMED).map(({ target }) => target);
    return `${told.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  };
  const what = [
    ...(audited.length > 0 ? [`The text of the query would be kept, for others to read, by ${names(audited)}.`] : []),
    ...(unseen.length > 0 ? [`Whether it is kept by ${names(unseen)} is not visible to you.`] : []),
  ];
  throw new AppError(
    'query.audited',
    `${what.join(' ')} It was not sent. Leave them out of the scope, or allow it (setting tenantscope.query.audited, option --audited).`,
    {
      data: {
        ask: asked === 'ask',
        audited: audited.map(({ target }) => target),
        unseen: unseen.map(({ target }) => target),
      },
    },
  );
}
