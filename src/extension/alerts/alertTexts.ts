import { codeBlock, escapeMarkdown } from '../../base/markdown.ts';
import { visibleText } from '../../base/visibleText.ts';
import { SEVERITIES } from '../../model/alert.ts';
import type { FiredAlertView, FiredAlerts } from '../../model/firedAlert.ts';

/** What a row of the Alerts view shows; menus look at `contextValue`. */
export interface AlertTexts {
  readonly label: string;
  readonly description: string;
  /** What a screen reader says instead of label and description: the icon too. */
  readonly spoken: string;
  readonly icon: { readonly id: string; readonly colour?: string };
  readonly contextValue: 'alert.new' | 'alert.acknowledged' | 'alert.closed';
}

/** Icons by severity, as problems have them. */
const ICONS: readonly AlertTexts['icon'][] = [
  { id: 'flame', colour: 'list.errorForeground' },
  { id: 'error', colour: 'list.errorForeground' },
  { id: 'warning', colour: 'list.warningForeground' },
  { id: 'info' },
  { id: 'circle-outline' },
];

/** How an alert looks in its row. `clock` writes a time as the reader's country does. */
export function textsOfAlert(alert: FiredAlertView, clock: (iso: string) => string): AlertTexts {
  const { severity, state, condition, target, firedAt } = alert;
  const label = visibleText(alert.name);
  const what = visibleText(target.slice(target.lastIndexOf('/') + 1));
  const told = [
    clock(firedAt),
    ...(what === '' ? [] : [what]),
    ...(condition === 'Resolved' ? ['resolved'] : []),
    ...(state === 'New' ? [] : [state.toLowerCase()]),
  ];
  return {
    label,
    description: told.join(' · '),
    spoken: [SEVERITIES[severity] ?? 'Verbose', label, ...told].join(', '),
    icon: condition === 'Resolved' ? { id: 'pass', colour: 'testing.iconPassed' } : (ICONS[severity] ?? ICONS[4]!),
    contextValue: state === 'Closed' ? 'alert.closed' : state === 'Acknowledged' ? 'alert.acknowledged' : 'alert.new',
  };
}

/**
 * What a row says when one stays on it: Markdown, in which the texts of others are text. `clock` writes a time as the
 * reader's country does.
 */
export function tooltipOfAlert(alert: FiredAlertView, clock: (iso: string) => string): string {
  const { name, description, severity, condition, state, service, target, query, firedAt, customerName } = alert;
  return [
    `**${escapeMarkdown(name)}**`,
    ...(description === '' ? [] : [escapeMarkdown(description)]),
    escapeMarkdown(`${SEVERITIES[severity] ?? 'Verbose'}, ${condition.toLowerCase()}, ${state.toLowerCase()}`),
    escapeMarkdown(`${customerName}: ${target.slice(target.lastIndexOf('/') + 1)}`),
    escapeMarkdown(`${service}, since ${clock(firedAt)}`),
    ...(query === undefined ? [] : [codeBlock(query.slice(0, 1_000), 'kusto')]),
  ].join('\n\n');
}

/** A customer with its alerts, those that are worst first. */
export interface AlertGroup {
  readonly kind: 'customer';
  readonly key: string;
  readonly label: string;
  readonly description: string;
  readonly alerts: readonly FiredAlertView[];
}

/** The alerts by customer: the customer with the worst open one first, closed ones last. */
export function groupAlerts(alerts: readonly FiredAlertView[]): readonly AlertGroup[] {
  const groups = new Map<string, FiredAlertView[]>();
  for (const alert of alerts) {
    const group = groups.get(alert.customer);
    if (group) group.push(alert);
    else groups.set(alert.customer, [alert]);
  }
  return [...groups]
    .map(([key, own]): AlertGroup => {
      const sorted = [...own].sort(worstFirst);
      const open = own.filter(isOpen).length;
      return {
        kind: 'customer',
        key,
        label: visibleText(sorted[0]!.customerName),
        description: `${open} open of ${own.length}`,
        alerts: sorted,
      };
    })
    .sort((a, b) => worstFirst(a.alerts[0]!, b.alerts[0]!) || a.label.localeCompare(b.label));
}

/** Whether somebody has still to look at it. */
function isOpen({ state, condition }: FiredAlertView): boolean {
  return state !== 'Closed' && condition === 'Fired';
}

function worstFirst(a: FiredAlertView, b: FiredAlertView): number {
  return (
    Number(isOpen(b)) - Number(isOpen(a)) ||
    Number(a.state !== 'New') - Number(b.state !== 'New') ||
    a.severity - b.severity ||
    b.firedAt.localeCompare(a.firedAt)
  );
}

/** Somebody whose alerts could not be asked for. */
export interface NotAsked {
  readonly kind: 'notAsked';
  readonly who: string;
  readonly why: string;
}

/** The rows of those who could not be asked: what they have is not below, and nobody may take that for nothing. */
export function notAskedOf({ missing }: Pick<FiredAlerts, 'missing'>): readonly NotAsked[] {
  return missing.map(({ who, why }) => {
    // A customer of one tenant is mostly called as that is.
    const [customer, ...tenant] = who.split('/');
    return {
      kind: 'notAsked',
      who: visibleText(tenant.join('/') === customer ? customer : who),
      why: visibleText(why),
    };
  });
}

/** What stands above the list: that some could not be asked. Undefined where there is nothing to say. */
export function messageOf({ alerts, missing }: FiredAlerts): string | undefined {
  if (missing.length > 0) return 'Not all could be asked: those who could not stand last.';
  return alerts.length === 0 ? 'Nothing has fired within 30 days.' : undefined;
}
