/**
 * The engine as a library: KQL over data on this machine, by Microsoft's own parser and DuckDB. Published as
 * `tenantscope/engine`.
 *
 *     import { openEngine } from 'tenantscope/engine';
 *
 *     const engine = await openEngine({ memoryLimitMb: 512 });
 *     try {
 *       const events = await engine.loadFile('events.jsonl.gz', 'local', 'Event');
 *       const database = { name: 'local', tables: [events] };
 *       const answer = await engine.query('Event | summarize Count = count() by Computer', { database });
 *       const [table] = answer.tables;
 *       console.log(table.columns, await table.rows(0, 100));
 *       await table.dispose();
 *     } finally {
 *       await engine.close();
 *     }
 *
 * What the engine does not support is refused by name and place, never answered wrongly: a failure is an Error with
 * `code` (`query.syntax`, `query.semantic`, `query.unsupported`, `engine.memory` ...), `message` and `data`. Nothing a
 * query says reaches files or the network.
 */
import type { EngineOptions, LocalEngine } from './face.ts';
import { openEngine as open } from './openEngine.ts';

export type {
  EngineDatabase,
  EngineOptions,
  EngineTable,
  LocalEngine,
  QueryAnswer,
  QueryOptions,
  QueryResult,
  StoredFunction,
} from './face.ts';

/** Opens an engine in memory, or on a database file. Close it: it holds native memory and a folder for spilling. */
export function openEngine(options: EngineOptions = {}): Promise<LocalEngine> {
  return open(options);
}
