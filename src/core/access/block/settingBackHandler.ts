import type { SendingNow, SendingPort, SettingBody } from '../../../ports/leaving.ts';
import type { ChangeHandler, Effect } from '../../changes/changeHandler.ts';

/** A diagnostic setting that is to send to a workspace again, as it did. */
export interface SettingBack extends SettingBody {
  /** Of what, for people. */
  readonly of: string;
  /** ARM id. */
  readonly workspace: string;
}

type SettingPort = Pick<SendingPort, 'sending' | 'restoreSetting'>;

/** Sets diagnostic settings again that a block has ended; what they send elsewhere meanwhile stays. */
export function settingBackHandler(port: SettingPort): ChangeHandler<SettingBack, SendingNow> {
  const sends = ({ workspace }: SettingBack, now: SendingNow): boolean =>
    now.workspaces.includes(workspace.toLowerCase());
  return {
    resource: 'settingBack',
    noun: 'diagnostic setting',
    read: ({ target }, { issuer, signal }) => port.sending(issuer, target, [], signal),
    diff: ({ target, wanted }, now): Effect => {
      const { of, workspace, logs, metrics } = wanted;
      const name = `diagnostic setting ${lastOf(target)} of ${of}`;
      const after = [...logs, ...metrics].join(', ');
      if (now && sends(wanted, now))
        return { action: 'none', title: `The ${name} sends there already`, detail: '', differences: [] };
      return {
        action: now ? 'update' : 'create',
        title: `Have ${name} send to ${lastOf(workspace)} again`,
        detail: `Categories ${after}`,
        differences: [
          { name: 'Workspace', ...(now ? { before: now.workspaces.join(', ') || 'none' } : {}), after: workspace },
        ],
      };
    },
    apply: ({ target, wanted }, _action, { issuer, signal }) =>
      port.restoreSetting(issuer, target, wanted.workspace, wanted, signal),
    verify: ({ wanted }, now) =>
      now && sends(wanted, now)
        ? { state: 'verified' }
        : { state: 'pending', what: 'it is not shown yet that it sends there' },
    describe: ({ target }, now) => now && `diagnostic setting ${lastOf(target)}`,
    // One that is there sends elsewhere, too: a PUT of ours alone would end that, and what it is now we do not say.
    requests: ({ target, wanted }, action) =>
      action === 'create'
        ? [{ method: 'PUT', path: target, apiVersion: SETTING_VERSION, body: settingOf(wanted) }]
        : [],
    commands: ({ target, wanted }, action) => [
      action === 'create'
        ? [
            ...['rest', '--method', 'put', '--url', `${target}?api-version=${SETTING_VERSION}`],
            ...['--body', JSON.stringify(settingOf(wanted))],
          ]
        : [
            ...['monitor', 'diagnostic-settings', 'update', '--name', lastOf(target)],
            ...['--resource', resourceOf(target), '--workspace', wanted.workspace],
          ],
    ],
  };
}

const SETTING_VERSION = '2021-05-01-preview';

/** The body of one that sends to this workspace alone. */
function settingOf({ workspace, logs, metrics, dedicated }: SettingBack): object {
  return {
    properties: {
      workspaceId: workspace,
      logs: logs.map(line),
      metrics: metrics.map(line),
      ...(dedicated ? { logAnalyticsDestinationType: 'Dedicated' } : {}),
    },
  };
}

function line(category: string): object {
  const isGroup = /^(?:alllogs|audit)$/i.test(category);
  return { [isGroup ? 'categoryGroup' : 'category']: category, enabled: true };
}

function resourceOf(target: string): string {
  return target.slice(0, target.toLowerCase().lastIndexOf('/providers/microsoft.insights/'));
}

function lastOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
