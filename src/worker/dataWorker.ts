import type { CancelSignal } from '../base/cancel.ts';
import { AppError } from '../base/errors.ts';
import { DisposableStore } from '../base/disposable.ts';
import type { Log } from '../base/log.ts';
import type { Channel, Handlers } from '../base/rpc.ts';
import { lastDataOf } from '../core/runs/lastData.ts';
import type { Estate, Workspace } from '../model/estate.ts';
import type { WorkspaceKey } from '../model/ids.ts';
import type { HostContract, WorkerContract, WorkerSettings } from '../protocol/worker.ts';
import { provisionHandlers } from './provisionHandlers.ts';
import { Session } from './session.ts';
import { toScopeSchema } from './scopeSchema.ts';
import { tokenSourceOf } from './tokens.ts';

type HostChannel = Channel<WorkerContract, HostContract>;

/** The worker's side of the contract: one session at a time, replaced when the cloud or the storage changes. */
export class DataWorker {
  private session: Session | undefined;
  private settings: WorkerSettings | undefined;
  private readonly listeners = new DisposableStore();
  private sessionListeners = new DisposableStore();
  private readonly channel: () => HostChannel;
  private readonly version: string;

  constructor(channel: () => HostChannel, version: string) {
    this.channel = channel;
    this.version = version;
  }

  readonly handlers: Handlers<WorkerContract> = {
    configure: (settings) => this.configure(settings),
    'estate.load': ({ refresh }, signal) => this.live.estate.load({ refresh, signal }),
    'estate.tables': async ({ workspace }, signal) => [
      ...(await this.live.estate.tables(await this.workspace(workspace, signal), signal)),
    ],
    'estate.functions': async ({ workspace }, signal) => [
      ...(await this.live.estate.functions(await this.workspace(workspace, signal), signal)),
    ],
    'estate.lastData': async ({ workspaces }, signal) =>
      lastDataOf(await this.workspaces(workspaces, signal), this.live.logs, this.live.scheduler, signal),
    'schema.forScope': async ({ workspaces }, signal) =>
      toScopeSchema(await this.live.schemas.forScope(workspaces, signal)),
    'runs.start': async (request) => ({ run: await this.live.runs.start(request) }),
    'runs.cancel': ({ run }) => {
      this.live.runs.cancel(run);
      return null;
    },
    'runs.retry': ({ run }) => {
      this.live.runs.retry(run);
      return null;
    },
    'runs.rows': ({ run, ...question }) => this.live.runs.rows(run).window(question),
    'runs.statistics': ({ run, column, filters }) => this.live.runs.rows(run).statistics(column, filters),
    'runs.chart': ({ run, ...question }) => this.live.runs.rows(run).chart(question),
    'runs.export': async ({ run, path, format, ...options }, signal) => ({
      rows: await this.live.runs.rows(run).export(path, format, { ...options, signal }),
    }),
    'runs.list': async () => {
      await this.live.ready();
      return this.live.runs.list();
    },
    'runs.discard': async ({ run }) => {
      await this.live.runs.discard(run);
      return null;
    },
    ...provisionHandlers(
      () => this.live,
      (token, progress) => {
        this.channel().emit('provision.progress', { token, progress });
      },
    ),
  };

  async close(): Promise<void> {
    this.listeners.dispose();
    this.sessionListeners.dispose();
    await this.session?.close();
  }

  private get live(): Session {
    if (!this.session) throw new AppError('bug.notConfigured', 'The data worker was asked before it was configured.');
    return this.session;
  }

  private async configure(settings: WorkerSettings): Promise<WorkerContract['requests']['configure']['output']> {
    const before = this.settings;
    this.settings = settings;
    const { session } = this;
    if (session && before && sameEnds(before, settings)) {
      session.customers = settings.customersFiles;
      if (JSON.stringify(before.customersFiles) !== JSON.stringify(settings.customersFiles) && session.estate.current)
        void session.estate.load({ refresh: true }).catch(() => undefined);
    } else {
      this.sessionListeners.dispose();
      await session?.close();
      this.session = this.open(settings);
    }
    const { problems } = await this.live.customersSource().load();
    return { problems: problems.map(({ file, line, message }) => ({ label: file, line, message })) };
  }

  private open(settings: WorkerSettings): Session {
    const session = new Session(settings, tokenSourceOf(settings, this.channel), this.log(), this.version);
    this.sessionListeners = new DisposableStore();
    this.sessionListeners.add(
      session.estate.onDidChange((estate) => {
        this.channel().emit('estate.changed', estate);
      }),
    );
    this.sessionListeners.add(
      session.runs.changed((run) => {
        this.channel().emit('run.changed', run);
      }),
    );
    return session;
  }

  private log(): Log {
    const say =
      (level: 'debug' | 'info' | 'warn') =>
      (message: string, fields: Record<string, string | number | boolean> = {}): void => {
        this.channel().emit('log', {
          level,
          message: [message, ...Object.entries(fields).map(([key, value]) => `${key}=${value}`)].join(' '),
        });
      };
    return { debug: say('debug'), info: say('info'), warn: say('warn') };
  }

  private async workspaces(keys: readonly WorkspaceKey[], signal: CancelSignal): Promise<Workspace[]> {
    const estate: Estate = await this.live.estate.load({ signal });
    const wanted = new Set(keys);
    return estate.workspaces.filter((workspace) => wanted.has(workspace.key));
  }

  private async workspace(key: WorkspaceKey, signal: CancelSignal): Promise<Workspace> {
    const [workspace] = await this.workspaces([key], signal);
    if (!workspace)
      throw new AppError('input.unknownWorkspace', 'This workspace is no longer in your estate. Refresh the estate.');
    return workspace;
  }
}

/** Whether the session can go on: only the customers may have changed. */
function sameEnds(a: WorkerSettings, b: WorkerSettings): boolean {
  const ends = ({ customersFiles: _files, ...rest }: WorkerSettings): string => JSON.stringify(rest);
  return ends(a) === ends(b);
}
