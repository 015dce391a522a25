import { MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { Event, TreeDataProvider } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/event.ts';
import type { FiredAlertView, FiredAlerts } from '../../model/firedAlert.ts';
import { groupAlerts, notAskedOf, textsOfAlert, tooltipOfAlert } from './alertTexts.ts';
import type { AlertGroup, NotAsked } from './alertTexts.ts';

/** A row: a customer, one of its alerts, or somebody who could not be asked. */
type AlertNode = AlertGroup | FiredAlertView | NotAsked;

/** What has fired, customer by customer. Rows are the alerts themselves, so that a command knows its alert. */
export class AlertsTree implements TreeDataProvider<AlertNode>, Disposable {
  private readonly changed = new Emitter<undefined>();
  private groups: readonly AlertGroup[] = [];
  private all: FiredAlerts | undefined;

  readonly onDidChangeTreeData = this.changed.event as Event<undefined>;

  /** What it shows; undefined before anybody looked. */
  get alerts(): FiredAlerts | undefined {
    return this.all;
  }

  show(alerts: FiredAlerts | undefined): void {
    this.all = alerts;
    this.groups = groupAlerts(alerts?.alerts ?? []);
    this.changed.fire(undefined);
  }

  /** Puts an alert in the place of what it was. */
  replace(alert: FiredAlertView): void {
    if (this.all) this.show({ ...this.all, alerts: this.all.alerts.map((one) => (one.id === alert.id ? alert : one)) });
  }

  /** The alert of a row that a menu was opened on. */
  find(argument: unknown): FiredAlertView | undefined {
    const id = typeof argument === 'object' && argument !== null ? (argument as { id?: unknown }).id : undefined;
    return this.all?.alerts.find((alert) => alert.id === id);
  }

  dispose(): void {
    this.changed.dispose();
  }

  getChildren(node?: AlertNode): AlertNode[] {
    if (!node) return [...this.groups, ...notAskedOf(this.all ?? { missing: [] })];
    return 'kind' in node && node.kind === 'customer' ? [...node.alerts] : [];
  }
  getParent(node: AlertNode): AlertNode | undefined {
    return 'kind' in node ? undefined : this.groups.find(({ key }) => key === node.customer);
  }

  getTreeItem(node: AlertNode): TreeItem {
    if ('kind' in node && node.kind === 'notAsked') {
      const item = new TreeItem(node.who, TreeItemCollapsibleState.None);
      item.id = `notAsked/${node.who}`;
      item.description = 'could not be asked';
      item.iconPath = new ThemeIcon('warning', new ThemeColor('list.warningForeground'));
      item.tooltip = node.why;
      item.contextValue = 'notAsked';
      item.accessibilityInformation = { label: `${node.who}, could not be asked: ${node.why}` };
      return item;
    }
    if ('kind' in node) {
      const item = new TreeItem(node.label, TreeItemCollapsibleState.Expanded);
      item.id = `customer/${node.key}`;
      item.description = node.description;
      item.iconPath = new ThemeIcon('organization');
      item.contextValue = 'customer';
      return item;
    }
    const { label, description, spoken, icon, contextValue } = textsOfAlert(node, whenOf);
    const item = new TreeItem(label, TreeItemCollapsibleState.None);
    item.id = node.id;
    item.description = description;
    item.iconPath = new ThemeIcon(icon.id, icon.colour === undefined ? undefined : new ThemeColor(icon.colour));
    item.contextValue = contextValue;
    item.tooltip = new MarkdownString(tooltipOfAlert(node, whenOf));
    item.accessibilityInformation = { label: spoken };
    return item;
  }
}

/** The time of day, or day and time where it is another day, as the reader's country writes it. */
function whenOf(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return 'at an unknown time';
  const hour = { hour: '2-digit', minute: '2-digit' } as const;
  return time.toDateString() === new Date().toDateString()
    ? time.toLocaleTimeString(undefined, hour)
    : time.toLocaleString(undefined, { month: 'short', day: 'numeric', ...hour });
}
