import { AppError } from '../../base/errors.ts';
import { SecretText } from '../../base/secretText.ts';
import type { AlertDefinition } from '../../model/alert.ts';
import type { Estate, Workspace } from '../../model/estate.ts';
import type { CustomerKey } from '../../model/ids.ts';
import { issuerKey } from '../../ports/issuer.ts';
import type { Issuer } from '../../ports/issuer.ts';
import { lighthouseLimit, limitText } from '../access/lighthouseLimits.ts';
import type { Intent } from '../changes/changeHandler.ts';
import type { Draft } from '../changes/makePlan.ts';
import { EstateIndex } from '../estate/estateIndex.ts';
import { issuerOf } from '../estate/path.ts';
import { planSubjects, whose, whoseText } from '../provision/whose.ts';
import { foreignNames } from '../runs/foreignNames.ts';
import type { WantedActionGroup } from './actionGroupHandler.ts';
import { boundDeliveries, hears, hostOf } from './deliveries.ts';
import type { BoundDelivery } from './deliveries.ts';
import type { WantedRule } from './ruleHandler.ts';
import { ruleName, toAlertRule } from './toAlertRule.ts';

/** Webhooks of an action group. */
const MOST_WEBHOOKS = 10;
const SHORT_NAME = 12;

/** The workspaces of one subscription, that one token changes: one plan. */
interface Part {
  readonly issuer: Issuer;
  readonly workspaces: Workspace[];
}

/**
 * The drafts of a definition as rules: one for each subscription and token, so that no plan is about two customers. In
 * each resource group with rules an action group calls the webhooks that are this customer's, or the provider's own.
 * Throws `input.alert`.
 */
export function draftRules(
  definition: AlertDefinition,
  workspaces: readonly Workspace[],
  estate: Estate,
): readonly Draft[] {
  const deliveries = boundDeliveries(definition, estate).filter(({ delivery }) => delivery.kind === 'webhook');
  const parts = new Map<string, Part>();
  for (const workspace of workspaces) {
    const issuer = issuerOf(workspace);
    const key = `${issuerKey(issuer)}\n${workspace.subscription}\n${workspace.customer}`;
    const part = parts.get(key) ?? { issuer, workspaces: [] };
    part.workspaces.push(workspace);
    parts.set(key, part);
  }
  return [...parts.values()].map((part) => draftOf(definition, part, deliveries, estate));
}

function draftOf(
  definition: AlertDefinition,
  { issuer, workspaces }: Part,
  deliveries: readonly BoundDelivery[],
  estate: Estate,
): Draft {
  const [first] = workspaces as [Workspace];
  const { customer } = first;
  const customerName = EstateIndex.of(estate).customerName(customer);
  const receivers = receiversFor(customer, deliveries);
  const groups = new Map<string, Intent<WantedActionGroup>>();
  const rules = workspaces.map((workspace, i): Intent<WantedRule> => {
    const providers = `${groupOf(workspace)}/providers/Microsoft.Insights`;
    const own =
      receivers.length === 0 ? undefined : wantGroup(definition, `${providers}/actionGroups`, receivers, groups);
    const name = ruleName(definition, workspace);
    const actionGroups = [
      ...definition.actionGroups.filter((id) => isOfSubscription(id, workspace)),
      ...(own ? [own.target] : []),
    ];
    return {
      id: `rule${i + 1}`,
      resource: 'scheduledQueryRule',
      target: `${providers}/scheduledQueryRules/${name}`,
      wanted: { ...toAlertRule(definition, workspace, { actionGroups, customerName }), name, place: workspace.name },
      ...(own ? { after: [own.id] } : {}),
    };
  });
  const about = planSubjects(estate, { ...first, account: issuer.account, issuer: issuer.tenant, workspace: first });
  return {
    title: `Alert ${definition.name} for ${whoseText(whose(estate, first.tenant))}`,
    issuer,
    owner: first.tenant,
    intents: [...groups.values(), ...rules],
    about: [
      ...about.filter(({ what }) => what !== 'Workspace' && what !== 'Resource group'),
      ...workspaces.map(({ name, guid }) => ({ what: 'Workspace', name, id: guid, main: true as const })),
    ],
    warnings: [
      ...warningsOf(definition, customer, receivers, issuer, estate),
      ...(definition.identity && issuer.tenant !== first.tenant ? identityOverDelegation(workspaces) : []),
    ],
  };
}

const READER = { id: '73c42c96-874c-492b-b04d-ab87d138a893', name: 'Log Analytics Reader', ofData: false } as const;
const DATA_READER = {
  id: '3b03c2da-16b3-4a49-8834-0f8130efdd3b',
  name: 'Log Analytics Data Reader',
  ofData: true,
} as const;

