import { freshGuid } from '../ids.ts';
import type { Fault } from '../faults.ts';
import type { Answer, RequestContext } from '../router.ts';
import type { World } from '../state.ts';

interface OperationFailure {
  readonly code: string;
  readonly message: string;
}

type Finished = OperationFailure | undefined | void;
/** What takes a while by itself is `InProgress` until it is over. */
type Finish = (prescribed: OperationFailure | undefined) => Finished | Promise<Finished>;

interface LongOperation {
  readonly id: string;
  /** The operation's resource, or the name its status carries. */
  readonly name: string;
  readonly startTime: string;
  readonly due: number;
  endTime?: string;
  status: 'InProgress' | 'Succeeded' | 'Failed';
  failure?: OperationFailure | undefined;
  finishing?: true;
  /** Body of the finished Location poll. */
  readonly result?: () => object | undefined;
  /** Does what the operation is for; a failure it returns is the operation's. */
  readonly finish: Finish;
}

/**
 * Operations that take their time. What they do is finished by `settle()`, which every Resource Manager call begins
 * with, and by a timer.
 */
export class LongOperations {
  private readonly world: World;
  private readonly options: { readonly durationMs: number; readonly retryAfterSeconds: number };
  private readonly operations = new Map<string, LongOperation>();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(world: World, options: { readonly durationMs: number; readonly retryAfterSeconds: number }) {
    this.world = world;
    this.options = options;
  }

  get retryAfter(): string {
    return String(this.options.retryAfterSeconds);
  }

  /**
   * Starts one; `finish` is called once, with the failure a fault prescribes or without. `id` is for what has to name
   * its operation before it begins.
   */
  start(
    name: string,
    faults: readonly Fault[],
    finish: Finish,
    result?: () => object | undefined,
    id: string = freshGuid(),
  ): LongOperation {
    const fault = faults.find((one) => one.kind === 'failOperation');
    const operation: LongOperation = {
      id,
      name,
      startTime: this.world.clock.iso(),
      due: this.world.clock.elapsed() + this.options.durationMs,
      status: 'InProgress',
      finish,
      ...(result ? { result } : {}),
      ...(fault
        ? {
            failure: {
              code: fault.code ?? 'InternalServerError',
              message: fault.message ?? 'An unexpected error occurred. Please try again later.',
            },
          }
        : {}),
    };
    this.operations.set(operation.id, operation);
    if (this.options.durationMs <= 0) this.settle();
    else {
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        this.settle();
      }, this.options.durationMs + 1);
      timer.unref();
      this.timers.add(timer);
    }
    return operation;
  }

  find(id: string): LongOperation | undefined {
    return this.operations.get(id.toLowerCase());
  }

  /** Finishes what is due. */
  settle(): void {
    const now = this.world.clock.elapsed();
    for (const operation of this.operations.values()) {
      if (operation.status !== 'InProgress' || operation.due > now || operation.finishing) continue;
      const finished = operation.finish(operation.failure);
      if (!(finished instanceof Promise)) {
        this.end(operation, finished);
        continue;
      }
      operation.finishing = true;
      void finished.then(
        (failure) => {
          this.end(operation, failure);
        },
        (error: unknown) => {
          this.end(operation, { code: 'InternalServerError', message: String(error) });
        },
      );
    }
  }

  private end(operation: LongOperation, failure: Finished): void {
    operation.endTime = this.world.clock.iso();
    operation.failure = failure ?? operation.failure;
    operation.status = operation.failure ? 'Failed' : 'Succeeded';
    this.world.touch();
  }

  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  /** The headers of the Azure-AsyncOperation style. `path` is the status resource's, up to the id. */
  asyncHeaders(
    ctx: RequestContext,
    operation: LongOperation,
    path: string,
    apiVersion: string,
  ): Record<string, string> {
    const url = `${ctx.origin}${path}/${operation.id}?api-version=${apiVersion}`;
    return { 'azure-asyncoperation': url, 'retry-after': this.retryAfter };
  }

  /** The headers of the Location style. */
  locationHeaders(
    ctx: RequestContext,
    operation: LongOperation,
    path: string,
    apiVersion: string,
  ): Record<string, string> {
    return {
      location: `${ctx.origin}${path}/${operation.id}?api-version=${apiVersion}`,
      'retry-after': this.retryAfter,
    };
  }

  /** What polling an Azure-AsyncOperation address answers: 200 with the status. */
  statusAnswer(operation: LongOperation, path: string): Answer {
    const { id, name, status, startTime, endTime, failure } = operation;
    const running = status === 'InProgress';
    return {
      status: 200,
      ...(running ? { headers: { 'retry-after': this.retryAfter } } : {}),
      body: {
        id: `${path}/${id}`,
        name: id,
        status,
        startTime,
        ...(endTime ? { endTime } : {}),
        ...(running ? {} : { properties: { resource: name } }),
        ...(status === 'Failed' && failure ? { error: failure } : {}),
      },
    };
  }

  /**
   * What polling a Location address answers: 202 until it is done, then 200 with the result, 204 without, or the
   * failure.
   */
  locationAnswer(ctx: RequestContext, operation: LongOperation): Answer {
    if (operation.status === 'InProgress')
      return { status: 202, headers: { location: ctx.link({}), 'retry-after': this.retryAfter } };
    if (operation.status === 'Failed') return { status: 409, body: { error: operation.failure } };
    const body = operation.result?.();
    return body ? { status: 200, body } : { status: operation.result ? 200 : 204 };
  }
}
