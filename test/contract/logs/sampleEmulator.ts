import { EmulatedClock } from '../../../src/emulator/clock.ts';
import { emptyWorld } from '../../../src/emulator/emptyWorld.ts';
import { startEmulator, type Emulator } from '../../../src/emulator/emulator.ts';
import type { Account, Tenant, Workspace } from '../../../src/emulator/state.ts';
import { addSampleEstate, type SampleEstate, type SampleOptions } from '../../../src/emulator/world/sample.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { ask, type RawAnswer } from '../emulator/smallEstate.ts';

export const LOGS_SCOPE = 'https://api.loganalytics.io/.default';
/** The emulated time of these tests stands still. */
export const NOW = '2026-03-02T10:00:00.000Z';

export interface Table {
  readonly name: string;
  readonly columns: { readonly name: string; readonly type: string }[];
  readonly rows: unknown[][];
}
export interface QueryBody {
  readonly tables: Table[];
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly details?: {
      readonly code: string;
      readonly innererror?: { readonly code: string; readonly message: string; readonly severity: number };
    }[];
  };
  readonly [member: string]: unknown;
}
export interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly correlationId?: string;
    readonly innererror?: {
      readonly code: string;
      readonly message?: string;
      readonly innererror?: Record<string, unknown>;
    };
  };
}

/** The sample estate behind a running emulator, with the provider's application signed in. */
export class SampleEmulator {
  readonly emulator: Emulator;
  readonly sample: SampleEstate;
  readonly clock: EmulatedClock;
  private constructor(emulator: Emulator, sample: SampleEstate, clock: EmulatedClock) {
    this.emulator = emulator;
    this.sample = sample;
    this.clock = clock;
  }

  static async start(options: SampleOptions = {}): Promise<SampleEmulator> {
    const clock = new EmulatedClock(Date.parse(NOW), true);
    const world = emptyWorld({ seed: 1, clock });
    const sample = await addSampleEstate(world, options);
    return new SampleEmulator(
      await startEmulator({ world, logs: sample.logs, engine: () => openEngine({ memoryLimitMb: 1_000 }) }),
      sample,
      clock,
    );
  }

  workspace(name: string): Workspace {
    const found = [...this.emulator.world.workspaces.values()].find((workspace) => workspace.name === name);
    if (!found) throw new Error(`the sample estate has no workspace ${name}`);
    return found;
  }

  id(name: string): string {
    return this.workspace(name).properties.customerId;
  }

  tenant(displayName: string): Tenant {
    return [...this.emulator.world.tenants.values()].find((tenant) => tenant.displayName === displayName)!;
  }

  /** A token of the application, of its own tenant unless another is named. */
  async token(
    scope = LOGS_SCOPE,
    tenant = 'Northbridge Managed Services',
    account: Account = this.sample.automation,
  ): Promise<string> {
    const grant: Record<string, string> =
      account.kind === 'user'
        ? {
            grant_type: 'password',
            username: account.username,
            password: account.password!,
            client_id: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
          }
        : { grant_type: 'client_credentials', client_id: account.appId!, client_secret: account.secrets![0]! };
    const answer = await ask(this.emulator, `/${this.tenant(tenant).tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({ ...grant, scope }).toString(),
    });
    return answer.json<{ access_token: string }>().access_token;
  }

  /** POSTs a query to a workspace as the application. */
  async query(
    workspace: string,
    query: string,
    more: {
      readonly body?: object;
      readonly headers?: Record<string, string>;
      readonly token?: string;
      readonly endpoint?: string;
      readonly urlQuery?: string;
    } = {},
  ): Promise<RawAnswer> {
    return ask(
      this.emulator,
      `/v1/workspaces/${this.id(workspace)}/${more.endpoint ?? 'query'}${more.urlQuery ?? ''}`,
      {
        method: 'POST',
        token: more.token ?? (await this.ownToken()),
        ...(more.headers ? { headers: more.headers } : {}),
        body: { query, ...more.body },
      },
    );
  }

  /** The rows of a query's only table; throws with the service's words where there is none. */
  async rows(
    workspace: string,
    query: string,
    more: Parameters<SampleEmulator['query']>[2] = {},
  ): Promise<unknown[][]> {
    const answer = await this.query(workspace, query, more);
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
    return answer.json<QueryBody>().tables[0]!.rows;
  }

  private own: Promise<string> | undefined;
  private ownToken(): Promise<string> {
    return (this.own ??= this.token());
  }
}
