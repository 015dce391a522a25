import { access, link, readFile, rm, writeFile } from 'node:fs/promises';
import { decodeText } from '../../base/decodeText.ts';
import { AppError } from '../../base/errors.ts';
import { visibleLines } from '../../base/visibleText.ts';
import type { BlockPlan } from '../../core/access/block/customerBlocks.ts';
import { coversUndo, parseUndo, printUndo } from '../../core/access/block/undoFile.ts';
import type { BlockUndo } from '../../core/access/block/undoFile.ts';
import type { Services } from '../../app/services.ts';
import type { Plan } from '../../model/plan.ts';
import { textOf } from '../command.ts';
import type { Command, Values } from '../command.ts';
import { openAzure } from '../compose.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS } from '../connection.ts';
import { EXIT, EXIT_CODES_HELP, exitCodeOf } from '../exitCodes.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { findWorkspace } from '../scopeOption.ts';
import { planAndDo } from './workspaceAction.ts';

/** `tenantscope customer`: one customer shut out of a workspace that it shares with others, and let in again. */
export const CUSTOMER: Command = {
  name: 'customer',
  summary: 'shut one customer out of a shared workspace, and let it in again',
  options: {
    ...CONNECTION_OPTIONS,
    workspace: { type: 'string' },
    undo: { type: 'string' },
    diagnostics: { type: 'boolean' },
    plan: { type: 'boolean' },
    yes: { type: 'boolean' },
    json: { type: 'boolean' },
    progress: { type: 'boolean' },
  },
  positionals: ['ACTION', 'NAME'],
  actions: ['block', 'unblock'],
  help: `Usage: tenantscope customer block NAME --workspace WORKSPACE --undo FILE [--yes]
       tenantscope customer block NAME --workspace WORKSPACE [--diagnostics] --plan
       tenantscope customer unblock FILE [--plan] [--yes]

"block" finds the associations by which the customer's machines send to the workspace and plans their removal, tenant by
tenant; machines of others that follow the same rules go on sending. What is removed is written to a file first, which
"unblock" puts back. What else of it sends there is named: diagnostic settings, which end, too, with --diagnostics;
programs; legacy agents. For these it says how to renew the keys of the workspace, and who else would be hit. Keys are
neither read nor renewed here. A block that was cut off goes on with the same command and file.

  --workspace WORKSPACE  the shared workspace
  --undo FILE            where to write what is removed; a file that is there already is never written over
  --diagnostics          end diagnostic settings that send there, too
  --plan                 show what would be done, and do nothing
  --yes                  go on without asking
  --json                 receipts as JSON
  --progress             progress as lines on standard error where it is no screen
${CONNECTION_HELP}

${EXIT_CODES_HELP}`,
  async run({ values, positionals: [action, name], terminal }) {
    switch (action) {
      case 'block':
        return block(name!, values, terminal);
      case 'unblock':
        return unblock(name!, values, terminal);
      default:
        throw new AppError(
          'input.usage',
          `"${action!.slice(0, 40)}" is not something to do with a customer: block, unblock.`,
        );
    }
  },
};

async function block(name: string, values: Values, terminal: Terminal): Promise<number> {
  const [wanted, file] = [textOf(values, 'workspace'), textOf(values, 'undo')];
  if (wanted === undefined) throw new AppError('input.usage', '--workspace is missing: the workspace that is shared.');
  if (file === undefined && values['plan'] !== true)
    throw new AppError('input.usage', '--undo FILE is missing: what is removed is written there first.');
  const azure = await openAzure(values, terminal);
  try {
    const estate = await azure.estate.load({ signal: terminal.signal });
    const settings = values['diagnostics'] === true;
    const workspace = findWorkspace(wanted, estate);
    const planned = await azure.blocks.block(name, workspace, terminal.signal, { settings });
    tell(planned, terminal);
    if (planned.plans.length === 0) terminal.say('Nothing is left that a block ends: no association sends there.');
    const { undo, plans } = planned;
    if (file !== undefined && plans.length > 0 && values['plan'] !== true) await refuseOther(file, undo);
    const confirmed = onlyOnce(async () => {
      if (file !== undefined) await keep(file, undo, terminal);
    });
    const sentence = `Done. "tenantscope customer unblock ${file ?? 'FILE'}" puts it back.`;
    const code = await carryOut(azure, plans, { action: 'block', name, sentence, values, terminal, confirmed });
    const isPartial = planned.problems.length + planned.unseen.length + planned.others.length > 0;
    return code === EXIT.complete && isPartial ? EXIT.partial : code;
  } finally {
    azure.dispose();
  }
}

