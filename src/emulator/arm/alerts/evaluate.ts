import { grantsOf } from '../../access.ts';
import type { FiredAlert, RuleCondition, ScheduledQueryRule } from '../../alerting.ts';
import { key } from '../../armId.ts';
import type { Caller } from '../../logs/gate.ts';
import { parsePrefer } from '../../logs/prefer.ts';
import type { QueryService } from '../../logs/queryService.ts';
import { parseDuration } from '../../logs/timespan.ts';
import { ServiceError } from '../../router.ts';
import type { World } from '../../state.ts';
import { commonPayload } from './payload.ts';
import type { Evaluated } from './payload.ts';
import { seriesOf } from './series.ts';
import type { RuleRows } from './series.ts';
import type { PostWebhook } from './webhooks.ts';

const MINUTE = 60_000;

/** Evaluates rules on the emulator's clock, and acts on what comes of it. */
export class RuleEvaluation {
  private readonly world: World;
  private readonly logs: QueryService;
  private readonly post: PostWebhook;
  private running: Promise<unknown> = Promise.resolve();

  constructor(world: World, logs: QueryService, post: PostWebhook) {
    this.world = world;
    this.logs = logs;
    this.post = post;
  }

  /** Evaluates every enabled rule that is due, one after the other; `all`: also those that are not. */
  run(all = false): Promise<{ readonly evaluated: number; readonly fired: number; readonly resolved: number }> {
    const work = async (): Promise<{ evaluated: number; fired: number; resolved: number }> => {
      const told = { evaluated: 0, fired: 0, resolved: 0 };
      for (const rule of this.rules()) {
        const every = parseDuration(rule.properties.evaluationFrequency ?? '') ?? 5 * MINUTE;
        if (rule.properties.enabled === false || (!all && this.world.clock.now() - rule.evaluated < every)) continue;
        rule.evaluated = this.world.clock.now();
        told.evaluated++;
        const { fired, resolved } = await this.evaluate(rule);
        told.fired += fired;
        told.resolved += resolved;
      }
      if (told.evaluated > 0) this.world.touch();
      return told;
    };
    const result = this.running.then(work, work);
    this.running = result;
    return result;
  }

  /** Asks the query of a condition with the rights of a rule. Throws what the query API refuses. */
  async rowsOf(rule: ScheduledQueryRule, condition: RuleCondition, from: number, to: number): Promise<RuleRows> {
    const caller = this.callerOf(rule);
    const correlationId = this.world.guid('rule', rule.id, to);
    const scope = this.logs.scopes.ofResource(rule.properties.scopes?.[0] ?? '', caller, correlationId);
    const { body } = await this.logs.answer({
      caller,
      scope,
      endpoint: 'query',
      request: {
        query: condition.query ?? '',
        range: { from, to },
        workspaces: [],
        prefer: parsePrefer(''),
        correlationId,
      },
      signal: new AbortController().signal,
      faults: [],
    });
    let text = '';
    if (typeof body === 'string') text = body;
    else if (body && Symbol.asyncIterator in body) for await (const piece of body) text += String(piece);
    const table = text === '' ? undefined : (JSON.parse(text) as { tables: RuleRows[] }).tables[0];
    return table ?? { columns: [], rows: [] };
  }

  private rules(): ScheduledQueryRule[] {
    return [...this.world.alerting.values()].flatMap((one) => (one.kind === 'rule' ? [one] : []));
  }

  /** Its own identity's rights of today, or those of who edited it last, of then. */
  private callerOf({ id, identity, editor }: ScheduledQueryRule): Caller {
    const userKey = `rule ${key(id)}`;
    if (!identity?.principalId) return { ...editor, userKey };
    const { upn: _upn, groups: _groups, ...rest } = editor.claims;
    const claims = { ...rest, tid: identity.tenantId ?? rest.tid, oid: identity.principalId, idtyp: 'app' as const };
    return { claims, grants: grantsOf(this.world, claims), userKey };
  }

