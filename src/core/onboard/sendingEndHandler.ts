import type { SendingNow, SendingPort } from '../../ports/leaving.ts';
import type { ChangeHandler, Effect, Intent } from '../changes/changeHandler.ts';

/** What is to send to some workspaces no more, a diagnostic setting or a data collection rule. */
export interface SendingEnd {
  /** `diagnostic setting to-the-provider of subscription Contoso`. */
  readonly called: string;
  /** ARM ids in lower case. */
  readonly workspaces: readonly string[];
  /** The body that is left of it, as it was seen; absent where it goes whole. */
  readonly remaining?: object;
  /** What else stops, for who reads the plan. */
  readonly consequence?: string;
}

/** The intent that the setting or rule (its ARM id) sends there no more. */
export function wantSendingEnd(target: string, wanted: SendingEnd, after: readonly string[] = []): Intent<SendingEnd> {
  return { id: `sending ${target.toLowerCase()}`, resource: 'sending', target, wanted, after };
}

/** Takes workspaces out of what sends to them; what then sends nowhere is removed, other places keep what they get. */
export function sendingEndHandler(port: SendingPort): ChangeHandler<SendingEnd, SendingNow> {
  const readsOf = (wanted: SendingEnd, now: SendingNow): readonly string[] =>
    now.workspaces.filter((id) => wanted.workspaces.includes(id));
  return {
    resource: 'sending',
    noun: 'sender',
    read: ({ target, wanted }, { issuer, signal }) => port.sending(issuer, target, wanted.workspaces, signal),
    diff: ({ wanted }, now): Effect => {
      const { called, consequence } = wanted;
      const ended = now ? readsOf(wanted, now) : [];
      const whole = called[0]!.toUpperCase() + called.slice(1);
      if (!now || ended.length === 0)
        return { action: 'none', title: `${whole} sends there no more`, detail: '', differences: [] };
      const names = ended.map(lastOf).join(', ');
      const detail = [`Nothing is sent to ${names} any more`, ...(consequence ? [consequence] : [])].join('. ');
      if (!now.remaining) return { action: 'delete', title: `Remove ${called}`, detail, differences: [] };
      return {
        action: 'update',
        title: `Take ${names} out of ${called}`,
        detail,
        differences: [
          {
            name: 'Sends to',
            before: [...now.workspaces, ...now.elsewhere].join(', '),
            after: [...now.workspaces.filter((id) => !ended.includes(id)), ...now.elsewhere].join(', '),
          },
        ],
        basis: JSON.stringify(now.remaining),
      };
    },
    apply: async ({ target, wanted }, action, { issuer, signal }) => {
      if (action === 'delete') return port.removeSending(issuer, target, signal);
      const now = await port.sending(issuer, target, wanted.workspaces, signal);
      if (now?.remaining && readsOf(wanted, now).length > 0)
        await port.putSending(issuer, target, now.remaining, signal);
    },
    verify: ({ wanted }, now) =>
      now && readsOf(wanted, now).length > 0
        ? { state: 'pending', what: 'it still sends there' }
        : { state: 'verified' },
    describe: ({ wanted }, now) => now && wanted.called,
    commands: ({ target, wanted: { remaining } }, action) => [
      [
        ...['rest', '--method', action === 'update' ? 'put' : 'delete'],
        ...['--url', `${target}?api-version=${versionOf(target)}`],
        ...(action === 'update' && remaining ? ['--body', JSON.stringify(remaining)] : []),
      ],
    ],
    requests: ({ target, wanted: { remaining } }, action) => [
      {
        method: action === 'update' ? 'PUT' : 'DELETE',
        path: target,
        apiVersion: versionOf(target),
        ...(action === 'update' && remaining ? { body: remaining } : {}),
      },
    ],
  };
}

function versionOf(target: string): string {
  if (/\/datacollectionrules\/[^/]+$/i.test(target)) return '2024-03-11';
  return /^\/providers\/microsoft\.aadiam\//i.test(target) ? '2017-04-01' : '2021-05-01-preview';
}

function lastOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