async function unblock(file: string, values: Values, terminal: Terminal): Promise<number> {
  const undo = await readUndo(file);
  const azure = await openAzure(values, terminal);
  try {
    const plans = await azure.blocks.unblock(undo, terminal.signal);
    const sentence = `Done: ${undo.customerName} sends there again.`;
    return await carryOut(azure, plans, { action: 'unblock', name: undo.customerName, sentence, values, terminal });
  } finally {
    azure.dispose();
  }
}

/** Each plan by itself; the worst exit code. One that fails stops no other. */
async function carryOut(
  azure: Services,
  plans: readonly Plan[],
  asked: Parameters<typeof planAndDo>[3] & { readonly sentence: string },
): Promise<number> {
  let worst: number = EXIT.complete;
  for (const plan of plans) {
    try {
      const code = await planAndDo(azure, plan, asked.sentence, asked);
      if (code !== EXIT.complete) worst = code;
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.family === 'bug' || asked.terminal.signal.aborted) throw thrown;
      // Without the file nothing is put back: no plan goes on.
      if (thrown.code === 'input.undoFile') throw thrown;
      asked.terminal.say(safeText(`${plan.title}: ${thrown.message}`));
      worst = exitCodeOf(thrown);
    }
  }
  return worst;
}

function tell({ unseen, problems, others, rotation }: BlockPlan, terminal: Terminal): void {
  for (const { where, error } of problems) terminal.say(safeText(`${where}: ${error.message}`));
  for (const machine of unseen)
    terminal.say(safeText(`${machine} follows a rule that is not visible: whether it sends there is not known.`));
  for (const { what, remedy } of others) terminal.say(safeText(`Goes on: ${what} ${remedy}`));
  if (!rotation) return;
  const { blocked, hit, steps } = rotation;
  terminal.say(safeText(`Legacy agents of ${blocked.customerName}: ${blocked.computers.join(', ')}`));
  for (const { customerName, computers } of hit)
    terminal.say(safeText(`Renewing the keys would also hit ${customerName}: ${computers.join(', ')}`));
  steps.forEach((step, at) => {
    terminal.say(visibleLines(`${at + 1}. ${step}`));
  });
}

/**
 * For its owner's eyes alone, whole or not at all, and never over another one: a second block would else lose what the
 * first removed. One that puts back all of this is of a block that was cut off, and stays as it is.
 */
async function keep(file: string, undo: BlockUndo, terminal: Terminal): Promise<void> {
  const fresh = `${file}.${process.pid}.new`;
  try {
    await writeFile(fresh, printUndo(undo), { flag: 'wx', mode: 0o600, flush: true });
    await link(fresh, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new AppError('input.undoFile', `The file ${file} cannot be written. Nothing was sent.`, { cause: error });
    await refuseOther(file, undo);
    terminal.say(safeText(`${file} is of a block that was cut off: it stays as it is, and this one goes on.`));
  } finally {
    await rm(fresh, { force: true });
  }
}

/** Refuses a file that is there and does not put back all that is removed now. */
async function refuseOther(file: string, undo: BlockUndo): Promise<void> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (!isThere || coversUndo(await readUndo(file), undo)) return;
  throw new AppError(
    'input.undoFile',
    `The file ${file} is there already, and does not put back all that is removed now. Nothing was sent; name another one with --undo.`,
  );
}

/** Of several plans the first that is wanted does it for all. */
function onlyOnce(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}

async function readUndo(file: string): Promise<BlockUndo> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch {
    throw new AppError('input.undoFile', `The undo file ${file} cannot be read. Nothing was sent.`);
  }
  return parseUndo(decodeText(bytes), file);
}
