import { AppError, cancelled, toAppError } from '../../../base/errors.ts';
import type { AppErrorData } from '../../../base/errors.ts';
import type { Outcome } from '../../../base/outcome.ts';
import type { FactSource, WorkspaceFactValues } from '../../../model/assessment/facts.ts';
import type { Workspace } from '../../../model/estate.ts';
import type { LogsAnswer } from '../../../ports/logs.ts';
import { askWorkspaces } from '../../fanOut/askWorkspaces.ts';
import type { AssessPhase } from '../estateFacts.ts';
import { rowsOf } from '../facts/answerRows.ts';
import { refusal, silence, unheard } from '../facts/heard.ts';
import { usage } from '../facts/usage.ts';
import { isQuestion } from '../facts/queryFact.ts';
import type { About, FactPlan, FactQuestion, QueryFact } from '../facts/queryFact.ts';
import type { Measuring } from './measuring.ts';
import { Patience } from './patience.ts';

/** The name of the run: an assessment takes turns with queries of people on the same credential. */
const RUN = 'assess';

/**
 * Long enough for a day of a large workspace; the service itself gives up after three minutes unless told otherwise.
 */
const DEADLINE_MS = 120_000;

/** Places of the query API that one tenant may hold of the five a user has. */
const AT_ONCE = 5;
const AT_ONCE_AMONG_OTHERS = 2;

/** Asks workspaces for facts by KQL, each within the one quota of the query API, and files what came. */
export class Queries {
  private readonly measuring: Measuring;
  private readonly patience: Patience;

  constructor(measuring: Measuring, workspaces: readonly Workspace[]) {
    this.measuring = measuring;
    const tenants = new Set(workspaces.map(({ tenant }) => tenant)).size;
    this.patience = new Patience(measuring.world.clock, {
      atOnce: tenants === 1 ? AT_ONCE : AT_ONCE_AMONG_OTHERS,
      deadlineMs: DEADLINE_MS,
    });
  }

  /** Asks each of the workspaces for one fact. Never rejects: a workspace that fails has an unknown fact. */
  async ask<Name extends keyof WorkspaceFactValues>(
    fact: QueryFact<Name>,
    workspaces: readonly Workspace[],
    phase: AssessPhase,
  ): Promise<void> {
    const { measuring } = this;
    await Promise.all(
      workspaces.map(async (workspace) => {
        await this.askOne(fact, workspace);
        measuring.settled(phase, fact.name, workspace);
      }),
    );
  }

  /**
   * Looks again at what Usage said once the tables are known: it was asked before them. No rows of a protected table
   * mean nothing, and a Usage that is not resolved is missing or hidden.
   */
  secondLook(workspaces: readonly Workspace[]): void {
    for (const workspace of workspaces) {
      const fact = this.measuring.find(workspace.key, 'usage');
      if (!fact) continue;
      const { usage: _usage, ...about } = this.about(workspace);
      const { source, at, ms, calls } = fact;
      const error = fact.state === 'known' ? undefined : reread(fact.error, about);
      if (fact.state === 'unknown' && error === fact.error) continue;
      const value = fact.state === 'known' ? fact.value : usage.read([]);
      const silent = error ?? (value.volumes.length > 0 ? undefined : silence(['Usage'], about));
      this.measuring.put(workspace.key, 'usage', {
        ...{ source, at, ms, calls },
        ...(silent ? { state: 'unknown', error: silent } : { state: 'known', value }),
      });
    }
  }

  private about(workspace: Workspace): About {
    const { measuring } = this;
    const [usage, tables, diagnostics] = [
      measuring.find(workspace.key, 'usage'),
      measuring.find(workspace.key, 'tables'),
      measuring.find(workspace.key, 'diagnostics'),
    ];
    return {
      workspace,
      ...(usage ? { usage } : {}),
      ...(tables ? { tables } : {}),
      ...(diagnostics ? { diagnostics } : {}),
    };
  }

