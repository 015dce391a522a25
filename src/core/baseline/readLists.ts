import type { CancelSignal } from '../../base/cancel.ts';
import { AppError } from '../../base/errors.ts';
import { Limiter } from '../../base/limiter.ts';
import type { Clock } from '../../base/clock.ts';
import type { Outcome } from '../../base/outcome.ts';
import type {
  CollectionRule,
  DelegationFact,
  DiagnosticSetting,
  LockFact,
  WorkspaceConfiguration,
} from '../../model/assessment/facts.ts';
import type { WorkspaceKey } from '../../model/ids.ts';
import type { SavedQuery } from '../../model/savedQuery.ts';
import type { Asked, AssessPort, ByTenant } from '../../ports/assess.ts';
import type { AgentRuleState, AlertingState, BaselinePort, TableState } from '../../ports/baseline.ts';
import { issuerKey } from '../../ports/issuer.ts';
import type { SavedQueriesPort } from '../../ports/savedQueries.ts';
import type { TaggedScope, TagsPort } from '../../ports/tags.ts';
import { fanOut } from '../fanOut/fanOut.ts';
import { QuotaScheduler } from '../fanOut/quotaScheduler.ts';
import { ARM_READ_LIMITS, GRAPH_LIMITS } from '../fanOut/quotaLimits.ts';
import type { ListRef } from './setting.ts';

/** What the lists of a check are read with. */
export interface ListPorts {
  readonly assess: Pick<AssessPort, 'graph' | 'subscription'>;
  readonly savedQueries: Pick<SavedQueriesPort, 'queries'>;
  readonly baseline: Pick<BaselinePort, 'tables' | 'diagnostics' | 'agentRules' | 'alerting'>;
  readonly tags: Pick<TagsPort, 'containers'>;
}

/** An answer by the kind of its list. */
export type ListAnswer =
  | { readonly kind: 'estate' }
  | { readonly kind: 'configurations'; readonly answer: Asked<ReadonlyMap<WorkspaceKey, WorkspaceConfiguration>> }
  | { readonly kind: 'containers'; readonly answer: Asked<ByTenant<TaggedScope>> }
  | { readonly kind: 'agentRules'; readonly answer: Asked<ByTenant<AgentRuleState>> }
  | { readonly kind: 'alerting'; readonly answer: Asked<ByTenant<AlertingState>> }
  | { readonly kind: 'rules'; readonly answer: Asked<ByTenant<CollectionRule>> }
  | { readonly kind: 'delegations'; readonly answer: Asked<ByTenant<DelegationFact>> }
  | { readonly kind: 'tables'; readonly answer: readonly TableState[] }
  | { readonly kind: 'savedSearches'; readonly answer: readonly SavedQuery[] }
  | { readonly kind: 'diagnostics'; readonly answer: readonly DiagnosticSetting[] }
  | { readonly kind: 'locks'; readonly answer: Asked<readonly LockFact[]> };

/** Requests to Resource Manager at once, over all subscriptions. */
export const LISTS_AT_ONCE = 24;

/** A key for a list: settings of equal keys share its answer. */
export function listKey(ref: ListRef): string {
  if (ref.kind === 'estate') return ref.kind;
  const place =
    'workspace' in ref ? ref.workspace : 'scope' in ref ? ref.scope : 'subscription' in ref ? ref.subscription : '';
  return `${ref.kind}\n${issuerKey(ref.issuer)}\n${place.toLowerCase()}`;
}

/**
 * Reads every list once, within the quotas of Resource Graph and Resource Manager. Never rejects: a list that could
 * not be had is an outcome under its key. `tell` hears how far it is.
 */
