import type { CancelSignal } from '../../../base/cancel.ts';
import { toAppError } from '../../../base/errors.ts';
import type {
  CentrePort,
  CollectionRuleBody,
  CollectionRuleNow,
  DeleteFilter,
  RoleAssignmentNow,
  StreamColumn,
  TableNow,
} from '../../../ports/centre.ts';
import { directRuleBody } from '../../../ports/directRuleBody.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import { callAzure, READ_DEADLINE_MS } from '../../calls.ts';
import type { AzureClients } from '../../clients.ts';
import { subjectOf } from '../../errors/subject.ts';
import type { ResourceDoor } from '../resourceDoor.ts';
import { toAssignments, toRule, toTable, toTableNames } from './centreWire.ts';

const TABLES = '2025-07-01';
const RULES = '2024-03-11';
const ROLES = '2022-04-01';
/** The version that the service's own page of deleting names. */
const DELETE_DATA = '2023-09-01';

/** Custom tables, data collection rules and role assignments through Resource Manager. */
export class CentreClient implements CentrePort {
  private readonly clients: AzureClients;

  constructor(clients: AzureClients) {
    this.clients = clients;
  }

  table(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<TableNow | undefined> {
    return orAbsent(
      this.at(issuer, armId, signal, async (door, abort) => toTable(await door.get(armId, TABLES, abort))),
    );
  }

  tables(issuer: Issuer, workspace: string, signal?: CancelSignal): Promise<readonly string[]> {
    // The list of tables has no pages.
    return this.at(issuer, workspace, signal, async (door, abort) =>
      toTableNames(await door.get(`${workspace}/tables`, TABLES, abort)),
    );
  }

  createTable(issuer: Issuer, armId: string, columns: readonly StreamColumn[], signal?: CancelSignal): Promise<void> {
    const name = armId.slice(armId.lastIndexOf('/') + 1);
    const body = { properties: { plan: 'Analytics', schema: { name, columns } } };
    return this.at(issuer, armId, signal, (door, abort) => door.send('PUT', armId, TABLES, body, abort));
  }

  changeTable(issuer: Issuer, armId: string, columns: readonly StreamColumn[], signal?: CancelSignal): Promise<void> {
    const name = armId.slice(armId.lastIndexOf('/') + 1);
    const body = { properties: { schema: { name, columns } } };
    return this.at(issuer, armId, signal, (door, abort) => door.send('PATCH', armId, TABLES, body, abort));
  }

  deleteRows(issuer: Issuer, table: string, filters: readonly DeleteFilter[], signal?: CancelSignal): Promise<void> {
    return this.at(issuer, table, signal, (door, abort) =>
      door.send('POST', `${table}/deleteData`, DELETE_DATA, { filters }, abort),
    );
  }

  collectionRule(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<CollectionRuleNow | undefined> {
    return orAbsent(this.at(issuer, armId, signal, async (door, abort) => toRule(await door.get(armId, RULES, abort))));
  }

  putCollectionRule(issuer: Issuer, armId: string, body: CollectionRuleBody, signal?: CancelSignal): Promise<void> {
    return this.at(issuer, armId, signal, (door, abort) => door.send('PUT', armId, RULES, directRuleBody(body), abort));
  }

  async roleAssignments(
    issuer: Issuer,
    scope: string,
    principalId: string,
    signal?: CancelSignal,
  ): Promise<readonly RoleAssignmentNow[]> {
    const filter = `&$filter=${encodeURIComponent(`assignedTo('${principalId}')`)}`;
    const found = await orAbsent(
      this.at(issuer, scope, signal, async (door, abort) =>
        toAssignments(
          await door.get(`${scope}/providers/Microsoft.Authorization/roleAssignments`, ROLES, abort, filter),
        ),
      ),
    );
    return found ?? [];
  }

  putRoleAssignment(
    issuer: Issuer,
    armId: string,
    assignment: Omit<RoleAssignmentNow, 'armId'> & { readonly principalType?: string },
    signal?: CancelSignal,
  ): Promise<void> {
    const { roleId, principalId, principalType, condition } = assignment;
    const subscription = /^\/subscriptions\/[^/]+/i.exec(armId)?.[0] ?? '';
    const roleDefinitionId = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`;
    const properties = {
      roleDefinitionId,
      principalId,
      ...(principalType === undefined ? {} : { principalType }),
      ...(condition === undefined ? {} : { condition, conditionVersion: '2.0' }),
    };
    return this.at(issuer, armId, signal, (door, abort) => door.send('PUT', armId, ROLES, { properties }, abort));
  }

  private at<T>(
    issuer: Issuer,
    armId: string,
    signal: CancelSignal | undefined,
    call: (door: ResourceDoor, abort: { readonly abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    const subject = subjectOf(armId, issuer.tenant);
    return callAzure({ subject, signal, deadlineMs: READ_DEADLINE_MS }, async (abort) =>
      call(await this.clients.anyResource(issuer), abort),
    );
  }
}

/** A resource that is not there is no failure of reading it. */
async function orAbsent<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (thrown) {
    if (toAppError(thrown).code === 'access.notFound') return undefined;
    throw thrown;
  }
}
