import type { CancelSignal } from '../base/cancel.ts';
import { DisposableStore } from '../base/disposable.ts';
import { AppError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Workspace } from '../model/estate.ts';
import type { WorkspaceKey } from '../model/ids.ts';
import type { CustomersProblem } from '../model/customersProblem.ts';
import { KEEP_LIMITS } from '../model/keepLimits.ts';
import type { WorkerSettings } from '../protocol/settings.ts';
import { lakeOf, Session } from './session.ts';
import { tokenSourceOf } from './tokens.ts';
import type { HostChannel } from './tokens.ts';

/**
 * What the handlers of every feature work on: one session at a time, replaced when the cloud or the storage changes.
 */
export class CurrentSession {
  private session: Session | undefined;
  private settings: WorkerSettings | undefined;
  private configuring: Promise<unknown> = Promise.resolve();
  private listeners = new DisposableStore();
  private readonly channel: () => HostChannel;
  private readonly version: string;

  constructor(channel: () => HostChannel, version: string) {
    this.channel = channel;
    this.version = version;
  }

  /** Throws `bug.notConfigured` before the first `configure`. */
  get live(): Session {
    if (!this.session) throw new AppError('bug.notConfigured', 'The data worker was asked before it was configured.');
    return this.session;
  }

  /**
   * Takes the settings up; where only the customers, the lake or the limits of what is kept changed, the session and
   * all its runs go on.
   */
  configure(settings: WorkerSettings): Promise<{ problems: readonly CustomersProblem[] }> {
    // One after the other: two at once would each open a session, and one would never be closed.
    const done = this.configuring.then(() => this.takeUp(settings));
    this.configuring = done.catch(() => undefined);
    return done;
  }

  private async takeUp(settings: WorkerSettings): Promise<{ problems: readonly CustomersProblem[] }> {
    const before = this.settings;
    this.settings = settings;
    const { session } = this;
    if (session && before && sameEnds(before, settings)) {
      session.customers = settings.customersFiles;
      session.lake = lakeOf(settings);
      session.keepLimits = settings.keepLimits ?? KEEP_LIMITS;
      if (JSON.stringify(before.customersFiles) !== JSON.stringify(settings.customersFiles) && session.estate.current)
        void session.estate.load({ refresh: true }).catch(() => undefined);
    } else {
      this.listeners.dispose();
      await session?.close();
      this.session = this.open(settings);
    }
    const { problems } = await this.live.customersSource().load();
    return { problems };
  }

  /** Rejects with `input.unknownWorkspace` where it is gone. */
  async workspace(key: WorkspaceKey, signal: CancelSignal): Promise<Workspace> {
    const estate = await this.live.estate.load({ signal });
    const workspace = estate.workspaces.find((entry) => entry.key === key);
    if (!workspace)
      throw new AppError('input.unknownWorkspace', 'This workspace is no longer in your estate. Refresh the estate.');
    return workspace;
  }

  async close(): Promise<void> {
    this.listeners.dispose();
    await this.session?.close();
  }

  private open(settings: WorkerSettings): Session {
    const session = new Session(settings, tokenSourceOf(settings, this.channel), this.log(), this.version);
    this.listeners = new DisposableStore();
    this.listeners.add(
      session.estate.onDidChange((estate) => {
        this.channel().emit('estate.changed', estate);
      }),
    );
    this.listeners.add(
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
}

/** Whether the session can go on: only the customers and the limits of what is kept may have changed. */
function sameEnds(a: WorkerSettings, b: WorkerSettings): boolean {
  const ends = ({ customersFiles: _f, keepLimits: _k, lakeDirectory: _l, ...rest }: WorkerSettings): string =>
    JSON.stringify(rest);
  return ends(a) === ends(b);
}
