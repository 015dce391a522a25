import type { RunView, TargetView } from '../../protocol/results.ts';
import { button, element, fill, icon } from '../shell/element.ts';

const STATES: Record<TargetView['state'], { readonly icon: string; readonly label: string; readonly rank: number }> = {
  failed: { icon: 'error', label: 'Failed', rank: 0 },
  partial: { icon: 'warning', label: 'Partial', rank: 1 },
  skipped: { icon: 'circle-slash', label: 'Skipped', rank: 2 },
  cancelled: { icon: 'circle-slash', label: 'Cancelled', rank: 3 },
  running: { icon: 'sync', label: 'Running', rank: 4 },
  waiting: { icon: 'watch', label: 'Waiting', rank: 5 },
  answered: { icon: 'pass', label: 'Answered', rank: 6 },
  empty: { icon: 'pass', label: 'Answered, no rows', rank: 7 },
};
type SortKey = 'state' | 'customerName' | 'workspaceName' | 'rows' | 'tookMs';
const HEADERS: readonly { readonly key: SortKey | 'reason'; readonly label: string }[] = [
  { key: 'state', label: 'State' },
  { key: 'customerName', label: 'Customer' },
  { key: 'workspaceName', label: 'Workspace' },
  { key: 'rows', label: 'Rows' },
  { key: 'tookMs', label: 'Time' },
  { key: 'reason', label: 'Reason and next step' },
];
/** Rows drawn at most; a scope can have thousands of workspaces, and the first ones are those that need somebody. */
const SHOWN = 1000;

/** One row a workspace: what it answered, how long it took, and why not. What failed comes first. */
export class Targets {
  readonly node = element('div', {
    class: 'targets',
    role: 'tabpanel',
    id: 'panel-targets',
    'aria-labelledby': 'tab-targets',
    tabindex: 0,
  });
  private sort: SortKey = 'state';
  private descending = false;
  private run: RunView | null = null;
  private readonly actions: { signIn(workspace: string): void };

  constructor(actions: { signIn(workspace: string): void }) {
    this.actions = actions;
  }

  show(run: RunView | null): void {
    this.run = run;
    if (!this.node.hidden) this.draw();
  }

  draw(): void {
    const targets = [...(this.run?.targets ?? [])].sort(
      (left, right) => (this.descending ? -1 : 1) * compare(left, right, this.sort),
    );
    const longest = Math.max(1, ...targets.map((target) => target.tookMs ?? 0));
    const head = element(
      'tr',
      {},
      ...HEADERS.map(({ key, label }) => {
        if (key === 'reason') return element('th', { scope: 'col' }, label);
        const direction = this.sort === key ? (this.descending ? 'descending' : 'ascending') : 'none';
        return element(
          'th',
          { scope: 'col', 'aria-sort': direction },
          element(
            'button',
            {
              type: 'button',
              onclick: () => {
                this.sortBy(key);
              },
            },
            label,
          ),
        );
      }),
    );
    fill(
      this.node,
      element(
        'table',
        { 'aria-label': 'Workspaces of this run' },
        element('thead', {}, head),
        element('tbody', {}, ...targets.slice(0, SHOWN).map((target) => this.row(target, longest))),
      ),
      targets.length > SHOWN
        ? element('p', { class: 'muted' }, `${targets.length - SHOWN} more workspaces; export the run to see all.`)
        : undefined,
    );
  }

  private sortBy(key: SortKey): void {
    this.descending = this.sort === key ? !this.descending : key === 'rows' || key === 'tookMs';
    this.sort = key;
    this.draw();
    this.node.querySelectorAll<HTMLElement>('th button')[HEADERS.findIndex((header) => header.key === key)]?.focus();
  }

  private row(target: TargetView, longest: number): HTMLElement {
    const state = STATES[target.state];
    const bar = element('span', { class: 'bar', 'aria-hidden': 'true' });
    bar.style.width = `${Math.round(((target.tookMs ?? 0) / longest) * 60)}px`;
    return element(
      'tr',
      { class: `state-${target.state}` },
      element('td', {}, icon(state.icon), element('span', {}, state.label)),
      element('td', {}, target.customerName),
      element('td', { title: `${target.tenantName}, reached by ${target.path}` }, target.workspaceName),
      element('td', { class: 'number' }, target.rows.toLocaleString('en')),
      element(
        'td',
        { class: 'number' },
        target.tookMs === undefined ? '' : `${(target.tookMs / 1000).toFixed(2)} s`,
        bar,
      ),
      element(
        'td',
        { class: 'reason' },
        target.reason ?? (target.attempts > 1 ? `answered at attempt ${target.attempts}` : ''),
        target.canSignIn
          ? button(
              'Sign in',
              'sign-in',
              () => {
                this.actions.signIn(target.workspace);
              },
              { text: true },
            )
          : undefined,
      ),
    );
  }
}

function compare(left: TargetView, right: TargetView, key: SortKey): number {
  const byKey =
    key === 'state'
      ? STATES[left.state].rank - STATES[right.state].rank
      : key === 'rows' || key === 'tookMs'
        ? (left[key] ?? -1) - (right[key] ?? -1)
        : left[key].localeCompare(right[key]);
  return (
    byKey ||
    left.customerName.localeCompare(right.customerName) ||
    left.workspaceName.localeCompare(right.workspaceName)
  );
}
