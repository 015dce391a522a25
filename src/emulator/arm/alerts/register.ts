import type { QueryService } from '../../logs/queryService.ts';
import type { ArmGate } from '../gate.ts';
import { registerActionGroups } from './actionGroups.ts';
import { registerAlertInstances } from './alerts.ts';
import { RuleEvaluation } from './evaluate.ts';
import { registerRules } from './rules.ts';
import { webhookPoster } from './webhooks.ts';

/** What alerts stand on beside the world: the query API, and the authority of addresses they call. */
export interface AlertingEnds {
  readonly logs: QueryService;
  readonly ca: string;
}

/** How often it is looked whether a rule is due, in real time: the emulated time may jump. */
const LOOK_MS = 10_000;

/** Azure Monitor alerts: rules, which are evaluated from now on, action groups, and what fired. */
export function registerAlerts(gate: ArmGate, { logs, ca }: AlertingEnds): RuleEvaluation {
  const post = webhookPoster(ca);
  const evaluation = new RuleEvaluation(gate.world, logs, post);
  registerRules(gate, evaluation);
  registerActionGroups(gate, post);
  registerAlertInstances(gate);
  const timer = setInterval(() => {
    evaluation.run().catch(() => undefined);
  }, LOOK_MS);
  timer.unref();
  gate.deps.onClose(() => {
    clearInterval(timer);
  });
  return evaluation;
}
