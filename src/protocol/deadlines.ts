import type { Contract } from '../base/rpc.ts';

/** Milliseconds in a minute, the unit most deadlines are said in. */
export const MINUTE = 60_000;

/**
 * How long each request of a contract may take before the asker gives up on it, in milliseconds; Infinity for what runs
 * as long as the service does. A request without one does not compile.
 */
export type Deadlines<C extends Contract> = { readonly [K in keyof C['requests']]: number };

/** An hour in milliseconds. */
export const HOUR = 60 * MINUTE;
