import { ARCHITECTURES } from '../../model/assessment/verdict.ts';
import { isGuid, toSubscriptionId, toTenantId } from '../../model/ids.ts';
import { COMING_ACCESS } from '../../model/onboarding.ts';
import type {
  ComingCustomer,
  ManagedOffer,
  OfferAuthorization,
  OnboardingDefaults,
  OnboardingFile,
} from '../../model/onboarding.ts';
import { toRegion } from '../../model/region.ts';
import { parsePlacedJson } from '../customers/placedJson.ts';
import type { PlacedJson } from '../customers/placedJson.ts';
import { isDeviceName } from '../runs/customerFileNames.ts';
import { validateDailyCap, validateRetention, validateTags } from '../provision/rules.ts';
import { didYouMean, suggestNames } from '../estate/suggestions.ts';
import { Fields } from './fields.ts';
import type { Tell } from './fields.ts';
import { DEFAULT_PATTERNS, makeName, toNamePart } from './names.ts';
import { findOfferRole, OFFER_ROLES } from './offerRoles.ts';

/** Fields of the file; its schema has the same. */
export const FILE_FIELDS = ['$schema', 'offer', 'names', 'defaults', 'customers'] as const;
/** Fields of an offer. */
export const OFFER_FIELDS = ['name', 'description', 'managedBy', 'authorizations'] as const;
/** Fields of `defaults`, which a customer has, too. */
export const SHARED_FIELDS = [
  'access',
  'architecture',
  'region',
  'retentionDays',
  'dailyCapGb',
  'tags',
  'centralWorkspace',
  'application',
  'guests',
] as const;
/** Fields of a customer. */
export const CUSTOMER_FIELDS = [
  'name',
  'key',
  'tenant',
  'subscription',
  'workspace',
  'resourceGroup',
  ...SHARED_FIELDS,
] as const;
const ROLE_NAMES = OFFER_ROLES.map(({ name }) => name);
/** ARM id of a workspace. */
const WORKSPACE_ID =
  /^\/subscriptions\/[\da-f-]{36}\/resourceGroups\/[^/]+\/providers\/Microsoft\.OperationalInsights\/workspaces\/[^/]+$/i;

/**
 * Reads a file of customers to come. Never throws: an entry with a mistake is left out whole, for half a customer must
 * not be made, and every mistake is named with its line.
 */
export function readCustomersToCome(text: string): OnboardingFile {
  const { root, errors } = parsePlacedJson(text);
  const problems = errors.map(({ line, message }) => ({ line, message }));
  const tell: Tell = (line, message) => {
    problems.push({ line, message });
  };
  if (root?.kind !== 'object') {
    if (root) tell(root.line, 'A file of customers to come is an object: {"customers": [...]}.');
    return { customers: [], defaults: {}, patterns: DEFAULT_PATTERNS, problems };
  }
  const file = new Fields(root, FILE_FIELDS, 'the file', tell);
  const offerNode = file.node('offer');
  const before = problems.length;
  const read = offerNode && readOffer(offerNode, tell);
  // Half an offer would let in others than were meant.
  const offer = problems.length === before ? read : undefined;
  const names = new Fields(file.node('names'), ['workspace', 'resourceGroup'], '"names"', tell);
  const defaults = new Fields(file.node('defaults'), SHARED_FIELDS, '"defaults"', tell);
  const patterns = {
    workspace: names.text('workspace') ?? DEFAULT_PATTERNS.workspace,
    resourceGroup: names.text('resourceGroup') ?? DEFAULT_PATTERNS.resourceGroup,
  };
  const customers: ComingCustomer[] = [];
  for (const node of file.list('customers')) {
    const before = problems.length;
    const made = readCustomer(node, { defaults, patterns, hasOffer: offer !== undefined, others: customers, tell });
    if (made && problems.length === before) customers.push(made);
  }
  return {
    ...(offer ? { offer } : {}),
    customers,
    defaults: readDefaults(file.node('defaults')),
    patterns,
    // What a text that ends too early lacks is lacking for that reason.
    problems: errors.length > 0 ? errors : problems.sort((a, b) => a.line - b.line),
  };
}

