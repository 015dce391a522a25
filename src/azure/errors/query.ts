import { AppError } from '../../base/errors.ts';
import type { AppErrorData } from '../../base/errors.ts';

/** The error object of ARM and of the query API; every field may be missing. */
export interface WireError {
  readonly code?: string;
  readonly message?: string;
  readonly innererror?: WireError;
  readonly details?: readonly WireError[];
  readonly line?: number;
  readonly pos?: number;
  readonly token?: string;
  /** Resource Graph's place within the line. */
  readonly characterPositionInLine?: number;
  readonly severity?: number;
  readonly severityName?: string;
  readonly target?: string;
  /** Resource Manager's own facts: the policy that refused, the lock that holds. */
  readonly additionalInfo?: readonly { readonly type?: string; readonly info?: Readonly<Record<string, unknown>> }[];
}

/**
 * A refused query: the chain SyntaxError/SemanticError -> SYN0002/SEM0100 with its place, 1-based line and column as
 * the service counts. Where a name means nothing to the workspace, `data.unresolved` says which and as what: a
 * table may well be another workspace's.
 */
export function fromBadQuery(error: WireError): AppError {
  const chain = chainOf(error);
  const last = chain.at(-1) ?? error;
  const code = chain.some((link) => link.code === 'SyntaxError')
    ? 'query.syntax'
    : chain.some((link) => link.code === 'SemanticError')
      ? 'query.semantic'
      : 'query.refused';
  const said = sentence(last.message ?? error.message ?? 'The service refused the query.');
  const data = {
    ...(last.line === undefined ? {} : { line: last.line }),
    ...(last.pos === undefined ? {} : { pos: last.pos }),
    ...(last.token === undefined ? {} : { token: last.token }),
    ...(last.code && chain.length > 1 ? { kqlCode: last.code } : {}),
    ...unresolvedOf(code, said),
  };
  if (error.code === 'FailedToResolveResource' || last.code === 'FailedToResolveResource')
    return new AppError('query.unknownWorkspace', `${said} Check the workspaces the query names.`, { data });
  // The service does not say which table it is.
  if (chain.some((link) => link.code === 'UnsupportedApiQueryValidationError'))
    return new AppError(
      'query.needsScan',
      'A table of the query has the plan Basic or Auxiliary there: it is searched, and charged by what is scanned. Choose a time range and agree to a scan.',
      { data },
    );
  return new AppError(code, said, { data });
}

/** The service names what it did not find (SEM0100) in its sentence alone. */
function unresolvedOf(
  code: string,
  said: string,
): { unresolved?: { readonly kind: 'table' | 'column'; readonly name: string } } {
  if (code !== 'query.semantic') return {};
  const [, what = '', name] = /failed to resolve ([\w ]*)named '([^']+)'/i.exec(said) ?? [];
  return name === undefined ? {} : { unresolved: { kind: /^table/i.test(what) ? 'table' : 'column', name } };
}

/** Engine codes of a query that was answered in part. */
const TOO_LARGE = '-2133196797',
  OVERFLOW = '-2133196788';

/**
 * The error inside a 200: rows came, but not all of them. A chain of warnings alone is undefined: nothing is missing.
 */
export function fromPartial(error: WireError): AppErrorData | undefined {
  const all = [error, ...(error.details ?? [])].flatMap(chainOf);
  const serious = all.filter((link) => link.severityName !== undefined || link.severity !== undefined);
  if (
    serious.length > 0 &&
    serious.every((link) => link.severityName === 'Warning' || (link.severityName === undefined && link.severity === 3))
  )
    return undefined;
  const text = all.map((link) => link.message ?? '').join(' ');
  const correlation = all.find((link) => link.code === TOO_LARGE || link.code === OVERFLOW)?.code;
  const bytes = /\((\d+) bytes\)/.exec(text)?.[1] ?? /(\d{7,})\s*bytes/i.exec(text)?.[1],
    records = /(\d[\d,]{2,})\s*(?:records|rows)/i.exec(text)?.[1]?.replaceAll(',', '');
  if (
    correlation ||
    /E_QUERY_RESULT_SET_TOO_LARGE|E_RUNAWAY_QUERY|exceeded.{0,40}limit|record.{0,20}limit/i.test(text)
  ) {
    const limit = bytes
      ? `${Math.round(Number(bytes) / 1_000_000)} MB`
      : records
        ? `${Number(records).toLocaleString('en-US')} rows`
        : '500,000 rows or 64 MB';
    return {
      code: 'query.truncated',
      message: `The service cut the answer at its limit of ${limit}. Narrow the time range, project fewer columns or summarize.`,
      retryable: false,
      data: {
        ...(bytes ? { limitBytes: Number(bytes) } : {}),
        ...(records ? { limitRows: Number(records) } : {}),
        ...(correlation ? { kqlCode: correlation } : {}),
      },
    };
  }
  const said = all
    .map((link) => link.message)
    .filter((message): message is string => message !== undefined)
    .at(-1);
  return {
    code: 'query.partial',
    message: `The service answered in part: ${sentence(said ?? 'it gave no reason.')} Run this workspace again.`,
    retryable: true,
    data: error.code ? { wireCode: error.code } : {},
  };
}

function chainOf(error: WireError): readonly WireError[] {
  const chain: WireError[] = [];
  for (let link: WireError | undefined = error; link && chain.length < 10; link = link.innererror) chain.push(link);
  return chain;
}

/** One line, ended, of bearable length. */
export function sentence(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim().slice(0, 400);
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
