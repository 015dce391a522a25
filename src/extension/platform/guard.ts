import { toAppError } from '../../base/errors.ts';
import type { OutputLog } from './log.ts';
import type { Notifier } from './notify.ts';

/** The one place where failures of commands and handlers end. */
export class Guard {
  private readonly log: OutputLog;
  private readonly notify: Notifier;

  constructor(log: OutputLog, notify: Notifier) {
    this.log = log;
    this.notify = notify;
  }

  /**
   * Runs `work`; a failure is logged by code and shown once. Resolves to undefined then: nothing escapes into VS Code.
   */
  async run<T>(where: string, work: () => T | PromiseLike<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.family !== 'cancelled') this.log.failure(where, error);
      this.notify.failure(error);
      return undefined;
    }
  }

  /** For what nobody waits for: an event's handler, a timer. */
  background(where: string, work: () => unknown): void {
    void this.run(where, work);
  }

  /** For what the person did not ask for (a hover, a tree's refresh): logged, not shown. */
  async quiet<T>(where: string, work: () => T | PromiseLike<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.family !== 'cancelled') this.log.failure(where, error);
      return undefined;
    }
  }
}
