import type { Handlers } from '../base/rpc.ts';
import { AppError, toAppError } from '../base/errors.ts';
import { resolveScope } from '../core/estate/scope.ts';
import type { RollupProgress } from '../core/rollup/progress.ts';
import type { RollupReport } from '../core/rollup/rollupService.ts';
import { loadRollupPlanner } from '../core/rollup/rollupWorld.ts';
import type { SchemaService } from '../core/schema/schemaService.ts';
import { foreignNames } from '../core/runs/foreignNames.ts';
import { namesOf } from '../engine/lake/lakePaths.ts';
import { latest } from '../engine/lake/lakeViews.ts';
import { lineEnd } from '../kql/scan.ts';
import { offsetInFile } from '../kql/queryFiles/places.ts';
import { readRollupFile } from '../kql/queryFiles/rollupFile.ts';
import type { RollupFile } from '../kql/queryFiles/rollupFile.ts';
import type { Estate } from '../model/estate.ts';
import { ROLLUP_COLUMNS } from '../model/rollup.ts';
import type { RollupDefinition } from '../model/rollup.ts';
import type { CancelSignal } from '../base/cancel.ts';
import type {
  RollupCheck,
  RollupInFile,
  RollupLine,
  RollupProblem,
  RollupRun,
  RollupsContract,
  RollupText,
} from '../protocol/rollups.ts';
import type { RollupDesk } from './rollupDesk.ts';

/** What roll-ups need of a session. */
interface RollupSession {
  readonly desk: RollupDesk;
  readonly estate: { load(options?: { readonly signal?: CancelSignal }): Promise<Estate> };
  readonly schemas: Pick<SchemaService, 'ofWorkspaces'>;
}

/** Roll-ups of the open folder: rows and state stay here, and the extension is told how far they are. */
export function rollupHandlers(
  live: () => RollupSession,
  tell: (progress: RollupsContract['events']['rollups.progress']) => void,
): Handlers<RollupsContract> {
  return {
    'rollups.look': async ({ files }) => {
      const { desk } = live();
      const rollups = await desk.rollups();
      const [status, { paused, off }, versions] = await Promise.all([
        rollups.status(),
        rollups.switches(),
        rollups.versions(),
      ]);
      const read = await Promise.all(
        files.map(async (file): Promise<RollupInFile> => {
          const { definition, problems } = await readRollupFile(file.path, file.text);
          return {
            path: file.path,
            ...(definition ? { definition, id: rollups.idOf(definition) } : {}),
            problems: problems.map(({ message, start }) => placed(file.text, message, start)),
          };
        }),
      );
      return {
        files: withoutTwins(read),
        lines: status.map((one) => toLine(one, off.includes(one.customer))),
        names: [...latest(versions.map(({ table }) => table))].map((table) => ({
          id: table.id,
          kind: table.kind,
          ...namesOf(table),
          columns: [...ROLLUP_COLUMNS, ...table.columns],
          answerColumns: table.view === undefined ? [...ROLLUP_COLUMNS, ...table.columns] : table.viewColumns,
        })),
        paused,
        lake: desk.lake,
      };
    },
    'rollups.check': async ({ plan, ...file }, signal) => {
      const read = await readRollupFile(file.path, file.text);
      const problems = read.problems.map(({ message, start }) => placed(file.text, message, start));
      return plan && read.definition ? planned(file, read, read.definition, live(), signal) : { problems };
    },
    'rollups.run': async ({ dry, backfill, ...file }, cancel) => {
      const definition = await definitionOf(file);
      const { desk } = live();
      return desk.alone(definition.name, cancel, async (signal) => {
        const settled = (done: number, total: number): void => {
          tell({ rollup: definition.name, done, total });
        };
        if (!dry)
          return toRun(
            await (await desk.rollups()).run(definition, { signal, settled, ...(backfill ? { backfill } : {}) }),
          );
        const { since: _all, ...last } = definition;
        const sinks = definition.sinks.slice(0, 1);
        return toRun(await desk.dry(sinks).run({ ...last, sinks }, { signal, settled }));
      });
    },
    'rollups.pause': async ({ rollup, paused }) => {
      const rollups = await live().desk.rollups();
      await (paused ? rollups.pause(rollup) : rollups.resume(rollup));
      return null;
    },
    'rollups.switch': async ({ customer, on }) => {
      const rollups = await live().desk.rollups();
      await (on ? rollups.switchOn(customer) : rollups.switchOff(customer));
      return null;
    },
    'rollups.erase': async ({ customer }) => (await live().desk.rollups()).erase(customer),
    'rollups.origin': async ({ id, customer, workspace, from, to }) => {
      const rollups = await live().desk.rollups();
      const version = await rollups.version(id);
      if (!version) throw new AppError('input.rollup', `The centre knows no roll-up ${id.slice(0, 80)} any more.`);
      const window = { from: Date.parse(from), to: Date.parse(to) };
      if (!(window.from < window.to)) throw new AppError('input.rollup', 'This row does not tell its window.');
      const line = (await rollups.status()).find(
        (one) => one.rollup === id && one.customerName === customer && one.workspaceName === workspace,
      );
      const { originQuery } = await import('../kql/rollup/originQuery.ts');
      return {
        rollup: version.table.name,
        query: originQuery(version.query, version.pinned, window),
        // By its id: several customers may have a workspace of this name.
        scope: { include: [{ kind: 'workspace', value: line?.workspace ?? workspace }], except: [] },
      };
    },
  };
}

