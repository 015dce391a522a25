/** Who pays, who decides on access: the customer, the provider, or both. */
export type Party = 'customer' | 'provider' | 'both';

/** What of a customer's data the provider asks for every day: nothing, daily numbers, some tables, or the raw rows. */
export type DailyNeed = 'nothing' | 'summary' | 'portion' | 'raw';

/** Where logs of a customer come from, as it says itself. */
export type SourceKind = 'machines' | 'azure' | 'entra' | 'microsoft365' | 'containers' | 'applications' | 'network';

/**
 * Requirements that no API knows, from the customers file. Everything may be missing: what is undeclared is shown as
 * undeclared and lowers the confidence, it is never assumed.
 */
export interface Declared {
  /** Days that the contract promises. */
  readonly retentionDays?: number;
  /** Residency: names of the regions the logs may lie in, lower case without blanks. */
  readonly regions?: readonly string[];
  /** True where regulation or contract wants its logs apart from everybody else's. */
  readonly isolation?: boolean;
  /** Who pays for the logs. */
  readonly billing?: Party;
  /** Who decides who may read them. */
  readonly access?: Party;
  /** What the provider needs of it every day. */
  readonly daily?: DailyNeed;
  readonly sources?: readonly SourceKind[];
  /** Domains of its computers' names, lower case, beside those of its tenants. */
  readonly domains?: readonly string[];
  /** True where the text of the provider's queries is not for the customer's eyes. */
  readonly confidentialQueries?: boolean;
  /** Whom to write to: a name or address, as written. */
  readonly contact?: string;
}

/** The fields of `Declared` whose absence lowers the confidence of a verdict. */
export const REQUIREMENTS = ['retentionDays', 'regions', 'isolation', 'billing', 'access', 'daily', 'sources'] as const;

/** One requirement that counts in a verdict. */
export type Requirement = (typeof REQUIREMENTS)[number];
