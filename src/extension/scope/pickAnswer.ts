import { window } from 'vscode';
import type { AnswerMode } from '../../model/run.ts';

/** What the answer modes are called, and what they mean. */
export const ANSWER_LABELS: Readonly<Record<AnswerMode, string>> = {
  across: 'Across',
  perWorkspace: 'Per workspace',
};
/** One sentence on each answer mode. */
export const ANSWER_DETAILS: Readonly<Record<AnswerMode, string>> = {
  across: "The rows that one workspace holding everybody's rows would return",
  perWorkspace: "Each workspace's own answer, one under the other",
};

/** Asks what the answers of a document are to be; undefined where nobody chose. */
export async function pickAnswer(current: AnswerMode): Promise<AnswerMode | undefined> {
  const items = (['across', 'perWorkspace'] as const).map((mode) => ({
    label: ANSWER_LABELS[mode],
    detail: ANSWER_DETAILS[mode],
    mode,
    ...(mode === current ? { description: 'current' } : {}),
  }));
  const chosen = await window.showQuickPick(items, {
    title: 'Answer',
    placeHolder: 'What a query over several workspaces answers with',
  });
  return chosen?.mode;
}
