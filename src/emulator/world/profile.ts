/** A computer that sends logs. */
export interface Host {
  /** Short name, upper case on Windows. */
  readonly name: string;
  /** What tables call Computer: name.domain, or the bare name where nobody gave it a domain. */
  readonly computer: string;
  readonly os: 'Windows' | 'Linux';
  readonly osName: string;
  readonly osMajor: string;
  readonly osMinor: string;
  readonly role: HostRole;
  readonly ip: string;
  readonly publicIp: string;
  /** "" for what is neither in Azure nor connected with Arc. */
  readonly resourceId: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly vmId: string;
  readonly agent: 'Azure Monitor Agent' | 'Direct Agent';
  readonly agentVersion: string;
  /** Where it stands. */
  readonly region: string;
  /** Key of the customer whose it is; "" where nobody can tell. */
  readonly owner: string;
  /** ms since 1970: after this it said nothing any more. */
  readonly silentSince?: number;
}

/** What a computer is for; it decides what it logs. */
export type HostRole = 'dc' | 'sql' | 'web' | 'app' | 'file' | 'jump' | 'node';

/** Somebody who signs in at a customer. */
export interface Person {
  readonly upn: string;
  readonly name: string;
  readonly id: string;
  /** DOMAIN\account as Windows writes it. */
  readonly account: string;
  readonly sid: string;
  readonly admin: boolean;
  readonly ip: string;
  readonly city: City;
  readonly device: string;
}

/** Where people sign in from. */
export interface City {
  readonly city: string;
  readonly state: string;
  readonly country: string;
  readonly latitude: number;
  readonly longitude: number;
}

/** An Azure resource that logs. */
export interface AzureThing {
  readonly name: string;
  readonly resourceId: string;
  readonly resourceGroup: string;
  readonly subscriptionId: string;
}

/** Everything the rows of one workspace are made from: the same computers, people and addresses in every table. */
export interface WorkspaceProfile {
  readonly seed: number;
  /** ms since 1970: when the estate was made. */
  readonly anchor: number;
  readonly customerId: string;
  readonly workspaceName: string;
  /** Lower-case ARM id. */
  readonly workspaceId: string;
  readonly customer: string;
  readonly domain: string;
  readonly region: string;
  /** Entra tenant of the people. */
  readonly entraTenant: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly hosts: readonly Host[];
  readonly people: readonly Person[];
  readonly vaults: readonly AzureThing[];
  readonly storages: readonly AzureThing[];
  readonly webApps: readonly AzureThing[];
  readonly clusters: readonly AzureThing[];
  readonly firewalls: readonly AzureThing[];
  readonly databases: readonly AzureThing[];
  /** Names of the tables that have rows. */
  readonly tables: readonly string[];
  /** UTC hour at which the daily cap stops collection for eight hours, where it does so every day. */
  readonly capHour?: number;
  /** Tables that stopped receiving anything, and when: ms since 1970. */
  readonly silentTables: Readonly<Record<string, number>>;
  /** ms since 1970: when ingestion was suspended. */
  readonly stopped?: number;
  /** Others whose summed-up rows lie here. */
  readonly rollups: readonly { readonly name: string; readonly subscriptionId: string }[];
  /** Billable GB a day, as Usage tells it. */
  readonly gbPerDay: number;
  /** Multiplier of rows. */
  readonly scale: number;
  /**
   * Part of the usual history that is there: 1 in the hand-made estate, less where there are thousands of workspaces.
   */
  readonly history: number;
  /** What differs in this workspace's custom tables. */
  readonly quirks: ReadonlySet<Quirk>;
}

/** The mistakes and oddities rows can show. */
export type Quirk = 'severityAsString' | 'portAsString' | 'sitesAsDynamic' | 'bruteForce' | 'noDomains';
