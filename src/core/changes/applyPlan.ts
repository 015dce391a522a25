import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { Clock } from '../../base/clock.ts';
import { AppError, cancelled, toAppError } from '../../base/errors.ts';
import { secretsIn, withoutSecrets } from '../../base/secretText.ts';
import type { SecretText } from '../../base/secretText.ts';
import type { ChangeOutcome, ChangeProgress, PlannedChange, PlanResult } from '../../model/plan.ts';
import type { ChangeCall, ChangeHandler, EstateNote, Intent } from './changeHandler.ts';
import { explain, nameOf } from './explain.ts';
import { LocalSignal } from '../../base/rpc.ts';
import { findHandler } from './makePlan.ts';
import type { PreparedPlan } from './makePlan.ts';
import { readUntilSettled } from './readUntilSettled.ts';

/** So long a look at what a failed change has left may take. */
const LOOK_MS = 20_000;

/** What carrying out a plan needs. */
export interface ApplyWorld {
  readonly handlers: readonly ChangeHandler[];
  readonly clock: Clock;
  readonly report: (progress: ChangeProgress) => void;
  readonly signal?: CancelSignal;
}

/** The result with what the estate is to be told, failed changes included: a part may exist. */
export interface AppliedPlan {
  readonly result: PlanResult;
  readonly notes: readonly EstateNote[];
}

/** One change on its way: what is to be done, by whom, and how far the service got. */
interface Step {
  readonly change: PlannedChange;
  readonly intent: Intent;
  readonly handler: ChangeHandler;
  readonly basis: string | undefined;
  /** What nothing that is said of it may hold: what is wanted, and what was there. */
  readonly secrets: SecretText[];
  readonly call: ChangeCall;
  readonly say: (message: string, within: number) => void;
}

/**
 * Does what a plan says, change by change in its order: looks again, does it, and reads it back until it is so. A
 * change whose resource is not as the plan saw it any more fails untouched; what depends on a failed one is skipped;
 * the rest goes on. A cancellation skips what has not begun. Never rejects: what failed is in the result.
 */
export async function applyPlan(prepared: PreparedPlan, world: ApplyWorld): Promise<AppliedPlan> {
  const { plan, intents, issuer } = prepared;
  const signal = world.signal ?? NEVER;
  const outcomes: ChangeOutcome[] = [];
  const notes: EstateNote[] = [];
  const asked = new Map<string, 'seen' | 'unseen'>();
  const time = (): string => new Date(world.clock.now()).toISOString();
  const began = time();
  for (const [index, change] of plan.changes.entries()) {
    const blocker = change.after.map((id) => outcomes.find((o) => o.id === id)!).find((o) => !isRight(o));
    if (blocker || signal.aborted) {
      const reason = signal.aborted ? cancelled() : skippedAfter(plan.changes.find((c) => c.id === blocker!.id)!);
      outcomes.push(toOutcome(change, 'skipped', {}, reason));
      continue;
    }
    const intent = intents[index]!;
    const handler = findHandler(world.handlers, intent.resource);
    const step: Step = {
      change,
      intent,
      handler,
      basis: prepared.bases[index],
      secrets: [...secretsIn(intent.wanted)],
      call: { issuer, signal },
      say: (message, within) => {
        const said = withoutSecrets(message, step.secrets);
        world.report({ change: change.id, message: said, fraction: (index + within) / plan.changes.length });
      },
    };
    const times = { began: time() };
    const { outcome, note, sent } = await carryOut(step, plan.changes.slice(0, index), world.clock);
    // A service may repeat what it was sent where it refuses it.
    outcomes.push({ ...withoutSecrets(outcome, step.secrets), ...times, ended: time() });
    if (note) notes.push(note);
    if (sent) asked.set(change.id, sent);
  }
  const nounOf = (resource: string): string => findHandler(world.handlers, resource).noun;
  return { result: { ...explain(plan, outcomes, asked, nounOf), began, ended: time() }, notes };
}

