import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { removePath, replaceFile } from '../engine/replaceFile.ts';
import type { WorkspaceKey } from '../model/ids.ts';
import { issuerKey } from '../ports/issuer.ts';
import type { Issuer } from '../ports/issuer.ts';
import type { WorkspaceSchema } from '../ports/logs.ts';
import type { SchemaShelf } from '../ports/schemaShelf.ts';
import { parseSchemas, printSchemas } from './schemaFile.ts';
import type { KeptSchema } from './schemaFile.ts';

/** A workspace that nobody asked for so long is forgotten. */
const LONGEST_MS = 30 * 24 * 3_600_000;
/** What is told within this time goes to the file together. */
const WRITE_AFTER_MS = 5_000;
/** A damaged file must not unpack without an end. */
const LARGEST_BYTES = 500_000_000;

/**
 * A file of schemas for each token, in a folder of ours that this user alone can read. Neither its name nor what is in
 * it says whose the workspaces are: both go by hashes.
 */
export class SchemaFolder implements SchemaShelf {
  private readonly folder: string;
  private readonly cloud: string;
  private readonly files = new Map<string, Promise<Map<string, KeptSchema>>>();
  private readonly unwritten = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(folder: string, cloud: string) {
    this.folder = folder;
    this.cloud = cloud;
  }

  async find(issuer: Issuer, workspace: WorkspaceKey): Promise<WorkspaceSchema | undefined> {
    const kept = (await this.file(this.nameOf(issuer))).get(hashed(workspace));
    return kept && Date.now() - kept.at < LONGEST_MS ? kept.schema : undefined;
  }

  keep(issuer: Issuer, workspace: WorkspaceKey, schema: WorkspaceSchema): void {
    const name = this.nameOf(issuer);
    void this.file(name).then((file) => {
      file.set(hashed(workspace), { at: Date.now(), schema });
      this.unwritten.add(name);
      this.timer ??= setTimeout(() => void this.flush(), WRITE_AFTER_MS).unref();
    });
  }

  /** Writes what is not written yet. Never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    return (this.writing = this.writing.then(async () => {
      for (const name of this.unwritten) {
        this.unwritten.delete(name);
        await this.write(name, await this.file(name)).catch(() => undefined);
      }
    }));
  }

  private file(name: string): Promise<Map<string, KeptSchema>> {
    let file = this.files.get(name);
    if (!file) this.files.set(name, (file = this.read(name)));
    return file;
  }

  private async read(name: string): Promise<Map<string, KeptSchema>> {
    try {
      const packed = await readFile(join(this.folder, name));
      const text = await promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip)(packed, {
        maxOutputLength: LARGEST_BYTES,
      });
      return parseSchemas(text.toString()) ?? new Map();
    } catch {
      return new Map();
    }
  }

  private async write(name: string, file: ReadonlyMap<string, KeptSchema>): Promise<void> {
    const young = new Map([...file].filter(([, { at }]) => Date.now() - at < LONGEST_MS));
    const path = join(this.folder, name);
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    try {
      await writeFile(`${path}.new`, await promisify<string, Buffer>(gzip)(printSchemas(young)), { mode: 0o600 });
      await replaceFile(`${path}.new`, path);
    } catch (error) {
      await removePath(`${path}.new`).catch(() => undefined);
      throw error;
    }
  }

  private nameOf(issuer: Issuer): string {
    return `schemas-${hashed(`${this.cloud}\n${issuerKey(issuer)}`)}.json.gz`;
  }
}

function hashed(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
