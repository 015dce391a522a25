import type { CancelSignal } from '../../../base/cancel.ts';
import type { ActionGroup, AlertRule } from '../../../ports/alerts.ts';
import type { AlertingState, BaselinePort } from '../../../ports/baseline.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import { ALERT_TAG } from '../../alerts/toAlertRule.ts';
import { distinctIssuers, sightOf } from '../../assess/measure/sight.ts';
import { wantRemoval } from '../removalHandler.ts';
import type { Leaving, LeavingNotes } from './leavingNotes.ts';

const RULES = '2025-01-01-preview';
const GROUPS = '2023-01-01';
/** How action groups are called that come with alert rules of ours. */
const OWN_GROUP = /\/actiongroups\/tenantscope-[^/]+$/i;

/** An alert rule or action group of the customer, without addresses: their paths may be keys. */
export type WrittenAlert =
  | ({ readonly armId: string; readonly kind: 'rule' } & Omit<AlertRule, 'identity'>)
  | {
      readonly armId: string;
      readonly kind: 'actionGroup';
      readonly shortName: string;
      readonly enabled: boolean;
      readonly webhooks: readonly string[];
    };

/**
 * Notes the end of alert rules that are ours by their tag, and of the action groups that came with them and that no
 * other rule calls. Rules of the customer's own stay. Resolves to all there are.
 */
export async function endAlerts(
  { estate, customer, workspaces }: Leaving,
  baseline: Pick<BaselinePort, 'alerting'>,
  notes: LeavingNotes,
  signal: CancelSignal,
): Promise<readonly WrittenAlert[]> {
  const tenants = estate.tenants.filter((one) => one.customer === customer.key);
  const all = new Map<string, AlertingState & { readonly issuer: Issuer }>();
  for (const issuer of distinctIssuers([...sightOf(estate, tenants, workspaces).values()].flat()))
    await notes.tryTo(`alert rules of ${customer.name}`, async () => {
      const { value, unknown } = await baseline.alerting(issuer, signal);
      for (const { id, name } of tenants) {
        const error = unknown?.get(id);
        if (error) notes.unseen.push(`alert rules of ${name}: ${error.message}`);
        for (const one of value.get(id) ?? []) if (!all.has(one.armId)) all.set(one.armId, { ...one, issuer });
      }
    });
  const rules = [...all.values()].flatMap(({ armId, state, issuer }) =>
    'properties' in state ? [{ armId, issuer, state, own: state.tags[ALERT_TAG] !== undefined }] : [],
  );
  const needed = new Set(
    rules
      .filter(({ own }) => !own)
      .flatMap(({ state }) => state.properties.actions.actionGroups.map((id) => id.toLowerCase())),
  );
  for (const { armId, issuer, own } of rules)
    if (own)
      notes.add(
        'alert',
        issuer,
        wantRemoval(armId, {
          apiVersion: RULES,
          called: `alert rule ${lastOf(armId)}`,
          consequence: 'Nobody hears of it any more',
        }),
      );
  for (const { armId, issuer, state } of all.values()) {
    if ('properties' in state || !OWN_GROUP.test(armId)) continue;
    if (needed.has(armId))
      notes.stays.push(
        `Action group ${lastOf(armId)} calls us, and alert rules of yours use it: take our address out.`,
      );
    else
      notes.add(
        'alert',
        issuer,
        wantRemoval(
          armId,
          {
            apiVersion: GROUPS,
            called: `action group ${lastOf(armId)}`,
            consequence: 'Its addresses are called no more, by other kinds of alerts either',
          },
          // The service keeps a group as long as a rule names it.
          rules
            .filter(({ own, state: { properties } }) => own && calls(properties, armId))
            .map((one) => `removal ${one.armId}`),
        ),
      );
  }
  return [...all.values()].map(written).sort((a, b) => a.armId.localeCompare(b.armId));
}

function calls({ actions }: AlertRule['properties'], group: string): boolean {
  return actions.actionGroups.some((id) => id.toLowerCase() === group);
}

function written({ armId, state }: { readonly armId: string; readonly state: AlertRule | ActionGroup }): WrittenAlert {
  if ('properties' in state) {
    const { location, tags, properties } = state;
    return { armId, kind: 'rule', location, tags, properties };
  }
  const { groupShortName, enabled, webhookReceivers } = state;
  return {
    armId,
    kind: 'actionGroup',
    shortName: groupShortName,
    enabled,
    webhooks: webhookReceivers.map(({ serviceUri }) => serviceUri.toString()),
  };
}

function lastOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
