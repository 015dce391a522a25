import { AppError } from '../../base/errors.ts';
import type { ChangeOutcome, Plan, PlannedChange, PlanResult } from '../../model/plan.ts';
import type { ChangeAction } from '../../model/changeAction.ts';

const DOING: Readonly<Record<ChangeAction, readonly [doing: string, done: string]>> = {
  create: ['creating', 'created'],
  recover: ['creating', 'created'],
  update: ['changing', 'changed'],
  delete: ['deleting', 'deleted'],
  none: ['changing', 'changed'],
};

/**
 * The result of a plan from what became of its changes: where it failed, with what there is now and how to go on.
 * `sent` holds the ids of the changes that the service was asked for, with whether what it left could be seen: it
 * may have done them whatever was heard of it. `nounOf` gives a kind of resource its word.
 */
export function explain(
  plan: Plan,
  outcomes: readonly ChangeOutcome[],
  sent: ReadonlyMap<string, 'seen' | 'unseen'>,
  nounOf: (resource: string) => string,
): Omit<PlanResult, 'began' | 'ended'> {
  const done = outcomes.filter((outcome) => outcome.state === 'done');
  const exists = outcomes.flatMap(({ state, exists: what }) =>
    what !== undefined && (state === 'done' || state === 'failed') ? [what] : [],
  );
  const failed =
    outcomes.find((outcome) => outcome.state === 'failed') ?? outcomes.find((outcome) => outcome.state === 'skipped');
  const common = { changes: outcomes, done: done.map(changeName), exists };
  if (!failed?.reason) return { ok: true, ...common };
  const error = AppError.fromData(failed.reason);
  const stopped = error.family === 'cancelled';
  const begun = sent.has(failed.id);
  const sentences = [
    stopped ? 'Cancelled.' : error.message,
    // A resource that was there before and whose change failed says nothing new by being there.
    ...(begun && done.length === 0 && !isMaking(failed) ? [] : [leftBehind(failed, exists, sent.get(failed.id))]),
    ...nextStep(failed, { stopped, begun, done, nounOf }),
  ];
  return { ok: false, ...common, error: { ...error.toData(), message: sentences.join(' ') } };
}

function leftBehind(failed: ChangeOutcome, exists: readonly string[], sight: 'seen' | 'unseen' | undefined): string {
  const known = exists.length > 0 ? `There is now: ${exists.join(', ')}.` : `Nothing was ${DOING[failed.action][1]}.`;
  if (sight !== 'unseen') return known;
  const unknown = `What became of ${nameOf(failed)} could not be seen.`;
  return exists.length > 0 ? `${known} ${unknown}` : unknown;
}

interface Failure {
  readonly stopped: boolean;
  readonly begun: boolean;
  readonly done: readonly ChangeOutcome[];
  readonly nounOf: (resource: string) => string;
}

function nextStep(failed: ChangeOutcome, { stopped, begun, done, nounOf }: Failure): readonly string[] {
  if (failed.reason?.code === 'input.planOutdated') return [];
  if (begun && isMaking(failed) && failed.exists !== undefined)
    return ['Refresh the Estate view and check its settings before you run the plan again.'];
  if (begun && stopped)
    return [
      `The service may still finish ${DOING[failed.action][0]} ${nameOf(failed)}: look again in a minute before you repeat the plan.`,
    ];
  const made = done.filter((outcome) => outcome.action === 'create');
  if (made.length > 0) {
    const place = made.length === 1 ? `in the ${nounOf(made[0]!.resource)} that is there` : 'with what is there';
    return [
      `Run the plan again: it goes on ${place}, or delete ${made.map(nameOf).join(' and ')} if you change your mind.`,
    ];
  }
  return begun && !isMaking(failed) ? [] : ['Put right what the message says and run the plan again.'];
}

function isMaking({ action }: ChangeOutcome): boolean {
  return action === 'create' || action === 'recover';
}

/** `createWorkspace`: how results and scripts name a change. */
export function changeName({ action, resource }: Pick<PlannedChange, 'action' | 'resource'>): string {
  return `${action}${resource.slice(0, 1).toUpperCase()}${resource.slice(1)}`;
}

/** The last part of a resource's ARM id: its name, as written. */
export function nameOf({ target }: Pick<PlannedChange, 'target'>): string {
  return target.slice(target.lastIndexOf('/') + 1);
}
