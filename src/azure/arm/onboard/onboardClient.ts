import type { CancelSignal } from '../../../base/cancel.ts';
import { toAppError } from '../../../base/errors.ts';
import type { ManagedOffer, WhatIfChange } from '../../../model/onboarding.ts';
import { ENTRA_SCOPE } from '../../../ports/baseline.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import type {
  DelegationNow,
  DelegationPort,
  ListedDelegation,
  ListedSetting,
  OffboardPort,
  Permission,
  PreflightPort,
  RemovalPort,
} from '../../../ports/onboarding.ts';
import { callAzure, READ_DEADLINE_MS } from '../../calls.ts';
import type { AzureClients } from '../../clients.ts';
import { subjectOf } from '../../errors/subject.ts';
import type { ResourceDoor } from '../resourceDoor.ts';
import { toDelegations, toDelegation, toPermissions, toRefusingPolicies, toSettings, toWhatIf } from './onboardWire.ts';

const MANAGED_SERVICES = '2022-10-01';
const PERMISSIONS = '2022-04-01';
const POLICIES = '2022-03-01';
/** The only version there is, but for one of 2017. */
const DIAGNOSTIC_SETTINGS = '2021-05-01-preview';
const ENTRA = '2017-04-01';
const DEPLOYMENTS = '2025-04-01';
/** A what-if is an operation: the service takes seconds for a small template. */
const WHAT_IF_DEADLINE_MS = 3 * 60_000;
/** Deployments by what-if leave no record, but want a name. */
const WHAT_IF_NAME = 'tenantscope-what-if';

/** What onboarding asks of Resource Manager, and delegations. */
export class OnboardClient implements DelegationPort, PreflightPort, RemovalPort, OffboardPort {
  private readonly clients: AzureClients;

  constructor(clients: AzureClients) {
    this.clients = clients;
  }

  async delegation(issuer: Issuer, assignment: string, signal?: CancelSignal): Promise<DelegationNow | undefined> {
    try {
      return await this.at(issuer, assignment, signal, async (door, abort) =>
        toDelegation(await door.get(assignment, MANAGED_SERVICES, abort, '&$expandRegistrationDefinition=true')),
      );
    } catch (thrown) {
      // A subscription that was seen by this delegation alone is not seen any more once it has ended.
      if (['access.notFound', 'auth.wrongTenant', 'access.insufficient'].includes(toAppError(thrown).code))
        return undefined;
      throw thrown;
    }
  }

  async putDelegation(
    issuer: Issuer,
    { definition, assignment }: { readonly definition: string; readonly assignment: string },
    offer: ManagedOffer,
    signal?: CancelSignal,
  ): Promise<void> {
    const offered = {
      registrationDefinitionName: offer.name,
      description: offer.description,
      managedByTenantId: offer.managedBy,
      authorizations: offer.authorizations.map(({ principalId, name, role }) => ({
        principalId,
        principalIdDisplayName: name,
        roleDefinitionId: role.id,
      })),
    };
    await this.at(issuer, definition, signal, (door, abort) =>
      door.send('PUT', definition, MANAGED_SERVICES, { properties: offered }, abort),
    );
    const accepted = { registrationDefinitionId: definition };
    await this.at(issuer, assignment, signal, (door, abort) =>
      door.send('PUT', assignment, MANAGED_SERVICES, { properties: accepted }, abort),
    );
  }

  deleteDelegation(issuer: Issuer, assignment: string, signal?: CancelSignal): Promise<void> {
    return this.remove(issuer, assignment, MANAGED_SERVICES, signal);
  }

  delegations(issuer: Issuer, subscription: string, signal?: CancelSignal): Promise<readonly ListedDelegation[]> {
    const path = `/subscriptions/${subscription}/providers/Microsoft.ManagedServices/registrationAssignments`;
    // A subscription has a handful of them, on one page.
    return this.at(issuer, path, signal, async (door, abort) =>
      toDelegations(await door.get(path, MANAGED_SERVICES, abort, '&$expandRegistrationDefinition=true')),
    );
  }

  diagnosticSettings(issuer: Issuer, scope: string, signal?: CancelSignal): Promise<readonly ListedSetting[]> {
    const [path, version] =
      scope === ENTRA_SCOPE
        ? [`${scope}/diagnosticSettings`, ENTRA]
        : [`${scope}/providers/Microsoft.Insights/diagnosticSettings`, DIAGNOSTIC_SETTINGS];
    return callAzure(
      { subject: subjectOf(scope, issuer.tenant), signal, deadlineMs: READ_DEADLINE_MS },
      async (abort) => toSettings((await (await this.clients.armReads(issuer)).list(path, version, abort)).items),
    );
  }

  async exists(issuer: Issuer, armId: string, apiVersion: string, signal?: CancelSignal): Promise<boolean> {
    try {
      await this.at(issuer, armId, signal, (door, abort) => door.get(armId, apiVersion, abort));
      return true;
    } catch (thrown) {
      if (toAppError(thrown).code === 'access.notFound') return false;
      throw thrown;
    }
  }

  remove(issuer: Issuer, armId: string, apiVersion: string, signal?: CancelSignal): Promise<void> {
    return this.at(issuer, armId, signal, (door, abort) => door.remove(armId, apiVersion, abort));
  }

  permissions(issuer: Issuer, scope: string, signal?: CancelSignal): Promise<readonly Permission[]> {
    return this.at(issuer, scope, signal, async (door, abort) =>
      toPermissions(await door.get(`${scope}/providers/Microsoft.Authorization/permissions`, PERMISSIONS, abort)),
    );
  }

  refusingPolicies(
    issuer: Issuer,
    scope: string,
    { content, apiVersion }: { readonly content: object; readonly apiVersion: string },
    signal?: CancelSignal,
  ): Promise<readonly string[]> {
    const path = `${scope}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions`;
    const body = { resourceDetails: { resourceContent: content, apiVersion } };
    return this.at(issuer, scope, signal, async (door, abort) =>
      toRefusingPolicies(await door.ask(path, POLICIES, body, abort)),
    );
  }

  whatIf(
    issuer: Issuer,
    resourceGroup: string,
    template: object,
    signal?: CancelSignal,
  ): Promise<readonly WhatIfChange[]> {
    const path = `${resourceGroup}/providers/Microsoft.Resources/deployments/${WHAT_IF_NAME}/whatIf`;
    const body = {
      properties: { mode: 'Incremental', template, whatIfSettings: { resultFormat: 'ResourceIdOnly' } },
    };
    return this.at(
      issuer,
      resourceGroup,
      signal,
      async (door, abort) => toWhatIf(await door.ask(path, DEPLOYMENTS, body, abort, this.clients.settings.pollMs)),
      WHAT_IF_DEADLINE_MS,
    );
  }

  private at<T>(
    issuer: Issuer,
    armId: string,
    signal: CancelSignal | undefined,
    call: (door: ResourceDoor, abort: { readonly abortSignal: AbortSignal }) => Promise<T>,
    deadlineMs = READ_DEADLINE_MS,
  ): Promise<T> {
    return callAzure({ subject: subjectOf(armId, issuer.tenant), signal, deadlineMs }, async (abort) =>
      call(await this.clients.anyResource(issuer), abort),
    );
  }
}
