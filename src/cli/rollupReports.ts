import { counted } from '../base/counted.ts';
import type { RollupReport, WorkspaceReport } from '../core/rollup/rollupService.ts';
import { EXIT, exitCodeOf } from './exitCodes.ts';

/** What can be done with roll-ups. */
export const AS_ONE = [
  'create',
  'prepare',
  'run',
  'runner',
  'summary-rule',
  'list',
  'status',
  'pause',
  'resume',
  'off',
  'on',
  'erase',
  'powerbi',
];

/** Lines of reasons that are told of one roll-up. */
export const TOLD = 20;

/**
 * The exit code of a run: whether everybody has all that is over. A roll-up that failed as a whole is never partial,
 * whatever the others did: runners take partial for a success.
 */
export function codeOfReports(reports: readonly RollupReport[]): number {
  const codes = reports.map(codeOfReport);
  const failed = codes.find((code) => code !== EXIT.complete && code !== EXIT.partial);
  return failed ?? (codes.includes(EXIT.partial) ? EXIT.partial : EXIT.complete);
}

function codeOfReport({ error, workspaces, missing }: RollupReport): number {
  if (error) return exitCodeOf(error);
  const lacking = workspaces.filter(isLacking);
  if (lacking.length === 0 && missing.length === 0) return EXIT.complete;
  const codes = new Set(lacking.map(({ error: why }) => (why ? exitCodeOf(why) : EXIT.partial)));
  return lacking.length === workspaces.length && codes.size === 1 ? [...codes][0]! : EXIT.partial;
}

/** Whether windows of a workspace that are over are not stored, for no wish of anybody. */
export function isLacking({ state, gaps }: WorkspaceReport): boolean {
  return state === 'failed' || state === 'stopped' || gaps.length > 0;
}

/** A run in a sentence: `SignIns: 24 windows of 12 workspaces, 1,200 rows; 1 failed`. */
export function sentenceOf({ rollup, error, workspaces, missing }: RollupReport): string {
  if (error) return `${rollup}: ${error.message}`;
  const sum = (what: 'windows' | 'rows'): number => workspaces.reduce((total, one) => total + one[what], 0);
  const asked = new Set(workspaces.map(({ customer, workspace }) => `${customer}/${workspace}`));
  const parts = [
    `${counted(sum('windows'), 'window')} of ${counted(asked.size, 'workspace')} stored, ${counted(sum('rows'), 'row')}`,
  ];
  const told: readonly (readonly [WorkspaceReport['state'], string])[] = [
    ['notDue', 'not due'],
    ['busy', 'at work elsewhere'],
    ['off', 'switched off or paused'],
    ['stopped', 'stopped by a change of schema'],
    ['failed', 'failed'],
  ];
  for (const [state, words] of told) {
    const count = workspaces.filter((one) => one.state === state).length;
    if (count > 0) parts.push(`${count} ${words}`);
  }
  const gaps = workspaces.filter((one) => one.gaps.length > 0).length;
  if (gaps > 0) parts.push(`${gaps} with gaps`);
  if (missing.length > 0) parts.push(`${counted(missing.length, 'tenant')} could not be entered`);
  return `${rollup}: ${parts.join('; ')}`;
}

/** Why windows are not there, a line for each reason: `Contoso/prod and 10 more: ...`. */
export function reasonsOf({ workspaces }: RollupReport): string[] {
  const whose = new Map<string, string[]>();
  for (const { customer, workspace, error, gaps } of workspaces.filter(isLacking)) {
    const reason = error?.message ?? gaps[0]?.reason ?? '';
    whose.set(reason, [...(whose.get(reason) ?? []), `${customer}/${workspace}`]);
  }
  return [...whose].map(([reason, [first, ...others]]) => {
    const more = others.length > 2 ? [`${first!} and ${others.length} more`] : [first!, ...others];
    return `${more.join(', ')}: ${reason}`;
  });
}
