import type { CancelSignal } from '../../../base/cancel.ts';
import type { Clock } from '../../../base/clock.ts';
import { AppError } from '../../../base/errors.ts';
import type { SummaryRuleQuery } from '../../../kql/rollup/summaryRule.ts';
import type { Workspace } from '../../../model/estate.ts';
import type { Plan } from '../../../model/plan.ts';
import type { RollupDefinition } from '../../../model/rollup.ts';
import type { SummaryRulesPort } from '../../../ports/summaryRules.ts';
import type { ChangeService } from '../../changes/changeService.ts';
import type { Intent } from '../../changes/changeHandler.ts';
import { EstateIndex } from '../../estate/estateIndex.ts';
import type { EstateService } from '../../estate/estateService.ts';
import { issuerOf } from '../../estate/path.ts';
import { planSubjects, whose, whoseText } from '../../provision/whose.ts';
import { windowAt } from '../../rollup/windows.ts';
import { foreignNames } from '../../runs/foreignNames.ts';
import type { WantedSummaryRule } from './summaryRuleHandler.ts';

/** Active rules that a workspace may have (azure-monitor-docs, logs/summary-rules.md). */
const MOST_ACTIVE = 30;
const LONGEST_DELAY = 1_440;
const HOUR_MINUTES = 60;
/** Clouds of Microsoft's that have no summary rules. */
const WITHOUT: ReadonlySet<string> = new Set(['usGovernment', 'china']);

/** What the use case stands on. */
export interface SummaryRulesWorld {
  readonly port: Pick<SummaryRulesPort, 'rules'>;
  readonly estate: Pick<EstateService, 'load'>;
  readonly changes: Pick<ChangeService, 'plan'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** A roll-up, its version (`rollupId`), and the rule that computes it. */
export interface RuledRollup {
  readonly definition: RollupDefinition;
  readonly id: string;
  readonly rule: SummaryRuleQuery;
}

/** What the rule of a version is called, and the table that it fills: another query is another rule and table. */
export function namesOfRule(id: string): { readonly rule: string; readonly table: string } {
  const word = id.replaceAll(/\W/g, '_');
  return { rule: `tenantscope_${word}`, table: `${word}_CL` };
}

/** Summary rules in the workspaces of customers, as the first stage of roll-ups: a plan for each workspace. */
export class SummaryRules {
  private readonly world: SummaryRulesWorld;

  constructor(world: SummaryRulesWorld) {
    this.world = world;
  }

  /**
   * The plan of the rule in one workspace, or of its removal (`absent`), for `Provisioning.apply`. Rejects with
   * `input.summaryRule` where the cloud has none or the workspace no room for one more, and as the list of rules does.
   */
  async plan(ruled: RuledRollup, workspace: Workspace, absent = false, signal?: CancelSignal): Promise<Plan> {
    const { port, changes, clock } = this.world;
    const estate = await this.world.estate.load({ ...(signal ? { signal } : {}) });
    if (WITHOUT.has(estate.cloud))
      throw new AppError('input.summaryRule', 'Only the public cloud of Azure has summary rules.');
    const { definition, id, rule } = ruled;
    const { rule: name, table } = namesOfRule(id);
    const issuer = issuerOf(workspace);
    const target = `${workspace.armId}/summaryLogs/${name}`;
    if (!absent) {
      const others = (await port.rules(issuer, workspace.armId, signal)).filter(
        (one) => one.active && one.name.toLowerCase() !== name.toLowerCase(),
      );
      if (others.length >= MOST_ACTIVE)
        throw new AppError(
          'input.summaryRule',
          `${workspace.name} has ${others.length} active summary rules, and ${MOST_ACTIVE} is the most. Stop one of them first.`,
        );
    }
    const wanted: WantedSummaryRule = {
      place: workspace.name,
      description: `Roll-up ${definition.name}, by Tenantscope`,
      query: rule.query,
      binMinutes: rule.binMinutes,
      ...(definition.latenessMinutes === 0
        ? {}
        : { delayMinutes: Math.min(definition.latenessMinutes, LONGEST_DELAY) }),
      start: firstBin(clock.now(), rule.binMinutes),
      table,
      ...(absent ? { absent: true as const } : {}),
    };
    const intent: Intent<WantedSummaryRule> = { id: 'summaryRule', resource: 'summaryRule', target, wanted };
    const customer = whoseText(whose(estate, workspace.tenant));
    const tells = foreignNames(estate, new Set([workspace.customer]));
    return changes.plan(
      {
        title: `${absent ? 'Remove' : 'Keep'} the summary rule of ${definition.name} in ${workspace.name} of ${customer}`,
        issuer,
        owner: workspace.tenant,
        intents: [intent],
        about: planSubjects(estate, {
          ...workspace,
          account: issuer.account,
          issuer: issuer.tenant,
          workspace,
        }),
        warnings:
          !absent && [rule.query, definition.name].some(tells)
            ? [
                `The query names another customer than ${EstateIndex.of(estate).customerName(workspace.customer)}, or something of one. Everybody who may read ${workspace.name} would read it.`,
              ]
            : [],
      },
      signal,
    );
  }
}

/**
 * The beginning of the first bin (ISO): on the grid from midnight, so that the bins of the query and those of the
 * service are the same; in whole hours, and no more than one bin ago, which is what the service takes.
 */
export function firstBin(now: number, binMinutes: number): string {
  const { from, to } = windowAt(now, Math.max(binMinutes, HOUR_MINUTES));
  return new Date(binMinutes < HOUR_MINUTES ? to : from).toISOString();
}
