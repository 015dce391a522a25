import type { AppErrorData } from './errors.ts';

/** What became of one piece of work among many: its value, or why there is none. Plain data; crosses processes. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: AppErrorData };
