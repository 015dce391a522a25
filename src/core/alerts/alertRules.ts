import { AppError, toAppError } from '../../base/errors.ts';
import type { AppErrorData } from '../../base/errors.ts';
import { secretsIn, withoutSecrets } from '../../base/secretText.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import { NEVER } from '../../base/cancel.ts';
import type { AlertDefinition } from '../../model/alert.ts';
import type { Estate } from '../../model/estate.ts';
import type { Plan } from '../../model/plan.ts';
import type { AlertsPort, NotificationOutcome } from '../../ports/alerts.ts';
import type { GraphPort } from '../../ports/graph.ts';
import type { ChangeService } from '../changes/changeService.ts';
import type { Draft } from '../changes/makePlan.ts';
import { resolveScope } from '../estate/scope.ts';
import type { WantedActionGroup } from './actionGroupHandler.ts';
import { askGraph } from './askGraph.ts';
import { draftRules } from './draftRules.ts';
import { ALERT_TAG } from './toAlertRule.ts';

/** What planning rules stands on. */
export interface AlertRulesWorld {
  readonly changes: Pick<ChangeService, 'plan'>;
  readonly estate: (signal: CancelSignal) => Promise<Estate>;
  readonly graph: GraphPort;
  readonly port: Pick<AlertsPort, 'actionGroup' | 'testActionGroup'>;
}

/** The plans of a definition, and of whom there is none: why. */
export interface RulePlans {
  readonly plans: readonly Plan[];
  readonly missing: readonly { readonly who: string; readonly error: AppErrorData }[];
}

/** A rule of a definition that its scope does not want any more. */
export interface LeftRule {
  readonly customerName: string;
  readonly armId: string;
}

/** A test of one action group. */
export interface GroupTest {
  readonly group: string;
  readonly outcomes: readonly NotificationOutcome[];
  readonly error?: AppErrorData;
}

/** Rules in the workspaces of a definition's scope: planned here, carried out by `Provisioning.apply`. */
export class AlertRules {
  private readonly world: AlertRulesWorld;

  constructor(world: AlertRulesWorld) {
    this.world = world;
  }

  /**
   * What would have to be done so that every workspace of the scope has its rule: a plan for each subscription. Who
   * cannot be looked at is told. Rejects with `input.scope` and `input.alert`.
   */
  async plan(definition: AlertDefinition, signal: CancelSignal = NEVER): Promise<RulePlans> {
    const { drafts, missing: gaps } = await this.drafts(definition, signal);
    const plans: Plan[] = [];
    const missing = [...gaps];
    for (const draft of drafts)
      try {
        plans.push(await this.world.changes.plan(draft, signal));
      } catch (thrown) {
        const error = toAppError(thrown);
        if (signal.aborted || error.family === 'bug') throw error;
        missing.push({ who: draft.title.replace(/^Alert \S+ for /, ''), error: error.toData() });
      }
    return { plans, missing };
  }

  /** Rules that were made of the definition in workspaces that are not in its scope any more. */
  async leftBehind(definition: AlertDefinition, wanted: RulePlans, signal: CancelSignal): Promise<readonly LeftRule[]> {
    const estate = await this.world.estate(signal);
    const query = `resources
| where type =~ 'microsoft.insights/scheduledqueryrules' and tostring(tags['${ALERT_TAG}']) =~ '${definition.name}'
| project id | order by id asc`;
    const { rows } = await askGraph(query, { include: 'all', except: [] }, { estate, graph: this.world.graph, signal });
    const known = new Set(wanted.plans.flatMap(({ changes }) => changes.map(({ target }) => target.toLowerCase())));
    return rows
      .filter((row) => !known.has(row.text('id').toLowerCase()))
      .map((row) => ({ customerName: row.customerName, armId: row.text('id') }));
  }

  /** Has the service send a made-up alert to the webhooks of each action group that the definition has made. */
  async test(definition: AlertDefinition, signal: CancelSignal): Promise<readonly GroupTest[]> {
    const { drafts } = await this.drafts(definition, signal);
    const tests: GroupTest[] = [];
    for (const { intents, issuer } of drafts)
      for (const { resource, target, wanted } of intents) {
        if (resource !== 'actionGroup') continue;
        try {
          const group = await this.world.port.actionGroup(issuer, target, signal);
          if (!group) throw new AppError('input.alert', 'It is not there yet: apply the alert first.');
          const receivers = matching((wanted as WantedActionGroup).webhookReceivers, group.webhookReceivers);
          const outcomes = await this.world.port.testActionGroup(issuer, target, receivers, signal);
          tests.push({ group: target, outcomes: withoutSecrets(outcomes, secretsIn(receivers)) });
        } catch (thrown) {
          const error = withoutSecrets(toAppError(thrown).toData(), secretsIn(wanted));
          tests.push({ group: target, outcomes: [], error });
        }
      }
    return tests;
  }

  private async drafts(
    definition: AlertDefinition,
    signal: CancelSignal,
  ): Promise<{ readonly drafts: readonly Draft[]; readonly missing: RulePlans['missing'] }> {
    const estate = await this.world.estate(signal);
    const { workspaces, problems, gaps } = resolveScope(definition.scope, estate);
    const [problem] = problems;
    if (problem) throw new AppError('input.scope', problem.message);
    const reached = workspaces.filter(({ paths }) => paths.length > 0);
    const unreached = workspaces.filter(({ paths }) => paths.length === 0);
    return {
      drafts: draftRules(definition, reached, estate),
      missing: [
        ...gaps.map(({ customerName, tenantName, error }) => ({
          who: `${customerName}/${tenantName}`,
          error: error ?? unreachable(),
        })),
        ...unreached.map(({ name }) => ({ who: name, error: unreachable() })),
      ],
    };
  }
}

function unreachable(): AppErrorData {
  return {
    code: 'access.noPath',
    message: 'No signed-in account reaches it. Sign in, or ask for access.',
    retryable: false,
  };
}

/** Only what is there, and as it is there: a test tells nothing of an address that nobody calls. */
function matching(
  wanted: WantedActionGroup['webhookReceivers'],
  there: WantedActionGroup['webhookReceivers'],
): WantedActionGroup['webhookReceivers'] {
  return there.filter(({ serviceUri }) => wanted.some((one) => one.serviceUri.equals(serviceUri)));
}