export async function readLists(
  refs: readonly ListRef[],
  ports: ListPorts,
  clock: Clock,
  signal: CancelSignal,
  tell: (done: number, total: number) => void,
): Promise<{ readonly lists: ReadonlyMap<string, Outcome<ListAnswer>>; readonly calls: number }> {
  const distinct = [...new Map(refs.map((ref) => [listKey(ref), ref])).values()];
  const lists = new Map<string, Outcome<ListAnswer>>([['estate', { ok: true, value: { kind: 'estate' } }]]);
  const asked = distinct.filter((ref): ref is AskedRef => ref.kind !== 'estate');
  const limiter = new Limiter(LISTS_AT_ONCE);
  let calls = 0;
  const ask = (targets: readonly AskedRef[], quota: QuotaScheduler): Promise<unknown> =>
    fanOut<AskedRef, ListAnswer>({
      targets,
      name: 'baseline',
      quota,
      credentialOf: (ref) => `${issuerKey(ref.issuer)}\n${bucketOf(ref)}`,
      signal,
      work: (ref, { signal: until }) => limiter.run(() => readList(ref, ports, until), until),
      settled: ({ target, outcome, attempts }) => {
        calls += Math.max(attempts, 1) - 1 + (outcome.ok ? callsOf(outcome.value) : 1);
        lists.set(listKey(target), outcome);
        tell(lists.size - 1, asked.length);
      },
    });
  await Promise.all([
    ask(asked.filter(isGraph), new QuotaScheduler(clock, GRAPH_LIMITS)),
    ask(
      asked.filter((ref) => !isGraph(ref)),
      new QuotaScheduler(clock, ARM_READ_LIMITS),
    ),
  ]);
  return { lists, calls };
}

type AskedRef = Exclude<ListRef, { readonly kind: 'estate' }>;

const GRAPH = new Set<ListRef['kind']>([
  'configurations',
  'containers',
  'agentRules',
  'rules',
  'alerting',
  'delegations',
]);

function isGraph(ref: AskedRef): boolean {
  return GRAPH.has(ref.kind);
}

/** Resource Manager counts by subscription, else by tenant; Resource Graph by user. */
function bucketOf(ref: AskedRef): string {
  if ('subscription' in ref) return ref.subscription;
  const path = 'workspace' in ref ? ref.workspace : 'scope' in ref ? ref.scope : '';
  return (/^\/subscriptions\/([^/]+)/i.exec(path)?.[1] ?? '').toLowerCase();
}

function callsOf(answer: ListAnswer): number {
  return 'answer' in answer && 'calls' in answer.answer ? answer.answer.calls : 1;
}

async function readList(ref: AskedRef, ports: ListPorts, signal: CancelSignal): Promise<ListAnswer> {
  const { kind, issuer } = ref;
  switch (kind) {
    case 'configurations':
      return { kind, answer: await ports.assess.graph(kind, issuer, signal) };
    case 'rules':
      return { kind, answer: await ports.assess.graph(kind, issuer, signal) };
    case 'delegations':
      return { kind, answer: await ports.assess.graph(kind, issuer, signal) };
    case 'containers':
      return { kind, answer: await ports.tags.containers(issuer, signal) };
    case 'agentRules':
      return { kind, answer: await ports.baseline.agentRules(issuer, signal) };
    case 'alerting':
      return { kind, answer: await ports.baseline.alerting(issuer, signal) };
    case 'tables':
      return { kind, answer: await ports.baseline.tables(issuer, ref.workspace, signal) };
    case 'savedSearches':
      return { kind, answer: await ports.savedQueries.queries(issuer, ref.workspace, signal) };
    case 'diagnostics':
      return { kind, answer: await ports.baseline.diagnostics(issuer, ref.scope, signal) };
    case 'locks':
      return { kind, answer: await ports.assess.subscription(kind, issuer, ref.subscription, signal) };
  }
}

/** The part of a Resource Graph answer that is one tenant's. Throws its reason where that part is not whole. */
export function partOf<V>(
  { value, unknown }: Asked<ByTenant<V>>,
  tenant: Parameters<ByTenant<V>['get']>[0],
): readonly V[] {
  const error = unknown?.get(tenant);
  if (error) throw AppError.fromData(error);
  return value.get(tenant) ?? [];
}