  private async askOne<Name extends keyof WorkspaceFactValues>(
    fact: QueryFact<Name>,
    workspace: Workspace,
  ): Promise<void> {
    const { measuring } = this;
    const about = this.about(workspace);
    const plan = planOf(fact, about);
    const beganAt = measuring.world.clock.now();
    if (!isQuestion(plan)) {
      const outcome: Outcome<WorkspaceFactValues[Name]> =
        'known' in plan ? { ok: true, value: plan.known } : { ok: false, error: plan.unknown };
      measuring.put(
        workspace.key,
        fact.name,
        measuring.ledger.fact(outcome, { source: plan.source, beganAt, calls: 0 }),
      );
      return;
    }
    const source = querySource(fact, plan, workspace);
    const spent = { calls: 0, beganAt };
    const outcome = await this.send(fact, plan, about, spent);
    const { leftOut } = plan;
    measuring.put(
      workspace.key,
      fact.name,
      measuring.ledger.fact(outcome, { source, ...spent, ...(leftOut ? { leftOut } : {}) }),
    );
  }

  private async send<Name extends keyof WorkspaceFactValues>(
    fact: QueryFact<Name>,
    question: FactQuestion,
    about: About,
    spent: { calls: number; beganAt: number },
  ): Promise<Outcome<WorkspaceFactValues[Name]>> {
    const { workspace } = about;
    const { world, signal, scope } = this.measuring;
    const { logs, clock, scheduler, retry, random } = world;
    const ask = (): Promise<ReadonlyMap<string, Outcome<WorkspaceFactValues[Name]>>> =>
      askWorkspaces({
        name: RUN,
        workspaces: [workspace.key],
        estate: scope.estate,
        quota: scheduler,
        signal,
        ...(retry ? { retry } : {}),
        ...(random ? { random } : {}),
        ask: ({ guid, armId }, issuer, attempt) =>
          this.patience.attempt(
            `${issuer.account}\n${workspace.tenant}`,
            async (inner) => {
              const { query } = question;
              const { timespan } = fact;
              const answer = await logs.query({ issuer, workspaceGuid: guid, armId, query, timespan }, inner);
              return valueOf(fact, answer, question, about);
            },
            attempt.signal,
            () => {
              if (spent.calls++ === 0) spent.beganAt = clock.now();
            },
          ),
      });
    try {
      const outcome = (await this.patience.turn(workspace.tenant, ask, signal)).get(workspace.key)!;
      if (outcome.ok) return outcome;
      const error = refusal(outcome.error, question, about);
      return error ? { ok: false, error } : { ok: true, value: fact.read([]) };
    } catch {
      // Only a cancellation rejects.
      return { ok: false, error: cancelled().toData() };
    }
  }
}

/** How the fact is had; unknown where what is known of the workspace already is not what it should be. */
function planOf<Name extends keyof WorkspaceFactValues>(
  fact: QueryFact<Name>,
  about: About,
): FactPlan<WorkspaceFactValues[Name]> {
  try {
    return fact.plan(about);
  } catch (thrown) {
    return { unknown: toAppError(thrown).toData(), source: { kind: 'estate' } };
  }
}

/** The value of an answer that can be believed. */
function valueOf<Name extends keyof WorkspaceFactValues>(
  fact: QueryFact<Name>,
  answer: LogsAnswer,
  question: FactQuestion,
  about: About,
): WorkspaceFactValues[Name] {
  const rows = rowsOf(answer);
  const error = unheard(answer, rows.length, question, about);
  if (error) throw AppError.fromData(error);
  return fact.read(rows);
}

/** What an unresolved Usage means now that the tables may be known; any other error is as it was. */
function reread(error: AppErrorData, about: About): AppErrorData | undefined {
  const service =
    error.code === 'access.tableUnknown' ? (error.data?.['service'] as AppErrorData | undefined) : undefined;
  return service ? refusal(service, { query: '', tables: ['Usage'] }, about) : error;
}

function querySource(
  { timespan }: { readonly timespan: string },
  { query }: FactQuestion,
  { key }: Workspace,
): FactSource {
  return { kind: 'query', workspace: key, query, timespan };
}
