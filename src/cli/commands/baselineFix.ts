import { AppError } from '../../base/errors.ts';
import { settingText } from '../../model/driftTexts.ts';
import { driftSentence } from '../../report/driftSentence.ts';
import type { Plan } from '../../model/plan.ts';
import { textOf } from '../command.ts';
import type { Values } from '../command.ts';
import { EXIT, exitCodeOf } from '../exitCodes.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { exportPlansByCustomer, formatOf } from '../planExports.ts';
import { withBaseline } from './baselineCheck.ts';
import { planAndDo } from './workspaceAction.ts';

/**
 * `baseline fix`: a plan for each customer, shown, confirmed and carried out by itself, so that one that fails or that
 * nobody wants stops no other. With `--export` the plans are written instead, and nothing is done. The worst exit code
 * of them all; 4 where something is left that no plan of ours changes.
 */
export async function fixBaseline(values: Values, terminal: Terminal): Promise<number> {
  if (values['sarif'] === true || values['fail-on'] !== undefined)
    throw new AppError('input.usage', '--sarif and --fail-on are for "baseline check".');
  const exports = formatOf(values) !== undefined;
  if (textOf(values, 'out') !== undefined && !exports)
    throw new AppError('input.usage', '"baseline fix" takes --out DIR with --export only.');
  return withBaseline(
    values,
    terminal,
    async (azure, checked) => {
      const { drift, unknown, cancelled } = checked.report;
      terminal.say(safeText(driftSentence(checked.report)));
      if (cancelled) return EXIT.cancelled;
      let worst: number = unknown.length > 0 ? EXIT.partial : EXIT.complete;
      for (const { customerName, where, blocked, ...one } of drift) {
        if (blocked === undefined) continue;
        terminal.say(safeText(`${customerName}, ${where}, ${settingText(one)}: ${blocked}`));
        worst = EXIT.partial;
      }
      const drafts = await azure.baseline.drafts(checked, terminal.signal);
      const exported: { readonly customer: string; readonly plan: Plan }[] = [];
      for (const draft of drafts) {
        try {
          const plan = await azure.baseline.plan(draft, terminal.signal);
          if (exports) {
            exported.push({ customer: draft.about?.[0]?.name ?? '', plan });
            continue;
          }
          const action = { action: 'fix', name: '', values, terminal };
          const code = await planAndDo(azure, plan, `${draft.title}: done.`, action);
          if (code !== EXIT.complete) worst = code;
        } catch (thrown) {
          if (!(thrown instanceof AppError) || thrown.family === 'bug' || terminal.signal.aborted) throw thrown;
          // A person who says no to one plan may say yes to the next.
          terminal.say(safeText(`${draft.title}: ${thrown.message}`));
          worst = exitCodeOf(thrown);
        }
      }
      if (exported.length > 0) await exportPlansByCustomer(exported, 'baseline', values, terminal);
      if (drafts.length === 0) terminal.say('There is nothing to put right.');
      return worst;
    },
    { untimed: true },
  );
}
