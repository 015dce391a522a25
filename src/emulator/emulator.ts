import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalEngine } from '../engine/face.ts';
import { removePath } from '../engine/replaceFile.ts';
import type { Cloud, SampleAccount } from '../model/cloud.ts';
import { registerAdmin } from './admin.ts';
import { registerArm } from './arm/routes.ts';
import { CallLog } from './calls.ts';
import { emptyWorld } from './emptyWorld.ts';
import { FaultBook, type FaultRule } from './faults.ts';
import { registerGraph } from './graph/routes.ts';
import { Inbox } from './inbox.ts';
import { registerIdentity } from './identity/routes.ts';
import { SignIns } from './identity/signIns.ts';
import { TokenIssuer } from './identity/tokens.ts';
import { loadKeys } from './keyStore.ts';
import { registerKusto } from './kusto/routes.ts';
import { registerMicrosoftGraph } from './msgraph/routes.ts';
import { registerLogs } from './logs/routes.ts';
import type { LogSource } from './logs/source.ts';
import { AgentFlows } from './ingestion/agentFlows.ts';
import { IngestedRows } from './ingestion/ingestedRows.ts';
import { registerStreams } from './ingestion/streams.ts';
import { Router, type Deps } from './router.ts';
import { EmulatorServer } from './server.ts';
import { loadSnapshot, SnapshotWriter } from './snapshot.ts';
import type { World } from './state.ts';

/** What an emulator is started with. */
export interface EmulatorOptions {
  /** What exists; an empty world unless given. */
  readonly world?: World;
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** Address to listen on; 127.0.0.1 unless given. */
  readonly host?: string;
  /** Further host names the certificate is good for. */
  readonly hosts?: readonly string[];
  /** Directory the state is loaded from and saved to. */
  readonly stateDir?: string;
  readonly faults?: readonly FaultRule[];
  /** Milliseconds until rows that were sent to the Logs Ingestion API or queued for a cluster can be seen; or 0. */
  readonly ingestionDelayMs?: number;
  /** Milliseconds until an agent sees that it is to follow another collection rule; or 3 minutes, as agents take. */
  readonly agentDelayMs?: number;
  /** Long-running operations: how long (default 1,500 ms), and the Retry-After they tell (default 1 s). */
  readonly operations?: { readonly durationMs: number; readonly retryAfterSeconds: number };
  /** Rows for the query API, e.g. the sample estate's. */
  readonly logs?: LogSource;
  /** Is told of what goes wrong beside the answers, e.g. a state that cannot be saved. */
  readonly onProblem?: (message: string) => void;
  /** Brings another engine than the product's own. */
  readonly engine?: () => Promise<LocalEngine>;
}

