import type { CancelSignal } from '../../base/cancel.ts';
import { AppError } from '../../base/errors.ts';
import { LocalSignal } from '../../base/rpc.ts';
import { printScope } from '../../kql/scopeLine.ts';
import type {
  Assessment,
  AssessmentDifference,
  AssessmentHead,
  CustomerAssessment,
} from '../../model/assessment/assessment.ts';
import type { BaselineFile } from '../../model/baseline.ts';
import type { Estate } from '../../model/estate.ts';
import type { CustomerKey } from '../../model/ids.ts';
import type { Scope } from '../../model/scope.ts';
import type { AssessmentShelf } from '../../ports/shelf.ts';
import type { CustomersFile } from '../customers/customersFile.ts';
import { resolveScope } from '../estate/scope.ts';
import { assessSafely } from './assessCustomer.ts';
import type { AssessWorld } from './assessWorld.ts';
import { baselineFacts } from './baselineFacts.ts';
import type { BaselineChecker } from './baselineFacts.ts';
import { ALL_CHECKS } from './checks/allChecks.ts';
import type { Check } from './checks/check.ts';
import { compareAssessments } from './compareAssessments.ts';
import { cutEstate } from './customerFacts.ts';
import type { AssessProgress } from './estateFacts.ts';
import { DEFAULT_WEIGHTS } from './fit/judgeFit.ts';
import type { Weights } from './fit/judgeFit.ts';
import { measureEstate } from './measureEstate.ts';
import { toHead } from './slim.ts';

/** What an assessment is made with. */
export interface AssessmentPorts extends AssessWorld {
  readonly estate: { load(options?: { readonly signal?: CancelSignal }): Promise<Estate> };
  readonly customers: { load(): Promise<CustomersFile> };
  readonly newId: () => string;
  /** Nothing is kept where absent. */
  readonly shelf?: AssessmentShelf;
  /** Compares with a baseline, where a request has one; nothing does where absent. */
  readonly baseline?: BaselineChecker;
  /** All of the product's where absent. */
  readonly checks?: readonly Check[];
}

/** So many of the kept ones are held in memory: what is shown, and what it is compared with. */
const RECENT = 2;

/** One assessment as it is asked for. */
export interface AssessmentRequest {
  readonly scope: Scope;
  /** The provider's own weights; the product's where absent. */
  readonly weights?: Weights;
  /** What was agreed with customers; nothing where absent. */
  readonly baseline?: BaselineFile;
  readonly signal?: CancelSignal;
  readonly progress?: (progress: AssessProgress) => void;
}

/** So many customers are judged before anybody else has a turn. */
const AT_A_TIME = 10;

/** Assessments of an estate: made one at a time, kept, opened again and compared. */
export class AssessmentService {
  private readonly ports: AssessmentPorts;
  /** Those that no shelf has, and the few that were looked at last: a large estate's takes tens of megabytes. */
  private readonly unkept = new Map<string, Assessment>();
  private readonly recent = new Map<string, Assessment>();
  private running: LocalSignal | undefined;

  constructor(ports: AssessmentPorts) {
    this.ports = ports;
  }

  /**
   * Measures and judges every customer of the scope. A cancellation keeps what was measured by then: the rest is
   * unknown, and the assessment says so. Rejects with `input.scope` for a scope that cannot be taken as written and
   * `input.assessing` while another one runs.
   */
  async assess(request: AssessmentRequest): Promise<Assessment> {
    const { signal } = request;
    if (this.running)
      throw new AppError('input.assessing', 'An assessment is running already. Wait for it, or cancel it.');
    const abort = new LocalSignal();
    this.running = abort;
    const forward = (): void => {
      abort.abort();
    };
    signal?.addEventListener('abort', forward);
    if (signal?.aborted) abort.abort();
    try {
      const assessment = await this.measure(request, abort);
      await this.keep(assessment);
      return assessment;
    } finally {
      signal?.removeEventListener('abort', forward);
      this.running = undefined;
    }
  }

  /** Ends the running one; what was measured is kept. */
  cancel(): void {
    this.running?.abort();
  }

  /** Ended assessments of this and earlier sessions, newest first. */
  async list(): Promise<readonly AssessmentHead[]> {
    const kept = (await this.ports.shelf?.list().catch(() => [])) ?? [];
    const all = new Map([...kept, ...[...this.unkept.values()].map(toHead)].map((one) => [one.id, one]));
    return [...all.values()].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
  }

  /** Rejects with `input.unknownAssessment`. */
  async open(id: string): Promise<Assessment> {
    const found =
      this.unkept.get(id) ?? this.recent.get(id) ?? (await this.ports.shelf?.open(id).catch(() => undefined));
    if (!found) throw new AppError('input.unknownAssessment', 'This assessment is not kept any more. Assess again.');
    if (!this.unkept.has(id)) this.remember(found);
    return found;
  }

