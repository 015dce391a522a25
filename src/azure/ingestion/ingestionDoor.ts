import type { TokenCredential } from '@azure/core-auth';
import { LogsIngestionClient } from '@azure/monitor-ingestion';
import { AppError, toAppError } from '../../base/errors.ts';
import type { Issuer } from '../../ports/issuer.ts';
import { mapErrors, userAgent } from '../clientOptions.ts';
import type { ClientSettings } from '../clientOptions.ts';
import { foreignOrigin } from '../errors/foreignOrigin.ts';
import { ownOriginPolicy } from '../http/ownOrigin.ts';
import { isIngestionHost } from './ingestionHost.ts';

/** How many requests of one upload are on their way at once. */
const CONCURRENCY = 4;

/** A stream of a data collection rule: where rows are sent to. */
export interface IngestionStream {
  /** The rule's name, for people. */
  readonly rule: string;
  readonly immutableId: string;
  readonly stream: string;
}

/**
 * The Logs Ingestion API at one endpoint with one token: the door of @azure/monitor-ingestion, which packs rows into
 * requests of at most a megabyte and repeats those that were refused for a while.
 */
export class IngestionDoor {
  private readonly client: LogsIngestionClient;

  /** `endpoint` as Resource Manager tells it of a rule. Throws `network.foreignOrigin` for a host of no Azure. */
  constructor(credential: TokenCredential, endpoint: string, settings: ClientSettings, issuer: Issuer) {
    const { ingestion } = settings.cloud;
    if (!ingestion || !isIngestionHost(endpoint, settings.cloud)) throw foreignOrigin(endpoint, ingestion?.hosts ?? '');
    this.client = new LogsIngestionClient(endpoint, credential, {
      audience: ingestion.audience,
      httpClient: settings.httpClient,
      retryOptions: settings.retry,
      userAgentOptions: { userAgentPrefix: userAgent(settings.version) },
      additionalPolicies: [{ policy: ownOriginPolicy(endpoint), position: 'perCall' }],
    });
    mapErrors(this.client.pipeline, issuer);
  }

  /**
   * Resolves once the service has accepted every row. Where it rejects any of them may be stored: a failed request may
   * have been, and those beside it were.
   */
  async upload(
    { rule, immutableId, stream }: IngestionStream,
    rows: readonly Readonly<Record<string, string>>[],
    abortSignal: AbortSignal,
  ): Promise<void> {
    const failures: AppError[] = [];
    await this.client
      .upload(immutableId, stream, [...rows], {
        abortSignal,
        maxConcurrency: CONCURRENCY,
        onError: ({ cause }) => failures.push(inItsWords(cause, rule, stream)),
      })
      // The same failures once more, as one error.
      .catch((thrown: unknown) => {
        if (failures.length === 0) throw thrown;
      });
    const failed = failures.find(({ retryable }) => !retryable) ?? failures[0];
    // Stopped between two requests the client leaves the rest out and says nothing.
    if (abortSignal.aborted) throw Object.assign(new Error('The upload was stopped.'), { name: 'AbortError' });
    if (failed) throw failed;
  }
}

/** What the service's refusals mean for a roll-up, and what to do. */
function inItsWords(thrown: unknown, rule: string, stream: string): AppError {
  const error = toAppError(thrown);
  const data = { ...error.data };
  switch (data['status']) {
    case 403:
      return new AppError(
        'access.ingestion',
        `This identity may not send rows through the data collection rule ${rule}. It needs the role Monitoring Metrics Publisher on the rule, given in the tenant of the rule (Azure Lighthouse cannot); a new role takes up to 30 minutes to work.`,
        { data },
      );
    case 404:
      return new AppError(
        'input.centreNotPrepared',
        `The data collection rule ${rule} has no stream ${stream}, or is gone. Run "tenantscope rollup prepare" once more.`,
        { data },
      );
    case 413:
      return new AppError(
        'query.windowTooLarge',
        'A row is larger than the megabyte that the Logs Ingestion API takes. Let the query bring less of it.',
        { data },
      );
    default:
      return error;
  }
}
