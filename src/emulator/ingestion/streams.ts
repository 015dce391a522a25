import { gunzipSync } from 'node:zlib';
import { grantsAt, grantsOf } from '../access.ts';
import { key, parseArmId } from '../armId.ts';
import { findAudience } from '../identity/audiences.ts';
import { findSubscription } from '../lookup.ts';
import { ServiceError, type Answer, type Deps, type RequestContext, type Router } from '../router.ts';
import type { TokenClaims } from '../identity/bearer.ts';
import type { OtherResource, World } from '../state.ts';
import { columnsOf } from '../logs/tableColumns.ts';
import type { Cell } from '../../model/kqlType.ts';
import { findRule } from './collectionRules.ts';
import { IngestionLimits } from './limits.ts';
import { toRows } from './streamRows.ts';
import type { RuleInput } from './ruleInput.ts';

/** Both of the body as it is sent and of what it is unpacked. */
const MOST_BYTES = 1_048_576;
const VERSIONS = new Set(['2023-01-01', '2021-11-01-preview']);

/** The Logs Ingestion API: rows into the tables that a data collection rule says (api-version 2023-01-01). */
export function registerStreams(router: Router, world: World, deps: Deps): void {
  const limits = new IngestionLimits(world.clock);
  router.add('ingestion', 'POST', '/dataCollectionRules/{rule}/streams/{stream}', async (ctx) => {
    const claims = callerOf(ctx);
    if (!VERSIONS.has(ctx.query('api-version') ?? ''))
      throw refused(400, 'UnsupportedApiVersion', 'The api-version is missing or not supported.');
    const rule = findRule(world, ctx.params['rule']!);
    if (!rule)
      throw refused(404, 'NotFound', `Data collection rule with immutable Id '${ctx.params['rule']!}' not found.`);
    checkAccess(world, claims, rule);
    const body = unpacked(ctx);
    limits.take(rule.id, body.length);
    return accept(ctx, body, rule, world, deps);
  });
}

async function accept(
  ctx: RequestContext,
  body: Buffer,
  rule: OtherResource,
  world: World,
  deps: Deps,
): Promise<Answer> {
  const properties = rule.properties as RuleInput['properties'];
  const stream = ctx.params['stream']!;
  const declared = properties?.streamDeclarations?.[stream];
  const flows = (properties?.dataFlows ?? []).filter(({ streams = [] }) => streams.includes(stream));
  if (!declared?.columns || flows.length === 0)
    throw refused(404, 'InvalidStream', `The stream '${stream}' was not found in the data collection rule.`);
  const items = parsed(body);
  const fault = ctx.faults.find((one) => one.kind === 'storedOddly')?.as;
  const kept = fault === 'half' ? items.slice(0, Math.ceil(items.length / 2)) : items;
  for (const flow of flows)
    for (const name of flow.destinations ?? []) {
      const id = properties?.destinations?.logAnalytics?.find((one) => one.name === name)?.workspaceResourceId;
      const workspace = world.workspaces.get(key(id ?? ''));
      const table = workspace?.tables.get(key((flow.outputStream ?? stream).replace(/^(Custom|Microsoft)-/i, '')));
      // What has nowhere to go is dropped without a word.
      if (!workspace || !table || fault === 'lost') continue;
      const columns = columnsOf(world, table);
      const rows: Cell[][] = toRows(kept, declared.columns, flow.transformKql, columns, {
        now: world.clock.now(),
        fixed: { TenantId: workspace.properties.customerId, Type: table.name },
      });
      const { customerId } = workspace.properties;
      await deps.ingested.add(customerId, table.name, columns, rows);
      if (fault === 'twice') await deps.ingested.add(customerId, table.name, columns, rows);
    }
  if (fault === 'failed' || fault === 'half')
    throw refused(503, 'ServiceUnavailable', 'The service is temporarily unavailable.');
  return { status: 204 };
}

function callerOf(ctx: RequestContext): TokenClaims {
  const { bearer } = ctx;
  if (!bearer.ok || findAudience(bearer.claims.aud) !== 'monitor')
    throw refused(401, 'InvalidToken', 'The authentication token is missing, expired, or for another audience.', {
      'www-authenticate': `Bearer authorization_uri="${ctx.origin}/common/oauth2/authorize", resource_id="https://monitor.azure.com"`,
    });
  return bearer.claims;
}

/**
 * A data action of a role in the rule's own tenant: a delegation has none. The words are those of azure-sdk-for-java,
 * monitor-ingestion/TROUBLESHOOTING.md.
 */
function checkAccess(world: World, claims: TokenClaims, rule: OtherResource): void {
  const owner = findSubscription(world, parseArmId(rule.id).subscriptionId ?? '')?.tenantId ?? '';
  const may =
    key(owner) === key(claims.tid) &&
    grantsAt(grantsOf(world, claims), rule.id).some(({ role }) =>
      role.dataActions?.includes('Microsoft.Insights/Telemetry/Write'),
    );
  const bound = 'endpoints' in rule.properties;
  if (may && bound) return;
  const immutableId = String(rule.properties['immutableId']);
  throw refused(
    403,
    'OperationFailed',
    `The authentication token provided does not have access to ingest data for the data collection rule with immutable Id '${immutableId}' PipelineAccessResult: AccessGranted: False, IsRbacPresent: ${may ? 'True' : 'False'}, IsDcrDceBindingValid: ${bound ? '' : 'False'}, DcrArmId: ${rule.id}, Message: Required authorization action was not found for tenantId ${claims.tid} objectId ${claims.oid} on resourceId ${rule.id} ConfigurationId: ${immutableId}..`,
  );
}

function unpacked(ctx: RequestContext): Buffer {
  const tooLong = (bytes: number): ServiceError =>
    refused(
      413,
      'ContentLengthLimitExceeded',
      `Maximum allowed content length: ${MOST_BYTES} bytes (1 MB). Provided content length: ${bytes} bytes.`,
    );
  if (ctx.body.length > MOST_BYTES) throw tooLong(ctx.body.length);
  if (ctx.header('content-encoding')?.toLowerCase() !== 'gzip') return ctx.body;
  let body: Buffer;
  try {
    body = gunzipSync(ctx.body);
  } catch {
    throw refused(400, 'InvalidPayload', 'The request body is not valid gzip.');
  }
  if (body.length > MOST_BYTES) throw tooLong(body.length);
  return body;
}

function parsed(body: Buffer): readonly Readonly<Record<string, unknown>>[] {
  let items: unknown;
  try {
    items = JSON.parse(body.toString('utf8'));
  } catch {
    throw refused(400, 'InvalidPayload', 'The request body is malformed JSON.');
  }
  if (!Array.isArray(items) || items.some((item) => typeof item !== 'object' || item === null || Array.isArray(item)))
    throw refused(400, 'InvalidPayload', 'The request body is no JSON array of objects.');
  return items as readonly Readonly<Record<string, unknown>>[];
}

function refused(status: number, code: string, message: string, headers: Record<string, string> = {}): ServiceError {
  return new ServiceError(
    { status, headers: { 'x-ms-error-code': code, ...headers }, body: { error: { code, message } } },
    `${code}: ${message}`,
  );
}
