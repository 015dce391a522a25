import type { CancelSignal } from '../../../base/cancel.ts';
import { toAppError } from '../../../base/errors.ts';
import type { DiagnosticSetting } from '../../../model/assessment/facts.ts';
import type { BaselineTable } from '../../../model/baseline.ts';
import type { Asked, ByTenant } from '../../../ports/assess.ts';
import { ENTRA_SCOPE } from '../../../ports/baseline.ts';
import type {
  AgentRuleBody,
  AgentRuleState,
  AlertingState,
  BaselinePort,
  LastChange,
  LockState,
  TableState,
  TypedResource,
  WorkspaceFeatures,
} from '../../../ports/baseline.ts';
import { featuresBody } from '../../../ports/featuresBody.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import { callAzure, READ_DEADLINE_MS } from '../../calls.ts';
import type { AzureClients } from '../../clients.ts';
import { subjectOf, subjectOfTenant } from '../../errors/subject.ts';
import { DIAGNOSTICS, toDiagnosticSettings } from '../assess/diagnosticSettings.ts';
import { toList, toObject, toText } from '../assess/wire.ts';
import type { Wire } from '../assess/wire.ts';
import type { ResourceDoor } from '../resourceDoor.ts';
import { AGENT_RULES, ALERTING, resourcesQuery, toAgentRules, toAlerting, toTypedResources } from './baselineGraph.ts';
import { agentRuleBody, mergedDiagnostic } from './baselineBodies.ts';
import { tableBody, toAgentRule, toFeatures, toLastChange, toLockState, toTableState } from './baselineWire.ts';

const WORKSPACES = '2025-07-01';
const RULES = '2024-03-11';
const LOCKS = '2020-05-01';
const ENTRA = '2017-04-01';
const ACTIVITY = '2015-04-01';

type Abort = { readonly abortSignal: AbortSignal };

/** What a baseline compares and changes, through Resource Manager and Resource Graph. */
export class BaselineClient implements BaselinePort {
  private readonly clients: AzureClients;

  constructor(clients: AzureClients) {
    this.clients = clients;
  }

  tables(issuer: Issuer, workspace: string, signal?: CancelSignal): Promise<readonly TableState[]> {
    // The list of tables has no pages.
    return this.at(issuer, workspace, signal, async (door, abort) =>
      toList(toObject(await door.get(`${workspace}/tables`, WORKSPACES, abort))['value']).map(toTableState),
    );
  }

