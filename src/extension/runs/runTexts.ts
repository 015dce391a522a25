import { counted } from '../../base/counted.ts';
import { visibleText } from '../../base/visibleText.ts';
import { isUnanswered } from '../../model/run.ts';
import type { Run } from '../../model/run.ts';
import { titleOfRun } from '../session/queryTitle.ts';

/** What a run shows in its row of the Runs view; menus look at `contextValue`. */
export interface RunTexts {
  readonly label: string;
  readonly description: string;
  readonly icon: { readonly id: string; readonly colour?: string };
  readonly contextValue: 'run.running' | 'run.complete' | 'run.incomplete' | 'run.ofResult' | 'run.made';
}

/** How a run looks in the Runs view. `clock` writes a time of day or a date, as the reader's country does. */
export function textsOfRun(run: Run, clock: (iso: string) => string): RunTexts {
  const { answered, asked, complete } = run.completeness;
  const unanswered = isUnanswered(run);
  // Nobody's answer has no number of rows.
  const rows = unanswered ? [] : [counted(run.rowCount, 'row')];
  const source = run.made ? [] : run.of === undefined ? [] : ['of a result'];
  const passing = run.passing ? ['not kept'] : [];
  const description = [clock(run.startedAt), ...source, `${answered} of ${asked}`, ...rows, ...passing].join(' · ');
  const label = visibleText(titleOfRun(run));
  if (run.state === 'running') return { label, description, icon: { id: 'loading~spin' }, contextValue: 'run.running' };
  if (run.state === 'failed' || (run.state === 'finished' && unanswered))
    return {
      label,
      description,
      icon: { id: 'error', colour: 'list.errorForeground' },
      contextValue: 'run.incomplete',
    };
  if (run.state === 'cancelled')
    return { label, description, icon: { id: 'circle-slash' }, contextValue: 'run.incomplete' };
  // Whoever is missing of a result is missing of what it was asked: there is nothing to retry.
  const ofResult = run.made ? 'run.made' : run.of === undefined ? undefined : 'run.ofResult';
  // What the lake lacks a roll-up brings, and no retry.
  const incomplete = run.source === 'lake' ? 'run.complete' : 'run.incomplete';
  if (!complete)
    return {
      label,
      description,
      icon: { id: 'warning', colour: 'list.warningForeground' },
      contextValue: ofResult ?? incomplete,
    };
  return {
    label,
    description,
    icon: { id: 'pass', colour: 'testing.iconPassed' },
    contextValue: ofResult ?? 'run.complete',
  };
}

/** The time of day of an ISO text, or its date where it is another day, as the reader's country writes it. */
export function clock(iso: string): string {
  const time = new Date(iso);
  return time.toDateString() === new Date().toDateString()
    ? time.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })
    : time.toLocaleDateString(undefined, { month: 'short', day: 'numeric' });
}
