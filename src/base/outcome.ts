import type { AppErrorData } from './errors.ts';

/** A result that may be a failure; failures of one target never end the run of the others. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: AppErrorData };

export function succeeded<T>(value: T): Outcome<T> { return { ok: true, value }; }
export function failed<T>(error: AppErrorData): Outcome<T> { return { ok: false, error }; }
