import type { CancelSignal } from '../../base/cancel.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import { READ_DEADLINE_MS, callAzure } from '../calls.ts';
import type { AzureClients } from '../clients.ts';
import { toAzureError } from '../errors.ts';
import type { ErrorSubject } from '../errors/subject.ts';
import { subjectOf } from '../errors/subject.ts';
import { readBody } from './answerBody.ts';
import { readMetadata } from './metadata.ts';
import type { QueryDoor } from './queryDoor.ts';
import { issuerKey } from '../../ports/issuer.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { LogsAnswer, LogsPort, LogsQuery, WorkspaceSchema } from '../../ports/logs.ts';

/** The service gives up after ten minutes; a little later so do we. */
const QUERY_DEADLINE_MS = 11 * 60_000;

/** A gateway that gave up sooner may have had a bad moment; one that gave up later had a query that takes too long. */
const TOOK_TOO_LONG_MS = 60_000;

/**
 * Queries and schemas of workspaces, one attempt each. Some ways of signing in may not have tokens for Log Analytics
 * (no consent, no pre-authorisation); those issuers are asked through Resource Manager from then on.
 */
export class LogsClient implements LogsPort {
  private readonly clients: AzureClients;
  private readonly throughArm = new Set<string>();

  constructor(clients: AzureClients) {
    this.clients = clients;
  }

  async query(request: LogsQuery, signal: CancelSignal): Promise<LogsAnswer> {
    const { issuer, workspaceGuid, armId } = request;
    const options = { subject: subjectOf(armId, issuer.tenant), signal, deadlineMs: QUERY_DEADLINE_MS };
    const startedAt = Date.now();
    const answer = callAzure(options, async ({ abortSignal }) => {
      const body = await this.eitherWay(
        issuer,
        options.subject,
        (door) =>
          request.scan
            ? door.search(workspaceGuid, request, abortSignal)
            : door.query(workspaceGuid, request, abortSignal),
        (door) =>
          request.scan
            ? door.searchThroughArm(armId, request, abortSignal)
            : door.queryThroughArm(armId, request, abortSignal),
      );
      return readBody(body, (thrown) => toAzureError(thrown, options.subject));
    });
    return answer.catch((thrown: unknown) => {
      throw notTwice(toAppError(thrown), Date.now() - startedAt);
    });
  }

  /** Tables, columns and functions as the query API's metadata tells them. */
  async schema(issuer: Issuer, workspaceGuid: string, armId: string, signal?: CancelSignal): Promise<WorkspaceSchema> {
    const subject = subjectOf(armId, issuer.tenant);
    return callAzure({ subject, signal, deadlineMs: READ_DEADLINE_MS }, (abort) =>
      this.eitherWay(
        issuer,
        subject,
        async (door): Promise<WorkspaceSchema> => readMetadata(await door.metadata(workspaceGuid, abort.abortSignal)),
        async (door): Promise<WorkspaceSchema> => readMetadata(await door.metadataThroughArm(armId, abort.abortSignal)),
      ),
    );
  }

  private async eitherWay<T>(
    issuer: Issuer,
    subject: ErrorSubject,
    direct: (door: QueryDoor) => Promise<T>,
    throughArm: (door: QueryDoor) => Promise<T>,
  ): Promise<T> {
    const door = await this.clients.logs(issuer);
    const key = issuerKey(issuer);
    if (this.throughArm.has(key)) return throughArm(door);
    try {
      return await direct(door);
    } catch (thrown) {
      const refused = toAzureError(thrown, subject);
      if (refused.code !== 'auth.audienceRefused' && refused.code !== 'auth.consentRequired') throw refused;
      try {
        const answer = await throughArm(door);
        this.throughArm.add(key);
        return answer;
      } catch (second) {
        const error = toAzureError(second, subject);
        // A query refused for its own sake shows that the way is open; a way that is closed too leaves the first reason
        // standing.
        if (error.family === 'query' || error.family === 'service' || error.family === 'cancelled') {
          this.throughArm.add(key);
          throw error;
        }
        throw refused;
      }
    }
  }
}

/** A query that ran into the service's limit does so again: it is not worth another ten minutes, and then another. */
export function notTwice(error: AppError, tookMs: number): AppError {
  if (error.code !== 'service.timeout' || tookMs < TOOK_TOO_LONG_MS) return error;
  return new AppError(error.code, error.message, { retryable: false, data: { ...error.data, tookMs }, cause: error });
}
