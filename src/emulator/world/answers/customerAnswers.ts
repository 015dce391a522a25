import type { SourceKind } from '../../../model/assessment/declared.ts';
import { ROLES, type Role, type RoleName } from '../../roles.ts';
import { madeTables, type Destination, type TenantPlan } from '../estatePlan.ts';
import { hasData } from './ownAnswers.ts';
import { line, type Subject } from './subject.ts';

const GRANTING = new Set(['User Access Administrator', 'Role Based Access Control Administrator']);
const TABLES_OF: Readonly<Record<SourceKind, readonly string[]>> = {
  machines: ['Heartbeat', 'Perf', 'Event', 'Syslog', 'SecurityEvent'],
  azure: ['AzureActivity', 'AzureDiagnostics', 'AzureMetrics'],
  entra: ['SigninLogs', 'AuditLogs'],
  microsoft365: ['OfficeActivity'],
  containers: ['ContainerLogV2', 'KubePodInventory'],
  applications: ['AppRequests'],
  network: ['CommonSecurityLog'],
};

/** Lines of a key that are about a customer as a whole, its tenants and its delegations. `offer` names the latter. */
export function customerAnswers(subject: Subject, offer: string): string[] {
  const { customer, entered, own, shared, provider, estate } = subject;
  const reads = customer.declared?.access;
  return [
    ...entered.flatMap((tenant) => offerAnswers(tenant, offer)),
    ...(subject.person ? entered.filter((tenant) => isGuestOnly(tenant)) : []).map(({ name }) =>
      line('guestOnly', name, 'medium'),
    ),
    ...(reads !== undefined && reads !== 'provider' && shared.length > 0 && !own.some(hasData)
      ? [line('customerCannotRead', customer.name, 'medium')]
      : []),
    ...(isUncollected(subject) ? [line('uncollected', customer.name, 'medium')] : []),
    ...flowAnswers(subject),
    ...(provider ? estateAnswers(customer.name, estate) : []),
  ];
}

function estateAnswers(name: string, { workspaces, regions }: Subject['estate']): string[] {
  if (workspaces > 100 || regions > 20) return [line('estatePastLimits', name, 'medium')];
  return regions >= 5 || workspaces > 24 ? [line('estatePastLimits', name, 'low')] : [];
}

function isGuestOnly(tenant: TenantPlan): boolean {
  return tenant.access === 'guest' && tenant.workspaces.some(({ softDeleted }) => !softDeleted);
}

function offerAnswers(tenant: TenantPlan, name: string): string[] {
  if (tenant.access !== 'lighthouse' && tenant.access !== 'both') return [];
  const offer = tenant.offer ?? {};
  const permanent: readonly RoleName[] = [
    ...(offer.operations ?? ['Contributor']),
    offer.readers ?? 'Log Analytics Reader',
  ];
  const all = [...permanent, ...(offer.eligible ?? [])];
  const wholly = !tenant.workspaces.some(({ groupDelegation }) => groupDelegation);
  const broad = all.some((role) => GRANTING.has(role))
    ? ('medium' as const)
    : wholly && permanent.includes('Contributor')
      ? ('low' as const)
      : undefined;
  return [
    ...(broad ? [line('delegationTooBroad', name, broad)] : []),
    ...(all.some((role) => (ROLES[role] as Role).dataActions) ? [line('delegationCannotWork', name, 'high')] : []),
    ...(offer.endless ? [line('delegationCannotEnd', name, 'low')] : []),
  ];
}

/** Machines that no agent runs on, or a declared source of which no table has rows. */
function isUncollected({ customer, entered, own, shared }: Subject): boolean {
  if (own.some(({ plan }) => plan.dataActionsOnly)) return false;
  const tables = new Set([
    ...own.flatMap(({ plan }) => madeTables(plan)),
    ...shared.flatMap(({ plan, derived }) => (derived ? [] : madeTables(plan))),
  ]);
  const missing = (customer.declared?.sources ?? []).some(
    (source) => !TABLES_OF[source].some((table) => tables.has(table)),
  );
  return missing || entered.some(({ unmonitored, waiting }) => (unmonitored ?? 0) + (waiting?.length ?? 0) > 0);
}

/**
 * Flows to another tenant's workspace: of collection rules one for the customer, of a workspace's settings one for it.
 */
function flowAnswers(subject: Subject): string[] {
  const { customer, entered, own, shared } = subject;
  const rules: Destination[] = [
    ...entered.flatMap((tenant) => (tenant.rules ?? []).map(({ to }) => to)),
    // Computers that report to the provider's workspace do so by a rule in their own tenant.
    ...shared.filter(({ derived }) => !derived).map(({ plan }) => plan.name),
  ];
  const worst = (to: readonly Destination[]): 'critical' | 'high' | undefined => {
    const across = to.map((one) => severityOf(one, subject)).filter((found) => found !== undefined);
    return across.includes('critical') ? 'critical' : across[0];
  };
  const ofRules = worst(rules);
  return [
    ...(ofRules ? [line('flowsAcross', customer.name, ofRules)] : []),
    ...own.flatMap(({ plan }) => {
      const found = worst((plan.settings ?? []).map(({ to }) => to));
      return found ? [line('flowsAcross', plan.name, found)] : [];
    }),
  ];
}

function severityOf(to: Destination, { customer, ownerOf }: Subject): 'critical' | 'high' | undefined {
  // Whose a workspace is that nobody lists is not known: it may be the customer's, in a subscription nobody sees.
  if (typeof to !== 'string') return undefined;
  const owner = ownerOf(to);
  if (owner === customer) return undefined;
  if (!owner?.provider) return 'critical';
  return customer.declared?.isolation ? 'high' : undefined;
}
