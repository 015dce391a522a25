import { toAppError } from '../../../base/errors.ts';
import type { Customer, Estate, Subscription, Workspace } from '../../../model/estate.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import { quoteWord } from '../../changes/export.ts';
import type { Intent } from '../../changes/changeHandler.ts';

/** Who is let go, with everything of it that is in the estate. */
export interface Leaving {
  readonly estate: Estate;
  readonly customer: Customer;
  readonly workspaces: readonly Workspace[];
  readonly subscriptions: readonly Subscription[];
}

/** One thing to take away. `access` goes last: nothing can be seen or done after it. */
export interface LeavingStep {
  readonly part: 'lock' | 'sending' | 'alert' | 'access';
  readonly issuer: Issuer;
  readonly intent: Intent;
}

/** What only the customer's administrators can do: why, and the exact commands. */
export interface AdminTask {
  readonly what: string;
  readonly commands: readonly string[];
  /** Nothing of ours is known to be left: it is a look for them to take. */
  readonly advice?: true;
}

/** What is found on the way through a customer that is let go. */
export class LeavingNotes {
  readonly steps: LeavingStep[] = [];
  /** What could not be seen, or whose it is is not known: it may be left behind. */
  readonly unseen: string[] = [];
  readonly tasks: AdminTask[] = [];
  /** For who reads the plan. */
  readonly warnings: string[] = [];
  /** What stays with the customer though it bears our name, or holds something up. */
  readonly stays: string[] = [];

  add(part: LeavingStep['part'], issuer: Issuer, intent: Intent): void {
    // Settings of two directories have one id: the token says which one is meant.
    const known = this.steps.some((one) => one.intent.id === intent.id && one.issuer.tenant === issuer.tenant);
    if (!known) this.steps.push({ part, issuer, intent });
  }

  /** What fails is told, and costs this alone. */
  async tryTo(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.family === 'cancelled' || error.family === 'bug') throw error;
      this.unseen.push(`${what}: ${error.message}`);
    }
  }
}

/** A command of the Azure CLI as one line for a POSIX shell. */
export function azLine(...words: readonly string[]): string {
  return ['az', ...words].map(quoteWord).join(' ');
}

/** Whether an ARM id is `scope` or lies in it. */
export function liesIn(id: string, scope: string): boolean {
  const [inner, outer] = [id.toLowerCase(), scope.toLowerCase().replace(/\/$/, '')];
  return inner === outer || inner.startsWith(`${outer}/`);
}
