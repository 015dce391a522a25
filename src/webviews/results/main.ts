import './results.css';
import type { ResultsHost, RunView } from '../../protocol/results.ts';
import { createAnnouncer } from '../shell/announce.ts';
import { element, fill } from '../shell/element.ts';
import { connectHost } from '../shell/host.ts';
import { toArrangement } from './arrangement.ts';
import type { Arrangement } from './arrangement.ts';
import { ChartTab } from './chartTab.ts';
import { Header } from './header.ts';
import { RowsTab } from './rowsTab.ts';
import { Targets } from './targets.ts';

/** The Results page: it shows the snapshots the host sends and asks for windows of rows. */
const host = connectHost<ResultsHost>();
const announcer = createAnnouncer();
let run: RunView | null = null;
let arrangement: Arrangement | undefined;
let announced = '';
let tabChosen = false;

const header = new Header({
  tab: (tab) => {
    tabChosen = true;
    arrange({ tab });
  },
  search: (search) => {
    arrange({ search });
  },
  retry: () => {
    if (run) void ask(host.channel.request('retry', { run: run.run }));
  },
  cancel: () => {
    if (run) void ask(host.channel.request('cancel', { run: run.run }));
  },
  exportRows: (format) => {
    if (run && arrangement) void exportRows(run, arrangement, format);
  },
});
const rows = new RowsTab(host, {
  arrange: (change) => {
    arrange(change);
  },
  say: announcer.say,
});
const chart = new ChartTab(host);
const targets = new Targets({
  signIn: (workspace) => {
    if (run) void ask(host.channel.request('signIn', { run: run.run, workspace }));
  },
});
const welcome = element(
  'div',
  { class: 'welcome' },
  element('p', {}, 'Run a query to see its answer here.'),
  element('p', { class: 'muted' }, 'Open a .kql file, choose the scope in the status bar and press F5.'),
);

function show(next: RunView | null): void {
  run = next;
  document.body.classList.toggle('has-run', next !== null);
  welcome.hidden = next !== null;
  for (const node of [header.node, rows.node, chart.node, targets.node]) node.hidden = next === null;
  if (!next) return;
  if (arrangement?.run !== next.run) {
    arrangement = toArrangement(host.readState()['arrangement'], next.run, 'rows');
    tabChosen = arrangement.tab !== 'rows';
  }
  // `render` is known with the first answer; it opens the chart unless the person has looked elsewhere meanwhile.
  const asked = next.render?.visualization;
  if (!tabChosen && asked && asked !== 'table') {
    tabChosen = true;
    arrangement = { ...arrangement, tab: 'chart' };
  }
  header.show(next, arrangement);
  rows.node.hidden = arrangement.tab !== 'rows';
  chart.node.hidden = arrangement.tab !== 'chart';
  targets.node.hidden = arrangement.tab !== 'targets';
  rows.show(next, arrangement);
  chart.show(next);
  targets.show(next);
  const words =
    next.state === 'running' ? '' : `${next.completeness.sentence}. ${next.rowCount.toLocaleString('en')} rows.`;
  if (words && words !== announced) announcer.say(words);
  announced = words;
}

function arrange(change: Partial<Arrangement>): void {
  if (!run || !arrangement) return;
  arrangement = { ...arrangement, ...change };
  host.writeState({ arrangement });
  show(run);
}

async function exportRows(of: RunView, { sorts, filters }: Arrangement, format: 'csv' | 'json'): Promise<void> {
  const done = await ask(
    host.channel.request(
      'export',
      { run: of.run, format, sort: [...sorts], filters: [...filters] },
      { deadlineMs: Infinity },
    ),
  );
  if (done) announcer.say(`Exported ${done.rows.toLocaleString('en')} rows.`);
}

/** Asks the host; a refusal is shown in the header and nothing is lost. */
async function ask<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    header.complain(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

fill(document.body, header.node, element('main', {}, welcome, rows.node, chart.node, targets.node), announcer.node);
show(null);
host.channel.on('run', show);
host.channel.on('tab', (tab) => {
  tabChosen = true;
  arrange({ tab });
});
void ask(
  host.channel.request('ready', { version: 1 }).then((first) => {
    if (first) show(first);
    return first;
  }),
);
