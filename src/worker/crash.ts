import { AppError } from '../base/errors.ts';

/**
 * What the end of the worker's process means to whoever waited for it: `engine.crashed`, with `code` or `signal` in its
 * data. Windows knows no signals: who is killed there ends with 1, and a crash with a status people look up by its
 * hexadecimal (0xC0000005, an access violation).
 */
export function crash(code: number | null, signal: NodeJS.Signals | null): AppError {
  const status = code !== null && code > 0xffff ? `0x${code.toString(16).toUpperCase()}` : String(code ?? 0);
  const how = signal ? `was ended by ${signal}` : `ended with code ${status}`;
  return new AppError(
    'engine.crashed',
    `The data worker ${how} in the middle of its work. Rows of this session are gone; run the query again, the worker starts anew.`,
    { retryable: true, data: { ...(code === null ? {} : { code }), ...(signal ? { signal } : {}) } },
  );
}
