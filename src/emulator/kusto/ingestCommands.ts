import type { Command } from './commandPattern.ts';
import { pattern } from './commandPattern.ts';
import { commandAnswer } from './frames.ts';

const STRING = 'string' as const;

/** What the ingestion client asks before it queues anything, and what tells of failures. */
export const ingestCommands: readonly Command[] = [
  {
    pattern: pattern('[.]show ingestion failures'),
    needs: 'query',
    run: ({ database }) =>
      commandAnswer(
        [
          { name: 'OperationId', type: 'guid' },
          { name: 'Database', type: STRING },
          { name: 'Table', type: STRING },
          { name: 'FailedOn', type: 'datetime' },
          { name: 'IngestionSourcePath', type: STRING },
          { name: 'Details', type: STRING },
          { name: 'FailureKind', type: STRING },
          { name: 'ErrorCode', type: STRING },
        ],
        database.failures.map((one) => [
          one.operationId,
          database.name,
          one.table,
          one.failedOn,
          one.source,
          one.details,
          one.permanent ? 'Permanent' : 'Transient',
          one.errorCode,
        ]),
      ),
  },
];
