import { countLegacy, silentHours } from '../makeProfile.ts';
import { madeTables, orphansOf, SHARED_HOSTS, type WorkspacePlan } from '../estatePlan.ts';
import { billableShare } from '../tables/service.ts';

/**
 * What a workspace's Usage comes to over a month, of the volume its plan names: nights and weekends are quiet. The
 * waves are those of `daylight`, whose mean over a week is 0.3.
 */
const MEAN_OF_VOLUME = 0.763;

/** Billable GB a day that a workspace's Usage has on average. */
export function billableGb(plan: WorkspacePlan): number {
  return plan.gbPerDay * MEAN_OF_VOLUME * billableShare(madeTables(plan));
}

/** Computers of a workspace's own: one at least where anything is made at all. */
function ownHosts(plan: WorkspacePlan): number {
  return Math.max(1, plan.hosts);
}

/** Computers that report to a workspace, all together. */
export function hostCount(plan: WorkspacePlan): number {
  return ownHosts(plan) + SHARED_HOSTS * (plan.sharedWith ?? []).length + orphansOf(plan);
}

/** Of the computers that report to a workspace, those that still run the retired agent. */
export function legacyCount(plan: WorkspacePlan): number {
  const part = plan.legacyAgents ?? 0;
  return (
    countLegacy(ownHosts(plan), part) +
    (plan.sharedWith ?? []).length * countLegacy(SHARED_HOSTS, part) +
    orphansOf(plan)
  );
}

/** Of the computers that report to a workspace, those that said nothing for more than a day. */
export function silentCount(plan: WorkspacePlan): number {
  if ((plan.suspendedDays ?? 0) > 1) return hostCount(plan);
  const silentOf = (count: number): number =>
    Array.from({ length: count }, (_, index) => silentHours(index, count, plan.silent ?? 0) ?? 0).filter(
      (hours) => hours > 24,
    ).length;
  return silentOf(ownHosts(plan)) + (plan.sharedWith ?? []).length * silentOf(SHARED_HOSTS);
}

/** Days that a table's rows are kept in all. */
export function totalRetention(plan: WorkspacePlan, table: string): number {
  const kind = plan.tablePlans?.[table] ?? 'Analytics';
  const kept = plan.totalRetention?.[table];
  if (kind === 'Auxiliary') return kept ?? 365;
  return Math.max(kept ?? 0, kind === 'Basic' ? 30 : kept === undefined ? (plan.retention ?? 30) : 0);
}

/**
 * Share of the rows of the last day of a shared workspace that carry nothing that names a customer: about, for every
 * computer writes about as much. Azure's own rows dilute it by a third at most.
 */
export function unattributedShare(plan: WorkspacePlan): number {
  return orphansOf(plan) / hostCount(plan);
}

/** Throws where a number lies so near to a limit that a plan does not say on which side it ends. */
export function isOver(what: string, value: number, limit: number, margin = 0.2): boolean {
  if (Math.abs(value - limit) < limit * margin)
    throw new Error(`${what} is ${value.toFixed(2)}, too near to ${limit} for a plan to say which side it is on.`);
  return value > limit;
}
