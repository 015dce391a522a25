import { AppError } from '../../base/errors.ts';
import type { ProvisionPlan, ProvisionProgress, ProvisionResult } from '../../model/plan.ts';
import { textsOf } from '../command.ts';
import type { Values } from '../command.ts';
import { EXIT, exitCodeOf } from '../exitCodes.ts';
import { toJson } from '../output/json.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';

export interface WorkspaceAction {
  readonly action: string;
  readonly name: string;
  readonly values: Values;
  readonly terminal: Terminal;
}

/** True to go on. Without a person to ask, only `--yes` does; `--plan` never does. */
export async function confirm(question: string, { values, terminal }: WorkspaceAction): Promise<boolean> {
  if (values['plan'] === true) return false;
  if (values['yes'] === true) return true;
  if (!terminal.interactive)
    throw new AppError(
      'input.notConfirmed',
      'Nothing was done: nobody is here to confirm it. Add --yes to go on, or --plan to see the plan only.',
    );
  const answer = await terminal.ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new AppError('cancelled.byUser', 'Nothing was done.');
  return true;
}

export function describePlan(plan: ProvisionPlan): string {
  return [
    plan.title,
    '',
    ...plan.steps.flatMap((step, i) => [`${i + 1}. ${step.title}`, `   ${step.detail}`]),
    ...(plan.warnings.length > 0 ? ['', ...plan.warnings.map((warning) => `Warning: ${warning}`)] : []),
    '',
    'The same with the Azure CLI:',
    ...plan.commands.map((command) => `  ${command}`),
  ]
    .map((line) => safeText(line))
    .join('\n');
}

export function showProgress({ message }: ProvisionProgress, { values, terminal }: WorkspaceAction): void {
  const text = safeText(message);
  if (terminal.errorIsScreen) terminal.status(text);
  else if (values['progress'] === true) terminal.say(text);
}

/** The result and its exit code; a failure says what exists now and how to go on. */
export async function finish(
  result: ProvisionResult,
  sentence: string,
  { values, terminal }: WorkspaceAction,
): Promise<number> {
  terminal.status('');
  if (values['json'] === true) await terminal.write(`${toJson(result)}\n`);
  terminal.say(safeText(result.ok ? sentence : (result.error?.message ?? 'It failed.')));
  return result.ok ? EXIT.complete : result.error ? exitCodeOf(result.error) : EXIT.bug;
}

export function readTags(values: Values): Record<string, string> | undefined {
  const tags = textsOf(values, 'tag');
  if (tags.length === 0) return undefined;
  return Object.fromEntries(
    tags.map((tag) => {
      const at = tag.indexOf('=');
      if (at < 1) throw new AppError('input.usage', `--tag is KEY=VALUE, not "${tag}".`);
      return [tag.slice(0, at), tag.slice(at + 1)];
    }),
  );
}
