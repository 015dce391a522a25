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
    read: async ({ target, wanted }, { issuer, signal }) =>
      (await port.exists(issuer, target, wanted.apiVersion, signal)) || undefined,
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
    requests: ({ target, wanted: { apiVersion } }) => [{ method: 'DELETE', path: target, apiVersion }],
    commands: ({ target, wanted }) => [
      ['rest', '--method', 'delete', '--url', `${target}?api-version=${wanted.apiVersion}`],
    ],
  };
}
