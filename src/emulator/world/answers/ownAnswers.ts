import { madeTables } from '../estatePlan.ts';
import { billableGb, hostCount, isOver, legacyCount, silentCount, totalRetention } from './planNumbers.ts';
import { line, type OwnWorkspace, type Subject } from './subject.ts';

/** Break-even of the smallest commitment tier, GB a day: 196 USD a day against 2.30 USD a GB. */
const BREAK_EVEN_GB = 196 / 2.3;

/** Lines of a key that are about a customer's own workspaces. */
export function ownAnswers(subject: Subject): string[] {
  return subject.own.flatMap((own) => [
    ...dataAnswers(own),
    ...(own.plan.dataActionsOnly ? [] : computerAnswers(own)),
    ...settingAnswers(own, subject),
    ...promiseAnswers(own, subject),
    ...priceAnswers(own),
  ]);
}

/** Whether rows came during the last thirty days, as far as the workspace's plan says. */
export function hasData({ plan }: OwnWorkspace): boolean {
  return madeTables(plan).length > 0;
}

/** Whether the computers of a workspace send heartbeats. */
function hasAgents({ plan }: OwnWorkspace): boolean {
  return madeTables(plan).includes('Heartbeat');
}

function dataAnswers(own: OwnWorkspace): string[] {
  const { plan } = own;
  const { name } = plan;
  const stopped = (plan.suspendedDays ?? 0) > 1;
  const silent = Object.entries(plan.silentTables ?? {}).filter(([, days]) => days > 1);
  return [
    ...(plan.capHitDaily ? [line('capHit', name, 'high')] : []),
    ...(plan.suspendedDays === undefined ? [] : [line('ingestionStopped', name, 'critical')]),
    ...(stopped ? [line('silentTable', name, 'critical')] : []),
    ...(stopped ? [] : silent.map(([table]) => line('silentTable', `${table} in ${name}`, 'high'))),
    ...(hasData(own) ? [] : [line('workspaceEmpty', name, 'low')]),
  ];
}

function computerAnswers(own: OwnWorkspace): string[] {
  const { plan } = own;
  if (!hasAgents(own)) return plan.keys ? [line('keysOpen', plan.name, 'low')] : [];
  const silent = silentCount(plan);
  const legacy = legacyCount(plan);
  const away = plan.away?.hosts ?? 0;
  return [
    ...(silent > 0 ? [line('silentMachines', plan.name, silent / hostCount(plan) >= 0.25 ? 'high' : 'medium')] : []),
    ...(legacy > 0 ? [line('legacyAgents', plan.name, 'high')] : plan.keys ? [line('keysOpen', plan.name, 'low')] : []),
    ...(hostCount(plan) >= 2 && away / hostCount(plan) >= 0.25 ? [line('crossRegion', plan.name, 'low')] : []),
  ];
}

function settingAnswers(own: OwnWorkspace, { customer }: Subject): string[] {
  const { plan, tenant } = own;
  const { name } = plan;
  const classic = plan.classic ?? [];
  const audited =
    madeTables(plan).includes('LAQueryLogs') ||
    (plan.settings ?? []).some(({ categories }) => categories.includes('Audit'));
  const controlPlane = tenant.access !== 'home' && tenant.access !== 'none';
  const lighthouseAlone = tenant.access === 'lighthouse';
  return [
    ...(tenant.access === 'both' ? [line('reachableTwice', name, 'low')] : []),
    ...(classic.length === 0
      ? []
      : [line('classicTables', name, classic.some((table) => madeTables(plan).includes(table)) ? 'high' : 'low')]),
    ...(customer.declared?.confidentialQueries && audited ? [line('auditShowsQueries', name, 'medium')] : []),
    ...(plan.dataActionsOnly && lighthouseAlone ? [line('delegationCannotWork', name, 'high')] : []),
    ...(plan.dataActionsOnly && controlPlane ? [line('tableUnreadable', name, 'high')] : []),
    ...(controlPlane && !plan.dataActionsOnly
      ? (plan.protected ?? []).map((table) => line('tableUnreadable', `${table} in ${name}`, 'high'))
      : []),
    ...((plan.exports ?? []).some(({ enabled }) => !enabled) ? [line('exportOff', name, 'medium')] : []),
  ];
}

function promiseAnswers(own: OwnWorkspace, { customer }: Subject): string[] {
  const { plan, tenant } = own;
  const { retentionDays, regions, isolation, billing } = customer.declared ?? {};
  const short =
    retentionDays !== undefined &&
    (retentionDays > (plan.retention ?? 30) ||
      madeTables(plan).some((table) => totalRetention(plan, table) < retentionDays));
  const worthALock = isolation === true || (retentionDays ?? 0) >= 365;
  const locked = plan.locked || tenant.locked !== undefined || tenant.lock !== undefined;
  return [
    ...(short ? [line('retentionBelowDeclared', plan.name, 'high')] : []),
    ...(regions && !regions.includes(plan.region) ? [line('regionOutsideResidency', plan.name, 'critical')] : []),
    ...(worthALock && hasData(own) && !locked ? [line('unlocked', plan.name, 'low')] : []),
    ...(billing === 'provider' && plan.cap === undefined ? [line('noCap', plan.name, 'low')] : []),
  ];
}

function priceAnswers(own: OwnWorkspace): string[] {
  const { plan } = own;
  if (plan.dataActionsOnly) return [];
  const gb = billableGb(plan);
  if (plan.capHitDaily && gb > BREAK_EVEN_GB / 2)
    throw new Error(`${plan.name}: what its cap leaves of its volume is not known from its plan.`);
  const enough = isOver(`Volume of ${plan.name}`, gb, BREAK_EVEN_GB);
  if (plan.sku !== 'CapacityReservation') return enough ? [line('payAsYouGo', plan.name, 'medium')] : [];
  if (plan.commitment !== 100) throw new Error(`${plan.name}: only the price of the tier of 100 GB is known here.`);
  return enough ? [] : [line('commitmentUnused', plan.name, 'medium')];
}
