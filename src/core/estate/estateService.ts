import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { Clock } from '../../base/clock.ts';
import { AppError, cancelled } from '../../base/errors.ts';
import { Emitter } from '../../base/event.ts';
import type { Event } from '../../base/event.ts';
import { SILENT } from '../../base/log.ts';
import type { Log } from '../../base/log.ts';
import { LocalSignal } from '../../base/rpc.ts';
import type { AccessPath, Estate, Workspace, WorkspaceFunction, WorkspaceTable } from '../../model/estate.ts';
import type { TenantId, WorkspaceKey } from '../../model/ids.ts';
import { toWorkspaceKey } from '../../model/ids.ts';
import { NO_CUSTOMERS } from '../customers/customersFile.ts';
import type { CustomersFile } from '../customers/customersFile.ts';
import type { AccountSource } from '../../ports/accounts.ts';
import type { DirectoryPort, WorkspaceListing } from '../../ports/directory.ts';
import type { Issuer } from '../../ports/issuer.ts';
import { assembleEstate } from './assemble.ts';
import { discover } from './discover.ts';
import { issuerOf } from './path.ts';
import { Sightings } from './sightings.ts';

/** What discovery asks: who is signed in, what each sees, and which customers the file names. */
export interface EstatePorts {
  readonly accounts: AccountSource;
  readonly directory: DirectoryPort;
  readonly customers: { load(): Promise<CustomersFile> };
  readonly clock: Clock;
  /** The cloud's name, for the picture. */
  readonly cloud: string;
  readonly log?: Log;
}

/** Partial pictures come at most this often: a tree cannot show more, and a thousand tenants would each redraw it. */
const EMIT_EVERY_MS = 150;
/**
 * A large estate's pictures take long to make and to hand on; so many times as long passes before the next, for the
 * load itself to go on.
 */
const PAUSE_PER_PICTURE = 5;
/**
 * Resource Graph lags behind Resource Manager by up to some minutes; for so long our own doings are laid over its
 * answer.
 */
const TRUST_OWN_CHANGES_MS = 10 * 60_000;

type Change = { readonly at: number } & (
  | { readonly kind: 'present'; readonly listing: WorkspaceListing; readonly path: AccessPath }
  | { readonly kind: 'gone' }
);

/** Everything this person can see. One load at a time, shared by everybody who asks; partial pictures on the way. */
export class EstateService {
  private readonly ports: EstatePorts;
  private readonly log: Log;
  private readonly emitter = new Emitter<Estate>();
  private readonly changes = new Map<WorkspaceKey, Change>();
  private readonly details = new Map<string, Promise<unknown>>();
  private estate: Estate | undefined;
  private loading: { readonly result: Promise<Estate>; readonly abort: LocalSignal; waiters: number } | undefined;
  private seen: Sightings | undefined;
  private file: CustomersFile = NO_CUSTOMERS;
  private readonly expected = new Set<TenantId>();

  /** Fires with every new picture, the partial ones of a running load too. */
  readonly onDidChange: Event<Estate> = this.emitter.event;

  constructor(ports: EstatePorts) {
    this.ports = ports;
    this.log = ports.log ?? SILENT;
  }

  /** The latest picture, partial while a first load runs. */
  get current(): Estate | undefined {
    return this.estate;
  }
  get isLoading(): boolean {
    return this.loading !== undefined;
  }

  /**
   * The picture kept from before unless `refresh`. Rejects only when cancelled or when there is no account at all
   * (`auth.signInRequired`).
   */
  async load(options: { readonly refresh?: boolean; readonly signal?: CancelSignal } = {}): Promise<Estate> {
    if (options.signal?.aborted) throw cancelled();
    if (!this.loading) {
      if (this.estate && this.seen && !options.refresh) return this.estate;
      const abort = new LocalSignal();
      const result = this.reload(abort).finally(() => {
        this.loading = undefined;
      });
      this.loading = { result, abort, waiters: 0 };
    }
    return this.wait(this.loading, options.signal ?? NEVER);
  }

  /**
   * Tenants that no file of customers names yet: from the next load on, applications that are signed in try them, too,
   * for nothing tells an application where it was installed.
   */
  expect(tenants: readonly TenantId[]): void {
    for (const tenant of tenants) this.expected.add(tenant);
  }

