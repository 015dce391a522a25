import { window } from 'vscode';
import type { Run } from '../../model/run.ts';
import type { App } from '../platform/app.ts';
import { plainLabel } from '../platform/plainLabel.ts';
import { titleOfQuery, titleOfRun } from '../session/queryTitle.ts';

const LONGEST = 80;

/** Asks what a run is to be called; nothing typed gives it the name of its query back. */
export async function labelRun(app: App, run: Run): Promise<void> {
  const typed = await window.showInputBox({
    title: 'Label Run',
    prompt: 'A run with a label is not deleted for its age. Leave it empty to take the label away.',
    placeHolder: plainLabel(titleOfQuery(run.query)),
    value: titleOfRun(run),
    validateInput: (text) => (text.trim().length > LONGEST ? `At most ${LONGEST} characters.` : undefined),
  });
  if (typed === undefined) return;
  const label = typed.trim();
  await app.runs.label(
    run.id,
    label === '' || label === titleOfRun({ query: run.query, ...(run.made ? { made: run.made } : {}) })
      ? undefined
      : label,
  );
}
