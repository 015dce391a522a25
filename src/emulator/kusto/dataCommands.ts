import type { Column } from '../../model/kqlType.ts';
import { AppError } from '../../base/errors.ts';
import { freshGuid } from '../ids.ts';
import type { Purge } from '../stores.ts';
import type { Asked, Command } from './commandPattern.ts';
import { pattern, tableOf } from './commandPattern.ts';
import { toName, toProperties, toText } from './commandText.ts';
import { commandAnswer } from './frames.ts';
import { entityNotFound, kustoError, unsupported } from './kustoError.ts';
import { principalName } from './kustoGate.ts';

const EXTENT: readonly Column[] = [
  { name: 'ExtentId', type: 'guid' },
  { name: 'DatabaseName', type: 'string' },
  { name: 'TableName', type: 'string' },
  { name: 'MaxCreatedOn', type: 'datetime' },
  { name: 'RowCount', type: 'long' },
  { name: 'Tags', type: 'string' },
];
const PURGE: readonly Column[] = [
  { name: 'OperationId', type: 'guid' },
  { name: 'DatabaseName', type: 'string' },
  { name: 'TableName', type: 'string' },
  { name: 'ScheduledTime', type: 'datetime' },
  { name: 'State', type: 'string' },
  { name: 'StateDetails', type: 'string' },
  { name: 'Retries', type: 'int' },
  { name: 'ClientRequestId', type: 'string' },
  { name: 'Principal', type: 'string' },
];

/** Extents, and what removes rows: each kind in the way the service does it. */
export const dataCommands: readonly Command[] = [
  {
    pattern: pattern('[.]show table NAME extents(?: where tags has (\'[^\']*\'|"[^"]*"))?'),
    needs: 'query',
    run: (asked, [name, tag]) =>
      commandAnswer(
        EXTENT,
        taggedExtents(asked, toName(name!), tag!).map(({ id, createdOn, rows, tags }) => [
          id,
          asked.database.name,
          toName(name!),
          createdOn,
          rows.length,
          tags.join('\r\n'),
        ]),
      ),
  },
  {
    pattern: pattern(
      String.raw`[.]drop extents\s*<\|\s*[.]show table NAME extents(?: where tags has ('[^']*'|"[^"]*"))?`,
    ),
    needs: 'remove',
    run: (asked, [name, tag]) => {
      const table = tableOf(asked, toName(name!));
      const gone = new Set(taggedExtents(asked, table.name, tag!));
      table.extents = table.extents.filter((extent) => !gone.has(extent));
      asked.rows.forget(table);
      asked.world.touch();
      return commandAnswer(
        [EXTENT[0]!, EXTENT[2]!, { name: 'CreatedOn', type: 'datetime' }],
        [...gone].map(({ id, createdOn }) => [id, table.name, createdOn]),
      );
    },
  },
  {
    pattern: pattern(String.raw`[.]delete table NAME records(?:\s+with\s*\((.*?)\))?\s*<\|(.*)`),
    needs: 'remove',
    run: softDelete,
  },
  {
    pattern: pattern(String.raw`[.]purge table NAME records in database NAME(?:\s+with\s*\((.*?)\))?\s*<\|(.*)`),
    needs: 'remove',
    run: purge,
  },
  {
    pattern: pattern('[.]show purges ([0-9a-f-]{36})'),
    needs: 'remove',
    run: async (asked, [id]) => {
      const found = asked.database.purges.find((one) => one.id === id!.toLowerCase());
      if (found?.state === 'Scheduled') await carryOut(asked, found);
      return commandAnswer(PURGE, found ? [purgeRow(asked, found)] : []);
    },
  },
];

function taggedExtents(asked: Asked, name: string, tag: string) {
  const wanted = tag === '' ? undefined : toText(tag);
  return tableOf(asked, name).extents.filter(({ tags }) => wanted === undefined || tags.includes(wanted));
}

/** Marks rows as deleted: one predicate over one table, of `where`, `extend` and `project` (DX data-soft-delete.md). */
async function softDelete(asked: Asked, [written, properties, predicate]: readonly string[]): Promise<string> {
  const { ctx, world, rows, database } = asked;
  const table = tableOf(asked, toName(written!));
  const body = predicate!.trim();
  if (!/\|\s*where\b/i.test(body) || /\|\s*(?!where\b|extend\b|project\b)\w/i.test(body))
    throw kustoError(ctx, {
      status: 400,
      code: 'BadRequest_BadDeletePredicate',
      type: 'KustoBadRequestException',
      message: 'The predicate of a deletion has at least one where, and no operators but where, extend and project.',
    });
  const whatIf = toProperties(properties!).get('whatif') === 'true';
  const matched = await rows.remove(table, body, whatIf);
  if (!whatIf) world.touch();
  return commandAnswer(
    [
      { name: 'DatabaseName', type: 'string' },
      { name: 'TableName', type: 'string' },
      { name: whatIf ? 'RecordsMatchPredicate' : 'DeletedRecords', type: 'long' },
    ],
    [[database.name, table.name, matched]],
  );
}

/** Queues a purge (DX data-purge.md): a single `where`, with no second thoughts, as programs do it. */
function purge(asked: Asked, [written, name, properties, predicate]: readonly string[]): string {
  const { ctx, world, database, claims } = asked;
  if (toName(name!) !== database.name) throw entityNotFound(ctx, 'Database', toName(name!));
  const table = tableOf(asked, toName(written!));
  if (toProperties(properties!).get('noregrets') !== 'true') throw unsupported(ctx, 'a purge in two steps');
  const made: Purge = {
    id: freshGuid(),
    table: table.name,
    predicate: predicate!.trim(),
    scheduled: world.clock.iso(),
    requestId: ctx.header('x-ms-client-request-id') ?? '',
    principal: principalName(claims),
    state: 'Scheduled',
    details: '',
  };
  database.purges.push(made);
  world.touch();
  return commandAnswer(PURGE, [purgeRow(asked, made)]);
}

/** One at a time in a cluster, in order: a purge is done when it is looked at a second time. */
async function carryOut(asked: Asked, purging: Purge): Promise<void> {
  const { database, rows, world } = asked;
  const table = database.tables.get(purging.table);
  const single = /^where\b/i.test(purging.predicate) && !/\|/.test(purging.predicate);
  try {
    if (!single || !table) throw new AppError('query.semantic', 'A purge takes one where over one table.');
    await rows.remove(table, `['${table.name}'] | ${purging.predicate}`);
    purging.state = 'Completed';
    purging.details = 'Purge completed successfully (storage artifacts pending deletion)';
  } catch (error) {
    purging.state = 'BadInput';
    purging.details = error instanceof Error ? error.message : String(error);
  }
  world.touch();
}

function purgeRow({ database }: Asked, { id, table, scheduled, state, details, requestId, principal }: Purge) {
  return [id, database.name, table, scheduled, state, details, 0, requestId, principal];
}
