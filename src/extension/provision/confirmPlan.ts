import { InputBoxValidationSeverity, window } from 'vscode';
import type { Plan } from '../../model/plan.ts';
import type { Notifier } from '../platform/notify.ts';
import { plainMessage } from '../platform/plainMessage.ts';
import { confirmText } from './confirmText.ts';

/**
 * What is asked once more before a plan is carried out, naming customer, tenant and workspace and what is lost: a
 * deletion asks yes or no, a permanent one for the name. Undefined where the person thought again; else the typed name.
 */
export async function confirmPlan(notify: Notifier, plan: Plan): Promise<{ readonly name?: string } | undefined> {
  const { typed } = plan;
  if (!plan.changes.some(({ action }) => action === 'delete')) return {};
  if (
    !(await notify.confirm(`${plan.title}?`, confirmText(plan), typed === undefined ? 'Delete' : 'Delete Permanently'))
  )
    return undefined;
  if (typed === undefined) return {};
  const name = await window.showInputBox({
    title: plainMessage(plan.title),
    prompt: plainMessage(`Type ${typed} to delete it for good.`),
    placeHolder: plainMessage(typed),
    ignoreFocusOut: true,
    validateInput: (text) => nameSoFar(text, typed),
  });
  if (name === typed) return { name };
  if (name !== undefined) notify.info('Nothing was deleted: the name did not match.');
  return undefined;
}

/** What is said while the name is typed. */
function nameSoFar(
  text: string,
  wanted: string,
): string | { readonly message: string; readonly severity: InputBoxValidationSeverity } | undefined {
  if (text === '') return undefined;
  if (!wanted.startsWith(text)) return 'This is not the name of the workspace.';
  return text === wanted
    ? {
        message: 'This is the name. Enter deletes the workspace for good.',
        severity: InputBoxValidationSeverity.Warning,
      }
    : { message: `${wanted.length - text.length} more characters.`, severity: InputBoxValidationSeverity.Info };
}
