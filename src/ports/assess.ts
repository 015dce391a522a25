import type { CancelSignal } from '../base/cancel.ts';
import type { AppErrorData } from '../base/errors.ts';
import type {
  AssociationFact,
  CollectionRule,
  DelegationFact,
  DiagnosticSetting,
  ExportRule,
  FactSource,
  LockFact,
  MachineFact,
  ResourceCount,
  RoleFact,
  WorkspaceConfiguration,
} from '../model/assessment/facts.ts';
import type { WorkspaceTable } from '../model/estate.ts';
import type { SubscriptionId, TenantId, WorkspaceKey } from '../model/ids.ts';
import type { Issuer } from './issuer.ts';

/** An answer, and how many calls it took: pages count. */
export interface Asked<V> {
  readonly value: V;
  readonly calls: number;
  /**
   * Tenants whose part of a Resource Graph answer is not whole, and why: `value` has nothing of them, and the rest is
   * whole. Absent where everything is.
   */
  readonly unknown?: ReadonlyMap<TenantId, AppErrorData>;
}

/** What Resource Graph knows of many tenants at once, by the tenant that owns the subscription. */
export type ByTenant<V> = ReadonlyMap<TenantId, readonly V[]>;

/** What is asked of Resource Graph, once per issuer. */
export interface GraphAnswers {
  readonly configurations: ReadonlyMap<WorkspaceKey, WorkspaceConfiguration>;
  readonly resources: ByTenant<ResourceCount>;
  readonly machines: ByTenant<MachineFact>;
  readonly rules: ByTenant<CollectionRule>;
  /** By the tenant of the machine. */
  readonly associations: ByTenant<AssociationFact>;
  readonly delegations: ByTenant<DelegationFact>;
}

/** What is asked of Resource Manager about one subscription. */
export interface SubscriptionAnswers {
  readonly roles: readonly RoleFact[];
  /** Roles that somebody may activate. Rejects with `access.notLicensed` for a tenant that cannot have any. */
  readonly eligible: readonly RoleFact[];
  readonly locks: readonly LockFact[];
}

/** What is asked of Resource Manager about one workspace. */
export interface WorkspaceAnswers {
  readonly tables: readonly WorkspaceTable[];
  readonly diagnostics: readonly DiagnosticSetting[];
  readonly exports: readonly ExportRule[];
}

/**
 * What an assessment reads of Resource Graph and Resource Manager: it changes nothing. Every method rejects with an
 * AppError of the access, auth, service or network family; no answer is a guess. `sourceOf...` name what is asked, for
 * evidence, whether it succeeded or not.
 */
export interface AssessPort {
  graph<Name extends keyof GraphAnswers>(
    name: Name,
    issuer: Issuer,
    signal: CancelSignal,
  ): Promise<Asked<GraphAnswers[Name]>>;
  subscription<Name extends keyof SubscriptionAnswers>(
    name: Name,
    issuer: Issuer,
    subscription: SubscriptionId,
    signal: CancelSignal,
  ): Promise<Asked<SubscriptionAnswers[Name]>>;
  workspace<Name extends keyof WorkspaceAnswers>(
    name: Name,
    issuer: Issuer,
    armId: string,
    signal: CancelSignal,
  ): Promise<Asked<WorkspaceAnswers[Name]>>;
  sourceOfGraph(name: keyof GraphAnswers): FactSource;
  sourceOfSubscription(name: keyof SubscriptionAnswers, subscription: SubscriptionId): FactSource;
  sourceOfWorkspace(name: keyof WorkspaceAnswers, armId: string): FactSource;
}
