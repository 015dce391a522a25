import { realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CancelSignal } from '../../base/cancel.ts';
import { AppError } from '../../base/errors.ts';
import { NeedsFile } from '../../kql/bind/external.ts';
import type { ExternalFile } from '../../kql/schema.ts';
import type { EngineTable, LocalEngine } from '../face.ts';
import { loadExternal } from './files.ts';

/** What the operator itself is documented to take. */
const MOST_BYTES = 100_000_000;
/** Where their tables are: a schema no query can name. */
export const EXTERNAL_SCHEMA = '#external';
let loads = 0;

/** The files `externaldata` may read: those of one folder, loaded when a query asks for them and dropped with it. */
export class BesideQuery {
  private readonly known = new Map<string, EngineTable | { readonly wayAround: string }>();
  private readonly engine: LocalEngine;
  private readonly folder: string;
  private readonly signal: CancelSignal | undefined;
  constructor(engine: LocalEngine, folder: string, signal: CancelSignal | undefined) {
    this.engine = engine;
    this.folder = folder;
    this.signal = signal;
  }

  /** The table of a file read before; throws `NeedsFile` for the others. */
  find(file: ExternalFile): EngineTable | { readonly wayAround: string } {
    const found = this.known.get(keyOf(file));
    if (!found) throw new NeedsFile(file);
    return found;
  }

  /**
   * Reads a file, so that `find` knows it or why there is none. Rejects with `input.file` for one that cannot be read
   * as what it should be.
   */
  async load(file: ExternalFile): Promise<void> {
    this.known.set(keyOf(file), await this.read(file));
  }

  private async read({
    name,
    columns,
    format,
    ignoreFirstRecord,
  }: ExternalFile): Promise<EngineTable | { readonly wayAround: string }> {
    if (name === undefined)
      return { wayAround: 'Only a file beside the query is read: give its name, or a URL that ends in one.' };
    if (/\.zip$/i.test(name)) return { wayAround: `Unpack ${name} and name what is in it.` };
    const path = join(this.folder, name);
    const folder = await realpath(this.folder).catch(() => undefined);
    const real = await realpath(path).catch(() => undefined);
    const found = real === undefined ? undefined : await stat(real).catch(() => undefined);
    if (folder === undefined || real === undefined || !found)
      return {
        wayAround: `The local engine never reads from the network: save the file as ${name} beside the query (in ${this.folder}).`,
      };
    if (dirname(real) !== folder || !found.isFile())
      return {
        wayAround: `${name} beside the query is not a file of that folder: a link leads out of it, or it is none.`,
      };
    if (found.size > MOST_BYTES)
      throw new AppError(
        'input.fileTooLarge',
        `${path} holds more than ${MOST_BYTES / 1e6} MB, the most externaldata takes. Load it as a table instead.`,
      );
    return loadExternal(
      this.engine,
      real,
      EXTERNAL_SCHEMA,
      `f${++loads}`,
      columns,
      { format, skipFirst: ignoreFirstRecord, maxBytes: MOST_BYTES },
      this.signal,
    );
  }

  async close(): Promise<void> {
    for (const table of this.known.values()) if ('source' in table) await this.engine.dropTable(table);
    this.known.clear();
  }
}
function keyOf({ uri, columns, format, ignoreFirstRecord }: ExternalFile): string {
  return JSON.stringify([uri, format, ignoreFirstRecord, columns]);
}
