import type { AppErrorData } from '../base/errors.ts';
import { counted } from '../base/counted.ts';
import { escapeMarkdown } from '../base/markdown.ts';
import type { RollupReport, WorkspaceReport } from '../core/rollup/rollupService.ts';
import { rangeText, sizeText } from '../core/rollup/rollupWords.ts';
import type { EraseReceipt, TimeWindow } from '../model/rollup.ts';

/** What a run is told by. */
type RunReport = Pick<RollupReport, 'rollup' | 'error' | 'workspaces' | 'missing'>;
/** Windows of a workspace that are not stored. */
export interface LineWithGaps {
  readonly customerName: string;
  readonly workspaceName: string;
  readonly sink: string;
  readonly gaps: readonly (TimeWindow & { readonly reason: string })[];
  readonly stopped?: AppErrorData;
}

/** A run in a sentence: `SignIns: 24 windows of 12 workspaces stored, 1,200 rows; 1 failed`. */
export function runSentence({ rollup, error, workspaces, missing }: RunReport): string {
  if (error) return `${rollup}: ${error.message}`;
  const sum = (what: 'windows' | 'rows'): number => workspaces.reduce((total, one) => total + one[what], 0);
  const count = (...states: readonly WorkspaceReport['state'][]): number =>
    workspaces.filter(({ state }) => states.includes(state)).length;
  const parts = [
    [count('failed'), 'failed'],
    [count('stopped'), 'stopped by a change of schema'],
    [count('busy'), 'at work elsewhere'],
    [count('off'), 'switched off or paused'],
    [workspaces.filter(({ gaps }) => gaps.length > 0).length, 'with gaps'],
  ] as const;
  return [
    `${rollup}: ${counted(sum('windows'), 'window')} of ${counted(workspaces.length, 'workspace')} stored, ${counted(sum('rows'), 'row')}`,
    ...parts.flatMap(([how, words]) => (how > 0 ? [`${how} ${words}`] : [])),
    ...(missing.length > 0 ? [`${counted(missing.length, 'tenant')} could not be entered`] : []),
  ].join('; ');
}

/** Whether windows that are over are not stored, for no wish of anybody. */
export function isLacking({ error, workspaces, missing }: RunReport): boolean {
  return error !== undefined || missing.length > 0 || workspaces.some((one) => reasonOf(one) !== undefined);
}

/** Every workspace that lacks something, with why. Markdown. */
export function runDocument(run: RunReport): string {
  return [
    `# ${cell(run.rollup)}`,
    '',
    cell(`${runSentence(run)}.`),
    '',
    ...reasonLines(run),
    '',
    '| Customer | Workspace | Sink | | Windows | Rows | Size |',
    '| --- | --- | --- | --- | ---: | ---: | ---: |',
    ...run.workspaces.map(
      (one) =>
        `| ${cell(one.customer)} | ${cell(one.workspace)} | ${cell(one.sink)} | ${STATES[one.state]} | ${number(one.windows)} | ${number(one.rows)} | ${sizeText(one.bytes)} |`,
    ),
    '',
  ].join('\n');
}

/** Every gap below an entry, or that its workspaces have none. Markdown. */
export function gapsDocument(name: string, all: readonly LineWithGaps[]): string {
  const lines = all.filter(({ gaps, stopped }) => gaps.length > 0 || stopped);
  return [
    `# ${cell(name)}: gaps`,
    '',
    lines.length === 0
      ? 'Every window that was to be stored is.'
      : 'These windows are not stored. The next run tries them again; what it then stores is no gap any more.',
    ...lines.flatMap(({ customerName, workspaceName, sink, gaps, stopped }) => [
      '',
      `## ${cell(`${customerName} / ${workspaceName}`)} (${cell(sink)})`,
      '',
      ...(stopped ? [`- **Stopped:** ${cell(stopped.message)}`] : []),
      ...gaps.map((gap) => `- ${rangeText(gap)}: ${cell(gap.reason)}`),
    ]),
    '',
  ].join('\n');
}

/** What was erased of a customer, a receipt for each sink. Markdown. */
export function receiptDocument(customer: string, receipts: readonly EraseReceipt[]): string {
  return [
    `# ${cell(customer)} was erased`,
    '',
    'The customer is switched off: nothing of it is read or stored until it is switched on again.',
    ...receipts.flatMap(({ sink, at, tables, remains }) => [
      '',
      `## ${cell(sink)}, ${cell(at)}`,
      '',
      ...(tables.length > 0
        ? [
            '| Roll-up | Windows | Rows |',
            '| --- | ---: | ---: |',
            ...tables.map(({ rollup, windows, rows }) => `| ${cell(rollup)} | ${number(windows)} | ${number(rows)} |`),
          ]
        : ['Nothing of it was stored there.']),
      ...remains.map((rest) => `\n${cell(rest)}`),
    ]),
    '',
  ].join('\n');
}

const STATES: Readonly<Record<WorkspaceReport['state'], string>> = {
  current: 'Nothing to store',
  stored: 'Stored',
  notDue: 'Not due',
  busy: 'At work elsewhere',
  off: 'Switched off or paused',
  stopped: 'Stopped',
  failed: 'Failed',
};

function reasonLines({ workspaces, missing }: RunReport): string[] {
  return [
    ...workspaces.flatMap((one) => {
      const reason = reasonOf(one);
      return reason === undefined ? [] : [`- ${cell(`${one.customer} / ${one.workspace}`)}: ${cell(reason)}`];
    }),
    ...missing.map(
      ({ customer, tenant }) => `- ${cell(`${customer} / ${tenant}`)}: could not be entered. Sign in to it.`,
    ),
    '',
  ];
}

function reasonOf({ state, error, gaps }: WorkspaceReport): string | undefined {
  if (state === 'failed' || state === 'stopped') return error?.message ?? 'It failed.';
  return gaps[0]?.reason;
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}

/** A text of others in its line: nothing in it acts. */
function cell(text: string): string {
  return escapeMarkdown(text.replaceAll(/\s+/g, ' ').trim().slice(0, 1_000));
}
