import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import type { TokenCredential } from '@azure/core-auth';
import { toAppError } from '../../base/errors.ts';
import { armClientOptions, mapErrors } from '../clientOptions.ts';
import type { ClientSettings } from '../clientOptions.ts';
import { parseSpan } from '../errors/http.ts';
import { toWorkspaceListing } from './workspaceListing.ts';
import type { WorkspaceListing } from '../../ports/directory.ts';
import type { Issuer } from '../../ports/issuer.ts';

interface Abort {
  readonly abortSignal: AbortSignal;
}

/** The most a page holds. */
const PAGE_ROWS = 1_000;
/** How often one page is asked for while others use up the quota. */
const ATTEMPTS = 5;

/**
 * Sentinel is a solution of its own beside the workspace; the join brings it in without a second round of pages. Sorted
 * by id, which paging needs.
 */
const WORKSPACES = `resources
| where type =~ 'microsoft.operationalinsights/workspaces'
| extend key = tolower(id)
| join kind=leftouter (resources
  | where type =~ 'microsoft.operationsmanagement/solutions' and name startswith 'SecurityInsights('
  | project key = tolower(tostring(properties.workspaceResourceId)), solution = name) on key
| project id, name, tenantId, location, tags, guid = tostring(properties.customerId), sku = tostring(properties.sku.name), retention = toint(properties.retentionInDays),
  cap = todouble(properties.workspaceCapping.dailyQuotaGb), ingestion = tostring(properties.workspaceCapping.dataIngestionStatus), sentinel = isnotempty(solution),
  authorization = tostring(properties.features.dataAuthorizationMode)
| order by id asc`;

interface Row {
  readonly id?: string;
  readonly name?: string;
  readonly tenantId?: string;
  readonly location?: string;
  readonly tags?: Record<string, unknown> | null;
  readonly guid?: string;
  readonly sku?: string;
  readonly retention?: number | null;
  readonly cap?: number | null;
  readonly ingestion?: string | null;
  readonly sentinel?: boolean | number | null;
  readonly authorization?: string | null;
}

/**
 * Resource Graph with one token: the door of @azure/arm-resourcegraph. Keeps to the quota that every answer tells (15
 * requests in 5 s).
 */
export class ResourceGraphDoor {
  private readonly client: ResourceGraphClient;
  private readonly issuer: Issuer;
  private readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** When the quota refills; 0 while there is some left. */
  private refillsAt = 0;

  constructor(
    credential: TokenCredential,
    settings: ClientSettings,
    issuer: Issuer,
    sleep: (ms: number, signal: AbortSignal) => Promise<void>,
  ) {
    this.client = new ResourceGraphClient(credential, armClientOptions(settings));
    this.issuer = issuer;
    this.sleep = sleep;
    mapErrors(this.client.pipeline, issuer);
  }

  /** Every workspace this token sees, delegated ones too. */
  async workspaces(abort: Abort): Promise<readonly WorkspaceListing[]> {
    const found = new Map<string, WorkspaceListing>();
    let skipToken: string | undefined;
    do {
      const page = await this.page(WORKSPACES, skipToken, abort);
      for (const row of page.rows) {
        const workspace = toWorkspaceListing({
          id: row.id,
          name: row.name,
          guid: row.guid,
          tenant: row.tenantId ?? this.issuer.tenant,
          region: row.location,
          tags: row.tags,
          sku: row.sku,
          retention: row.retention,
          cap: row.cap,
          ingestion: row.ingestion,
          sentinel: Boolean(row.sentinel),
          authorization: row.authorization,
        });
        // A workspace with two such solutions comes twice out of the join.
        if (workspace) found.set(workspace.armId.toLowerCase(), workspace);
      }
      skipToken = page.skipToken;
    } while (skipToken);
    return [...found.values()];
  }

  private async page(
    query: string,
    skipToken: string | undefined,
    abort: Abort,
  ): Promise<{ rows: readonly Row[]; skipToken: string | undefined }> {
    for (let attempt = 1; ; attempt++) {
      const wait = this.refillsAt - Date.now();
      if (wait > 0) await this.sleep(wait, abort.abortSignal);
      try {
        const answer = await this.client.resources(
          { query, options: { resultFormat: 'objectArray', top: PAGE_ROWS, ...(skipToken ? { skipToken } : {}) } },
          {
            ...abort,
            onResponse: (raw) => {
              this.note(raw.headers.get('x-ms-user-quota-remaining'), raw.headers.get('x-ms-user-quota-resets-after'));
            },
          },
        );
        return { rows: Array.isArray(answer.data) ? (answer.data as readonly Row[]) : [], skipToken: answer.skipToken };
      } catch (thrown) {
        // Somebody else uses the same quota (another window, a script): wait for the refill it tells, a few times.
        const error = toAppError(thrown),
          retryAfterMs = error.data?.['retryAfterMs'];
        if (error.code !== 'service.throttled' || typeof retryAfterMs !== 'number' || attempt === ATTEMPTS) throw error;
        this.refillsAt = Date.now() + retryAfterMs;
      }
    }
  }

  private note(remaining: string | undefined, resetsAfter: string | undefined): void {
    const ms = parseSpan(resetsAfter) ?? 0;
    this.refillsAt = remaining !== undefined && Number(remaining) <= 0 ? Date.now() + ms : 0;
  }
}
