import type { AppErrorData } from '../../base/errors.ts';
import type { CustomerKey } from '../ids.ts';
import type { FactName } from './facts.ts';
import type { CheckOutcome, Finding } from './findings.ts';
import type { Architecture, ClaimHere, Fit, PerArchitecture, Today } from './verdict.ts';

/** A place where logs are, or could be: a tenant with its region, and what stands in it. */
export interface PicturePlace {
  readonly id: string;
  /** "Woodgrove Bank", "you". */
  readonly owner: string;
  readonly provider: boolean;
  readonly region: string;
  readonly boxes: readonly {
    readonly id: string;
    readonly kind: 'source' | 'workspace';
    readonly label: string;
    readonly detail: string;
  }[];
}

/** A flow of logs between two boxes; `gbPerMonth` absent where nobody knows. Not collected means it should flow. */
export interface PictureFlow {
  readonly from: string;
  readonly to?: string;
  readonly gbPerMonth?: number;
  readonly kind: 'raw' | 'summary' | 'notCollected';
  readonly label: string;
}

/** An architecture drawn from facts. `says` is the same in one sentence, for those who do not see it. */
export interface Picture {
  readonly places: readonly PicturePlace[];
  readonly flows: readonly PictureFlow[];
  readonly says: string;
}

/** Who can read the logs of one workspace, and by what. */
export interface ReaderRow {
  readonly workspace: string;
  readonly who: string;
  readonly side: 'customer' | 'provider' | 'unknown';
  readonly kind: 'user' | 'group' | 'application' | 'key' | 'unknown';
  readonly by: 'role' | 'delegation' | 'sharedKey' | 'dataActions';
  readonly role: string;
  readonly limit: string;
  /** Object ID of who it is, in the directory that gives the role; absent where nobody is named. */
  readonly principal?: string;
  /** Where the role is given: the scope (ARM id, `/` for the root) of an assignment or a delegation. */
  readonly scope?: string;
  /** Of a delegation: the offer's name. */
  readonly offer?: string;
}

/** How a fact fared over all it was asked of: for "what did this cost". */
export interface FactCost {
  readonly fact: FactName;
  readonly known: number;
  readonly unknown: number;
  readonly calls: number;
  readonly ms: number;
  readonly kind: 'query' | 'arm' | 'graph' | 'estate';
}

/** One customer's diagnosis. */
export interface CustomerAssessment {
  readonly key: CustomerKey;
  readonly name: string;
  readonly groups: readonly string[];
  readonly provider: boolean;
  /** False where nobody could look: it has no verdict, and says why. */
  readonly assessed: boolean;
  readonly notAssessed?: AppErrorData;
  readonly contact?: string;
  /** One or two sentences: today, fit, why. */
  readonly sentence: string;
  /** One line of why in the customer's own terms, for the estate's table. */
  readonly why: string;
  readonly today: Today;
  readonly fit: Fit;
  readonly findings: readonly Finding[];
  readonly checks: readonly CheckOutcome[];
  readonly comparison: readonly ClaimHere[];
  readonly readers: readonly ReaderRow[];
  readonly pictures: { readonly today: Picture; readonly fits?: Picture };
  readonly numbers: {
    readonly workspaces: number;
    readonly regions: readonly string[];
    readonly gbPerDay?: number;
    readonly machines?: number;
  };
}

/** One diagnosis of an estate, or of a part of it. Kept as a file; `version` is the form of that file. */
export interface Assessment {
  readonly version: 1;
  readonly id: string;
  /** ISO. */
  readonly at: string;
  readonly ms: number;
  readonly cloud: string;
  /** What was asked for, as a scope line says it. */
  readonly scope: string;
  readonly complete: boolean;
  /** Cancelled before everything was measured. */
  readonly cancelled: boolean;
  readonly numbers: { readonly customers: number; readonly tenants: number; readonly workspaces: number };
  readonly customers: readonly CustomerAssessment[];
  readonly costs: readonly FactCost[];
  /** The weights that were used, by criterion; `changed` where they are not the product's own. */
  readonly weights: Readonly<Record<string, number>>;
}

/** An assessment that is kept, as a list names it. */
export interface AssessmentHead {
  readonly id: string;
  /** ISO. */
  readonly at: string;
  readonly cloud: string;
  readonly scope: string;
  readonly customers: number;
  readonly findings: number;
}

/** What is different between an earlier assessment and a later one. */
export interface AssessmentDifference {
  readonly before: string;
  readonly after: string;
  readonly appeared: readonly { readonly customer: CustomerKey; readonly finding: Finding }[];
  readonly gone: readonly { readonly customer: CustomerKey; readonly finding: Finding }[];
  readonly moved: readonly {
    readonly customer: CustomerKey;
    readonly name: string;
    readonly today?: { readonly before: Today['state']; readonly after: Today['state'] };
    readonly best?: { readonly before?: Architecture; readonly after?: Architecture };
    readonly scores?: { readonly before?: PerArchitecture<number>; readonly after?: PerArchitecture<number> };
  }[];
  readonly newCustomers: readonly CustomerKey[];
  readonly goneCustomers: readonly CustomerKey[];
}
