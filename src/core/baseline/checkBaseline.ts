import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { Clock } from '../../base/clock.ts';
import { AppError } from '../../base/errors.ts';
import { BASELINE_SECTIONS } from '../../model/baselineSection.ts';
import type { Baseline, BaselineFile } from '../../model/baseline.ts';
import type { Drift, DriftReport, UnknownSetting } from '../../model/drift.ts';
import type { Customer, Estate, Workspace } from '../../model/estate.ts';
import type { CustomerKey, TenantId } from '../../model/ids.ts';
import type { Scope } from '../../model/scope.ts';
import type { AssessPort } from '../../ports/assess.ts';
import type { BaselinePort } from '../../ports/baseline.ts';
import { issuerKey } from '../../ports/issuer.ts';
import type { SavedQueriesPort } from '../../ports/savedQueries.ts';
import type { TagsPort } from '../../ports/tags.ts';
import type { ChangeHandler } from '../changes/changeHandler.ts';
import { coverageOf, resolveScope } from '../estate/scope.ts';
import type { ScopeGap } from '../estate/scope.ts';
import { askBefore, needsMachines, typesOf } from './askBefore.ts';
import type { AskedBefore } from './customerWorlds.ts';
import type { Sight } from './askBefore.ts';
import { changedSince } from './changedSince.ts';
import { customerSettings } from './customerSettings.ts';
import { customerWorld, subscriptionsOf } from './customerWorlds.ts';
import { judge } from './judge.ts';
import { baselineOf } from './layers.ts';
import type { Coming } from './layers.ts';
import { listKey, readLists } from './readLists.ts';
import type { Setting, Wanted } from './setting.ts';

/** What a check of the baseline works with. */
export interface CheckWorld {
  readonly assess: Pick<AssessPort, 'graph' | 'subscription'>;
  readonly savedQueries: Pick<SavedQueriesPort, 'queries'>;
  readonly baseline: Pick<
    BaselinePort,
    'tables' | 'diagnostics' | 'agentRules' | 'alerting' | 'resourcesOf' | 'lastChange'
  >;
  readonly tags: Pick<TagsPort, 'containers'>;
  readonly handlers: readonly Pick<ChangeHandler, 'resource' | 'diff'>[];
  readonly clock: Clock;
}

/** What is checked: a baseline over a scope of an estate. */
export interface CheckRequest {
  readonly file: BaselineFile;
  readonly estate: Estate;
  readonly scope: Scope;
  /** Nobody wants to know since when: a request less for each difference. */
  readonly untimed?: boolean;
  /** Who of them is being onboarded. */
  readonly coming?: Coming;
}

/** A report, and the settings that differ: what a plan that puts them right is made of. */
export interface CheckedBaseline {
  readonly report: DriftReport;
  readonly drifted: readonly { readonly setting: Setting; readonly drift: Drift }[];
  /** The layer of an architecture applies to who is being onboarded, and no layer says that it is theirs. */
  readonly unsaid?: true;
}

/** How far a check is; `what` in words. */
export type CheckProgress = (what: string, done: number, total: number) => void;

interface Part {
  readonly customer: Customer;
  readonly baseline: Baseline;
  readonly layers: readonly string[];
  readonly unsaid?: true;
  readonly workspaces: readonly Workspace[];
  /** A tenant of it could not be entered. */
  readonly isGap: boolean;
}

/**
 * Compares what every customer of the scope has with its baseline; changes nothing. Never rejects for what happened at
 * a customer: what could not be read is unknown with its reason. Rejects with `input.scope` for a scope that means
 * nobody.
 */
export async function checkBaseline(
  { file, estate, scope, untimed = false, coming }: CheckRequest,
  world: CheckWorld,
  signal: CancelSignal = NEVER,
  tell: CheckProgress = () => undefined,
): Promise<CheckedBaseline> {
  const began = world.clock.now();
  const { parts, gaps } = partsOf(file, estate, scope, coming);
  tell('Resource Graph', 0, 1);
  const before = await askBefore(sightsOf(estate, parts), needsOf(parts), world, world.clock, signal);
  const wanted = new Map(parts.map((part) => [part.customer.key, wantedOf(estate, part, before)]));
  const settings = [...wanted.values()].flatMap((one) => one.settings);
  const { lists, calls } = await readLists(
    settings.map(({ list }) => list),
    world,
    world.clock,
    signal,
    (done, total) => {
      tell('Reading what is there', done, total);
    },
  );
  const judged = settings.map((setting) => judge(setting, lists.get(listKey(setting.list)), world.handlers));
  const drifted = judged.flatMap((one) => (one.state === 'drift' ? [one] : []));
  tell('Reading the activity log', 0, drifted.length);
  const since = await changedSince(
    untimed ? [] : drifted.map(({ setting }) => setting),
    world.baseline,
    world.clock,
    signal,
  );
  const drift = drifted.map((one): Drift => {
    const found = since.found.get(one.drift.target.toLowerCase());
    return { ...one.drift, ...(found ? { since: found } : {}) };
  });
  return {
    drifted: drifted.map(({ setting }, i) => ({ setting, drift: drift[i]! })),
    ...(parts.some(({ unsaid }) => unsaid) ? { unsaid: true as const } : {}),
    report: {
      at: new Date(began).toISOString(),
      ms: world.clock.now() - began,
      calls: before.calls + calls + since.calls,
      customers: parts.map(({ customer: { key, name }, layers }) => {
        const own = settings.flatMap(({ customer }, i) => (customer === key ? [judged[i]!] : []));
        return {
          key,
          name,
          layers,
          settings: own.length + wanted.get(key)!.unknown.length,
          kept: own.filter(({ state }) => state === 'kept').length,
        };
      }),
      drift,
      unknown: [
        ...gaps,
        ...[...wanted.values()].flatMap(({ unknown }) => unknown),
        ...judged.flatMap((one) => (one.state === 'unknown' ? [one.unknown] : [])),
      ],
      cancelled: signal.aborted,
    },
  };
}

