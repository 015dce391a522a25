import { AppError, cancelled } from '../../base/errors.ts';

/** The construct a refusal names whose regular expression RE2 cannot read. */
export const UNREADABLE_REGEX = 'regular expression';
/**
 * RE2's own words for what is wrong with an expression (re2.h, ErrorCode); what follows them is a part of the
 * expression.
 */
const RE2_ERROR =
  /^(?:Invalid Input|Binder) Error: (?:Pattern failed to parse(?:, error)?: '?)?(missing [)\]]|unexpected \)|trailing \\|no argument for repetition operator|bad repetition operator|invalid (?:escape sequence|character class range|character class|repetition size|perl operator|named capture group|UTF-8)|pattern too large)/;

/** A statement's own words for a failure: `#code: message`, as SQL says them too (translate/failure.ts). */
const OWN_FAILURE = /^Invalid Input Error: #((?:query|bug|input|engine)\.\w+): (.*)/;

/**
 * DuckDB's words for a disk without room. The limit on the folder for spilling is room as well, though DuckDB calls it
 * memory.
 */
const DISK_FULL =
  /no space left|disk full|ENOSPC|EDQUOT|quota exceeded|max_temp_directory_size|could not write all|not enough space|file too large/i;
/** A database that DuckDB has given up: a checkpoint without memory does that, and every later statement says so. */
const INVALID = /^FATAL Error|database has been invalidated/;
const NOT_WRITABLE = /permission denied|read-only file system|EACCES|EROFS|EPERM|access is denied/i;

/** The classes of failure whose prose quotes no value of a row: names of our own SQL, files, sizes. */
const WITHOUT_VALUES =
  /^(?:Binder|Catalog|Parser|Syntax|Not implemented|IO|Out of Memory|Permission|Connection|Dependency|TransactionContext|INTERNAL|INTERRUPT) (?:Error|exception)\b/i;
/** What DuckDB's messages begin with; anything else was said by the system, or by Node. */
const OF_DUCKDB = /^[A-Z][\w -]* Error: /;

/**
 * What DuckDB says of a failure without any value of a row: of a message that may quote one (a text that is no JSON, a
 * number that does not fit) only what stands before the first quotation mark, bracket, colon or digit.
 */
function withoutValues(text: string): string {
  if (!OF_DUCKDB.test(text) || WITHOUT_VALUES.test(text)) return text;
  const [, kind = '', said = ''] = /^([^:]*: )([^'"`:(\d]*)/.exec(text) ?? [];
  return `${kind}${said.trim()}`;
}

/**
 * A failure of DuckDB in our words, the one place where its prose is read: by the class it names at the start of its
 * message, or by what the system said. Its text names our own SQL at most, never a customer's data. Codes:
 * `cancelled.byUser`, `query.unsupported` (a regular expression), `query.overflow`, `engine.disk` (data {reason}),
 * `engine.memory`, `engine.locked`, else `engine.failed` (data {fatal} where the database is of no use from here on); a
 * failure that our own SQL or function raised keeps its code.
 */
export function toEngineError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const [, code, message] = OWN_FAILURE.exec(text) ?? [];
  if (code !== undefined && message !== undefined)
    return new AppError(code as AppError['code'], message, { cause: thrown });
  const regex = RE2_ERROR.exec(text)?.[1];
  if (regex !== undefined)
    return new AppError(
      'query.unsupported',
      `A regular expression of the query is not one the local engine (RE2) can read: ${regex}.`,
      { data: { construct: UNREADABLE_REGEX, reason: regex }, cause: thrown },
    );
  return fromProse(withoutValues(text), thrown);
}

/**
 * The same for a failure whose words are DuckDB's or the system's. One that may quote a row is no cause either: causes
 * are told to logs.
 */
function fromProse(text: string, thrown: unknown): AppError {
  const whole = thrown instanceof Error ? thrown.message : String(thrown);
  const quotes = text !== whole;
  const cause = quotes ? {} : { cause: thrown };
  if (/^INTERRUPT/i.test(text) || /interrupted/i.test(text)) return cancelled();
  if (/could not set lock on file|being used by another process/i.test(text))
    return new AppError('engine.locked', 'The file is in use by another process.', { cause: thrown });
  const invalid = INVALID.test(whole);
  // What made a database invalid is said behind it: only there is the rest of its words looked at.
  const said = invalid ? whole : text;
  if (DISK_FULL.test(said) || NOT_WRITABLE.test(said))
    return toDiskError(
      quotes ? new Error('no space left on device') : thrown,
      'the rows could not be stored',
      invalid ? { fatal: true } : {},
    );
  if (invalid)
    return new AppError('engine.failed', 'The database failed and cannot be used any more.', {
      data: { fatal: true },
      ...cause,
    });
  if (/out of memory|could not allocate block|failed to pin block/i.test(text))
    return new AppError(
      'engine.memory',
      'This needs more memory than the engine may use. Narrow the time range or columns of the query, or raise the memory limit.',
      cause,
    );
  if (/overflow|out of range/i.test(text))
    return new AppError('query.overflow', 'A number in the query grew beyond what its type holds.', cause);
  const first = text.split('\n')[0]!.replace(/'.*'/g, "'...'").slice(0, 300);
  const fatal = text.startsWith('INTERNAL Error');
  return new AppError('engine.failed', `The engine could not do this: ${first}`, {
    ...(fatal ? { data: { fatal } } : {}),
    ...cause,
  });
}

/** Whether a failure has made the database useless: it has to be closed and opened anew. */
export function isFatal(thrown: unknown): boolean {
  return thrown instanceof AppError && thrown.data?.fatal === true;
}

/** Why a disk cannot be written: no room, no permission, or something else (a folder that is none). */
export type DiskReason = 'full' | 'denied' | 'other';

/** The reason a failed write gives, by the system's code where it has one, else by DuckDB's words. */
export function diskReason(thrown: unknown): DiskReason {
  const { code, message = '' } = thrown as Partial<NodeJS.ErrnoException>;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG' || DISK_FULL.test(message)) return 'full';
  return code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || NOT_WRITABLE.test(message) ? 'denied' : 'other';
}

/**
 * `engine.disk`: the one code for a disk that cannot be written, whoever noticed; data.reason says why.
 * `what` says what did not happen, as the end of a sentence: "the rows could not be stored".
 */
export function toDiskError(thrown: unknown, what: string, data: Record<string, unknown> = {}): AppError {
  const reason = diskReason(thrown);
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  const message: Readonly<Record<DiskReason, string>> = {
    full: `The disk is full, so ${what}. Free some space or choose another place, then retry.`,
    denied: `There is no permission to write there, so ${what}. Choose another place, or ask for the permission.`,
    other: `The disk cannot be written (${said.slice(0, 200)}), so ${what}. Choose another place.`,
  };
  return new AppError('engine.disk', message[reason], { data: { ...data, reason }, cause: thrown });
}
