import type { AppErrorData } from '../base/errors.ts';
import type { ReaderRow } from './assessment/assessment.ts';
import type { AccessPathKind } from './estate.ts';
import type { CustomerKey, TenantId, WorkspaceKey } from './ids.ts';

/** Somebody who can read a workspace, or may be able to, and where that comes from. */
export interface Reader extends Omit<ReaderRow, 'workspace'> {
  /** The name of a person, group or application as its directory tells it; absent where that is not known. */
  readonly name?: string;
  /** Where the right comes from, in words: `Lighthouse offer Managed logs on subscription sub-contoso`. */
  readonly from: string;
  /** Of a group. */
  readonly members?: GroupMembers;
}

/** Who is in a group, directly or by another group; `more` counts those past the first ones. */
export type GroupMembers =
  | {
      readonly state: 'known';
      readonly people: readonly GroupMember[];
      readonly more: number;
    }
  | { readonly state: 'notVisible'; readonly why: string };

/** A person or application in a group. */
export interface GroupMember {
  readonly name: string;
  readonly kind: Reader['kind'];
  readonly side: Reader['side'];
}

/** How one of the signed-in accounts stands to a workspace or its tenant. */
export interface OwnWay {
  readonly account: string;
  /** Absent where it has no way in. */
  readonly path?: AccessPathKind;
  /** The tenant whose token is used. */
  readonly issuer?: TenantId;
  /** `conditionalAccess`: a policy of the tenant refuses it, and another sign-in does not help. */
  readonly state: 'works' | 'signInRequired' | 'conditionalAccess' | 'noAccess' | 'failed';
  /** What it lacks, and what to do next; empty where it works. */
  readonly why: string;
}

/** Something that exists or may exist and that nobody here can see: it is never taken for nothing. */
export interface NotVisible {
  readonly what: string;
  readonly why: string;
}

/** Where the text of queries is kept for others to read. */
export type QueryAudit =
  | { readonly state: 'off' }
  | { readonly state: 'kept'; readonly places: readonly string[]; readonly readers: readonly string[] }
  | { readonly state: 'notVisible'; readonly why: string };

/** Everything that is known of the access to one workspace. */
export interface WorkspaceAccess {
  readonly customer: CustomerKey;
  readonly customerName: string;
  readonly tenant: TenantId;
  readonly tenantName: string;
  readonly workspace: WorkspaceKey;
  readonly workspaceName: string;
  readonly ways: readonly OwnWay[];
  readonly readers: readonly Reader[];
  readonly notVisible: readonly NotVisible[];
  /** Rows are read by data roles alone. */
  readonly dataActionsOnly: boolean;
  /** Names of tables that standard roles get no rows of; absent where that is not known. */
  readonly protectedTables?: readonly string[];
  readonly audit: QueryAudit;
}

/** A tenant of the scope that nobody could enter, so that nothing of it is known. */
export interface ClosedTenant {
  readonly customer: CustomerKey;
  readonly customerName: string;
  readonly tenant: TenantId;
  readonly tenantName: string;
  readonly state: Exclude<OwnWay['state'], 'works'>;
  readonly error?: AppErrorData;
}

/** What one customer's administrator has to do, as a text that can be sent: it names nobody else. */
export interface AdminRequest {
  readonly customer: CustomerKey;
  readonly customerName: string;
  /** As the customers file has it. */
  readonly contact?: string;
  readonly text: string;
}

/** Who can read what, and what that rests on. */
export interface AccessReport {
  /** ISO. */
  readonly at: string;
  readonly workspaces: readonly WorkspaceAccess[];
  readonly closed: readonly ClosedTenant[];
  /** Of customers that have to do something. */
  readonly requests: readonly AdminRequest[];
}