/** The customers of a scope with their baselines, and the tenants of it that nobody could enter. */
function partsOf(
  file: BaselineFile,
  estate: Estate,
  scope: Scope,
  coming: Coming | undefined,
): { readonly parts: readonly Part[]; readonly gaps: readonly UnknownSetting[] } {
  const { workspaces, problems, gaps } = resolveScope(scope, estate);
  const named = problems.filter(({ selector }) => selector);
  if (named.length > 0) throw new AppError('input.scope', named.map(({ message }) => message).join(' '));
  const covers = coverageOf(scope, estate);
  const inScope = new Set<CustomerKey>(workspaces.map(({ customer }) => customer));
  const parts = estate.customers
    .filter(({ key, tenants }) => inScope.has(key) || tenants.some((tenant) => covers(tenant, key)))
    .map((customer): Part => ({
      customer,
      ...baselineOf(file, customer, coming && customer.tenants.includes(coming.tenant) ? coming : undefined),
      workspaces: workspaces.filter((workspace) => workspace.customer === customer.key),
      isGap: gaps.some((gap) => gap.customer === customer.key),
    }));
  if (parts.length === 0)
    throw new AppError('input.scope', problems[0]?.message ?? 'No customer is in this scope. Nothing was read.');
  const agreed = new Set(parts.filter(isAgreed).map(({ customer: { key } }) => key));
  return { parts, gaps: gaps.filter(({ customer }) => agreed.has(customer)).map(gapRow) };
}

/** With whom nothing was agreed, nothing is unknown. */
function isAgreed({ baseline }: Pick<Part, 'baseline'>): boolean {
  return BASELINE_SECTIONS.some((section) => baseline[section] !== undefined);
}

function gapRow({ customer, customerName, tenantName, error }: ScopeGap): UnknownSetting {
  return {
    customer,
    customerName,
    section: 'workspace',
    name: 'settings',
    where: `tenant ${tenantName}`,
    target: '',
    error: error ?? { code: 'access.noPath', message: `${tenantName} could not be entered.`, retryable: false },
  };
}

function needsOf(parts: readonly Part[]): { readonly machines: boolean; readonly types: readonly string[] } {
  return {
    machines: parts.some(({ baseline }) => needsMachines(baseline)),
    types: [...new Set(parts.flatMap(({ baseline }) => typesOf(baseline)))].sort(),
  };
}

/** Whose tokens see which tenants of the customers. */
function sightsOf(estate: Estate, parts: readonly Part[]): readonly Sight[] {
  const sights = new Map<string, { readonly issuer: Sight['issuer']; readonly tenants: Set<TenantId> }>();
  for (const part of parts) {
    if (!needsMachines(part.baseline) && typesOf(part.baseline).length === 0) continue;
    const { world } = customerWorld(estate, part.customer, part.baseline, part.workspaces, NOTHING_ASKED);
    for (const { issuer, tenant } of subscriptionsOf(estate, part.customer, world.workspaces)) {
      const sight = sights.get(issuerKey(issuer)) ?? { issuer, tenants: new Set<TenantId>() };
      sight.tenants.add(tenant);
      sights.set(issuerKey(issuer), sight);
    }
  }
  return [...sights.values()].map(({ issuer, tenants }) => ({ issuer, tenants: [...tenants] }));
}

const NOTHING_ASKED: AskedBefore = { machines: new Map(), resources: new Map() };

function wantedOf(estate: Estate, part: Part, before: AskedBefore): Wanted {
  const { customer, baseline, workspaces } = part;
  const { world, unknown } = customerWorld(estate, customer, baseline, workspaces, before);
  const wanted = customerSettings(world);
  return { settings: wanted.settings, unknown: [...unknown, ...noWorkspace(part), ...wanted.unknown] };
}

/**
 * Without a workspace nothing can be compared, which is not the same as nothing to find; of whom the baseline says that
 * the logs lie with the provider there need not be one.
 */
function noWorkspace(part: Part): readonly UnknownSetting[] {
  const { customer, baseline, workspaces, isGap } = part;
  if (workspaces.length > 0 || isGap || baseline.architecture === 'central' || !isAgreed(part)) return [];
  const { key, name } = customer;
  const message = `Nobody who is signed in sees a workspace of ${name} in this scope.`;
  return [
    {
      ...{
        customer: key,
        customerName: name,
        section: 'workspace',
        name: 'settings',
        where: 'its workspaces',
        target: '',
      },
      error: { code: 'access.noPath', message, retryable: false },
    },
  ];
}