/** What a wizard begins with; a mistake in it is told by the customers it concerns. */
function readDefaults(node: PlacedJson | undefined): OnboardingDefaults {
  const fields = new Fields(node, undefined, '"defaults"', () => undefined);
  const region = fields.text('region');
  const found = {
    access: fields.choice('access', COMING_ACCESS),
    architecture: fields.choice('architecture', ARCHITECTURES),
    region: region === undefined ? undefined : toRegion(region),
    retentionDays: fields.number('retentionDays'),
    dailyCapGb: fields.number('dailyCapGb'),
    centralWorkspace: fields.text('centralWorkspace'),
    application: fields.text('application'),
    guests: fields.node('guests') && textsIn(fields, 'guests'),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

function textsIn(fields: Fields, name: string): readonly string[] {
  return fields.list(name).flatMap((one) => (one.kind === 'value' && typeof one.value === 'string' ? one.value : []));
}

function readOffer(node: PlacedJson, tell: Tell): ManagedOffer | undefined {
  const fields = new Fields(node, OFFER_FIELDS, 'the offer', tell);
  const name = fields.needText('name');
  const managedBy = fields.needGuid('managedBy');
  const authorizations = fields.list('authorizations').flatMap((one) => readAuthorization(one, tell) ?? []);
  if (fields.list('authorizations').length === 0)
    tell(node.line, 'An offer needs "authorizations": who gets which role.');
  if (name === undefined || managedBy === undefined) return undefined;
  return { name, description: fields.text('description') ?? name, managedBy: toTenantId(managedBy), authorizations };
}

function readAuthorization(node: PlacedJson, tell: Tell): OfferAuthorization | undefined {
  const fields = new Fields(node, ['principalId', 'name', 'role'], 'an authorization', tell);
  const principalId = fields.needGuid('principalId');
  const wanted = fields.needText('role');
  const role = wanted === undefined ? undefined : findOfferRole(wanted);
  if (wanted !== undefined && !role)
    tell(
      fields.line('role'),
      `"${wanted}" is no role that is known here by its name: give its GUID.${didYouMean(suggestNames(wanted, ROLE_NAMES))}`,
    );
  if (principalId === undefined || !role) return undefined;
  return { principalId, name: fields.text('name') ?? principalId, role: { id: role.id, name: role.name } };
}

interface Reading {
  readonly defaults: Fields;
  readonly patterns: { readonly workspace: string; readonly resourceGroup: string };
  readonly hasOffer: boolean;
  readonly others: readonly ComingCustomer[];
  readonly tell: Tell;
}

function readCustomer(
  node: PlacedJson,
  { defaults, patterns, hasOffer, others, tell }: Reading,
): ComingCustomer | undefined {
  const own = new Fields(node, CUSTOMER_FIELDS, 'a customer', tell);
  const fields = own.over(defaults);
  const name = own.needText('name');
  const tenant = own.needGuid('tenant');
  const subscription = own.needGuid('subscription');
  const region = toRegion(fields.needText('region') ?? '');
  const access = fields.choice('access', COMING_ACCESS) ?? 'lighthouse';
  const architecture = fields.choice('architecture', ARCHITECTURES) ?? 'distributed';
  if (name === undefined || tenant === undefined || subscription === undefined) return undefined;
  const key = own.text('key') ?? toNamePart(name);
  if (!/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(key))
    tell(
      node.line,
      `"${key}" cannot be the key of ${name}: give it a "key" of up to 40 lower-case letters, digits and hyphens.`,
    );
  else if (isDeviceName(key))
    tell(
      node.line,
      `"${key}" cannot be the key of ${name}: no folder on Windows can be called so. Give it another "key".`,
    );
  const twin = others.find((one) => one.key === key || one.subscription === subscription.toLowerCase());
  if (twin)
    tell(
      node.line,
      `${name} has the ${twin.key === key ? `key "${key}"` : 'subscription'} of ${twin.name}. Give it one of its own.`,
    );
  const named = (what: 'workspace' | 'resourceGroup'): string => {
    const pattern = own.text(what) ?? patterns[what];
    const made = makeName(what, pattern, { customer: key, region, tenant: tenant.slice(0, 8) });
    if (!made.ok) tell(own.line(what), made.message);
    return made.ok ? made.name : '';
  };
  const retentionDays = fields.number('retentionDays') ?? 30;
  const dailyCapGb = fields.number('dailyCapGb');
  const tags = fields.texts('tags');
  const centralWorkspace = fields.text('centralWorkspace');
  const application = fields.text('application');
  const guests = textsIn(fields, 'guests');
  const refuse = (wrong: string | undefined, field: (typeof CUSTOMER_FIELDS)[number]): void => {
    if (wrong !== undefined) tell(fields.line(field), wrong);
  };
  const odd = guests.find((one) => !/^[^\s@"'`$<>\\]+@[^\s@"'`$<>\\]+$/.test(one));
  refuse(odd === undefined ? undefined : `"${odd.slice(0, 60)}" is no address of a guest.`, 'guests');
  refuse(validateRetention(retentionDays), 'retentionDays');
  refuse(dailyCapGb === undefined ? undefined : validateDailyCap(dailyCapGb), 'dailyCapGb');
  refuse(validateTags(tags), 'tags');
  if (architecture === 'central' && !WORKSPACE_ID.test(centralWorkspace ?? ''))
    tell(node.line, 'The architecture "central" needs "centralWorkspace": the resource ID of your workspace.');
  if (access === 'lighthouse' && !hasOffer) tell(node.line, 'Access by "lighthouse" needs the "offer" of this file.');
  if (access === 'servicePrincipal' && !isGuid(application ?? ''))
    tell(node.line, 'Access by "servicePrincipal" needs "application": the client ID of your application.');
  if (access === 'guest' && guests.length === 0)
    tell(node.line, 'Access by "guest" needs "guests": the addresses of your people.');
  return {
    key,
    name,
    tenant: toTenantId(tenant),
    subscription: toSubscriptionId(subscription),
    access,
    architecture,
    region,
    resourceGroup: named('resourceGroup'),
    workspace: named('workspace'),
    retentionDays,
    ...(dailyCapGb === undefined ? {} : { dailyCapGb }),
    tags,
    ...(centralWorkspace === undefined ? {} : { centralWorkspace }),
    ...(application === undefined ? {} : { application }),
    ...(guests.length > 0 ? { guests } : {}),
  };
}
