import type { Answer, RequestContext, Router } from '../router.ts';
import { ACCOUNT_PREFIX } from '../populateStores.ts';
import type { Blobs } from './blobs.ts';
import type { Queues } from './queues.ts';

/**
 * Registers storage accounts, whose addresses have the account in the path as those of storage emulators do:
 * `/ACCOUNT/CONTAINER/BLOB`; and the queues and the status table that an ingestion service lends out.
 */
export function registerStorage(router: Router, blobs: Blobs, queues: Queues): void {
  const account = (ctx: RequestContext): string => `${ACCOUNT_PREFIX}${ctx.params['account']}`;
  const add = (method: string, path: string, handler: (ctx: RequestContext) => Answer): void => {
    router.add('storage', method, `/${ACCOUNT_PREFIX}${path}`, handler);
  };
  for (const method of ['GET', 'POST'])
    add(method, 'queue/{queue}/messages', (ctx) => queues.answer(ctx, ctx.params['queue']!));
  add('DELETE', 'queue/{queue}/messages/{message}', (ctx) => queues.remove(ctx));
  add('POST', '{table}', (ctx) => queues.insert(ctx));
  for (const method of ['GET', 'PUT'])
    add(method, '{account}/{container}', (ctx) => blobs.ofContainer(ctx, account(ctx), ctx.params['container']!));
  for (const method of ['GET', 'PUT', 'DELETE'])
    add(method, '{account}/{container}/{*blob}', (ctx) =>
      blobs.ofBlob(ctx, account(ctx), ctx.params['container']!, ctx.params['blob']!),
    );
}
