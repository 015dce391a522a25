import { SecretText } from '../../base/secretText.ts';
import type { SubscriptionId } from '../../model/ids.ts';
import type { Estate } from '../../model/estate.ts';
import type { PlanSubject } from '../../model/plan.ts';
import { issuerKey } from '../../ports/issuer.ts';
import type { WantedRule } from '../alerts/ruleHandler.ts';
import type { Intent } from '../changes/changeHandler.ts';
import type { Draft } from '../changes/makePlan.ts';
import { whose, whoseText } from '../provision/whose.ts';
import type { CheckedBaseline } from './checkBaseline.ts';
import { foreignNames } from '../runs/foreignNames.ts';
import { insightsProvider } from './sections/collectionSettings.ts';
import type { Setting } from './setting.ts';

/** Resources of Microsoft.Insights that refuse to be made in a subscription that is not registered for it. */
const OF_INSIGHTS = new Set(['agentRule', 'collectionAssociation', 'actionGroup', 'scheduledQueryRule']);

/** Of a check what a draft is made of. */
interface Drifted {
  readonly report?: unknown;
  readonly drifted: readonly {
    readonly setting: Setting;
    readonly drift: Pick<CheckedBaseline['drifted'][number]['drift'], 'blocked'>;
  }[];
}

/**
 * The drafts that put right what differs, one for each customer, tenant and token: what one of them meets stops no
 * other. What no plan of ours can put right is left out; the report says who can.
 */
export function draftFixes({ drifted }: Drifted, estate: Estate): readonly Draft[] {
  const groups = new Map<string, Setting[]>();
  for (const { setting, drift } of drifted) {
    if (drift.blocked !== undefined) continue;
    const key = [setting.customer, setting.owner, issuerKey(setting.issuer)].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), setting]);
  }
  return [...groups.values()].map((settings) => draftOf(settings, estate));
}

function draftOf(settings: readonly Setting[], estate: Estate): Draft {
  const [{ owner, issuer }] = settings as readonly [Setting];
  const providers = providersOf(settings);
  const wanted = settings.map(({ intent }) => intent);
  const known = new Set(wanted.map(({ id }) => id));
  const intents = wanted.map((intent): Intent => {
    const provider = OF_INSIGHTS.has(intent.resource) ? providers.get(subscriptionOf(intent)) : undefined;
    return {
      ...intent,
      after: [...(provider ? [provider.id] : []), ...(intent.after ?? []).filter((id) => known.has(id))],
    };
  });
  return {
    title: `Make ${whoseText(whose(estate, owner))} as the baseline agrees`,
    issuer,
    owner,
    intents: [...providers.values(), ...intents],
    about: subjectsOf(settings[0]!, estate),
    warnings: [...(intents.some(isOfSomebody) ? [BORROWED_RIGHTS] : []), ...confidences(settings, estate)],
  };
}

function providersOf(settings: readonly Setting[]): ReadonlyMap<string, Intent> {
  return new Map(
    settings
      .filter(({ intent }) => OF_INSIGHTS.has(intent.resource))
      .map(({ intent }) => {
        const subscription = subscriptionOf(intent);
        return [subscription, insightsProvider(subscription)];
      }),
  );
}

function subscriptionOf({ target }: Intent): SubscriptionId {
  return (/^\/subscriptions\/([^/]+)/i.exec(target)?.[1] ?? '') as SubscriptionId;
}

function subjectsOf({ owner, issuer, customerName }: Setting, estate: Estate): readonly PlanSubject[] {
  const { tenant } = whose(estate, owner);
  const account = estate.accounts.find(({ id }) => id === issuer.account)?.label ?? issuer.account;
  return [
    { what: 'Customer', name: customerName, main: true },
    { what: 'Tenant', name: tenant, id: owner, main: true },
    { what: 'Done as', name: account },
    ...(issuer.tenant === owner
      ? []
      : [{ what: 'Through tenant', name: whose(estate, issuer.tenant).tenant, id: issuer.tenant }]),
  ];
}

const BORROWED_RIGHTS =
  'Alert rules without an identity of their own read with the rights of whoever carries this out, as they are then. Say "identity": true where they should not.';

function isOfSomebody({ resource, wanted }: Intent): boolean {
  return resource === 'scheduledQueryRule' && !(wanted as WantedRule).identity;
}

/** Kinds of resources that hold texts of the baseline, which the customer's people may read. */
const WITH_TEXT = new Set(['savedQuery', 'scheduledQueryRule', 'actionGroup', 'lock', 'tags', 'workspace']);

/** What a layer for many says of one of them would be read by the others. */
function confidences(settings: readonly Setting[], estate: Estate): readonly string[] {
  const [{ customer }] = settings as readonly [Setting];
  const tells = foreignNames(estate, new Set([customer]));
  const telling = settings.filter(({ intent }) => WITH_TEXT.has(intent.resource) && textsOf(intent.wanted).some(tells));
  return telling.length === 0
    ? []
    : [
        `${telling.map(({ name, where }) => `"${name}" of ${where}`).join(', ')}: the text names another customer, or something of one. Everybody who may read it there would read that.`,
      ];
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  // Whoever may read the resource there reads its secrets, too.
  if (value instanceof SecretText) return [value.reveal()];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [...(Array.isArray(value) ? [] : [name]), ...textsOf(inner)]);
}
