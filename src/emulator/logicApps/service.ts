import { findAudience } from '../identity/audiences.ts';
import type { TokenClaims } from '../identity/bearer.ts';
import { freshGuid } from '../ids.ts';
import { findSubscription } from '../lookup.ts';
import type { Deps } from '../router.ts';
import type { World } from '../state.ts';
import { latestOccurrence } from './recurrence.ts';
import { runDefinition } from './run.ts';
import type { Json } from '../expressionReader.ts';
import type { LogicApp, WorkflowRun } from './workflow.ts';

/** Runs that are kept of a workflow: the service keeps those of 90 days. */
const KEPT_RUNS = 100;
const LOOK_MS = 1_000;
const HOUR_S = 3_600;

/** Starts workflows by the emulator's clock and when they are told to, and runs them. */
export class LogicAppService {
  private readonly world: World;
  private readonly deps: Deps;
  private readonly stop = new AbortController();
  private readonly atWork = new Map<string, Set<Promise<void>>>();
  private readonly timer: NodeJS.Timeout;
  private readonly stopListening: () => void;

  constructor(world: World, deps: Deps) {
    this.world = world;
    this.deps = deps;
    this.timer = setInterval(() => {
      this.look();
    }, LOOK_MS);
    this.timer.unref();
    // Whoever moves the clock says so.
    this.stopListening = world.onChange(() => {
      this.look();
    });
  }

  /** Starts what has come due since the last look. */
  look(): void {
    const now = this.world.clock.now();
    for (const app of this.world.logicApps.values()) {
      const from = Math.min(app.lookedAt, now);
      app.lookedAt = now;
      if (app.state !== 'Enabled') continue;
      for (const [name, trigger] of Object.entries(app.definition.triggers ?? {})) {
        const due = latestOccurrence(trigger, Date.parse(app.createdTime), from, now);
        if (due !== undefined) this.start(app, name, due);
      }
    }
  }

  /** Starts a run, or has it wait for those before it where the trigger allows only so many at once. */
  start(app: LogicApp, trigger: string, scheduled?: number): WorkflowRun {
    const { clock } = this.world;
    const run: WorkflowRun = {
      name: `0858${freshGuid().replaceAll(/\D/g, '').padEnd(25, '0').slice(0, 25)}CU00`,
      trigger: { name: trigger, ...(scheduled === undefined ? {} : { scheduledTime: clock.iso(scheduled) }) },
      startTime: clock.iso(),
      status: 'Waiting',
      actions: [],
    };
    app.runs = [run, ...app.runs].slice(0, KEPT_RUNS);
    const running = this.atWork.get(app.id) ?? new Set();
    this.atWork.set(app.id, running);
    const most = app.definition.triggers?.[trigger]?.runtimeConfiguration?.concurrency?.runs ?? Infinity;
    const before = [...running];
    const work = (async () => {
      while (before.length >= most) await before.shift();
      await this.run(app, run);
    })();
    running.add(work);
    void work.finally(() => running.delete(work));
    this.world.touch();
    return run;
  }

  /** Ends what is running and waits for it. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    this.stopListening();
    this.stop.abort();
    await Promise.allSettled([...this.atWork.values()].flatMap((running) => [...running]));
  }

  private async run(app: LogicApp, run: WorkflowRun): Promise<void> {
    const { world, deps } = this;
    const { signal } = this.stop;
    // As it was when the run began, whatever is put meanwhile.
    const { definition, parameters } = app;
    run.status = 'Running';
    const given: Record<string, Json> = {};
    for (const [name, { defaultValue }] of Object.entries(definition.parameters ?? {}))
      given[name] = parameters[name]?.value ?? defaultValue ?? null;
    const ended = new Map<string, WorkflowRun['actions'][number]>();
    const { status, error } = await runDefinition(definition, {
      own: { url: deps.own.url(), ca: deps.own.ca },
      token: (audience) => this.token(app, audience),
      elapsed: () => world.clock.elapsed(),
      sleep: (ms) => this.sleep(ms),
      signal,
      now: () => world.clock.iso(),
      trigger: { startTime: run.startTime, ...run.trigger },
      parameters: given,
      ended: (record) => {
        const known = ended.get(record.name);
        // Of an action in a loop: one that failed is not hidden by a later one that did not.
        if (known?.status !== 'Failed') ended.set(record.name, record);
        run.actions = [...ended.values()];
      },
    });
    run.status = signal.aborted ? 'Cancelled' : status;
    if (error) run.error = error;
    run.endTime = world.clock.iso();
    world.touch();
  }

  /** An access token of the workflow's identity, for who serves that audience. */
  private token({ principalId, subscriptionId, id }: LogicApp, audience: string): string | undefined {
    const { world, deps } = this;
    const tenantId = findSubscription(world, subscriptionId)?.tenantId;
    if (principalId === undefined || tenantId === undefined || !findAudience(audience, deps.own.url()))
      return undefined;
    const account = world.accounts.get(principalId.toLowerCase());
    if (!account) return undefined;
    const issued = Math.floor(world.clock.now() / 1_000);
    const claims: TokenClaims = {
      aud: audience,
      iss: `https://sts.windows.net/${tenantId}/`,
      iat: issued,
      nbf: issued,
      exp: issued + 24 * HOUR_S,
      tid: tenantId,
      oid: principalId,
      sub: principalId,
      appid: account.appId ?? world.guid('application of a workflow', id),
      idtyp: 'app',
      ver: '1.0',
      uti: freshGuid().replaceAll('-', '').slice(0, 22),
      roles: [],
    };
    return deps.tokens.sign(claims);
  }

  /** By the emulated clock: who moves that on need not wait. */
  private async sleep(ms: number): Promise<void> {
    const { clock } = this.world;
    const { signal } = this.stop;
    const until = clock.elapsed() + ms;
    while (!signal.aborted && clock.elapsed() < until)
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, Math.min(20, Math.max(1, until - clock.elapsed())));
        signal.addEventListener('abort', wake, { once: true });
      });
  }
}
