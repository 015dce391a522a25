import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, sep } from 'node:path';
import type { CancelSignal } from '../base/cancel.ts';
import { AppError } from '../base/errors.ts';
import type { EngineDatabase, EngineTable, LocalEngine, QueryOptions, StoredFunction } from '../engine/face.ts';
import { isLake } from '../engine/lake/isLake.ts';
import { mergeSchemas } from '../kql/scopeSchema.ts';

const DATA_FILE = /^(.+)\.(jsonl|ndjson|json|csv|tsv|parquet)(\.gz)?$/i;

interface DataFile {
  readonly table: string;
  readonly path: string;
}

/** What queries are asked of: the tables of this machine. */
export type LocalData = Pick<QueryOptions, 'database' | 'resolve' | 'beside' | 'seed'>;

/**
 * The tables of files and folders. A file is a table by its name; so is every `DIR/TABLE.jsonl|.csv|.parquet` (the
 * first two also gzipped). The files of a folder below are a workspace of its own, `workspace("FOLDER").TABLE`, and all
 * of them together `TABLE` with a column _Workspace. A lake of roll-ups has a table or function for each of them.
 * Rejects with `input.data` for what cannot be read, holds no table, or holds one twice, and for a link in a folder
 * that leads out of it: somebody else may have put it there.
 */
export async function loadData(
  engine: LocalEngine,
  paths: readonly string[],
  signal?: CancelSignal,
): Promise<LocalData> {
  const tables: EngineTable[] = [];
  const functions: StoredFunction[] = [];
  const workspaces = new Map<string, EngineDatabase>();
  for (const path of paths) await loadPath(engine, path, tables, functions, workspaces, signal);
  const own = new Set(tables.map((table) => table.name));
  return {
    database: { name: 'local', tables, functions: [...functions, ...uniteTables([...workspaces.values()], own)] },
    resolve: (kind, name) => (kind === 'workspace' ? workspaces.get(name.toLowerCase()) : undefined),
  };
}

/** `data` and one file more; a table that was there under its name is replaced. Rejects as `loadData` does. */
export async function addFile(
  engine: Pick<LocalEngine, 'loadFile'>,
  data: LocalData,
  path: string,
  signal?: CancelSignal,
): Promise<{ readonly data: LocalData; readonly table: EngineTable }> {
  const [table] = await loadFiles(engine, 'local', [fileOf(path)], signal);
  const { database } = data;
  const without = <T extends { readonly name: string }>(all: readonly T[]): T[] =>
    all.filter(({ name }) => name !== table!.name);
  return {
    table: table!,
    data: {
      ...data,
      database: {
        ...database,
        tables: [...without(database.tables), table!],
        functions: without(database.functions ?? []),
      },
    },
  };
}

