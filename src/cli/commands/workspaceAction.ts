import { AppError } from '../../base/errors.ts';
import { toWorkspaceKey } from '../../model/ids.ts';
import type { ChangeProgress, Plan, PlanResult } from '../../model/plan.ts';
import { planSheet } from '../../core/changes/planSheet.ts';
import { textOf, textsOf } from '../command.ts';
import type { Values } from '../command.ts';
import type { Services } from '../../app/services.ts';
import { EXIT, exitCodeOf } from '../exitCodes.ts';
import { exportPlans } from '../planExports.ts';
import { toJson } from '../output/json.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';

/** One call of `workspace ACTION NAME`. */
export interface WorkspaceAction {
  readonly action: string;
  readonly name: string;
  readonly values: Values;
  readonly terminal: Terminal;
  /** Done after the person's word, and before anything is sent. */
  readonly confirmed?: () => Promise<void>;
}

/** Resolves to go on, rejects where nothing is to be done. Without a person to ask, only `--yes` goes on. */
export async function confirm(
  question: string,
  { values, terminal }: Pick<WorkspaceAction, 'values' | 'terminal'>,
): Promise<void> {
  if (values['yes'] === true) return;
  if (!terminal.interactive)
    throw new AppError(
      'input.notConfirmed',
      'Nothing was done: nobody is here to confirm it. Add --yes to go on, or --plan to see the plan only.',
    );
  const answer = await terminal.ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new AppError('cancelled.byUser', 'Nothing was done.');
}

/**
 * Shows the plan whole, asks, carries it out and shows the receipt: what became of it, not the commands again. The exit
 * code. `--plan` ends after the plan, which is the output then; with `--json` too it is JSON. `--export` writes the
 * plan in another tool's words instead, and nothing is done.
 */
export async function planAndDo(
  azure: Services,
  plan: Plan,
  sentence: string,
  action: WorkspaceAction,
): Promise<number> {
  const { values, terminal } = action;
  if (await exportPlans([plan], values, terminal)) return EXIT.complete;
  if (values['plan'] === true) {
    await terminal.write(values['json'] === true ? `${toJson(plan)}\n` : planSheet(plan));
    return EXIT.complete;
  }
  terminal.say(planSheet(plan).trimEnd());
  const nothing = plan.changes.every((change) => change.action === 'none');
  const typed = await typedName(plan, action);
  if (!nothing) await confirm(`${safeText(plan.title)}?`, action);
  await action.confirmed?.();
  return carryOut(azure, plan, { sentence, ...(typed === undefined ? {} : { typed }) }, action);
}

/** The name that the plan wants typed: of `--name`, or of the person. Throws `input.notConfirmed` for another. */
async function typedName({ typed: wanted }: Plan, { values, terminal }: WorkspaceAction): Promise<string | undefined> {
  if (wanted === undefined) return undefined;
  const name = safeText(wanted);
  const typed =
    textOf(values, 'name') ??
    (terminal.interactive ? await terminal.ask(`Type ${name} to delete it permanently: `) : undefined);
  if (typed !== wanted)
    throw new AppError(
      'input.notConfirmed',
      `Nothing was done: to delete ${name} permanently, repeat its name with --name ${name}.`,
    );
  return typed;
}

/** Progress where the person asked for it, or as the last line of a screen. */
function showProgress(
  { message }: ChangeProgress,
  { values, terminal }: Pick<WorkspaceAction, 'values' | 'terminal'>,
): void {
  const text = safeText(message);
  if (terminal.errorIsScreen) terminal.status(text);
  else if (values['progress'] === true) terminal.say(text);
}

/** Carries the plan out; the receipt and the exit code. A failure says what exists now and how to go on. */
async function carryOut(
  azure: Services,
  plan: Plan,
  { sentence, typed }: { readonly sentence: string; readonly typed?: string },
  { values, terminal }: WorkspaceAction,
): Promise<number> {
  const result = await azure.provisioning.apply(
    plan.id,
    (progress) => {
      showProgress(progress, { values, terminal });
    },
    terminal.signal,
    typed,
  );
  terminal.status('');
  terminal.say(`\n${planSheet(plan, { kind: 'over', result }, { forTools: false }).trimEnd()}\n`);
  if (values['json'] === true) await terminal.write(`${toJson(toAnswer(result))}\n`);
  // What went wrong stands in the receipt.
  if (result.ok)
    terminal.say(safeText(result.done.length > 0 ? sentence : 'Nothing to do: all of it is there already.'));
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