/** A running emulator. */
export interface Emulator {
  readonly url: string;
  readonly cloud: Cloud;
  /** PEM of the authority that signed the server's certificate. */
  readonly ca: string;
  readonly world: World;
  readonly faults: FaultBook;
  readonly calls: CallLog;
  /** What came in at addresses `/_emulator/inbox/NAME`, as webhooks do. */
  readonly inbox: Inbox;
  /** Evaluates the alert rules that are due by the emulated time; `all`: every one of them. */
  evaluateAlerts(
    all?: boolean,
  ): Promise<{ readonly evaluated: number; readonly fired: number; readonly resolved: number }>;
  /** For `/_emulator/...`. */
  readonly adminToken: string;
  /** Answers a waiting device sign-in as this user (undefined: declines); the latest one unless a code is given. */
  answerDevice(username: string | undefined, userCode?: string): boolean;
  /** Loads the engine and asks it something small, so that the first query need not wait for it. */
  warmUp(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the emulated Azure: one HTTPS listener for all of its services. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const world = options.world ?? emptyWorld();
  const closers: (() => void | Promise<void>)[] = [];
  const { certificates, tokenKey } = await loadKeys(options.hosts ?? [], options.stateDir);
  const writer =
    options.stateDir === undefined
      ? undefined
      : await keepState(world, options.stateDir, options.onProblem ?? (() => undefined));

  const afterEngine: (() => Promise<void>)[] = [];
  let engine: Promise<LocalEngine> | undefined;
  const openedEngine = (): Promise<LocalEngine> => (engine ??= options.engine?.() ?? openOwnEngine(afterEngine));
  let url = '';
  const ingested = new IngestedRows(world.clock, openedEngine, options.ingestionDelayMs ?? 0);
  const deps: Deps = {
    tokens: new TokenIssuer(tokenKey, world.clock),
    faults: new FaultBook(world.clock),
    calls: new CallLog(),
    ingested,
    agents: new AgentFlows(world, ingested, options.ingestionDelayMs ?? 0, options.agentDelayMs),
    engine: openedEngine,
    own: { url: () => url, ca: certificates.ca },
    operations: options.operations ?? { durationMs: 1_500, retryAfterSeconds: 1 },
    queuedMs: options.ingestionDelayMs ?? 0,
    ...(options.logs ? { logs: options.logs } : {}),
    onClose: (action) => {
      closers.push(action);
    },
    ...(options.stateDir === undefined ? {} : { stateDir: options.stateDir }),
  };
  for (const rule of options.faults ?? []) deps.faults.add(rule);

  const adminToken = randomBytes(24).toString('base64url');
  const signIns = new SignIns(world);
  const router = new Router();
  const inbox = new Inbox(world);
  registerKusto(router, world, deps);
  const logs = registerLogs(router, world, deps);
  registerIdentity(router, world, deps, signIns);
  registerGraph(router, world, deps);
  registerMicrosoftGraph(router, world);
  const alerts = registerArm(router, world, deps, { logs, ca: certificates.ca });
  registerStreams(router, world, deps);
  registerAdmin(router, world, deps, { token: adminToken, inbox, alerts });

  const server = new EmulatorServer(router, world, deps, certificates);
  const port = await server.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  url = `https://localhost:${port}`;
  return {
    url,
    cloud: toCloud(url, certificates.ca),
    ca: certificates.ca,
    world,
    faults: deps.faults,
    calls: deps.calls,
    inbox,
    evaluateAlerts: (all) => alerts.run(all),
    adminToken,
    answerDevice: (username, userCode) =>
      signIns.answerDevice(userCode, username === undefined ? undefined : signIns.findUser(username)),
    async warmUp() {
      const { tables } = await (await deps.engine()).query('print 1', { database: { name: 'none', tables: [] } });
      for (const table of tables) await table.dispose();
    },
    async close() {
      await server.close();
      for (const action of closers.reverse()) await action();
      await writer?.close();
      await engine?.then(
        (opened) => opened.close(),
        () => undefined,
      );
      for (const action of afterEngine) await action();
    },
  };
}

async function keepState(world: World, dir: string, onProblem: (message: string) => void): Promise<SnapshotWriter> {
  await loadSnapshot(world, dir);
  return new SnapshotWriter(world, dir, onProblem);
}

/** The product's own engine; what does not fit in memory goes to a directory that is removed with the engine. */
async function openOwnEngine(closers: (() => Promise<void>)[]): Promise<LocalEngine> {
  const { openEngine } = await import('../engine/openEngine.ts');
  const tempDirectory = await mkdtemp(join(tmpdir(), 'tenantscope-emulator-'));
  closers.push(() => removePath(tempDirectory));
  return openEngine({ memoryLimitMb: 2_048, tempDirectory });
}

function toCloud(url: string, ca: string): Cloud {
  return {
    name: 'emulator',
    authority: url,
    resourceManager: url,
    resourceManagerAudience: 'https://management.azure.com',
    logAnalytics: url,
    logAnalyticsAudience: 'https://api.loganalytics.io',
    ingestion: { audience: 'https://monitor.azure.com', hosts: url },
    microsoftGraph: { audience: 'https://graph.microsoft.com', origin: url },
    portal: `${url}/portal`,
    ca,
  };
}

/**
 * The applications of a world with their secrets, as a ready file brings them: one line per tenant the application
 * exists in.
 */
export function sampleAccounts(world: World): SampleAccount[] {
  return [...world.accounts.values()].flatMap((account) => {
    const { appId: clientId, secrets, username } = account;
    const clientSecret = secrets?.[0];
    if (clientId === undefined || clientSecret === undefined) return [];
    return [account.homeTenantId, ...account.memberships.map((membership) => membership.tenantId)].map((tenantId) => ({
      tenantId,
      clientId,
      clientSecret,
      username,
    }));
  });
}