  table(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<TableState | undefined> {
    return this.find(issuer, armId, WORKSPACES, toTableState, signal);
  }

  changeTable(issuer: Issuer, armId: string, change: BaselineTable, signal?: CancelSignal): Promise<void> {
    return this.at(issuer, armId, signal, (door, abort) =>
      door.send('PATCH', armId, WORKSPACES, tableBody(change), abort),
    );
  }

  features(issuer: Issuer, workspace: string, signal?: CancelSignal): Promise<WorkspaceFeatures | undefined> {
    return this.find(issuer, workspace, WORKSPACES, toFeatures, signal);
  }

  changeFeatures(
    issuer: Issuer,
    workspace: string,
    change: Partial<WorkspaceFeatures>,
    signal?: CancelSignal,
  ): Promise<void> {
    return this.at(issuer, workspace, signal, (door, abort) =>
      door.send('PATCH', workspace, WORKSPACES, featuresBody(change), abort),
    );
  }

  diagnostics(issuer: Issuer, scope: string, signal?: CancelSignal): Promise<readonly DiagnosticSetting[]> {
    const [path, version] =
      scope === ENTRA_SCOPE
        ? [`${scope}/diagnosticSettings`, ENTRA]
        : [`${scope}${DIAGNOSTICS.path}`, DIAGNOSTICS.apiVersion];
    return callAzure(
      { subject: subjectOf(scope, issuer.tenant), signal, deadlineMs: READ_DEADLINE_MS },
      async (abort) =>
        toDiagnosticSettings((await (await this.clients.armReads(issuer)).list(path, version, abort)).items),
    );
  }

  diagnostic(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<DiagnosticSetting | undefined> {
    return this.find(issuer, armId, versionOf(armId), (wire) => toDiagnosticSettings([wire])[0], signal);
  }

  async putDiagnostic(
    issuer: Issuer,
    armId: string,
    body: { readonly workspace: string; readonly categories: readonly string[] },
    signal?: CancelSignal,
  ): Promise<void> {
    const version = versionOf(armId);
    const there = await this.find(issuer, armId, version, toObject, signal);
    const merged = mergedDiagnostic(toObject(there?.['properties']), body);
    await this.at(issuer, armId, signal, (door, abort) => door.send('PUT', armId, version, merged, abort));
  }

  deleteDiagnostic(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<void> {
    return this.remove(issuer, armId, versionOf(armId), signal);
  }

  lock(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<LockState | undefined> {
    return this.find(issuer, armId, LOCKS, toLockState, signal);
  }

  putLock(
    issuer: Issuer,
    armId: string,
    { level, notes }: Pick<LockState, 'level' | 'notes'>,
    signal?: CancelSignal,
  ): Promise<void> {
    const properties = { level, ...(notes === undefined ? {} : { notes }) };
    return this.at(issuer, armId, signal, (door, abort) => door.send('PUT', armId, LOCKS, { properties }, abort));
  }

  deleteLock(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<void> {
    return this.remove(issuer, armId, LOCKS, signal);
  }

  agentRules(issuer: Issuer, signal?: CancelSignal): Promise<Asked<ByTenant<AgentRuleState>>> {
    return this.graph(issuer, AGENT_RULES, toAgentRules, signal);
  }

  agentRule(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<AgentRuleState | undefined> {
    return this.find(issuer, armId, RULES, (wire) => toAgentRule(toObject(wire)), signal);
  }

  async putAgentRule(issuer: Issuer, armId: string, body: AgentRuleBody, signal?: CancelSignal): Promise<void> {
    const there = await this.find(issuer, armId, RULES, toObject, signal);
    await this.at(issuer, armId, signal, (door, abort) =>
      door.send('PUT', armId, RULES, agentRuleBody(there, body), abort),
    );
  }

  alerting(issuer: Issuer, signal?: CancelSignal): Promise<Asked<ByTenant<AlertingState>>> {
    return this.graph(issuer, ALERTING, toAlerting, signal);
  }

  association(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<{ readonly rule: string } | undefined> {
    const read = (wire: unknown): { readonly rule: string } => ({
      rule: toText(toObject(toObject(wire)['properties'])['dataCollectionRuleId']).toLowerCase(),
    });
    return this.find(issuer, armId, RULES, read, signal);
  }

  putAssociation(
    issuer: Issuer,
    armId: string,
    { rule, description }: { readonly rule: string; readonly description?: string },
    signal?: CancelSignal,
  ): Promise<void> {
    const properties = { dataCollectionRuleId: rule, ...(description === undefined ? {} : { description }) };
    const body = { properties };
    return this.at(issuer, armId, signal, (door, abort) => door.send('PUT', armId, RULES, body, abort));
  }

  deleteAssociation(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<void> {
    return this.remove(issuer, armId, RULES, signal);
  }

  resourcesOf(
    issuer: Issuer,
    types: readonly string[],
    signal?: CancelSignal,
  ): Promise<Asked<ByTenant<TypedResource>>> {
    return this.graph(issuer, resourcesQuery(types), toTypedResources, signal);
  }

  lastChange(
    issuer: Issuer,
    armId: string,
    { from, to }: { readonly from: string; readonly to: string },
    signal?: CancelSignal,
  ): Promise<LastChange | undefined> {
    const subscription = /^\/subscriptions\/[^/]+/i.exec(armId)?.[0] ?? '';
    const filter = `eventTimestamp ge '${from}' and eventTimestamp le '${to}' and resourceUri eq '${armId.replaceAll("'", "''")}'`;
    // Newest first, and the first page has what is asked for.
    return this.at(issuer, armId, signal, async (door, abort) =>
      toLastChange(
        await door.get(
          `${subscription}/providers/Microsoft.Insights/eventtypes/management/values`,
          ACTIVITY,
          abort,
          `&$filter=${encodeURIComponent(filter)}&$select=eventTimestamp,caller,operationName,status,resourceId`,
        ),
      ),
    );
  }

  private graph<V>(
    issuer: Issuer,
    query: string,
    read: (rows: readonly Wire[]) => Omit<Asked<V>, 'calls'>,
    signal: CancelSignal | undefined,
  ): Promise<Asked<V>> {
    const subject = subjectOfTenant(issuer.tenant);
    return callAzure({ subject, signal, deadlineMs: READ_DEADLINE_MS }, async (abort) => {
      const { rows, pages } = await (await this.clients.graph(issuer)).rows(query, abort);
      return { ...read(rows.map(toObject)), calls: pages };
    });
  }

  private async find<T>(
    issuer: Issuer,
    armId: string,
    version: string,
    read: (wire: unknown) => T | undefined,
    signal: CancelSignal | undefined,
  ): Promise<T | undefined> {
    try {
      return await this.at(issuer, armId, signal, async (door, abort) => read(await door.get(armId, version, abort)));
    } catch (thrown) {
      if (toAppError(thrown).code === 'access.notFound') return undefined;
      throw thrown;
    }
  }

  private remove(issuer: Issuer, armId: string, version: string, signal: CancelSignal | undefined): Promise<void> {
    return this.at(issuer, armId, signal, (door, abort) => door.remove(armId, version, abort));
  }

  private at<T>(
    issuer: Issuer,
    armId: string,
    signal: CancelSignal | undefined,
    call: (door: ResourceDoor, abort: Abort) => Promise<T>,
  ): Promise<T> {
    return callAzure(
      { subject: subjectOf(armId, issuer.tenant), signal, deadlineMs: READ_DEADLINE_MS },
      async (abort) => call(await this.clients.anyResource(issuer), abort),
    );
  }
}

function versionOf(armId: string): string {
  return armId.toLowerCase().startsWith(`${ENTRA_SCOPE}/`) ? ENTRA : DIAGNOSTICS.apiVersion;
}
