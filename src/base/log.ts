/** Where a layer says what it does. Never pass tokens, query text or customer names: ids and numbers only. */
export interface Log {
  debug(message: string, fields?: Record<string, string | number | boolean>): void;
  info(message: string, fields?: Record<string, string | number | boolean>): void;
  warn(message: string, fields?: Record<string, string | number | boolean>): void;
}

/** A log that nobody reads. */
export const SILENT: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
