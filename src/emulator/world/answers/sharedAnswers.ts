import { madeTables } from '../estatePlan.ts';
import { isOver, legacyCount, unattributedShare } from './planNumbers.ts';
import { line, type SharedWorkspace, type Subject } from './subject.ts';

/** Tables whose rows carry neither a subscription nor a computer with a domain. */
const UNMARKED = [
  'SigninLogs',
  'AuditLogs',
  'OfficeActivity',
  'CommonSecurityLog',
  'SecurityAlert',
  'SecurityIncident',
  'Firewall_CL',
  'AppTrace_CL',
  'ProxyArchive_CL',
];
/** Tables of computers that nobody is charged for. */
const FREE_OF_COMPUTERS = new Set(['Heartbeat', 'Update']);
/** Tables that computers fill. */
const OF_COMPUTERS = new Set([
  'Heartbeat',
  'Perf',
  'InsightsMetrics',
  'VMConnection',
  'Update',
  'ConfigurationChange',
  'Event',
  'SecurityEvent',
  'WindowsEvent',
  'Syslog',
]);

/** Lines of a key that are about the provider's workspaces where rows of a customer lie. */
export function sharedAnswers(subject: Subject): string[] {
  return subject.shared.flatMap((shared) => [
    ...attributionAnswers(shared),
    ...togetherAnswers(shared),
    ...promiseAnswers(shared, subject),
    ...twiceAnswers(shared, subject),
  ]);
}

function attributionAnswers({ plan, customers }: SharedWorkspace): string[] {
  if (customers < 2) return [];
  const share = unattributedShare(plan);
  // At its least two thirds of the share of the computers, so that ten per cent of them may be six of the rows.
  if (share > 0.15) return [line('rowsUnattributable', plan.name, 'critical')];
  const unmarked = madeTables(plan).filter((table) => UNMARKED.includes(table));
  if (unmarked.length > 0)
    throw new Error(`${plan.name} is shared and has ${unmarked.join(', ')}: nobody can say which share is whose.`);
  if (share === 0) return [];
  if (share > 0.1) throw new Error(`${plan.name}: ${share.toFixed(2)} of its computers are nobody's, too near to 0.1.`);
  return isOver(`${plan.name}, unattributed`, share * 0.75, 0.01)
    ? [line('rowsUnattributable', plan.name, 'high')]
    : [];
}

function togetherAnswers({ plan, customers }: SharedWorkspace): string[] {
  if (customers < 2) return [];
  const audited = madeTables(plan).includes('LAQueryLogs');
  return [
    ...(plan.keys && legacyCount(plan) > 0 ? [line('blockAlone', plan.name, 'high')] : []),
    ...(audited ? [] : [line('auditOffWhereShared', plan.name, 'medium')]),
  ];
}

function promiseAnswers({ plan }: SharedWorkspace, { customer }: Subject): string[] {
  const { retentionDays, regions } = customer.declared ?? {};
  return [
    ...(plan.suspendedDays === undefined ? [] : [line('ingestionStopped', plan.name, 'critical')]),
    ...((retentionDays ?? 0) > (plan.retention ?? 30) ? [line('retentionBelowDeclared', plan.name, 'high')] : []),
    ...(regions && !regions.includes(plan.region) ? [line('regionOutsideResidency', plan.name, 'critical')] : []),
  ];
}

function twiceAnswers({ plan }: SharedWorkspace, { customer, own }: Subject): string[] {
  const twin = own.find((one) => one.plan.name === plan.sameComputersAs?.[customer.key]);
  // What was suspended writes nothing now.
  if (!twin || (twin.plan.suspendedDays ?? 0) > 1) return [];
  const there = madeTables(plan);
  const both = madeTables(twin.plan).filter(
    (table) => OF_COMPUTERS.has(table) && !FREE_OF_COMPUTERS.has(table) && there.includes(table),
  );
  return both.length > 0 ? [line('paidTwice', twin.plan.name, 'medium')] : [];
}
