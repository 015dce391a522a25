import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../base/errors.ts';
import type { PowerBiRollup } from '../core/powerBi/factColumn.ts';
import { powerBiProject } from '../core/powerBi/project.ts';
import type { PowerBiFiles } from '../core/powerBi/project.ts';
import type { PowerBiSource } from '../core/powerBi/sharedQueries.ts';
import { storedRows } from '../core/powerBi/storedRows.ts';
import type { RollupProgress } from '../core/rollup/progress.ts';
import type { RollupService } from '../core/rollup/rollupService.ts';
import { removePath } from '../engine/replaceFile.ts';
import { toExportError } from '../engine/store/export.ts';
import type { Centre } from '../model/centre.ts';
import type { Estate } from '../model/estate.ts';
import type { CustomerKey } from '../model/ids.ts';
import type { RollupDefinition } from '../model/rollup.ts';

/** What a Power BI project is asked for. */
export interface PowerBiRequest {
  readonly source: PowerBiSource;
  readonly definitions: readonly RollupDefinition[];
  /** Names of customers who get a role of their own. */
  readonly customers: readonly string[];
}

/**
 * A Power BI project over what these definitions have stored in a centre. Rejects with `input.rollup` for one that is
 * not stored there, or that was not run yet, `input.scope` for a role of a name that several customers have, and as
 * `powerBiProject` does.
 */
export async function powerBiFiles(
  { source, definitions, customers }: PowerBiRequest,
  rollups: Pick<RollupService, 'stored' | 'status'>,
): Promise<PowerBiFiles> {
  const shared = sharedNames(await rollups.status());
  const unclear = customers.find((name) => shared.has(name.toLowerCase()));
  if (unclear !== undefined)
    throw new AppError(
      'input.scope',
      `Several customers are called "${unclear.slice(0, 80)}", and a role by that name would see the rows of each of them. Nothing was written.`,
    );
  const { summaryShape } = await import('../kql/rollup/summaryShape.ts');
  const found: PowerBiRollup[] = [];
  for (const definition of definitions) {
    const { name, sinks } = definition;
    if (!sinks.includes(source.name))
      throw new AppError('input.rollup', `${name} is not stored in ${source.name}, only in ${sinks.join(', ')}.`);
    const version = await rollups.stored(definition);
    if (!version)
      throw new AppError(
        'input.rollup',
        `${name} was not run yet as it is now, so nothing is stored of it. Run it first: tenantscope rollup run ${name}.`,
      );
    const { table, query, pinned } = version;
    const shape = table.kind === 'summary' ? summaryShape(query, pinned) : {};
    found.push({ table, rowsOnce: storedRows(source.kind, table), ...shape });
  }
  const { files, notes } = powerBiProject({ name: source.name, source, rollups: found, customers });
  const told = [...shared.values()].map(
    (name) =>
      `Several customers are called "${name}": whoever is let in by that name sees the rows of each of them. Let nobody in by it.`,
  );
  return { files, notes: [...notes, ...told] };
}

/** Names that are several customers', by how DAX compares them: without case. */
function sharedNames(progresses: readonly Pick<RollupProgress, 'customer' | 'customerName'>[]): Map<string, string> {
  const owners = new Map<string, CustomerKey>();
  const shared = new Map<string, string>();
  for (const { customer, customerName } of progresses) {
    const name = customerName.toLowerCase();
    if ((owners.get(name) ?? customer) !== customer) shared.set(name, customerName);
    owners.set(name, customer);
  }
  return shared;
}

/**
 * How Power BI reaches a centre. A workspace is known by its ID there, which the estate tells (`input.centre` where it
 * has none of it); `logAnalytics` is the origin of the cloud's query API.
 */
export async function powerBiSource(
  centre: Centre,
  logAnalytics: string,
  estate: () => Promise<Estate>,
): Promise<PowerBiSource> {
  if (centre.kind !== 'logAnalytics') return centre;
  const { kind, name, workspace } = centre;
  const found = (await estate()).workspaces.find(({ armId }) => armId.toLowerCase() === workspace.toLowerCase());
  if (found) return { kind, name, endpoint: logAnalytics, workspaceId: found.guid };
  throw new AppError(
    'input.centre',
    `The workspace of ${name} is none that you can see, so its ID is not known: ${workspace}. Sign in to its tenant.`,
  );
}

/**
 * Writes a project to a folder, whole or not at all. Rejects with `input.exportPath` where the folder has anything in
 * it: a project that people work on is never written over.
 */
export async function writeProject(folder: string, { files }: Pick<PowerBiFiles, 'files'>): Promise<void> {
  const there = await readdir(folder).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new AppError('input.exportPath', `${folder} is no folder. Choose another place.`, { cause });
  });
  if (there.length > 0)
    throw new AppError(
      'input.exportPath',
      `${folder} has files already. Choose an empty folder: a project that was changed in Power BI is not written over.`,
    );
  const written = new Set<string>();
  try {
    for (const [path, text] of files) {
      const steps = path.split('/');
      const file = join(folder, ...steps);
      await mkdir(dirname(file), { recursive: true });
      written.add(join(folder, steps[0]!));
      await writeFile(file, text, { flag: 'wx' });
    }
  } catch (cause) {
    for (const path of written) await removePath(path).catch(() => undefined);
    const { code, message } = toExportError(cause);
    throw new AppError(code, `${folder}: ${message}`, { cause });
  }
}
