import { window } from 'vscode';
import { counted } from '../../base/counted.ts';
import { AppError } from '../../base/errors.ts';
import { ALERT_FILE, ALERT_FOLDER } from '../../kql/queryFiles/alertFile.ts';
import { ALERT_SETTING_WORDS } from '../../kql/queryFiles/alertSettingWords.ts';
import type { AlertUserState, FiredAlertView } from '../../model/firedAlert.ts';
import { EVERYTHING } from '../../model/scope.ts';
import type { Scope } from '../../model/scope.ts';
import type { App } from '../platform/app.ts';
import type { CommandsOf } from '../platform/commands.ts';
import { openNewQuery } from '../platform/openQuery.ts';
import { FileDiagnostics } from '../session/fileDiagnostics.ts';
import { scopeOfWorkspaces } from '../session/scopeOfWorkspaces.ts';
import { registerSettingLines } from '../session/settingLines.ts';
import { AlertsTree } from './alertsTree.ts';
import { messageOf } from './alertTexts.ts';

const VIEW = 'tenantscope.alerts';

type AlertCommand =
  | 'tenantscope.alerts.refresh'
  | 'tenantscope.alerts.acknowledge'
  | 'tenantscope.alerts.close'
  | 'tenantscope.alerts.reopen'
  | 'tenantscope.alerts.openQuery';

/** The Alerts view: what has fired at all customers, and what the person says of it. */
export function registerAlerts(app: App): CommandsOf<AlertCommand> {
  const tree = app.store.add(new AlertsTree());
  const view = app.store.add(window.createTreeView(VIEW, { treeDataProvider: tree, canSelectMany: true }));
  app.store.add(
    new FileDiagnostics(app, {
      kind: 'alert',
      isOne: ({ uri, isUntitled }) =>
        !isUntitled && uri.path.includes(`/${ALERT_FOLDER}/`) && ALERT_FILE.test(uri.path),
      check: (file, signal) => app.worker.request('alerts.check', file, { signal }),
    }),
  );
  const files = { language: 'kusto', pattern: `**/${ALERT_FOLDER}/*` };
  for (const provider of registerSettingLines(files, () => ALERT_SETTING_WORDS)) app.store.add(provider);
  let loading: Promise<void> | undefined;

  const fetch = async (): Promise<void> => {
    await app.estate.ensure();
    await window.withProgress({ location: { viewId: VIEW } }, async () => {
      const alerts = await app.worker.request('alerts.list', { scope: EVERYTHING });
      tree.show(alerts);
      // An empty text would leave a gap where the message was.
      const message = messageOf(alerts);
      Object.assign(view, { message });
      const open = alerts.alerts.filter(({ state, condition }) => state === 'New' && condition === 'Fired').length;
      view.badge = open === 0 ? undefined : { value: open, tooltip: counted(open, 'new alert') };
    });
  };
  const load = (): Promise<void> => {
    loading ??= fetch().finally(() => {
      loading = undefined;
    });
    return loading;
  };
  app.store.add(
    view.onDidChangeVisibility(() => {
      // Nobody is asked before the person has opened the estate.
      if (view.visible && !tree.alerts && app.estate.state === 'loaded') void app.guard.quiet('alerts.list', load);
    }),
  );
  app.store.add(
    app.estate.onDidChange(() => {
      // Another account or cloud: what was seen belongs to somebody else.
      if (app.estate.estate || !tree.alerts) return;
      tree.show(undefined);
      Object.assign(view, { message: undefined, badge: undefined });
    }),
  );

  const change = async (argument: unknown, selected: unknown, state: AlertUserState): Promise<void> => {
    for (const { id } of alertsOf(tree, argument, selected))
      tree.replace(await app.worker.request('alerts.change', { id, state }));
  };
  return {
    'tenantscope.alerts.refresh': load,
    'tenantscope.alerts.acknowledge': (alert, selected) => change(alert, selected, 'Acknowledged'),
    'tenantscope.alerts.close': (alert, selected) => change(alert, selected, 'Closed'),
    'tenantscope.alerts.reopen': (alert, selected) => change(alert, selected, 'New'),
    'tenantscope.alerts.openQuery': async (argument) => {
      const [alert] = alertsOf(tree, argument, undefined);
      const { query } = alert!;
      if (query === undefined)
        throw new AppError('input.noQuery', 'This alert does not tell its query. Open its rule in the portal.');
      await openNewQuery(query, await scopeOf(app, alert!));
    },
  };
}

/** The workspace that an alert is about, where it is one of the estate; else its customer. */
async function scopeOf(app: App, { target, customer }: FiredAlertView): Promise<Scope> {
  const estate = await app.estate.ensure();
  const found = estate.workspaces.filter(({ key }) => key === target.toLowerCase());
  const meant = found.length > 0 ? found : estate.workspaces.filter((workspace) => workspace.customer === customer);
  if (meant.length === 0) return EVERYTHING;
  return scopeOfWorkspaces(new Set(meant.map(({ key }) => key)), estate, { include: [], except: [] });
}

/** The alerts a menu was opened on: all that are selected, where the row is one of them. */
function alertsOf(tree: AlertsTree, argument: unknown, selected: unknown): readonly FiredAlertView[] {
  const one = tree.find(argument);
  if (!one) throw new AppError('input.alert', 'Choose this command on an alert of the Alerts view.');
  const all = Array.isArray(selected) ? selected.flatMap((entry: unknown) => tree.find(entry) ?? []) : [];
  return all.some(({ id }) => id === one.id) ? all : [one];
}
