import { AppError } from '../../base/errors.ts';
import type { ErrorCode } from '../../base/errors.ts';
import type { ErrorSubject } from './subject.ts';

/**
 * A success that cannot be used: what is wrong is known where it is read, whose answer it is where the call was made.
 * `code`: `service.tooLarge`, `service.endlessList`, `service.malformed`, `service.brokeOff`.
 */
export class BadAnswer extends Error {
  readonly code: ErrorCode;
  private readonly facts: Record<string, unknown>;

  /** `said` goes on from "The answer for the workspace x": what is wrong, and what to do. */
  constructor(code: ErrorCode, said: string, facts: Record<string, unknown> = {}) {
    super(said);
    this.name = 'BadAnswer';
    this.code = code;
    this.facts = facts;
  }

  /** The error as a person reads it. */
  about(subject: ErrorSubject): AppError {
    return new AppError(this.code, `The answer for the ${subject.what} ${this.message}`, { data: this.facts });
  }
}