  /** The tables of a workspace with plan and retention, kept until the next refresh. */
  tables(workspace: Workspace, signal?: CancelSignal): Promise<readonly WorkspaceTable[]> {
    return this.detail(`tables ${workspace.key}`, workspace, (issuer) =>
      this.ports.directory.tables(issuer, workspace.armId, signal),
    );
  }

  functions(workspace: Workspace, signal?: CancelSignal): Promise<readonly WorkspaceFunction[]> {
    return this.detail(`functions ${workspace.key}`, workspace, (issuer) =>
      this.ports.directory.functions(issuer, workspace.armId, signal),
    );
  }

  /**
   * We created or changed it ourselves: it is in the picture at once, and stays while the service's index catches up.
   */
  notePresent(listing: WorkspaceListing, path: AccessPath): void {
    this.note(listing.armId, { kind: 'present', listing, path, at: this.ports.clock.now() });
  }

  noteGone(workspace: WorkspaceKey): void {
    this.note(workspace, { kind: 'gone', at: this.ports.clock.now() });
  }

  /** Our access to these ended: what we noted of them holds no more, and the next refresh says what is still seen. */
  noteUnreached(workspaces: readonly WorkspaceKey[]): void {
    for (const key of workspaces) if (this.changes.get(key)?.kind === 'present') this.changes.delete(key);
  }

  private note(armId: string, change: Change): void {
    this.changes.set(toWorkspaceKey(armId), change);
    if (this.seen) this.show(this.seen, !this.loading);
  }

  private async reload(signal: CancelSignal): Promise<Estate> {
    const started = this.ports.clock.now(),
      sightings = new Sightings(),
      before = this.estate;
    this.details.clear();
    this.file = await this.ports.customers.load();
    let next = started + EMIT_EVERY_MS;
    await discover(
      this.ports,
      this.file,
      this.expected,
      sightings,
      () => {
        // A refresh keeps the old picture until the new one is complete: a tree must not lose its branches to gain them
        // again.
        const now = this.ports.clock.now();
        if (before || signal.aborted || now < next) return;
        this.show(sightings, false);
        const shown = this.ports.clock.now();
        next = shown + Math.max(EMIT_EVERY_MS, PAUSE_PER_PICTURE * (shown - now));
      },
      signal,
    );
    if (signal.aborted) throw cancelled();
    const estate = this.show(sightings, true);
    if (sightings.accounts.length === 0) {
      this.seen = undefined;
      throw new AppError('auth.signInRequired', 'Nobody is signed in. Sign in to Azure to see your customers.');
    }
    this.seen = sightings;
    this.log.info('estate loaded', {
      ms: this.ports.clock.now() - started,
      tenants: estate.tenants.length,
      workspaces: estate.workspaces.length,
      problems: estate.problems.length,
    });
    return estate;
  }

  private show(sightings: Sightings, complete: boolean): Estate {
    const now = this.ports.clock.now();
    for (const [key, change] of this.changes) {
      if (now - change.at > TRUST_OWN_CHANGES_MS) {
        this.changes.delete(key);
        continue;
      }
      if (change.kind === 'gone') {
        sightings.workspaces.delete(key);
        continue;
      }
      const paths = sightings.workspaces.get(key)?.paths ?? [change.path];
      sightings.workspaces.set(key, { listing: change.listing, paths });
    }
    this.estate = assembleEstate(sightings, this.file, {
      cloud: this.ports.cloud,
      seenAt: new Date(now).toISOString(),
      complete,
    });
    this.emitter.fire(this.estate);
    return this.estate;
  }

  /** The work itself ends only when the last of those who wait for it has given up. */
  private wait(loading: NonNullable<typeof this.loading>, signal: CancelSignal): Promise<Estate> {
    loading.waiters++;
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        signal.removeEventListener('abort', onAbort);
      };
      const onAbort = (): void => {
        settle();
        if (--loading.waiters === 0) loading.abort.abort();
        reject(cancelled());
      };
      signal.addEventListener('abort', onAbort);
      loading.result.finally(settle).then(resolve, reject);
    });
  }

  private async detail<T>(key: string, workspace: Workspace, fetch: (issuer: Issuer) => Promise<T>): Promise<T> {
    const known = this.details.get(key);
    if (known) return known as Promise<T>;
    const fetched = fetch(issuerOf(workspace));
    this.details.set(key, fetched);
    fetched.catch(() => {
      if (this.details.get(key) === fetched) this.details.delete(key);
    });
    return fetched;
  }
}