  private async evaluate(rule: ScheduledQueryRule): Promise<{ fired: number; resolved: number }> {
    const told = { fired: 0, resolved: 0 };
    const condition = rule.properties.criteria?.allOf?.[0];
    if (!condition) return told;
    const window = parseDuration(rule.properties.windowSize ?? '') ?? 5 * MINUTE;
    const periods = condition.failingPeriods?.numberOfEvaluationPeriods ?? 1;
    const override = rule.properties.overrideQueryTimeRange;
    const to = this.world.clock.now();
    const from = to - (override === undefined ? window * periods : (parseDuration(override) ?? window));
    let rows: RuleRows;
    try {
      rows = await this.rowsOf(rule, condition, from, to);
    } catch (error) {
      // The rule's health turns bad; nothing fires, and nothing is resolved.
      if (error instanceof ServiceError) return told;
      throw error;
    }
    const met = new Map<string, Evaluated>();
    for (const one of seriesOf(rows, condition, { to, window, periods }))
      if (one.isMet) met.set(JSON.stringify(one.dimensions), { ...one, from, to });
    for (const [name, evaluated] of met) {
      const open = rule.open.get(name);
      if (open) open.quiet = 0;
      if (open && rule.properties.autoMitigate !== false) continue;
      const alert = this.fire(rule, condition, evaluated);
      if (rule.properties.autoMitigate !== false) rule.open.set(name, { alert: key(alert.id), quiet: 0 });
      await this.act(rule, alert, condition, evaluated);
      told.fired++;
    }
    for (const [name, open] of rule.open) {
      if (met.has(name) || ++open.quiet < quietPeriods(rule)) continue;
      rule.open.delete(name);
      const alert = this.world.alerting.get(open.alert);
      if (alert?.kind !== 'alert') continue;
      this.resolve(alert);
      const dimensions = JSON.parse(name) as Evaluated['dimensions'];
      await this.act(rule, alert, condition, { value: 0, dimensions, from, to });
      told.resolved++;
    }
    return told;
  }

  private fire(rule: ScheduledQueryRule, condition: RuleCondition, evaluated: Evaluated): FiredAlert {
    const now = this.world.clock.iso();
    const guid = this.world.guid('alert', rule.id, JSON.stringify(evaluated.dimensions), evaluated.to);
    const scope = key(rule.properties.scopes![0]!);
    const [, , , , group, , provider, type, name] = scope.split('/');
    const alert: FiredAlert = {
      kind: 'alert',
      id: `${scope}/providers/Microsoft.AlertsManagement/alerts/${guid}`,
      guid,
      name: rule.properties.displayName ?? rule.name,
      essentials: {
        description: rule.properties.description ?? '',
        actionStatus: { isSuppressed: false },
        alertRule: rule.id,
        alertState: 'New',
        lastModifiedDateTime: now,
        lastModifiedUserName: 'System',
        monitorCondition: 'Fired',
        monitorService: 'Log Alerts V2',
        severity: `Sev${rule.properties.severity ?? 3}`,
        signalType: 'Log',
        sourceCreatedId: this.world.guid('origin', guid),
        startDateTime: now,
        targetResource: scope,
        targetResourceGroup: group,
        targetResourceName: name,
        targetResourceType: `${provider}/${type}`,
      },
      context: { context: commonContext(condition, evaluated) },
      customProperties: rule.properties.actions?.customProperties ?? {},
      history: [{ event: 'AlertCreated', at: now, by: 'System' }],
    };
    this.world.alerting.set(key(alert.id), alert);
    return alert;
  }

  private resolve({ essentials, history }: FiredAlert): void {
    const at = this.world.clock.iso();
    Object.assign(essentials, {
      monitorCondition: 'Resolved',
      monitorConditionResolvedDateTime: at,
      lastModifiedDateTime: at,
    });
    history.push({ event: 'MonitorConditionChange', at, by: 'System' });
  }

  private async act(
    rule: ScheduledQueryRule,
    alert: FiredAlert,
    condition: RuleCondition,
    evaluated: Evaluated,
  ): Promise<void> {
    const now = this.world.clock.now();
    if (rule.mutedUntil !== undefined && now < rule.mutedUntil) return;
    const mute = parseDuration(rule.properties.muteActionsDuration ?? '');
    if (mute) rule.mutedUntil = now + mute;
    for (const id of rule.properties.actions?.actionGroups ?? []) {
      const group = this.world.alerting.get(key(id));
      if (group?.kind !== 'group' || group.properties.enabled === false) continue;
      for (const { serviceUri } of group.properties.webhookReceivers ?? [])
        await this.post(serviceUri, commonPayload(this.world, rule, alert, condition, evaluated));
    }
  }
}

function commonContext(condition: RuleCondition, { value, dimensions, from, to }: Evaluated): object {
  return {
    conditionType: 'LogQueryCriteria',
    condition: {
      allOf: [{ searchQuery: condition.query, metricValue: value, dimensions, threshold: String(condition.threshold) }],
      windowStartTime: new Date(from).toISOString(),
      windowEndTime: new Date(to).toISOString(),
    },
  };
}

/**
 * Evaluations in a row that are not met, until an alert is resolved (azure-monitor-docs, alerts-overview.md): ten
 * minutes at one, three periods up to a quarter of an hour, two up to eleven hours, then one.
 */
function quietPeriods({ properties }: ScheduledQueryRule): number {
  const minutes = (parseDuration(properties.evaluationFrequency ?? '') ?? 5 * MINUTE) / MINUTE;
  if (minutes < 5) return 10 / minutes;
  if (minutes <= 15) return 3;
  return minutes <= 660 ? 2 : 1;
}
