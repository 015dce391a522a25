/** The nine families of failure. Each maps to one place in the interface and one exit code; nobody branches on text. */
export type ErrorFamily =
  | 'cancelled'
  | 'auth'
  | 'access'
  | 'query'
  | 'service'
  | 'network'
  | 'engine'
  | 'input'
  | 'bug';

/** `family.reason`, e.g. `auth.signInRequired`, `query.syntax`, `service.throttled`. */
export type ErrorCode = `${ErrorFamily}.${string}`;

/** A failure as plain data: what crosses processes, pages and files. */
export interface AppErrorData {
  readonly code: ErrorCode;
  /** What happened, to whom, and what to do next: one or two plain sentences. No token, no query text. */
  readonly message: string;
  /** True where the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean;
  /** Facts for the program: place in the text, HTTP status, retry time. Plain JSON. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** The one error type of the product. Everything foreign is turned into it at the door of its layer. */
export class AppError extends Error implements AppErrorData {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly data?: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { retryable?: boolean; data?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.retryable = options.retryable ?? false;
    if (options.data) this.data = options.data;
  }

  get family(): ErrorFamily {
    return familyOf(this.code);
  }

  /** The plain form that crosses a process boundary. */
  toData(): AppErrorData {
    return {
      code: this.code,
      message: this.message,
      retryable: this.retryable,
      ...(this.data ? { data: this.data } : {}),
    };
  }

  static fromData(data: AppErrorData): AppError {
    return new AppError(data.code, data.message, {
      retryable: data.retryable,
      ...(data.data ? { data: { ...data.data } } : {}),
    });
  }
}

/** The family of a code: what stands before its first full stop. */
export function familyOf(code: ErrorCode): ErrorFamily {
  return code.slice(0, code.indexOf('.')) as ErrorFamily;
}

/** Anything thrown, as an AppError: ours unchanged, an abort as `cancelled.byUser`, the rest as a `bug`. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (error.name === 'AbortError') return new AppError('cancelled.byUser', 'Cancelled.', { cause: thrown });
  return new AppError('bug.unexpected', `Something unexpected went wrong: ${error.message.slice(0, 300)}`, {
    cause: thrown,
  });
}

/** The error of work that somebody told to stop. */
export function cancelled(): AppError {
  return new AppError('cancelled.byUser', 'Cancelled.');
}