  /** Rejects with `input.unknownAssessment` and `input.unknownCustomer`. */
  async customer(id: string, key: CustomerKey): Promise<CustomerAssessment> {
    const found = (await this.open(id)).customers.find((one) => one.key === key);
    if (!found) throw new AppError('input.unknownCustomer', 'This assessment does not have that customer.');
    return found;
  }

  async compare(before: string, after: string): Promise<AssessmentDifference> {
    return compareAssessments(await this.open(before), await this.open(after));
  }

  /** One that was cancelled is shown, not kept; one that cannot be written costs the keeping, not the assessment. */
  private async keep(assessment: Assessment): Promise<void> {
    const { shelf } = this.ports;
    const kept =
      shelf !== undefined &&
      !assessment.cancelled &&
      (await shelf.keep(assessment).then(
        () => true,
        () => false,
      ));
    if (kept) this.remember(assessment);
    else this.unkept.set(assessment.id, assessment);
  }

  private remember(assessment: Assessment): void {
    this.recent.delete(assessment.id);
    this.recent.set(assessment.id, assessment);
    for (const id of this.recent.keys())
      if (this.recent.size > RECENT) this.recent.delete(id);
      else break;
  }

  private async measure(
    { scope, weights = DEFAULT_WEIGHTS, baseline, progress }: AssessmentRequest,
    signal: CancelSignal,
  ): Promise<Assessment> {
    const { clock, customers: source, newId, checks = ALL_CHECKS, baseline: checker } = this.ports;
    const estate = await this.ports.estate.load({ signal });
    const customers = customersOf(scope, estate);
    const { customers: entries } = await source.load();
    const asked = { estate, customers, entries };
    const [facts, agreed] = await Promise.all([
      measureEstate(asked, this.ports, signal, progress),
      baseline && checker ? baselineFacts(baseline, estate, customers, { checker, clock }, signal) : undefined,
    ]);
    const judged: CustomerAssessment[] = [];
    for (const one of cutEstate(asked, facts, agreed?.facts)) {
      judged.push(assessSafely(one, checks, weights));
      // Hundreds of customers take seconds: a cancellation and everybody's runs come through this same thread.
      if (judged.length % AT_A_TIME === 0) await clock.sleep(0);
    }
    const tenants = new Set(estate.tenants.filter(({ customer }) => customers.includes(customer)).map(({ id }) => id));
    return {
      version: 1,
      id: newId(),
      at: facts.at,
      ms: facts.ms,
      cloud: estate.cloud,
      scope: printScope(scope),
      complete: judged.every(
        ({ assessed, checks: all }) => assessed && all.every(({ unknown }) => unknown.length === 0),
      ),
      cancelled: facts.cancelled,
      numbers: {
        customers: judged.length,
        tenants: tenants.size,
        workspaces: estate.workspaces.filter(({ customer }) => customers.includes(customer)).length,
      },
      customers: judged,
      costs: [...facts.costs, ...(agreed ? [agreed.cost] : [])],
      weights,
    };
  }
}

/** Whole customers: one that the scope names in part is assessed as a whole, for a verdict on a part is none. */
function customersOf(scope: Scope, estate: Estate): readonly CustomerKey[] {
  const { workspaces, gaps, problems } = resolveScope(scope, estate);
  // Customers without a workspace of their own belong to "everything" too.
  const all = scope.include === 'all' && scope.except.length === 0 ? estate.customers.map(({ key }) => key) : [];
  const keys = new Set([
    ...all,
    ...workspaces.map(({ customer }) => customer),
    ...gaps.map(({ customer }) => customer),
  ]);
  const named = namedCustomers(scope, estate);
  for (const key of named) keys.add(key);
  const serious = problems.filter(({ selector }) => selector !== undefined || keys.size === 0);
  if (serious.length > 0)
    throw new AppError(
      'input.scope',
      serious.map(({ message, suggestions }) => [message, ...suggestions.slice(0, 3)].join(' ')).join(' '),
    );
  return estate.customers.map(({ key }) => key).filter((key) => keys.has(key));
}

/** Customers that a scope names or groups and that have no workspace of their own: their rows lie at a centre. */
function namedCustomers({ include, except }: Scope, estate: Estate): CustomerKey[] {
  if (include === 'all') return [];
  const names = (list: typeof except, one: Estate['customers'][number]): boolean =>
    list.some(({ kind, value }) => {
      const wanted = value.toLowerCase();
      if (kind === 'customer') return one.key.toLowerCase() === wanted || one.name.toLowerCase() === wanted;
      return kind === 'group' && one.groups.some((group) => group.toLowerCase() === wanted);
    });
  return estate.customers.filter((one) => names(include, one) && !names(except, one)).map(({ key }) => key);
}
