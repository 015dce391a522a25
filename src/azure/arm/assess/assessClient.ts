import type { CancelSignal } from '../../../base/cancel.ts';
import type { FactSource } from '../../../model/assessment/facts.ts';
import type { SubscriptionId } from '../../../model/ids.ts';
import type { Asked, AssessPort, GraphAnswers, SubscriptionAnswers, WorkspaceAnswers } from '../../../ports/assess.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import { READ_DEADLINE_MS, callAzure } from '../../calls.ts';
import type { AzureClients } from '../../clients.ts';
import { subjectOf, subjectOfTenant } from '../../errors/subject.ts';
import { parseArmId } from '../armId.ts';
import { ASSOCIATIONS, toAssociations } from './associations.ts';
import { COLLECTION_RULES, toCollectionRules } from './collectionRules.ts';
import { CONFIGURATIONS, toConfigurations } from './configurations.ts';
import { DELEGATIONS, toDelegations } from './delegations.ts';
import { DIAGNOSTICS, toDiagnosticSettings } from './diagnosticSettings.ts';
import { MACHINES, toMachines } from './machines.ts';
import { RESOURCE_COUNTS, toResourceCounts } from './resourceCounts.ts';
import { SUBSCRIPTION_LISTS, toEligible, toLocks, toRoles } from './subscriptionLists.ts';
import { toObject } from './wire.ts';
import type { Wire } from './wire.ts';

interface GraphQuestion<V> {
  readonly query: string;
  readonly read: (rows: readonly Wire[]) => Omit<Asked<V>, 'calls'>;
}

const GRAPH: { readonly [Name in keyof GraphAnswers]: GraphQuestion<GraphAnswers[Name]> } = {
  configurations: { query: CONFIGURATIONS, read: (rows) => ({ value: toConfigurations(rows) }) },
  resources: { query: RESOURCE_COUNTS, read: toResourceCounts },
  machines: { query: MACHINES, read: toMachines },
  rules: { query: COLLECTION_RULES, read: toCollectionRules },
  associations: { query: ASSOCIATIONS, read: toAssociations },
  delegations: { query: DELEGATIONS, read: toDelegations },
};

const SUBSCRIPTION: {
  readonly [Name in keyof SubscriptionAnswers]: (
    items: readonly unknown[],
    subscription: SubscriptionId,
  ) => SubscriptionAnswers[Name];
} = { roles: toRoles, eligible: toEligible, locks: toLocks };

/** Lists of a workspace: what follows its id, and the api-version. */
const WORKSPACE = {
  tables: { path: '/tables', apiVersion: '2025-07-01' },
  diagnostics: DIAGNOSTICS,
  exports: { path: '/dataExports', apiVersion: '2025-07-01' },
} as const;

type Abort = { readonly abortSignal: AbortSignal };

/** What an assessment reads of Resource Graph and Resource Manager. */
export class AssessClient implements AssessPort {
  private readonly clients: AzureClients;
  private readonly ofWorkspace: {
    readonly [Name in keyof WorkspaceAnswers]: (
      issuer: Issuer,
      armId: string,
      abort: Abort,
    ) => Promise<Asked<WorkspaceAnswers[Name]>>;
  };

  constructor(clients: AzureClients) {
    this.clients = clients;
    this.ofWorkspace = {
      tables: async (issuer, armId, abort) => {
        const { subscription, resourceGroup, name } = parseArmId(armId);
        const door = await clients.workspaces(issuer, subscription);
        return counted(async (onPage) =>
          (await door.tables(resourceGroup, name, abort, onPage)).map(({ table }) => table),
        );
      },
      diagnostics: async (issuer, armId, abort) => {
        const { path, apiVersion } = DIAGNOSTICS;
        const { items, pages } = await (await clients.armReads(issuer)).list(`${armId}${path}`, apiVersion, abort);
        return { value: toDiagnosticSettings(items), calls: pages };
      },
      exports: async (issuer, armId, abort) => {
        const { subscription, resourceGroup, name } = parseArmId(armId);
        const door = await clients.workspaces(issuer, subscription);
        return counted((onPage) => door.exports(resourceGroup, name, abort, onPage));
      },
    };
  }

  graph<Name extends keyof GraphAnswers>(
    name: Name,
    issuer: Issuer,
    signal: CancelSignal,
  ): Promise<Asked<GraphAnswers[Name]>> {
    const { query, read }: GraphQuestion<GraphAnswers[Name]> = GRAPH[name];
    const subject = subjectOfTenant(issuer.tenant);
    return callAzure({ subject, signal, deadlineMs: READ_DEADLINE_MS }, async (abort) => {
      const { rows, pages } = await (await this.clients.graph(issuer)).rows(query, abort);
      return { ...read(rows.map(toObject)), calls: pages };
    });
  }

  subscription<Name extends keyof SubscriptionAnswers>(
    name: Name,
    issuer: Issuer,
    subscription: SubscriptionId,
    signal: CancelSignal,
  ): Promise<Asked<SubscriptionAnswers[Name]>> {
    const { path, apiVersion } = SUBSCRIPTION_LISTS[name];
    const scope = `/subscriptions/${subscription}`;
    const subject = subjectOf(scope, issuer.tenant);
    return callAzure({ subject, signal, deadlineMs: READ_DEADLINE_MS }, async (abort) => {
      const door = await this.clients.armReads(issuer);
      const { items, pages } = await door.list(`${scope}${path}`, apiVersion, abort);
      return { value: SUBSCRIPTION[name](items, subscription), calls: pages };
    });
  }

  workspace<Name extends keyof WorkspaceAnswers>(
    name: Name,
    issuer: Issuer,
    armId: string,
    signal: CancelSignal,
  ): Promise<Asked<WorkspaceAnswers[Name]>> {
    const subject = subjectOf(armId, issuer.tenant);
    return callAzure({ subject, signal, deadlineMs: READ_DEADLINE_MS }, (abort) =>
      this.ofWorkspace[name](issuer, armId, abort),
    );
  }

  sourceOfGraph(name: keyof GraphAnswers): FactSource {
    return { kind: 'graph', query: GRAPH[name].query };
  }

  sourceOfSubscription(name: keyof SubscriptionAnswers, subscription: SubscriptionId): FactSource {
    const { path, apiVersion } = SUBSCRIPTION_LISTS[name];
    return { kind: 'arm', path: `/subscriptions/${subscription}${path}`, apiVersion };
  }

  sourceOfWorkspace(name: keyof WorkspaceAnswers, armId: string): FactSource {
    const { path, apiVersion } = WORKSPACE[name];
    return { kind: 'arm', path: `${armId}${path}`, apiVersion };
  }
}

/** An answer with the number of its pages. */
async function counted<V>(read: (onPage: () => void) => Promise<V>): Promise<Asked<V>> {
  let calls = 0;
  const value = await read(() => {
    calls++;
  });
  return { value, calls };
}
