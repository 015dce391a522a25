import { toAppError } from '../../base/errors.ts';
import type { RemovalPort } from '../../ports/onboarding.ts';
import type { ChangeHandler, Effect, Intent } from '../changes/changeHandler.ts';

/** A small resource that is to be gone: a diagnostic setting, a role assignment. */
export interface RemovalWanted {
  /** With what it is read and removed. */
  readonly apiVersion: string;
  /** `diagnostic setting to-the-provider of law-x`. */
  readonly called: string;
  /** What stops with it, for who reads the plan. */
  readonly consequence: string;
  /** It may be what lets us see it: where it is not shown any more, it is gone. */
  readonly ownAccess?: true;
}

/** The intent that a resource is gone. */
export function wantRemoval(
  target: string,
  wanted: RemovalWanted,
  after: readonly string[] = [],
): Intent<RemovalWanted> {
  return { id: `removal ${target.toLowerCase()}`, resource: 'removal', target, wanted, after };
}

/** Takes resources away by their ids; one that is gone is fine. */
export function removalHandler(port: RemovalPort): ChangeHandler<RemovalWanted, true> {
  return {
    resource: 'removal',
    noun: 'resource',
    read: async ({ target, wanted }, { issuer, signal }) => {
      try {
        return (await port.exists(issuer, target, wanted.apiVersion, signal)) || undefined;
      } catch (thrown) {
        if (wanted.ownAccess && OUT.has(toAppError(thrown).code)) return undefined;
        throw thrown;
      }
    },
    diff: ({ wanted: { called, consequence } }, now): Effect =>
      now
        ? { action: 'delete', title: `Remove ${called}`, detail: consequence, differences: [] }
        : {
            action: 'none',
            title: `${called[0]!.toUpperCase()}${called.slice(1)} is gone`,
            detail: '',
            differences: [],
          },
    apply: ({ target, wanted }, _action, { issuer, signal }) => port.remove(issuer, target, wanted.apiVersion, signal),
    verify: (_intent, now) => (now ? { state: 'pending', what: 'it is still shown' } : { state: 'verified' }),
    describe: ({ wanted }, now) => now && wanted.called,
    commands: ({ target, wanted }) => [
      ['rest', '--method', 'delete', '--url', `${target}?api-version=${wanted.apiVersion}`],
    ],
    requests: ({ target, wanted: { apiVersion } }) => [{ method: 'DELETE', path: target, apiVersion }],
  };
}

/** What is heard of somebody's subscription by who has no role in it any more. */
const OUT: ReadonlySet<string> = new Set(['access.notFound', 'access.insufficient', 'auth.wrongTenant']);
