import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../base/errors.ts';
import type { EngineDatabase, EngineTable, LocalEngine, QueryOptions } from '../engine/face.ts';
import { mergeSchemas } from '../kql/scopeSchema.ts';

const DATA_FILE = /^(.+)\.(jsonl|ndjson|json|csv|tsv|parquet)(\.gz)?$/i;

interface DataFile { readonly table: string; readonly path: string }

/**
 * The tables of a folder: `DIR/TABLE.jsonl|.csv|.parquet` (the first two also gzipped) are tables by their names; the files of a folder
 * below are a workspace of its own, `workspace("FOLDER").TABLE`, and all of them together `TABLE` with a column _Workspace.
 */
export async function loadData(engine: LocalEngine, directory: string | undefined): Promise<Pick<QueryOptions, 'database' | 'resolve'>> {
  if (directory === undefined) return { database: { name: 'local', tables: [] } };
  const entries = await readdir(directory, { withFileTypes: true }).catch((cause: unknown) => { throw new AppError('input.data', `The folder ${directory} cannot be read.`, { cause }); });
  const tables = await loadFiles(engine, 'local', dataFiles(directory, entries.filter((entry) => entry.isFile()).map((entry) => entry.name)));
  const workspaces = new Map<string, EngineDatabase>();
  for (const folder of entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort()) {
    const names = (await readdir(join(directory, folder), { withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => entry.name);
    const loaded = await loadFiles(engine, folder, dataFiles(join(directory, folder), names));
    if (loaded.length > 0) workspaces.set(folder.toLowerCase(), { name: folder, tables: loaded });
  }
  if (tables.length === 0 && workspaces.size === 0) throw new AppError('input.data', `The folder ${directory} holds no table: name files TABLE.jsonl, TABLE.csv or TABLE.parquet.`);
  const own = new Set(tables.map((table) => table.name));
  return {
    database: { name: 'local', tables, functions: uniteTables([...workspaces.values()], own) },
    resolve: (kind, name) => (kind === 'workspace' ? workspaces.get(name.toLowerCase()) : undefined),
  };
}

function dataFiles(directory: string, names: readonly string[]): DataFile[] {
  const files = names.toSorted().flatMap((name): DataFile[] => { const table = DATA_FILE.exec(name)?.[1]; return table === undefined ? [] : [{ table, path: join(directory, name) }]; });
  const twice = files.find((file, i) => files.findIndex((other) => other.table === file.table) !== i);
  if (twice) throw new AppError('input.data', `${directory} holds the table ${twice.table} twice, e.g. as ${basename(twice.path)}. Keep one of the files.`);
  return files;
}

async function loadFiles(engine: LocalEngine, schema: string, files: readonly DataFile[]): Promise<EngineTable[]> {
  const tables: EngineTable[] = [];
  for (const { table, path } of files) tables.push(await engine.loadFile(path, schema, table));
  return tables;
}

/** One function per table name of the workspaces: all their rows, and whose they are. */
function uniteTables(workspaces: readonly EngineDatabase[], own: ReadonlySet<string>): { name: string; parameters: string; body: string }[] {
  return mergeSchemas(workspaces.map(({ tables }) => ({ tables }))).tables.filter((table) => !own.has(table.name)).map(({ name }) => {
    const parts = workspaces.filter((workspace) => workspace.tables.some((table) => table.name === name))
      .map((workspace) => `(workspace(${JSON.stringify(workspace.name)}).[${JSON.stringify(name)}] | extend _Workspace = ${JSON.stringify(workspace.name)})`);
    return { name, parameters: '', body: parts.length === 1 ? parts[0]!.slice(1, -1) : `union ${parts.join(', ')}` };
  });
}
