import { createHash } from 'node:crypto';
import { AppError } from '../../base/errors.ts';
import { resolveScope } from '../../core/estate/scope.ts';
import { rollupId } from '../../core/rollup/versions.ts';
import type { RuledRollup } from '../../core/runners/summaryRule/summaryRules.ts';
import { textOf } from '../command.ts';
import type { Values } from '../command.ts';
import { openAzure } from '../compose.ts';
import { EXIT } from '../exitCodes.ts';
import { checkOut, writeOut } from '../output/outFile.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { chooseRollup, readRollups } from '../rollupFiles.ts';
import { planAndDo } from './workspaceAction.ts';

/**
 * `rollup summary-rule NAME`: has each customer's workspace compute a summary by itself, by a rule for which a plan is
 * shown, workspace by workspace; `--remove` takes the rules away. `--out` is the roll-up that reads what they stored.
 * The exit code.
 */
export async function planSummaryRules(name: string, values: Values, terminal: Terminal): Promise<number> {
  const out = textOf(values, 'out');
  if (out !== undefined) await checkOut(out);
  const { definition } = chooseRollup((await readRollups(values, terminal)).found, name);
  const azure = await openAzure(values, terminal);
  try {
    const estate = await azure.estate.load({ signal: terminal.signal });
    const { workspaces, problems, gaps } = resolveScope(definition.scope, estate);
    const wrong = problems.filter(({ selector }) => selector || gaps.length === 0);
    if (wrong.length > 0) throw new AppError('input.scope', wrong.map(({ message }) => message).join(' '));
    const schemas = await azure.schemas.ofWorkspaces(
      workspaces.map(({ key }) => key),
      { signal: terminal.signal, background: true },
    );
    const { toSummaryRule } = await import('../../kql/rollup/summaryRule.ts');
    const rule = toSummaryRule(
      definition.query,
      [...schemas.values()].flatMap((told) => (told.ok ? [told.value] : [])),
    );
    const id = rollupId(definition, (text) => createHash('sha256').update(text).digest('hex'));
    const ruled: RuledRollup = { definition, id, rule };
    let code: number = gaps.length > 0 ? EXIT.partial : EXIT.complete;
    for (const { tenantName } of gaps) terminal.say(safeText(`Tenant ${tenantName} could not be entered.`));
    for (const workspace of workspaces) {
      const told = schemas.get(workspace.key);
      const has = told?.ok && rule.tables.every((table) => told.value.tables.some((one) => one.name === table));
      if (!has) {
        const why = told?.ok === false ? told.error.message : `it has no table ${rule.tables.join(', ')}.`;
        terminal.say(safeText(`${workspace.name} is left out: ${why}`));
        if (told?.ok === false) code = EXIT.partial;
        continue;
      }
      const plan = await azure.summaryRules.plan(ruled, workspace, values['remove'] === true, terminal.signal);
      const sentence = `${workspace.name}: done.`;
      const did = await planAndDo(azure, plan, sentence, { action: 'summary-rule', name, values, terminal });
      if (did !== EXIT.complete) code = did;
    }
    if (values['remove'] !== true && out !== undefined) {
      const { rollupOfRule } = await import('../../core/runners/summaryRule/rollupOfRule.ts');
      await writeOut(out, terminal, (put) => put(rollupOfRule(ruled)));
      terminal.say(safeText(`${out} reads what the rules store. Put it in the place of ${definition.name}.`));
    }
    return code;
  } finally {
    azure.dispose();
  }
}
