import type { CancelSignal } from '../../../base/cancel.ts';
import type { LockFact } from '../../../model/assessment/facts.ts';
import type { BaselineLock } from '../../../model/baseline.ts';
import type { Workspace } from '../../../model/estate.ts';
import type { AssessPort } from '../../../ports/assess.ts';
import type { WantedLock } from '../../baseline/handlers/lockHandler.ts';
import type { SendingEnd } from '../sendingEndHandler.ts';
import { subscriptionIssuer } from '../../estate/subscriptionIssuer.ts';
import { azLine, liesIn } from './leavingNotes.ts';
import type { Leaving, LeavingNotes, LeavingStep } from './leavingNotes.ts';

/**
 * Locks keep resources in them from being removed. One of ours (by the name and the place that the baseline gives it)
 * that is in the way goes first, where a token of the customer's own directory can; what others hold up becomes a task
 * of the customer's administrators, and no step: it would fail. A lock of ours that is in nobody's way stays, and is
 * named.
 */
export async function clearLocks(
  { subscriptions, workspaces }: Leaving,
  assess: Pick<AssessPort, 'subscription'>,
  ownLocks: Readonly<Record<string, Pick<BaselineLock, 'on'>>>,
  notes: LeavingNotes,
  signal: CancelSignal,
): Promise<void> {
  const held = new Map<string, string[]>();
  const ours = new Set(
    Object.entries(ownLocks).flatMap(([name, { on }]) =>
      workspaces.map((one) => lockKey({ name, scope: lockedBy(on, one) })),
    ),
  );
  for (const subscription of subscriptions) {
    const { id, name, tenant, paths } = subscription;
    const inside = paths.find(({ issuer }) => issuer === tenant);
    const issuer = inside ? { account: inside.account, tenant: inside.issuer } : subscriptionIssuer(subscription);
    await notes.tryTo(`locks of subscription ${name}`, async () => {
      for (const lock of (await assess.subscription('locks', issuer, id, signal)).value) {
        const stopped = notes.steps.filter(({ intent }) => stops(lock, intent));
        const called = `lock ${lock.name} on ${lock.scope}`;
        if (ours.has(lockKey(lock)))
          if (stopped.length === 0) notes.stays.push(`The ${called} is of ours: remove it when you want to.`);
          else if (inside) {
            const intent = wantLockEnd(lock);
            notes.add('lock', issuer, intent);
            for (const { intent: one } of stopped) held.set(one.id, [...(held.get(one.id) ?? []), intent.id]);
            continue;
          }
        for (const step of stopped) hand(step, lock, notes);
      }
    });
  }
  for (const [at, step] of notes.steps.entries()) {
    const locks = held.get(step.intent.id);
    if (locks)
      notes.steps[at] = { ...step, intent: { ...step.intent, after: [...locks, ...(step.intent.after ?? [])] } };
  }
}

/** What a lock of the baseline is on, as `lockSettings` sets it. */
function lockedBy(on: BaselineLock['on'], { armId, subscription, resourceGroup }: Workspace): string {
  if (on === 'workspace') return armId;
  return `/subscriptions/${subscription}${on === 'subscription' ? '' : `/resourceGroups/${resourceGroup}`}`;
}

/** A lock that merely has the name of ours elsewhere is the customer's. */
function lockKey({ name, scope }: Pick<LockFact, 'name' | 'scope'>): string {
  return `${scope}/${name}`.toLowerCase();
}

/** As Resource Manager has it: at it or above it, and for a deletion beneath it, too. */
function stops({ level, scope }: LockFact, { target, resource, wanted }: LeavingStep['intent']): boolean {
  if (resource === 'lock') return false;
  const changes = resource === 'sending' && (wanted as SendingEnd).remaining !== undefined;
  if (changes) return level === 'ReadOnly' && liesIn(target, scope);
  return liesIn(target, scope) || liesIn(scope, target);
}

function hand(step: LeavingStep, lock: LockFact, notes: LeavingNotes): void {
  const { intent } = step;
  const at = notes.steps.indexOf(step);
  if (at < 0) return;
  notes.steps.splice(at, 1);
  // What waits for it would wait for nothing.
  for (const other of notes.steps.filter((one) => one.intent.after?.includes(intent.id))) hand(other, lock, notes);
  const id = `${lock.scope}/providers/Microsoft.Authorization/locks/${lock.name}`;
  notes.tasks.push({
    what: `${intent.target}: the lock ${lock.name} keeps us from removing it. Remove both, and set the lock again.`,
    commands: [azLine('lock', 'delete', '--ids', id), ...removalOf(step)],
  });
}

function removalOf({ intent: { resource, target } }: LeavingStep): readonly string[] {
  if (resource === 'sending')
    return /\/datacollectionrules\/[^/]+$/i.test(target)
      ? [azLine('monitor', 'data-collection', 'rule', 'delete', '--ids', target, '--yes')]
      : [azLine('monitor', 'diagnostic-settings', 'delete', ...settingWords(target))];
  if (resource === 'delegation') return [azLine('managedservices', 'assignment', 'delete', '--assignment', target)];
  return [azLine('resource', 'delete', '--ids', target)];
}

function settingWords(target: string): readonly string[] {
  const at = target.toLowerCase().lastIndexOf('/providers/microsoft.insights/');
  return ['--resource', target.slice(0, at), '--name', target.slice(target.lastIndexOf('/') + 1)];
}

function wantLockEnd({ name, scope }: LockFact): { readonly id: string } & LeavingStep['intent'] {
  const target = `${scope}/providers/Microsoft.Authorization/locks/${name}`;
  const wanted: WantedLock = { scope, scopeName: scope.slice(scope.lastIndexOf('/') + 1), name };
  return { id: `lock ${target.toLowerCase()}`, resource: 'lock', target, wanted };
}
