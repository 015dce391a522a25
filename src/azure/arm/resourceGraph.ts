import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import type { TokenCredential } from '@azure/core-auth';
import { AppError, toAppError } from '../../base/errors.ts';
import { armClientOptions, mapErrors } from '../clientOptions.ts';
import type { ClientSettings } from '../clientOptions.ts';
import { parseSpan } from '../errors/http.ts';
import { endless, MOST_PAGES } from './listing.ts';
import { toWorkspaceListing } from './workspaceListing.ts';
import type { WorkspaceListing } from '../../ports/directory.ts';
import type { Issuer } from '../../ports/issuer.ts';

interface Abort {
  readonly abortSignal: AbortSignal;
}

/** The most a page holds. */
const PAGE_ROWS = 1_000;
/** The longest refill of the quota that is waited for; the service's own window is 5 s. */
const LONGEST_REFILL_MS = 60_000;
/** How often one page is asked for while others use up the quota. */
const ATTEMPTS = 5;

/**
 * Every workspace with the columns that are wanted of it. Sentinel is a solution of its own beside the workspace; the
 * join brings it in (`solution`) without a second round of pages. Sorted by id, which paging needs.
 */
export function workspacesQuery(columns: string): string {
  return `resources
| where type =~ 'microsoft.operationalinsights/workspaces'
| extend key = tolower(id)
| join kind=leftouter (resources
  | where type =~ 'microsoft.operationsmanagement/solutions' and name startswith 'SecurityInsights('
  | project key = tolower(tostring(properties.workspaceResourceId)), solution = name) on key
| project id, ${columns}
| order by id asc`;
}

const WORKSPACES = workspacesQuery(`name, tenantId, location, tags,
  guid = tostring(properties.customerId), sku = tostring(properties.sku.name), retention = toint(properties.retentionInDays),
  cap = todouble(properties.workspaceCapping.dailyQuotaGb), ingestion = tostring(properties.workspaceCapping.dataIngestionStatus), sentinel = isnotempty(solution),
  authorization = tostring(properties.features.dataAuthorizationMode)`);

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

/** What is asked: whose resources, and in which form the rows come. */
interface PageQuestion {
  readonly query: string;
  readonly subscriptions?: readonly string[];
  readonly format: 'objectArray' | 'table';
}

/** A page as it came. */
export interface GraphPage {
  /** A list of objects, or a table of columns and rows. */
  readonly data: unknown;
  /** The text of the body, where the service told its length or it could be read. */
  readonly body: string;
  /** The service looked at fewer subscriptions than there are. */
  readonly limitHit: boolean;
  readonly skipToken: string | undefined;
  readonly truncated: boolean;
  /** How many rows the query has in all. */
  readonly total: number;
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
    for (const row of (await this.rows<Row>(WORKSPACES, abort)).rows) {
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
    return [...found.values()];
  }

  /**
   * Every row of a query, and how many pages they took. The query has to give an `id` and an order, or Azure does not
   * page it. What Azure cut off without the way to the rest is an error, and so is a list that comes back to a page it
   * had.
   */
  async rows<R>(query: string, abort: Abort): Promise<{ readonly rows: readonly R[]; readonly pages: number }> {
    const rows: R[] = [];
    const asked = new Set<string>();
    let skipToken: string | undefined;
    for (let pages = 1; ; pages++) {
      if (pages > MOST_PAGES || (skipToken !== undefined && asked.has(skipToken))) throw endless(pages - 1);
      if (skipToken !== undefined) asked.add(skipToken);
      const page = await this.page({ query, format: 'objectArray' }, skipToken, abort);
      // A success without rows is none: it is told as the unreadable answer that it is.
      if (!Array.isArray(page.data)) throw new SyntaxError('An answer of Resource Graph without its rows.');
      for (const row of page.data) rows.push(row as R);
      if (!page.skipToken || page.skipToken === skipToken) {
        if (page.truncated || rows.length < page.total) throw incomplete(this.issuer, rows.length, page.total);
        return { rows, pages };
      }
      skipToken = page.skipToken;
    }
  }

  /**
   * One page of a query about these subscriptions, as a table. Waits for the quota that earlier answers told; rejects
   * with what the service refuses.
   */
  tablePage(
    query: string,
    subscriptions: readonly string[],
    skipToken: string | undefined,
    abort: Abort,
  ): Promise<GraphPage> {
    return this.page({ query, subscriptions, format: 'table' }, skipToken, abort);
  }

  private async page(
    { query, subscriptions, format }: PageQuestion,
    skipToken: string | undefined,
    abort: Abort,
  ): Promise<GraphPage> {
    for (let attempt = 1; ; attempt++) {
      const wait = this.refillsAt - Date.now();
      if (wait > 0) await this.sleep(wait, abort.abortSignal);
      try {
        let body = '',
          limitHit = false;
        const answer = await this.client.resources(
          {
            query,
            ...(subscriptions ? { subscriptions: [...subscriptions] } : {}),
            options: { resultFormat: format, top: PAGE_ROWS, ...(skipToken ? { skipToken } : {}) },
          },
          {
            ...abort,
            onResponse: (raw) => {
              body = raw.bodyAsText ?? '';
              limitHit = raw.headers.get('x-ms-tenant-subscription-limit-hit')?.toLowerCase() === 'true';
              this.note(raw.headers.get('x-ms-user-quota-remaining'), raw.headers.get('x-ms-user-quota-resets-after'));
            },
          },
        );
        return {
          data: answer.data as unknown,
          body,
          limitHit,
          skipToken: answer.skipToken,
          truncated: answer.resultTruncated === 'true',
          total: answer.totalRecords,
        };
      } catch (thrown) {
        // Somebody else uses the same quota (another window, a script): wait for the refill it tells, a few times.
        const error = toAppError(thrown),
          retryAfterMs = error.data?.['retryAfterMs'];
        if (error.code !== 'service.throttled' || typeof retryAfterMs !== 'number' || attempt === ATTEMPTS) throw error;
        if (retryAfterMs > LONGEST_REFILL_MS) throw error;
        this.refillsAt = Date.now() + retryAfterMs;
      }
    }
  }

  private note(remaining: string | undefined, resetsAfter: string | undefined): void {
    const ms = Math.min(parseSpan(resetsAfter) ?? 0, LONGEST_REFILL_MS);
    this.refillsAt = remaining !== undefined && Number(remaining) <= 0 ? Date.now() + ms : 0;
  }
}

function incomplete({ tenant }: Issuer, had: number, total: number): AppError {
  return new AppError(
    'service.incomplete',
    `Resource Graph gave ${had} of ${total} rows for the tenant ${tenant} and no way to the rest. Try again, or ask about fewer subscriptions.`,
    { retryable: true, data: { rows: had, total } },
  );
}
