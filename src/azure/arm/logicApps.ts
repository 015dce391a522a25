import type { CancelSignal } from '../../base/cancel.ts';
import { toAppError } from '../../base/errors.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { LogicAppNow, LogicAppsPort, WorkflowProperties } from '../../ports/logicApps.ts';
import { callAzure, READ_DEADLINE_MS } from '../calls.ts';
import type { AzureClients } from '../clients.ts';
import { subjectOf } from '../errors/subject.ts';

const VERSION = '2019-05-01';

interface Wire {
  readonly id?: string;
  readonly name?: string;
  readonly location?: string;
  readonly identity?: { readonly principalId?: string };
  readonly properties?: {
    readonly state?: string;
    readonly definition?: object;
    readonly parameters?: WorkflowProperties['parameters'];
  };
}

/** Logic Apps (Consumption) through Resource Manager. */
export class LogicAppsClient implements LogicAppsPort {
  private readonly clients: Pick<AzureClients, 'anyResource'>;

  constructor(clients: Pick<AzureClients, 'anyResource'>) {
    this.clients = clients;
  }

  async logicApp(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<LogicAppNow | undefined> {
    try {
      return await callAzure(
        { subject: subjectOf(armId, issuer.tenant), signal, deadlineMs: READ_DEADLINE_MS },
        async (abort) =>
          toLogicApp(armId, (await (await this.clients.anyResource(issuer)).get(armId, VERSION, abort)) as Wire),
      );
    } catch (thrown) {
      if (toAppError(thrown).code === 'access.notFound') return undefined;
      throw thrown;
    }
  }

  putLogicApp(
    issuer: Issuer,
    armId: string,
    { region, properties }: { readonly region: string; readonly properties: WorkflowProperties },
    signal?: CancelSignal,
  ): Promise<void> {
    const body = { location: region, identity: { type: 'SystemAssigned' }, properties };
    return callAzure(
      { subject: subjectOf(armId, issuer.tenant), signal, deadlineMs: READ_DEADLINE_MS },
      async (abort) => (await this.clients.anyResource(issuer)).send('PUT', armId, VERSION, body, abort),
    );
  }
}

function toLogicApp(armId: string, { id, name, location, identity, properties }: Wire): LogicAppNow {
  const { state, definition = {}, parameters = {} } = properties ?? {};
  return {
    armId: id ?? armId,
    name: name ?? '',
    region: location ?? '',
    ...(identity?.principalId ? { principalId: identity.principalId } : {}),
    properties: { state: state === 'Disabled' ? 'Disabled' : 'Enabled', definition, parameters },
  };
}