interface Carried {
  readonly outcome: ChangeOutcome;
  readonly note?: EstateNote | undefined;
  /**
   * Present where the service was asked to do it, and may have done it whatever was heard of it: whether what is there
   * could be seen.
   */
  readonly sent?: 'seen' | 'unseen';
}

async function carryOut(step: Step, earlier: readonly PlannedChange[], clock: Clock): Promise<Carried> {
  const { change, intent, handler, call, say } = step;
  let sent = false;
  try {
    say(change.title, 0);
    const before = await handler.read(intent, call);
    step.secrets.push(...secretsIn(before));
    const effect = withoutSecrets(handler.diff(intent, before, earlier), step.secrets);
    if (effect.action === 'none')
      return {
        outcome: toOutcome(change, 'unchanged', seenBy(step, before)),
        note: handler.note?.(intent, before),
      };
    if (
      effect.action !== change.action ||
      effect.basis !== step.basis ||
      JSON.stringify(effect.differences) !== JSON.stringify(change.differences)
    )
      throw outdated(step);
    sent = true;
    await handler.apply(intent, change.action, call, (state) => {
      say(`${change.title}: ${state}`, 0.5);
    });
    say(`Reading ${handler.noun} ${nameOf(change)} back`, 0.9);
    const now = await readUntilSettled(handler, intent, call, clock, (what) => {
      say(`${change.title}: ${what}`, 0.9);
    });
    return {
      outcome: toOutcome(change, 'done', seenBy(step, now)),
      note: handler.note?.(intent, now),
      sent: 'seen',
    };
  } catch (thrown) {
    // Not with the signal of the attempt: it may have fired, and this look is what makes the message true.
    const seen = sent ? await lookAgain(step, clock) : undefined;
    return {
      outcome: toOutcome(change, 'failed', seen && seenBy(step, seen.now), toAppError(thrown)),
      ...(seen ? { note: handler.note?.(intent, seen.now) } : {}),
      ...(sent ? { sent: seen ? 'seen' : 'unseen' } : {}),
    };
  }
}

/** Undefined where that cannot be known, or not soon: the person waits for this. */
async function lookAgain(
  { handler, intent, call }: Step,
  clock: Clock,
): Promise<{ readonly now: unknown } | undefined> {
  const seen = new LocalSignal();
  const look = handler.read(intent, { issuer: call.issuer, signal: seen }).then((now) => ({ now }));
  const late = clock.sleep(LOOK_MS, seen).then(() => undefined);
  try {
    return await Promise.race([look, late]);
  } catch {
    return undefined;
  } finally {
    look.catch(() => undefined);
    late.catch(() => undefined);
    seen.abort();
  }
}

/** What there is now, in words and with the ids it was given. */
function seenBy({ handler, intent }: Step, now: unknown): Pick<ChangeOutcome, 'exists' | 'ids'> {
  const exists = handler.describe(intent, now);
  const ids = now === undefined ? [] : (handler.ids?.(now) ?? []);
  return { ...(exists === undefined ? {} : { exists }), ...(ids.length > 0 ? { ids } : {}) };
}

function isRight(outcome: ChangeOutcome): boolean {
  return outcome.state === 'done' || outcome.state === 'unchanged';
}

function toOutcome(
  { id, resource, target, action }: PlannedChange,
  state: ChangeOutcome['state'],
  seen: Pick<ChangeOutcome, 'exists' | 'ids'> = {},
  reason?: AppError,
): ChangeOutcome {
  return {
    id,
    resource,
    target,
    action,
    state,
    ...seen,
    ...(reason ? { reason: reason.toData() } : {}),
  };
}

function skippedAfter(blocker: PlannedChange): AppError {
  return new AppError('input.planSkipped', `Not tried, because this did not succeed: ${blocker.title}.`);
}

function outdated({ handler, change }: Step): AppError {
  return new AppError(
    'input.planOutdated',
    `The ${handler.noun} ${nameOf(change)} is not as it was when the plan was made. It was left as it is. Plan again.`,
  );
}
