import type { CancelSignal } from '../base/cancel.ts';
import type { Issuer } from './issuer.ts';

/** A table of a workspace as Resource Manager shows it: the columns that somebody gave it, types as it writes them. */
export interface TableNow {
  readonly name: string;
  readonly plan: string;
  /** `DataCollectionRuleBased`, or `Classic` for one that rules cannot write into. */
  readonly subType: string;
  /** In the service's words: `Succeeded` once it can be written into. */
  readonly provisioningState: string;
  readonly columns: readonly StreamColumn[];
}

/** A column of a custom table, or of a stream. */
export interface StreamColumn {
  readonly name: string;
  readonly type: string;
}

/** One stream of a data collection rule, and the table it ends in. */
export interface RuleStream {
  readonly stream: string;
  readonly columns: readonly StreamColumn[];
  /** The table's name with `Custom-` before it. */
  readonly output: string;
  readonly transform: string;
}

/** A data collection rule as Resource Manager shows it, as far as it takes what programs send. */
export interface CollectionRuleNow {
  readonly name: string;
  readonly region: string;
  /** `Direct` for one that programs may send to. */
  readonly kind: string;
  readonly immutableId: string;
  /** Where programs send to: only a rule that was made as `Direct` has it. */
  readonly endpoint?: string;
  /** ARM id of the one workspace it writes into; absent where that is not one. */
  readonly workspace?: string;
  readonly streams: readonly RuleStream[];
  readonly provisioningState: string;
}

/** What a rule is to be. */
export interface CollectionRuleBody {
  readonly region: string;
  /** ARM id. */
  readonly workspace: string;
  readonly streams: readonly RuleStream[];
}

/** A role that somebody has at a scope. Ids are GUIDs. */
export interface RoleAssignmentNow {
  readonly armId: string;
  readonly roleId: string;
  readonly principalId: string;
  /** Of what it holds for only (ABAC 2.0); absent for all of its scope. */
  readonly condition?: string;
}

/** A filter of rows that are to be deleted; several are all to fit. */
export interface DeleteFilter {
  readonly column: string;
  readonly operator: '==' | '<';
  readonly value: string;
}

/** The resources that a centre in Log Analytics is made of. Everything rejects with an AppError. */
export interface CentrePort {
  /** Undefined where there is none. */
  table(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<TableNow | undefined>;
  /** Names of a workspace's tables (its ARM id). */
  tables(issuer: Issuer, workspace: string, signal?: CancelSignal): Promise<readonly string[]>;
  /** Makes a custom table of these columns. */
  createTable(issuer: Issuer, armId: string, columns: readonly StreamColumn[], signal?: CancelSignal): Promise<void>;
  /** Gives a table these columns in place of those it has; plan and retention stay. */
  changeTable(issuer: Issuer, armId: string, columns: readonly StreamColumn[], signal?: CancelSignal): Promise<void>;
  /** Asks for rows to be deleted, which goes on for days. */
  deleteRows(issuer: Issuer, table: string, filters: readonly DeleteFilter[], signal?: CancelSignal): Promise<void>;
  /** Undefined where there is none. */
  collectionRule(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<CollectionRuleNow | undefined>;
  putCollectionRule(issuer: Issuer, armId: string, body: CollectionRuleBody, signal?: CancelSignal): Promise<void>;
  /** Roles of a principal at a scope or above it; none at a scope that is not there yet. */
  roleAssignments(
    issuer: Issuer,
    scope: string,
    principalId: string,
    signal?: CancelSignal,
  ): Promise<readonly RoleAssignmentNow[]>;
  /** `armId` ends in a new GUID. */
  putRoleAssignment(
    issuer: Issuer,
    armId: string,
    body: Omit<RoleAssignmentNow, 'armId'> & { readonly principalType?: string },
    signal?: CancelSignal,
  ): Promise<void>;
}
