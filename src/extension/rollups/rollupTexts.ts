import { counted } from '../../base/counted.ts';
import { codeSpan, escapeMarkdown } from '../../base/markdown.ts';
import { visibleText } from '../../base/visibleText.ts';
import { durationText, rangeText, sizeText, timeText } from '../../core/rollup/rollupWords.ts';
import type { RollupGapView, RollupLine } from '../../protocol/rollups.ts';
import { linesOf, stateOf } from './rollupNode.ts';
import type { LineState, RollupEntry } from './rollupNode.ts';

/** What an entry shows in its row; menus look at `contextValue`. */
export interface RollupTexts {
  readonly label: string;
  readonly description: string;
  readonly icon: { readonly id: string; readonly colour?: string };
  readonly contextValue: string;
  /** Markdown. */
  readonly tooltip: string;
  /** What a screen reader says. */
  readonly spoken: string;
}

/** Gaps of a line that a tooltip tells one by one. */
const TOLD = 5;

const ICONS: Readonly<Record<LineState, RollupTexts['icon']>> = {
  current: { id: 'pass', colour: 'testing.iconPassed' },
  begun: { id: 'circle-outline' },
  paused: { id: 'debug-pause' },
  off: { id: 'circle-slash' },
  behind: { id: 'history', colour: 'list.warningForeground' },
  gaps: { id: 'warning', colour: 'list.warningForeground' },
  stopped: { id: 'error', colour: 'list.errorForeground' },
};

/** What each state is called on screen; nothing where the rest of the row says it. */
const WORDS: Readonly<Record<LineState, string>> = {
  current: '',
  begun: 'nothing stored yet',
  paused: 'paused',
  off: 'switched off',
  behind: 'behind its schedule',
  gaps: '',
  stopped: 'stopped',
};

/** How an entry looks at `now` (epoch milliseconds); `running`: how far the run of it is, in words. */
export function textsOfRollup(entry: RollupEntry, now: number, running?: string): RollupTexts {
  const state = stateOf(entry, now);
  const label = visibleText(entry.kind === 'workspace' ? entry.line.workspaceName : entry.name);
  const problem = entry.kind === 'rollup' ? entry.problems[0] : undefined;
  const facts = problem ? [problem.message] : [...(running ? [running] : []), ...factsOf(entry, state, now)];
  const description = visibleText(facts.join(' · '));
  return {
    label,
    description,
    icon: iconOf(state, problem !== undefined, running !== undefined),
    contextValue: contextOf(entry),
    tooltip: tooltipOf(entry, now),
    spoken: [label, ...(problem ? ['cannot be run'] : []), description].filter((text) => text !== '').join(', '),
  };
}

function iconOf(state: LineState | undefined, wrong: boolean, running: boolean): RollupTexts['icon'] {
  if (running) return { id: 'sync~spin' };
  if (wrong) return ICONS.stopped;
  return state ? ICONS[state] : { id: 'circle-outline' };
}

/** `rollup.file.stored`, `rollup.file.paused`, `customer.on`, `customer.off`, `workspace`: parts that menus ask for. */
function contextOf(entry: RollupEntry): string {
  if (entry.kind === 'workspace') return 'workspace';
  if (entry.kind === 'customer') return entry.off ? 'customer.off' : 'customer.on';
  const parts = ['rollup', entry.path === undefined ? 'noFile' : entry.definition ? 'file' : 'unread'];
  return [...parts, entry.paused ? 'paused' : 'going', entry.children.length > 0 ? 'stored' : 'empty'].join('.');
}

function factsOf(entry: RollupEntry, state: LineState | undefined, now: number): string[] {
  const lines = linesOf(entry);
  const noFile = entry.kind === 'rollup' && entry.path === undefined ? ['no such file here'] : [];
  if (state === undefined) return [...noFile, 'never run'];
  const begun = lines.flatMap(({ until }) => (until === undefined ? [] : [until]));
  const rows = lines.reduce((sum, { last }) => sum + (last?.rows ?? 0), 0);
  const gaps = lines.reduce((sum, line) => sum + line.gaps.length, 0);
  const sink = entry.kind === 'customer' && entry.sink !== undefined ? [entry.sink] : [];
  const word = WORDS[state];
  return [
    ...noFile,
    ...sink,
    ...(word === '' ? [] : [word]),
    ...(begun.length > 0 ? [`lag ${durationText(now - Math.min(...begun))}`] : []),
    ...(lines.some(({ last }) => last) ? [`${counted(rows, 'row')} last`] : []),
    ...(gaps > 0 ? [counted(gaps, 'gap')] : []),
  ];
}

function tooltipOf(entry: RollupEntry, now: number): string {
  if (entry.kind === 'workspace') return tooltipOfLine(entry.line, now);
  const lines = linesOf(entry);
  const about =
    entry.kind === 'rollup'
      ? [
          ...(entry.definition?.description === undefined ? [] : [entry.definition.description]),
          ...(entry.definition?.owner === undefined ? [] : [`Owner: ${entry.definition.owner}`]),
          ...(entry.path === undefined ? ['No file of the open folders means it; what is stored stays.'] : []),
          ...entry.problems.map(({ message }) => message),
        ]
      : entry.off
        ? ['Switched off: nothing of this customer is read or stored, in any roll-up.']
        : [];
  const failing = lines.filter(({ stopped }) => stopped);
  return paragraphs([
    `**${escapeMarkdown(entry.name)}**`,
    ...about.map(escapeMarkdown),
    ...(lines.length > 0 ? [counted(lines.length, 'workspace')] : []),
    ...failing.slice(0, TOLD).map((line) => escapeMarkdown(`${line.workspaceName}: ${line.stopped!.message}`)),
    ...gapTexts(lines.flatMap(({ gaps }) => gaps)),
  ]);
}

function tooltipOfLine(line: RollupLine, now: number): string {
  const { workspaceName, customerName, sink, since, until, last, gaps, stopped, off } = line;
  return paragraphs([
    `**${escapeMarkdown(workspaceName)}** (${escapeMarkdown(customerName)}), ${codeSpan(sink)}`,
    ...(stopped ? [escapeMarkdown(`Stopped: ${stopped.message}`)] : []),
    ...(off ? ['Switched off: nothing of this customer is read or stored.'] : []),
    ...(since === undefined || until === undefined
      ? ['Nothing was stored yet.']
      : [`Stored from ${timeText(since)} to ${timeText(until)}, which is ${durationText(now - until)} ago.`]),
    ...(last
      ? [
          `Last window: ${rangeText(last)}, ${counted(last.rows, 'row')}, ${sizeText(last.bytes)}, stored ${timeText(last.at)}.`,
        ]
      : []),
    ...gapTexts(gaps),
  ]);
}

function gapTexts(gaps: readonly RollupGapView[]): string[] {
  const told = gaps.slice(0, TOLD).map((gap) => `- ${rangeText(gap)}: ${escapeMarkdown(gap.reason)}`);
  const more = gaps.length > TOLD ? [`- and ${gaps.length - TOLD} more`] : [];
  return gaps.length === 0 ? [] : [['Gaps:', '', ...told, ...more].join('\n')];
}

function paragraphs(texts: readonly string[]): string {
  return texts.join('\n\n');
}
