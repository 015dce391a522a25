import type { RunView } from '../../protocol/results.ts';
import { button, element, fill, icon } from '../shell/element.ts';
import { openMenu } from '../shell/menu.ts';
import type { Arrangement } from './arrangement.ts';

export interface HeaderEvents {
  tab(tab: Arrangement['tab']): void;
  search(text: string): void;
  retry(): void;
  cancel(): void;
  exportRows(format: 'csv' | 'json'): void;
}
const TABS: readonly { readonly id: Arrangement['tab']; readonly label: string }[] = [
  { id: 'rows', label: 'Results' },
  { id: 'chart', label: 'Chart' },
  { id: 'targets', label: 'Targets' },
];
const SEARCH_DELAY_MS = 250;

/** The strip above every tab: tabs, what can be done, and how complete the answer is. */
export class Header {
  readonly node: HTMLElement;
  private readonly events: HeaderEvents;
  private readonly tabs: readonly HTMLButtonElement[];
  private readonly actions = element('div', { class: 'actions', role: 'toolbar', 'aria-label': 'Answer' });
  private readonly completeness = element('div', { class: 'completeness' });
  private readonly note = element('div', { class: 'note', hidden: true });
  private readonly progress = element('div', {
    class: 'progress',
    role: 'progressbar',
    'aria-label': 'Workspaces answered',
    hidden: true,
  });
  private readonly search: HTMLInputElement;
  private run: RunView | undefined;
  private actionsShown = '';

  constructor(events: HeaderEvents) {
    this.events = events;
    this.tabs = TABS.map(({ id, label }) =>
      element(
        'button',
        {
          type: 'button',
          role: 'tab',
          id: `tab-${id}`,
          'aria-controls': `panel-${id}`,
          onclick: () => {
            events.tab(id);
          },
        },
        label,
        element('span', { class: 'count' }),
      ),
    );
    let timer = 0;
    this.search = element('input', {
      type: 'search',
      placeholder: 'Search rows',
      'aria-label': 'Search rows',
      oninput: () => {
        clearTimeout(timer);
        timer = window.setTimeout(() => {
          events.search(this.search.value);
        }, SEARCH_DELAY_MS);
      },
    });
    const list = element(
      'div',
      {
        class: 'tabs',
        role: 'tablist',
        'aria-label': 'Answer',
        onkeydown: (event) => {
          this.tabKey(event as KeyboardEvent);
        },
      },
      ...this.tabs,
    );
    this.node = element(
      'header',
      { class: 'head' },
      this.progress,
      element(
        'div',
        { class: 'bar-row' },
        list,
        this.completeness,
        element('span', { class: 'spring' }),
        this.search,
        this.actions,
      ),
      this.note,
    );
  }

  show(run: RunView, arrangement: Arrangement): void {
    this.run = run;
    const counts = [run.rowCount.toLocaleString('en'), '', `${run.completeness.answered}/${run.completeness.asked}`];
    this.tabs.forEach((tab, index) => {
      const chosen = TABS[index]!.id === arrangement.tab;
      tab.setAttribute('aria-selected', String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      tab.querySelector('.count')!.textContent = counts[index]!;
    });
    const running = run.state === 'running';
    const done = run.targets.filter((target) => target.state !== 'waiting' && target.state !== 'running').length;
    this.progress.hidden = !running;
    this.progress.setAttribute('aria-valuemax', String(run.targets.length));
    this.progress.setAttribute('aria-valuenow', String(done));
    this.progress.style.setProperty('--share', `${run.targets.length > 0 ? (100 * done) / run.targets.length : 0}%`);
    const sign = running ? 'sync' : run.error ? 'error' : run.completeness.complete ? 'pass-filled' : 'warning';
    this.completeness.className = `completeness ${running ? 'running' : run.error ? 'failed' : run.completeness.complete ? 'complete' : 'incomplete'}`;
    fill(
      this.completeness,
      icon(sign),
      element('span', { class: 'told' }, run.error ?? run.completeness.sentence),
      element('span', { class: 'muted', title: run.scopeLabel }, `${(run.elapsedMs / 1000).toFixed(1)} s`),
    );
    this.completeness.title =
      run.error ?? run.completeness.missing.map(({ reason, count }) => `${count} × ${reason}`).join('\n');
    this.note.hidden = !run.perWorkspaceNote;
    if (run.perWorkspaceNote)
      fill(
        this.note,
        icon('info'),
        element('strong', {}, 'Per workspace. '),
        element('span', {}, run.perWorkspaceNote.sentence),
      );
    if (document.activeElement !== this.search) this.search.value = arrangement.search;
    this.search.hidden = arrangement.tab !== 'rows';
    this.drawActions(run, running);
  }

  /** Something that was asked for here could not be done. */
  complain(message: string): void {
    this.note.hidden = false;
    fill(this.note, icon('error'), element('span', { role: 'alert' }, message));
  }

  private drawActions(run: RunView, running: boolean): void {
    const failed = run.targets.filter(
      (target) => target.state === 'failed' || target.state === 'cancelled' || target.state === 'partial',
    ).length;
    const shown = JSON.stringify([running, failed]);
    // Redrawing buttons under somebody's finger would lose the focus and the click.
    if (shown === this.actionsShown) return;
    this.actionsShown = shown;
    const exportButton = button(
      'Export',
      'export',
      () => {
        openMenu(exportButton, 'Export', [
          {
            label: 'CSV, all rows as filtered',
            icon: 'table',
            run: () => {
              this.events.exportRows('csv');
            },
          },
          {
            label: 'JSON, all rows as filtered',
            icon: 'json',
            run: () => {
              this.events.exportRows('json');
            },
          },
        ]);
      },
      { text: true },
    );
    exportButton.setAttribute('aria-haspopup', 'menu');
    fill(
      this.actions,
      running
        ? button(
            'Cancel',
            'debug-stop',
            () => {
              this.events.cancel();
            },
            { text: true, key: 'Shift+F5' },
          )
        : undefined,
      !running && failed > 0
        ? button(
            `Retry ${failed} not answered`,
            'refresh',
            () => {
              this.events.retry();
            },
            { text: true },
          )
        : undefined,
      exportButton,
    );
  }

  private tabKey(event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0 || !this.run) return;
    const now = this.tabs.findIndex((tab) => tab.getAttribute('aria-selected') === 'true');
    const next = (now + step + TABS.length) % TABS.length;
    this.events.tab(TABS[next]!.id);
    this.tabs[next]!.focus();
    event.preventDefault();
  }
}
