import { counted } from '../../base/counted.ts';
import { AppError } from '../../base/errors.ts';
import type { Services } from '../../app/services.ts';
import type { RulePlans } from '../../core/alerts/alertRules.ts';
import { planSheet } from '../../core/changes/planSheet.ts';
import type { PlanResult } from '../../model/plan.ts';
import { chooseAlert, readAlerts } from '../alertFiles.ts';
import type { FoundAlert } from '../alertFiles.ts';
import type { Values } from '../command.ts';
import { openAzure } from '../compose.ts';
import { sayProblems } from '../definitionFolder.ts';
import { EXIT, exitCodeOf } from '../exitCodes.ts';
import { toJson } from '../output/json.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { exportPlans } from '../planExports.ts';
import { confirm } from './workspaceAction.ts';

/** `alert plan NAME`: what would be done in each subscription, and nothing of it. The exit code. */
export async function planRules(name: string | undefined, values: Values, terminal: Terminal): Promise<number> {
  return withPlans(name, values, terminal, async (_azure, { plans, missing }) => {
    if (await exportPlans(plans, values, terminal)) return missing.length > 0 ? EXIT.partial : EXIT.complete;
    if (values['json'] === true) await terminal.write(`${toJson({ plans, missing })}\n`);
    else for (const plan of plans) await terminal.write(`${planSheet(plan)}\n`);
    return missing.length > 0 ? EXIT.partial : EXIT.complete;
  });
}

/** `alert apply NAME`: the plans whole, one question, the work, a receipt for each. The exit code. */
export async function applyRules(name: string | undefined, values: Values, terminal: Terminal): Promise<number> {
  return withPlans(name, values, terminal, async (azure, { plans, missing }) => {
    const open = plans.filter(({ changes }) => changes.some(({ action }) => action !== 'none'));
    for (const plan of open) terminal.say(planSheet(plan).trimEnd());
    const changes = open.flatMap((plan) => plan.changes.filter(({ action }) => action !== 'none'));
    if (open.length > 0)
      await confirm(`${counted(changes.length, 'change')} in ${counted(open.length, 'subscription')}?`, {
        values,
        terminal,
      });
    const results: PlanResult[] = [];
    for (const plan of open) {
      const result = await azure.provisioning.apply(
        plan.id,
        ({ message }) => {
          if (terminal.errorIsScreen) terminal.status(safeText(message));
          else if (values['progress'] === true) terminal.say(safeText(message));
        },
        terminal.signal,
      );
      terminal.status('');
      terminal.say(`\n${planSheet(plan, { kind: 'over', result }, { forTools: false }).trimEnd()}\n`);
      results.push(result);
    }
    if (values['json'] === true) await terminal.write(`${toJson({ results, missing })}\n`);
    if (open.length === 0) terminal.say('Nothing to do: all of it is there already.');
    const [failed] = results.filter(({ ok }) => !ok);
    if (failed) return failed.error && results.length === 1 ? exitCodeOf(failed.error) : EXIT.partial;
    return missing.length > 0 ? EXIT.partial : EXIT.complete;
  });
}

/** `alert drift NAME`: how what is there differs from the definition. 10 where it does. */
export async function driftOfRules(name: string | undefined, values: Values, terminal: Terminal): Promise<number> {
  return withPlans(name, values, terminal, async (azure, planned, { definition }) => {
    const drift = planned.plans.flatMap(({ title, changes }) =>
      changes
        .filter(({ action }) => action !== 'none')
        .map(({ resource, target, action, differences }) => ({ of: title, resource, target, action, differences })),
    );
    const left = await azure.alertRules.leftBehind(definition, planned, terminal.signal);
    if (values['json'] === true)
      await terminal.write(`${toJson({ alert: definition.name, drift, left, missing: planned.missing })}\n`);
    else {
      for (const { action, target, differences } of drift) {
        await terminal.write(safeText(`${action === 'create' ? 'missing' : 'differs'}: ${target}`) + '\n');
        for (const { name: what, before, after } of differences)
          await terminal.write(safeText(`  ${what}: ${before ?? 'none'}, wanted ${after ?? 'none'}`) + '\n');
      }
      for (const { armId, customerName } of left)
        await terminal.write(safeText(`not wanted any more: ${armId} (${customerName})`) + '\n');
      if (drift.length + left.length === 0) terminal.say('Nothing differs.');
    }
    if (drift.length + left.length > 0) return EXIT.findings;
    return planned.missing.length > 0 ? EXIT.partial : EXIT.complete;
  });
}

/** Refuses what the service would refuse before anybody is asked, then plans. */
async function withPlans(
  name: string | undefined,
  values: Values,
  terminal: Terminal,
  act: (azure: Services, plans: RulePlans, alert: FoundAlert) => Promise<number>,
): Promise<number> {
  const alert = chooseAlert((await readAlerts(values, terminal)).found, name);
  await refuseUnfit(alert, terminal);
  const azure = await openAzure(values, terminal);
  try {
    const plans = await azure.alertRules.plan(alert.definition, terminal.signal);
    for (const { who, error } of plans.missing) terminal.say(safeText(`${who}: ${error.message}`));
    if (plans.plans.length === 0 && plans.missing.length > 0)
      throw new AppError(plans.missing[0]!.error.code, 'Nothing could be planned anywhere. Nothing was done.');
    return await act(azure, plans, alert);
  } finally {
    azure.dispose();
  }
}

async function refuseUnfit(alert: FoundAlert, terminal: Terminal): Promise<void> {
  const { ruleProblems } = await import('../../kql/alerts/ruleProblems.ts');
  const problems = ruleProblems(alert.file);
  sayProblems(alert, problems, terminal);
  if (problems.length > 0)
    throw new AppError(
      'input.alert',
      `${alert.definition.name} cannot be a rule: the service refuses ${problems.length === 1 ? 'this' : 'these'}. "tenantscope alert evaluate" may do without one. Nothing was sent.`,
    );
}