/** Who gives the identities of rules their role, where we are only delegated to: mostly not we. */
function identityOverDelegation(workspaces: readonly Workspace[]): readonly string[] {
  const give = (role: typeof READER | typeof DATA_READER, some: readonly Workspace[]): readonly string[] => {
    if (some.length === 0) return [];
    const limit = lighthouseLimit({ action: 'giveRole', path: 'lighthouse', role, principal: 'ManagedIdentity' });
    const commands = some.map(
      ({ armId }) => `az role assignment create --role ${role.id} --scope ${armId} --assignee OBJECT-ID`,
    );
    return [
      `${some.map(({ name }) => name).join(', ')}: ${limitText(limit)} ${limit.allowed ? "Else an Owner of the customer's own tenant runs" : 'There it is'} ${commands.join(' and ')}, with the object ID of each rule's identity.`,
    ];
  };
  return [
    ...give(
      READER,
      workspaces.filter(({ dataActionsOnly }) => !dataActionsOnly),
    ),
    ...give(
      DATA_READER,
      workspaces.filter(({ dataActionsOnly }) => dataActionsOnly),
    ),
  ];
}

interface Receiver {
  readonly name: string;
  readonly serviceUri: SecretText;
  readonly host: string;
  readonly isOwn: boolean;
}

function receiversFor(customer: CustomerKey, deliveries: readonly BoundDelivery[]): readonly Receiver[] {
  const receivers = deliveries.flatMap((bound, i): Receiver[] =>
    bound.delivery.kind === 'webhook' && hears(bound, customer)
      ? [
          {
            name: `webhook${i + 1}`,
            serviceUri: new SecretText(bound.delivery.url, 'serviceUri'),
            host: hostOf(bound.delivery.url),
            isOwn: bound.customer === undefined,
          },
        ]
      : [],
  );
  if (receivers.length > MOST_WEBHOOKS)
    throw new AppError(
      'input.alert',
      `An action group calls ${MOST_WEBHOOKS} webhooks at most; these are ${receivers.length}.`,
    );
  return receivers;
}

function wantGroup(
  { name }: AlertDefinition,
  folder: string,
  receivers: readonly Receiver[],
  groups: Map<string, Intent<WantedActionGroup>>,
): Intent<WantedActionGroup> {
  const target = `${folder}/tenantscope-${name}`;
  const known = groups.get(target.toLowerCase());
  if (known) return known;
  const intent: Intent<WantedActionGroup> = {
    id: `group${groups.size + 1}`,
    resource: 'actionGroup',
    target,
    wanted: {
      name: `tenantscope-${name}`,
      groupShortName: name.slice(0, SHORT_NAME),
      enabled: true,
      webhookReceivers: receivers.map((one) => ({ name: one.name, serviceUri: one.serviceUri })),
    },
  };
  groups.set(target.toLowerCase(), intent);
  return intent;
}

function groupOf({ armId }: Workspace): string {
  return armId.replace(/\/providers\/Microsoft\.OperationalInsights\/.*$/i, '');
}

/** An action group of one subscription is not told of another's alerts, whatever a file says. */
function isOfSubscription(id: string, { subscription }: Workspace): boolean {
  return id.toLowerCase().startsWith(`/subscriptions/${subscription.toLowerCase()}/`);
}

function warningsOf(
  { name, query, description = '', identity, deliveries, actionGroups }: AlertDefinition,
  customer: CustomerKey,
  receivers: readonly Receiver[],
  { account }: Issuer,
  estate: Estate,
): readonly string[] {
  const tells = foreignNames(estate, new Set([customer]));
  const who = estate.accounts.find(({ id }) => id === account)?.label ?? account;
  const own = receivers.filter(({ isOwn }) => isOwn).map(({ host }) => host);
  const others = deliveries.filter(({ kind }) => kind !== 'webhook').length;
  return [
    identity
      ? 'The rule has an identity of its own, which reads nothing until somebody gives it Log Analytics Reader on the workspace.'
      : `The rule has no identity of its own: it reads with the rights of ${who} as they are when it is written, until somebody edits it. Say "identity yes" where it should not.`,
    ...([name, query, description].some(tells)
      ? ['The text names another customer, or something of one. Everybody who may read the rule would read it.']
      : []),
    ...(own.length > 0
      ? [`Everybody who may read the action group reads the provider's own address at ${own.join(', ')}.`]
      : []),
    ...(others > 0 ? ['JSON lines and tickets are delivered by "tenantscope alert evaluate", not by rules.'] : []),
    ...(receivers.length === 0 && actionGroups.length === 0
      ? ['Nothing is told when it fires: the definition has no delivery to a webhook, and no action group.']
      : []),
  ];
}
