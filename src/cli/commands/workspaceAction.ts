import { AppError } from '../../base/errors.ts';
import { toWorkspaceKey } from '../../model/ids.ts';
import type { ChangeProgress, Plan, PlanResult } from '../../model/plan.ts';
import { textsOf } from '../command.ts';
import type { Values } from '../command.ts';
import type { Services } from '../../app/services.ts';
import { EXIT, exitCodeOf } from '../exitCodes.ts';
import { toJson } from '../output/json.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';

/** One call of `workspace ACTION NAME`. */
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

/** The plan as text to read in a terminal. */
export function describePlan(plan: Plan): string {
  return [
    plan.title,
    '',
    ...plan.changes.flatMap(({ title, detail }, i) => [`${i + 1}. ${title}`, `   ${detail}`]),
    ...(plan.warnings.length > 0 ? ['', ...plan.warnings.map((warning) => `Warning: ${warning}`)] : []),
    ...(plan.commands.length > 0
      ? ['', 'The same with the Azure CLI:', ...plan.commands.map((command) => `  ${command}`)]
      : []),
  ]
    .map((line) => safeText(line))
    .join('\n');
}

/** Progress where the person asked for it, or as the last line of a screen. */
export function showProgress(
  { message }: ChangeProgress,
  { values, terminal }: Pick<WorkspaceAction, 'values' | 'terminal'>,
): void {
  const text = safeText(message);
  if (terminal.errorIsScreen) terminal.status(text);
  else if (values['progress'] === true) terminal.say(text);
}

/** Carries the plan out; the result and its exit code. A failure says what exists now and how to go on. */
export async function carryOut(
  azure: Services,
  plan: Plan,
  sentence: string,
  { values, terminal }: WorkspaceAction,
): Promise<number> {
  const result = await azure.provisioning.apply(
    plan.id,
    (progress) => {
      showProgress(progress, { values, terminal });
    },
    terminal.signal,
  );
  terminal.status('');
  if (values['json'] === true) await terminal.write(`${toJson(toAnswer(result))}\n`);
  const right = result.done.length > 0 ? sentence : 'Nothing to do: all of it is there already.';
  terminal.say(safeText(result.ok ? right : (result.error?.message ?? 'It failed.')));
  return result.ok ? EXIT.complete : result.error ? exitCodeOf(result.error) : EXIT.bug;
}

/** The result with the workspace that it is about, for scripts. */
function toAnswer(result: PlanResult): object {
  const workspace = result.changes.find(({ resource, exists }) => resource === 'workspace' && exists !== undefined);
  return { ...result, ...(workspace ? { workspace: toWorkspaceKey(workspace.target) } : {}) };
}

/** The tags of the command line; undefined where none is given. Throws `input.usage`. */
export function readTags(values: Values): Record<string, string> | undefined {
  const tags = textsOf(values, 'tag');
  if (tags.length === 0) return undefined;
  const read = new Map<string, readonly [name: string, value: string]>();
  for (const tag of tags) {
    const at = tag.indexOf('=');
    if (at < 1) throw new AppError('input.usage', `--tag is KEY=VALUE, not "${tag}".`);
    const name = tag.slice(0, at);
    if (read.has(name.toLowerCase()))
      throw new AppError(
        'input.usage',
        `--tag gives "${name}" twice: Azure does not tell names of tags apart by case.`,
      );
    read.set(name.toLowerCase(), [name, tag.slice(at + 1)]);
  }
  return Object.fromEntries(read.values());
}
