import { familyOf } from '../../base/errors.ts';
import { visibleLines, visibleText } from '../../base/visibleText.ts';
import { shellNameOf } from './export.ts';
import type { ChangeOutcome, Plan, PlannedChange, PlanResult, PlanSubject } from '../../model/plan.ts';

/** Where a plan stands, for the sheet that shows it. */
export type PlanState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running'; readonly message: string }
  | { readonly kind: 'over'; readonly result: PlanResult }
  /** It ended without a result: refused before anything was done, or nobody knows any more how far it came. */
  | { readonly kind: 'lost'; readonly message: string };

/**
 * A plan on one sheet of plain text, whole: for whom, what to know first, what will happen, and the same for other
 * tools. Once it is carried out the same sheet is the receipt: what was made, its ids and times, what failed and what
 * to do. Text of others stays on its line and shows what it hides. Without `forTools` the commands and the template are
 * left out, for a receipt below its plan.
 */
export function planSheet(plan: Plan, state: PlanState = { kind: 'waiting' }, { forTools = true } = {}): string {
  const result = state.kind === 'over' ? state.result : undefined;
  const warnings = plan.warnings.map((warning) => `! ${visibleText(warning)}`);
  return [
    [visibleText(plan.title), '', statusOf(plan, state)],
    section(
      'What went wrong, and what to do',
      result?.error ? visibleLines(result.error.message).split('\n').map(visibleText) : [],
    ),
    section('For whom', columns(plan.about.map(subjectRow))),
    // What has happened counts more than what was to be known before.
    ...(result ? [] : [section('Read this first', warnings)]),
    section(
      result ? 'What happened' : 'What will happen',
      plan.changes.flatMap((change, at) => describeChange(at + 1, change, result)),
    ),
    ...(result ? [section('What was said before', warnings)] : []),
    section(
      'The same with the Azure CLI',
      forTools && plan.commands.length > 0 ? [...plan.commands.map(visibleText), ...legend(plan)] : [],
    ),
    section('The same as an ARM template', forTools ? templateLines(plan) : []),
  ]
    .map((lines) => lines.join('\n'))
    .filter(Boolean)
    .join('\n\n')
    .concat('\n');
}

/** A template cannot say every change: what it leaves out stands above it. */
function templateLines({ template, source }: Plan): readonly string[] {
  const lines = visibleLines(template).split('\n').filter(Boolean);
  const left = lines.length === 0 ? [] : source.steps.filter(({ resources }) => resources.length === 0);
  return [...left.map(({ title }) => `Not in it, but in the commands above: ${visibleText(title)}`), ...lines];
}

function section(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [heading, ...lines.map((line) => (line === '' ? '' : `  ${line}`))];
}

function statusOf(plan: Plan, state: PlanState): string {
  if (state.kind === 'running') return `BEING CARRIED OUT - ${visibleText(state.message)}`;
  if (state.kind === 'lost') return `NO RECEIPT - ${visibleText(state.message)}`;
  if (state.kind === 'over') return outcomeOf(state.result);
  if (plan.changes.every(({ action }) => action === 'none'))
    return 'NOTHING TO DO - all of it is there already, as the plan wants it.';
  const typed = plan.typed === undefined ? '' : ` Carrying it out asks for the name "${visibleText(plan.typed)}".`;
  return `PLAN - nothing has been done yet.${typed}`;
}

function outcomeOf({ ok, done, exists, error, began, ended }: PlanResult): string {
  const when = `${clockTime(ended)}, after ${duration(began, ended)}`;
  if (ok) return done.length > 0 ? `DONE - ${when}.` : `NOTHING TO DO - all of it was there already, ${when}.`;
  const part = done.length > 0 || exists.length > 0 ? 'a part was done' : 'nothing is known to have been done';
  return `${error && familyOf(error.code) === 'cancelled' ? 'STOPPED' : 'FAILED'} - ${part}, ${when}.`;
}

function describeChange(number: number, change: PlannedChange, result: PlanResult | undefined): string[] {
  const outcome = result?.changes.find(({ id }) => id === change.id);
  const settings = change.differences.map(
    ({ name, before, after }) =>
      [
        visibleText(name),
        [before, after].flatMap((value) => (value === undefined ? [] : [visibleText(value)])).join(' -> '),
      ] as const,
  );
  return [
    `${number}. ${visibleText(change.title)}${outcome ? ` - ${WORDS[outcome.state]}` : ''}`,
    ...[
      ...(outcome?.reason ? [`Why: ${visibleText(outcome.reason.message)}`] : []),
      // The settings one by one say what the detail says in a row.
      ...(outcome || settings.length > 0 ? [] : [visibleText(change.detail)]),
      ...columns([...(outcome ? outcomeRows(outcome) : []), ...settings]),
    ].map((line) => `   ${line}`),
  ];
}

/** What was done, a line for each change that was tried or left: `Create workspace law-x - done`. */
export function outcomeLines(plan: Plan, result: PlanResult): readonly string[] {
  return result.changes
    .filter(({ state }) => state !== 'unchanged')
    .map(({ id, state }) => {
      const title = plan.changes.find((change) => change.id === id)?.title ?? id;
      return `${visibleText(title)} - ${WORDS[state]}`;
    });
}

const WORDS: Readonly<Record<ChangeOutcome['state'], string>> = {
  done: 'done',
  unchanged: 'was so already',
  failed: 'FAILED',
  skipped: 'not tried',
};

function outcomeRows({ exists, ids = [], target, began, ended }: ChangeOutcome): (readonly [string, string])[] {
  return [
    ...(began === undefined || ended === undefined
      ? []
      : [['Time', `${clockTime(began)} to ${clockTime(ended)} (${duration(began, ended)})`] as const]),
    ...(exists === undefined
      ? []
      : [['There is now', visibleText(exists)] as const, ['Resource ID', visibleText(target)] as const]),
    ...ids.map(({ name, value }) => [name, visibleText(value)] as const),
  ];
}

function subjectRow({ what, name, id }: PlanSubject): readonly [string, string] {
  return [what, id === undefined || id === name ? visibleText(name) : `${visibleText(name)}  ${visibleText(id)}`];
}

/** Beside the commands and not in them: zsh takes a comment of an interactive line for words, and names are others'. */
function legend({ about, commands, source }: Plan): readonly string[] {
  const named = about.filter(({ id }) => id !== undefined && commands.some((command) => command.includes(id)));
  const lines = [
    ...source.secrets.map(({ name, what }) => `$${shellNameOf(name)} - to be set before: ${visibleText(what)}`),
    ...named.map(({ what, name, id }) => `${visibleText(id!)} - ${what.toLowerCase()} ${visibleText(name)}`),
  ];
  return lines.length === 0 ? [] : ['', ...lines];
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([name]) => name.length)) + 2;
  return rows.map(([name, value]) => `${name.padEnd(width)}${value}`);
}

/** `2026-11-29 10:02:11 UTC`. */
function clockTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

function duration(began: string, ended: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(ended) - Date.parse(began)) / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
