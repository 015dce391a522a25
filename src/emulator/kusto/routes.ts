import { AppError } from '../../base/errors.ts';
import { ticksOfMs } from '../../model/values/ticks.ts';
import type { Answer, Deps, RequestContext, Router } from '../router.ts';
import { ServiceError } from '../router.ts';
import type { World } from '../state.ts';
import { Blobs } from '../storage/blobs.ts';
import { Queues } from '../storage/queues.ts';
import { registerStorage } from '../storage/routes.ts';
import { findDatabase } from '../populateStores.ts';
import type { KustoDatabase } from '../stores.ts';
import { runCommand } from './commands.ts';
import { commandAnswer, MOST_ROWS, queryFrames } from './frames.ts';
import { Ingestion } from './ingestion.ts';
import { entityNotFound, kustoError, unsupported } from './kustoError.ts';
import { demand, kustoCaller } from './kustoGate.ts';
import { streamRows } from './streaming.ts';
import { TableRows } from './tableRows.ts';

/**
 * Registers a cluster of Azure Data Explorer, its ingestion service at the same address (as on a machine of one's own:
 * the clients put no `ingest-` before localhost), and the storage it lends out.
 */
export function registerKusto(router: Router, world: World, deps: Deps): void {
  const blobs = new Blobs(world);
  const queues = new Queues(world);
  const ingestion = new Ingestion(world, blobs, queues, deps.queuedMs);
  const rows = new TableRows(() => deps.engine());

  router.add('dataExplorer', 'GET', '/v1/rest/auth/metadata', (ctx) => ({ status: 200, body: metadata(ctx) }));
  router.add('dataExplorer', 'POST', '/v1/rest/mgmt', (ctx) => {
    const claims = kustoCaller(ctx);
    const { db, csl } = read(ctx);
    const resources = /^\s*[.]get\s+(ingestion\s+resources|kusto\s+identity\s+token)\s*$/i.exec(csl)?.[1];
    if (resources !== undefined) {
      const identity = /^kusto/i.test(resources);
      return {
        status: 200,
        body: identity
          ? commandAnswer([{ name: 'AuthorizationContext', type: 'string' }], [[ingestion.context(claims)]])
          : commandAnswer(
              [
                { name: 'ResourceTypeName', type: 'string' },
                { name: 'StorageRoot', type: 'string' },
              ],
              ingestion.resources(ctx.origin),
            ),
      };
    }
    ingestion.deliver();
    return runCommand({ ctx, world, claims, database: databaseOf(ctx, world, db), rows, ingestion }, csl);
  });
  router.add('dataExplorer', 'POST', '/v2/rest/query', async (ctx) => {
    const claims = kustoCaller(ctx);
    const asked = read(ctx);
    const database = databaseOf(ctx, world, asked.db);
    demand(ctx, database, claims, 'query');
    if (asked.properties?.Parameters) throw unsupported(ctx, 'parameters of a query');
    ingestion.deliver();
    return query(ctx, world, deps, rows, database, asked.csl);
  });
  router.add('dataExplorer', 'POST', '/v1/rest/ingest/{database}/{table}', (ctx) => {
    const claims = kustoCaller(ctx);
    const database = databaseOf(ctx, world, ctx.params['database']!);
    demand(ctx, database, claims, 'ingest');
    return streamRows(ctx, database, ctx.params['table']!, ingestion);
  });
  for (const method of ['GET', 'POST'])
    for (const version of ['v1', 'v2'])
      router.add('dataExplorer', method, `/${version}/rest/{*path}`, (ctx) => {
        kustoCaller(ctx);
        throw unsupported(ctx, ctx.path);
      });
  registerStorage(router, blobs, queues);
}

/** The body of a command or query. */
interface KustoRequest {
  readonly db: string;
  readonly csl: string;
  readonly properties?: { readonly Options?: Record<string, unknown>; readonly Parameters?: Record<string, unknown> };
}

function read(ctx: RequestContext): KustoRequest {
  const body = ctx.json<Partial<KustoRequest>>();
  if (typeof body?.csl === 'string') return { db: '', ...body, csl: body.csl };
  throw kustoError(ctx, {
    status: 400,
    code: 'BadRequest_InvalidRequest',
    type: 'KustoBadRequestException',
    message: 'The body is not {"db": ..., "csl": ...}.',
  });
}

function databaseOf(ctx: RequestContext, world: World, name: string): KustoDatabase {
  const database = findDatabase(world, name);
  if (!database) throw entityNotFound(ctx, 'Database', name);
  return database;
}

async function query(
  ctx: RequestContext,
  world: World,
  deps: Deps,
  rows: TableRows,
  database: KustoDatabase,
  text: string,
): Promise<Answer> {
  try {
    const engine = await deps.engine();
    const opened = await rows.database(database, text);
    const now = ticksOfMs(world.clock.now());
    const most = Math.min(MOST_ROWS, ...ctx.faults.flatMap((one) => (one.kind === 'rowLimit' ? [one.rows] : [])));
    const { tables } = await engine.query(text, { database: opened, now, maxRows: most, signal: ctx.signal });
    const body = await queryFrames(tables, ctx.requestId);
    for (const table of tables) await table.dispose();
    return { status: 200, body };
  } catch (thrown) {
    if (thrown instanceof ServiceError || !(thrown instanceof AppError) || thrown.family !== 'query') throw thrown;
    if (thrown.code === 'query.unsupported') throw unsupported(ctx, thrown.message);
    const kind = thrown.code === 'query.syntax' ? 'Syntax' : 'Semantic';
    throw kustoError(ctx, {
      status: 400,
      code: 'General_BadRequest',
      type: 'KustoBadRequestException',
      message: `Request is invalid and cannot be processed: ${kind} error: ${thrown.message}`,
      innererror: { code: kind === 'Syntax' ? 'SYN0002' : 'SEM0100', message: thrown.message, '@permanent': true },
    });
  }
}

/** As the public cloud's clusters answer: who signs in there, and for which resource. */
function metadata(ctx: RequestContext): object {
  return {
    AzureAD: {
      LoginEndpoint: ctx.origin,
      LoginMfaRequired: false,
      KustoClientAppId: 'db662dc1-0cfe-4e1c-a843-19a68e65be58',
      KustoClientRedirectUri: 'https://microsoft/kustoclient',
      KustoServiceResourceId: 'https://kusto.kusto.windows.net',
      FirstPartyAuthorityUrl: `${ctx.origin}/f8cdef31-a31e-4b4a-93e4-5f571e91255a`,
    },
  };
}
