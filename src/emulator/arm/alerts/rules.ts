import type { ScheduledQueryRule } from '../../alerting.ts';
import { groupScope, key } from '../../armId.ts';
import { findWorkspace } from '../../lookup.ts';
import { armError, ServiceError } from '../../router.ts';
import type { World } from '../../state.ts';
import { authorizationFailed, type ArmCall, type ArmGate } from '../gate.ts';
import { mayDo } from '../../access.ts';
import { addLists, pathInGroup } from '../resourceLists.ts';
import { resourceNotFound } from '../workspaceBody.ts';
import { readInput } from '../workspaces.ts';
import { ruleBody } from './bodies.ts';
import type { RuleEvaluation } from './evaluate.ts';
import { checkRule } from './ruleChecks.ts';
import type { RuleInput } from './ruleChecks.ts';

const TYPE = 'Microsoft.Insights/scheduledQueryRules';
const IN_GROUP = pathInGroup(TYPE);

/**
 * Scheduled query rules, as in azure-rest-api-specs, monitor 2025-01-01-preview (createOrUpdateScheduledQueryRule.json,
 * patchScheduledQueryRule.json, getScheduledQueryRule.json, listScheduledQueryRulesByResourceGroup.json,
 * deleteScheduledQueryRule.json).
 */
export function registerRules(gate: ArmGate, evaluation: RuleEvaluation): void {
  const { world } = gate;
  const read = { type: TYPE, action: `${TYPE}/read` };
  addLists(gate, TYPE, {
    all: () => [...world.alerting.values()].filter((one) => one.kind === 'rule'),
    idOf: ({ id }) => id,
    bodyOf: ruleBody,
  });
  gate.add('GET', `${IN_GROUP}/{rule}`, read, (call) => ({ status: 200, body: ruleBody(ruleOf(world, call)) }));
  gate.add('PUT', `${IN_GROUP}/{rule}`, { type: TYPE, action: `${TYPE}/write` }, async (call) => {
    const input = readInput<RuleInput>(call.ctx.json(), call.ctx.body);
    checkRule(call.ctx.params['rule']!, input);
    const known = world.alerting.get(key(idOf(call)));
    const rule = toRule(world, call, input, known?.kind === 'rule' ? known : undefined);
    checkScope(world, call, rule);
    if (rule.properties.skipQueryValidation !== true) await checkQuery(world, evaluation, rule);
    world.alerting.set(key(rule.id), rule);
    world.touch();
    return { status: known ? 200 : 201, body: ruleBody(rule) };
  });
  gate.add('PATCH', `${IN_GROUP}/{rule}`, { type: TYPE, action: `${TYPE}/write` }, async (call) => {
    const known = ruleOf(world, call);
    const input = readInput<RuleInput>(call.ctx.json(), call.ctx.body);
    const whole: RuleInput = {
      location: known.location,
      tags: input.tags ?? known.tags,
      ...((input.identity ?? known.identity) ? { identity: input.identity ?? known.identity! } : {}),
      properties: { ...known.properties, ...input.properties },
    };
    checkRule(known.name, whole);
    const rule = { ...toRule(world, call, whole, known), ruleKind: known.ruleKind ?? 'LogAlert' };
    checkScope(world, call, rule);
    if (rule.properties.skipQueryValidation !== true) await checkQuery(world, evaluation, rule);
    world.alerting.set(key(rule.id), rule);
    world.touch();
    return { status: 200, body: ruleBody(rule) };
  });
  gate.add('DELETE', `${IN_GROUP}/{rule}`, { type: TYPE, action: `${TYPE}/delete` }, (call) => {
    const had = world.alerting.delete(key(idOf(call)));
    world.touch();
    return { status: had ? 200 : 204 };
  });
}

/** A rule whose definition changes forgets what fired: that is another rule now. */
function toRule(
  world: World,
  call: ArmCall,
  input: RuleInput,
  known: ScheduledQueryRule | undefined,
): ScheduledQueryRule {
  const { ctx, claims, grants, subscription } = call;
  const id = known?.id ?? idOf(call);
  const wantsIdentity = input.identity !== undefined && input.identity.type !== 'None';
  const identity = wantsIdentity
    ? {
        type: input.identity.type,
        principalId: known?.identity?.principalId ?? world.guid('identity', key(id)),
        tenantId: subscription.tenantId,
      }
    : undefined;
  const { properties = {} } = input;
  return {
    kind: 'rule',
    id,
    name: ctx.params['rule']!,
    location: known?.location ?? input.location!,
    ...(input.kind === undefined ? {} : { ruleKind: input.kind }),
    tags: input.tags ?? {},
    ...(identity ? { identity } : {}),
    properties: { autoMitigate: true, enabled: true, ...properties, isWorkspaceAlertsStorageConfigured: false },
    etag: `"${world.guid('etag', id, world.version).slice(0, 8)}"`,
    editor: { claims, grants },
    evaluated: 0,
    open: new Map(),
  };
}

/** Who edits a rule needs to read what it is about. */
function checkScope(world: World, call: ArmCall, { properties }: ScheduledQueryRule): void {
  const scope = properties.scopes![0]!;
  const [, , subscriptionId, , group, , , , name] = scope.split('/');
  if (!findWorkspace(world, subscriptionId ?? '', group ?? '', name ?? ''))
    throw armError(400, 'BadRequest', `The scope '${scope}' of the alert rule does not exist.`);
  const action = 'Microsoft.OperationalInsights/workspaces/read';
  if (!mayDo(call.grants, action, scope)) throw authorizationFailed(call, action, scope);
}

async function checkQuery(world: World, evaluation: RuleEvaluation, rule: ScheduledQueryRule): Promise<void> {
  const now = world.clock.now();
  try {
    const [condition] = rule.properties.criteria!.allOf!;
    const { columns } = await evaluation.rowsOf(rule, condition!, now - 60_000, now);
    const names = columns.map(({ name }) => name);
    const wanted = [condition!.metricMeasureColumn, ...(condition!.dimensions ?? []).map(({ name }) => name)];
    const missing = wanted.find((name) => name !== undefined && names.length > 0 && !names.includes(name));
    if (missing !== undefined)
      throw armError(400, 'BadRequest', `The column '${missing}' is not among the columns of the query's result.`);
  } catch (thrown) {
    if (!(thrown instanceof ServiceError)) throw thrown;
    const { error } = thrown.answer.body as { error?: { code?: string; message?: string; innererror?: object } };
    // An identity that was just made has no rights yet: that is no mistake of the query.
    if (error?.code === 'InsufficientAccessError' && rule.identity) return;
    if (error?.code === 'BadRequest') throw thrown;
    throw armError(400, 'BadRequest', `The query validation failed: ${error?.message ?? 'unknown'}`, {
      ...(error?.innererror ? { innererror: error.innererror } : {}),
    });
  }
}

function idOf({ ctx }: ArmCall): string {
  const { subscriptionId, resourceGroup, rule } = ctx.params;
  // As the examples write it: all in lower case but the names.
  return `${groupScope(subscriptionId!, resourceGroup!).replace('resourceGroups', 'resourcegroups')}/providers/microsoft.insights/scheduledqueryrules/${rule!}`;
}

function ruleOf(world: World, call: ArmCall): ScheduledQueryRule {
  const found = world.alerting.get(key(idOf(call)));
  if (found?.kind === 'rule') return found;
  throw resourceNotFound(`${TYPE}/${call.ctx.params['rule']!}`, call.ctx.params['resourceGroup']!);
}
