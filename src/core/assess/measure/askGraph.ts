import { AppError, cancelled, toAppError } from '../../../base/errors.ts';
import type { AppErrorData } from '../../../base/errors.ts';
import type { Fact, FactName, TenantFactValues, TenantFacts } from '../../../model/assessment/facts.ts';
import type { Tenant, Workspace } from '../../../model/estate.ts';
import type { TenantId } from '../../../model/ids.ts';
import type { ByTenant, GraphAnswers } from '../../../ports/assess.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import { issuerKey } from '../../../ports/issuer.ts';
import { comparePaths } from '../../estate/path.ts';
import { readConfiguration } from '../facts/configuration.ts';
import { delegations } from '../facts/delegations.ts';
import { readList } from '../facts/listFact.ts';
import type { ListFact } from '../facts/listFact.ts';
import { machines } from '../facts/machines.ts';
import { resources } from '../facts/resources.ts';
import { rules } from '../facts/rules.ts';
import type { Measuring } from './measuring.ts';
import { Questions } from './questions.ts';
import type { ServiceLimits } from './questions.ts';
import { distinctIssuers, sightOf } from './sight.ts';

/** Resource Graph takes 15 requests in 5 s of one user; a question of many pages takes several. */
const GRAPH_LIMITS: ServiceLimits = {
  quota: { atOnce: 3, startsPerWindow: 10, windowMs: 5_000, windowMarginMs: 100 },
  atOnce: 16,
  atOnceOfTenant: 5,
  deadlineMs: 60_000,
};

const NAMES = ['configurations', 'resources', 'machines', 'rules', 'delegations'] as const;
type Measured = (typeof NAMES)[number];

/** What one issuer answered to one question, and the tenants whose part of it is not to be used. */
interface Part<Name extends keyof GraphAnswers> {
  readonly value: GraphAnswers[Name];
  readonly unknown: ReadonlyMap<TenantId, AppErrorData>;
}

/** Asks Resource Graph once per issuer and question, and cuts the answers to workspaces and tenants. */
export class Graph {
  private readonly measuring: Measuring;
  private readonly questions: Questions;
  private readonly answers = new Map<string, Fact<unknown>>();
  /** Issuers by the tenants they see something of. */
  private readonly sight: ReadonlyMap<TenantId, readonly Issuer[]>;
  private readonly issuers: readonly Issuer[];

  constructor(measuring: Measuring, tenants: readonly Tenant[], workspaces: readonly Workspace[]) {
    this.measuring = measuring;
    this.questions = new Questions(measuring, GRAPH_LIMITS);
    this.sight = sightOf(measuring.scope.estate, tenants, workspaces);
    this.issuers = distinctIssuers([...this.sight.values()].flat());
  }

  /** How many questions it will ask. */
  get count(): number {
    return this.issuers.length * NAMES.length;
  }

  /** Asks everything; never rejects. */
  async ask(): Promise<void> {
    await Promise.all(this.issuers.flatMap((issuer) => NAMES.map((name) => this.askOne(name, issuer))));
  }

  /** Files the settings of each workspace. */
  configure(workspaces: readonly Workspace[]): void {
    for (const workspace of workspaces) {
      const issuers = distinctIssuers(
        [...workspace.paths].sort(comparePaths).map(({ account, issuer }) => ({ account, tenant: issuer })),
      );
      const answers = issuers.map((issuer) => this.answer('configurations', issuer, workspace.tenant));
      const best =
        answers.find((fact) => fact.state === 'known' && fact.value.has(workspace.key)) ??
        answers[0] ??
        this.none('configurations', unseen(workspace));
      this.measuring.put(
        workspace.key,
        'configuration',
        cut(best, (value) => readConfiguration(workspace, value)),
      );
    }
  }

  /** The facts of each tenant. */
  tenants(tenants: readonly Tenant[]): readonly TenantFacts[] {
    return tenants.map((tenant) => ({
      tenant: tenant.id,
      resources: this.ofTenant(tenant, resources),
      machines: this.ofTenant(tenant, machines),
      rules: this.ofTenant(tenant, rules),
      delegations: this.ofTenant(tenant, delegations),
    }));
  }

