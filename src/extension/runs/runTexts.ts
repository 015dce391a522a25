import { counted } from '../../base/counted.ts';
import { visibleText } from '../../base/visibleText.ts';
import { isUnanswered } from '../../model/run.ts';
import type { Run } from '../../model/run.ts';
import { titleOfQuery } from '../session/queryTitle.ts';

/** What a run shows in its row of the Runs view; menus look at `contextValue`. */
export interface RunTexts {
  readonly label: string;
  readonly description: string;
  readonly icon: { readonly id: string; readonly colour?: string };
  readonly contextValue: 'run.running' | 'run.complete' | 'run.incomplete' | 'run.ofResult';
}

/** How a run looks in the Runs view. `clock` writes a time of day or a date, as the reader's country does. */
export function textsOfRun(run: Run, clock: (iso: string) => string): RunTexts {
  const { answered, asked, complete } = run.completeness;
  const unanswered = isUnanswered(run);
  // Nobody's answer has no number of rows.
  const rows = unanswered ? [] : [counted(run.rowCount, 'row')];
  const source = run.of === undefined ? [] : ['of a result'];
  const description = [clock(run.startedAt), ...source, `${answered} of ${asked}`, ...rows].join(' · ');
  const label = visibleText(titleOfQuery(run.query));
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
  const ofResult = run.of === undefined ? undefined : 'run.ofResult';
  if (!complete)
    return {
      label,
      description,
      icon: { id: 'warning', colour: 'list.warningForeground' },
      contextValue: ofResult ?? 'run.incomplete',
    };
  return {
    label,
    description,
    icon: { id: 'pass', colour: 'testing.iconPassed' },
    contextValue: ofResult ?? 'run.complete',
  };
}
