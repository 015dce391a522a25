import { Database } from './database/database.ts';
import type { EngineOptions, LocalEngine } from './face.ts';
import { startEngine } from './runtime/localEngine.ts';

/**
 * Opens a database in memory, or a file, and an engine on it: bounded memory, spilling to `tempDirectory`. Nothing a
 * query says reaches files or the network. Closing the engine closes the database.
 */
export async function openEngine({ geoDatabase, ...options }: EngineOptions = {}): Promise<LocalEngine> {
  const database = await Database.open(options);
  try {
    return await startEngine(database, geoDatabase, () => database.close());
  } catch (thrown) {
    await database.close();
    throw thrown;
  }
}