  private ofTenant<Name extends keyof TenantFactValues>(
    tenant: Tenant,
    list: ListFact<Name, TenantFactValues[Name][number]>,
  ): Fact<TenantFactValues[Name]> {
    if (tenant.state !== 'entered') return this.none(list.name, tenant.error ?? unseen(tenant));
    const answers = (this.sight.get(tenant.id) ?? []).map((issuer) => this.answer(list.name, issuer, tenant.id));
    const known = answers.filter((fact) => fact.state === 'known');
    const [first = answers[0] ?? this.none(list.name, unseen(tenant))] = known;
    return cut(first as Fact<unknown>, () => {
      const items = known.flatMap((fact): readonly TenantFactValues[Name][number][] => {
        const byTenant: ByTenant<TenantFactValues[Name][number]> = fact.value;
        return byTenant.get(tenant.id) ?? [];
      });
      return readList(list, items) as TenantFactValues[Name];
    });
  }

  private async askOne(name: Measured, issuer: Issuer): Promise<void> {
    const { assess } = this.measuring.world;
    const fact = await this.questions.ask({
      fact: factOf(name),
      tenant: issuer.tenant,
      issuer: () => issuer,
      bucket: '',
      source: assess.sourceOfGraph(name),
      ask: (_issuer, signal) => assess.graph(name, issuer, signal),
      read: (value, { unknown = new Map() }): Part<keyof GraphAnswers> => {
        if (value instanceof Map) return { value, unknown };
        throw new AppError('service.unreadable', 'The answer of Resource Graph is not what was asked for.');
      },
    });
    this.answers.set(keyOf(name, issuer), fact);
    // Many facts come from one question: its calls are counted here, once.
    this.measuring.ledger.spent(factOf(name), fact.calls, fact.ms);
    const { tenants } = this.measuring.scope.estate;
    const told = tenants.find(({ id }) => id === issuer.tenant);
    this.measuring.settled('graph', factOf(name), { name: told?.name ?? issuer.tenant });
  }

  /** What an issuer answered, as far as it can be used for one tenant. */
  private answer<Name extends keyof GraphAnswers>(
    name: Name,
    issuer: Issuer,
    tenant: TenantId,
  ): Fact<GraphAnswers[Name]> {
    const fact = this.answers.get(keyOf(name, issuer)) as Fact<Part<Name>> | undefined;
    if (!fact) return this.none(name, cancelled().toData());
    return cut(fact, ({ value, unknown }) => {
      const error = unknown.get(tenant);
      if (error) throw AppError.fromData(error);
      return value;
    });
  }

  private none<V>(name: keyof GraphAnswers, error: AppErrorData): Fact<V> {
    return this.measuring.ledger.unmeasured(this.measuring.world.assess.sourceOfGraph(name), error);
  }
}

/** What of another fact is this one's: same source and time, no calls of its own. */
function cut<From, V>(fact: Fact<From>, read: (value: From) => V): Fact<V> {
  if (fact.state === 'unknown') return { ...fact, calls: 0 };
  const { value, ...measured } = fact;
  try {
    return { ...measured, calls: 0, value: read(value) };
  } catch (thrown) {
    const { state: _state, ...rest } = measured;
    return { ...rest, calls: 0, state: 'unknown', error: toAppError(thrown).toData() };
  }
}

function unseen({ name }: { readonly name: string }): AppErrorData {
  return {
    code: 'access.noPath',
    message: `No signed-in account sees ${name} in Resource Graph. Sign in, or ask for access.`,
    retryable: false,
  };
}

function keyOf(name: keyof GraphAnswers, issuer: Issuer): string {
  return `${name}\n${issuerKey(issuer)}`;
}

function factOf(name: Measured): FactName {
  return name === 'configurations' ? 'configuration' : name;
}