async function loadPath(
  engine: LocalEngine,
  path: string,
  tables: EngineTable[],
  functions: StoredFunction[],
  workspaces: Map<string, EngineDatabase>,
  signal: CancelSignal | undefined,
): Promise<void> {
  const found = await stat(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  const add = async (files: readonly DataFile[]): Promise<number> => {
    const twice = files.find((file) => tables.some((table) => table.name === file.table));
    if (twice)
      throw new AppError(
        'input.data',
        `The table ${twice.table} is there twice, the second time as ${twice.path}. Keep one of the files.`,
      );
    tables.push(...(await loadFiles(engine, 'local', files, signal)));
    return files.length;
  };
  if (!found.isDirectory()) {
    await add([fileOf(path)]);
    return;
  }
  if (await isLake(path)) {
    const { readLake } = await import('../engine/lake/readLake.ts');
    const lake = await readLake(engine, path, 'local', signal);
    const twice = lake.tables.find(({ name }) => tables.some((table) => table.name === name));
    if (twice) throw new AppError('input.data', `The table ${twice.name} is there twice, the second time in ${path}.`);
    tables.push(...lake.tables);
    functions.push(...lake.functions);
    return;
  }
  const entries = await readdir(path, { withFileTypes: true }).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  const isFile = async (entry: Dirent): Promise<boolean> =>
    entry.isSymbolicLink()
      ? stat(join(path, entry.name)).then(
          (one) => one.isFile(),
          () => false,
        )
      : entry.isFile();
  const names: string[] = [];
  for (const entry of entries)
    if (await isFile(entry)) {
      if (entry.isSymbolicLink() && DATA_FILE.test(entry.name)) await refuseWayOut(path, entry.name);
      names.push(entry.name);
    }
  let count = await add(dataFiles(path, names));
  for (const folder of entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()) {
    const inside = (await readdir(join(path, folder), { withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name);
    const files = dataFiles(join(path, folder), inside);
    if (files.length === 0) continue;
    if (workspaces.has(folder.toLowerCase()))
      throw new AppError(
        'input.data',
        `The workspace ${folder} is there twice, the second time as ${join(path, folder)}. Keep one of the folders.`,
      );
    workspaces.set(folder.toLowerCase(), { name: folder, tables: await loadFiles(engine, folder, files, signal) });
    count += files.length;
  }
  if (count === 0)
    throw new AppError(
      'input.data',
      `The folder ${path} holds no table: name files TABLE.jsonl, TABLE.csv or TABLE.parquet.`,
    );
}

async function refuseWayOut(folder: string, name: string): Promise<void> {
  const way = relative(await realpath(folder), await realpath(join(folder, name)));
  if (way.split(sep)[0] !== '..' && !isAbsolute(way)) return;
  throw new AppError(
    'input.data',
    `${join(folder, name)} is a link that leads out of the folder. Name the file itself, or put a copy into the folder.`,
  );
}

function fileOf(path: string): DataFile {
  const table = DATA_FILE.exec(basename(path))?.[1];
  if (table === undefined)
    throw new AppError(
      'input.data',
      `${path} is no file of rows by its name: .jsonl, .ndjson, .json, .csv, .tsv (each also .gz) or .parquet.`,
    );
  return { table, path };
}

function unreadable(path: string, cause: unknown): AppError {
  const { code } = cause as NodeJS.ErrnoException;
  const why =
    code === 'ENOENT' || code === 'ENOTDIR'
      ? 'There is no file or folder of that name.'
      : code === 'EACCES' || code === 'EPERM'
        ? 'You may not read it.'
        : String((cause as Error).message);
  return new AppError('input.data', `${path} cannot be read. ${why}`, { cause });
}

function dataFiles(directory: string, names: readonly string[]): DataFile[] {
  const files = names.toSorted().flatMap((name): DataFile[] => {
    const table = DATA_FILE.exec(name)?.[1];
    return table === undefined ? [] : [{ table, path: join(directory, name) }];
  });
  const twice = files.find((file, i) => files.findIndex((other) => other.table === file.table) !== i);
  if (twice)
    throw new AppError(
      'input.data',
      `${directory} holds the table ${twice.table} twice, e.g. as ${basename(twice.path)}. Keep one of the files.`,
    );
  return files;
}

async function loadFiles(
  engine: Pick<LocalEngine, 'loadFile'>,
  schema: string,
  files: readonly DataFile[],
  signal: CancelSignal | undefined,
): Promise<EngineTable[]> {
  const tables: EngineTable[] = [];
  for (const { table, path } of files) tables.push(await engine.loadFile(path, schema, table, undefined, signal));
  return tables;
}

/** One function per table name of the workspaces: all their rows, and whose they are. */
function uniteTables(
  workspaces: readonly EngineDatabase[],
  own: ReadonlySet<string>,
): { name: string; parameters: string; body: string }[] {
  return mergeSchemas(workspaces.map(({ tables }) => ({ tables })))
    .tables.filter((table) => !own.has(table.name))
    .map(({ name }) => {
      const parts = workspaces
        .filter((workspace) => workspace.tables.some((table) => table.name === name))
        .map(
          (workspace) =>
            `(workspace(${JSON.stringify(workspace.name)}).[${JSON.stringify(name)}] | extend _Workspace = ${JSON.stringify(workspace.name)})`,
        );
      return { name, parameters: '', body: parts.length === 1 ? parts[0]!.slice(1, -1) : `union ${parts.join(', ')}` };
    });
}