async function definitionOf({ path, text }: RollupText): Promise<RollupDefinition> {
  const { definition, problems } = await readRollupFile(path, text);
  if (definition) return definition;
  const [first] = problems;
  throw new AppError('input.rollup', `This roll-up cannot be run: ${first?.message ?? 'it says no query.'}`);
}

/** What the planner says of a definition over the tables of its scope; nothing where no workspace tells its tables. */
async function planned(
  { text }: RollupText,
  { segments }: RollupFile,
  definition: RollupDefinition,
  { estate: estates, schemas }: RollupSession,
  signal: CancelSignal,
): Promise<RollupCheck> {
  const estate = await estates.load({ signal });
  const { workspaces } = resolveScope(definition.scope, estate);
  const told = await schemas.ofWorkspaces(
    workspaces.map(({ key }) => key),
    { signal, background: true, kept: true },
  );
  const known = [...told.values()].flatMap((one) => (one.ok ? [one.value] : []));
  if (known.length === 0) return { problems: [] };
  try {
    const isConfidential = foreignNames(estate, new Set(workspaces.map(({ customer }) => customer)));
    const plan = (await loadRollupPlanner()).plan(definition.query, known, { isConfidential });
    return { problems: [], kind: plan.kind, columns: plan.viewColumns };
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.family !== 'query') throw error;
    const { start = 0, length = 0 } = error.data as { readonly start?: number; readonly length?: number };
    const at = offsetInFile(segments, start);
    const problem = placed(text, error.message, at);
    return { problems: [length > 0 ? { ...problem, end: Math.min(text.length, at + length) } : problem] };
  }
}

/** A problem up to the end of its line. */
function placed(text: string, message: string, start: number): RollupProblem {
  const from = Math.min(start, text.length);
  return { message, start: from, end: Math.max(from, lineEnd(text, from)) };
}

/** Two files of one name would be one roll-up: the later one says so, and cannot be run. */
function withoutTwins(files: readonly RollupInFile[]): RollupInFile[] {
  const seen = new Map<string, string>();
  return files.map((file) => {
    const name = file.definition?.name.toLowerCase();
    const twin = name === undefined ? undefined : seen.get(name);
    if (name !== undefined && twin === undefined) seen.set(name, file.path);
    if (twin === undefined) return file;
    const message = `${twin.split('/').at(-1)!} is called ${file.definition!.name}, too. Give one of them another "@name".`;
    return { path: file.path, problems: [...file.problems, { message, start: 0, end: 0 }] };
  });
}

function toLine(
  { lease: _ours, stored: _ranges, has: _columns, ...progress }: RollupProgress,
  off: boolean,
): RollupLine {
  return { ...progress, off };
}

function toRun({ rollup, error, workspaces, missing }: RollupReport): RollupRun {
  return {
    rollup,
    ...(error ? { error } : {}),
    workspaces: workspaces.map(({ until: _line, ...one }) => one),
    missing,
  };
}
