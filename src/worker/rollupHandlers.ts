import { gapsDocument, isLacking, receiptDocument, runDocument, runSentence } from '../app/rollupMarkdown.ts';
import type { OpenedRollups } from '../app/rollups.ts';
import type { Handlers } from '../base/rpc.ts';
import { AppError, toAppError } from '../base/errors.ts';
import { resolveScope } from '../core/estate/scope.ts';
import type { OutputDiff } from '../core/rollup/outputDiff.ts';
import type { RollupReport } from '../core/rollup/rollupService.ts';
import { loadRollupPlanner } from '../core/rollup/rollupWorld.ts';
import type { SchemaService } from '../core/schema/schemaService.ts';
import { foreignNames } from '../core/runs/foreignNames.ts';
import { offsetInFile } from '../kql/queryFiles/places.ts';
import { readRollupFile } from '../kql/queryFiles/rollupFile.ts';
import type { RollupFile } from '../kql/queryFiles/rollupFile.ts';
import type { Estate } from '../model/estate.ts';
import type { RollupDefinition, RollupTable } from '../model/rollup.ts';
import type { CancelSignal } from '../base/cancel.ts';
import type { RollupCheck, RollupOutcomes, RollupsContract, RollupText } from '../protocol/rollups.ts';
import { eraseEverywhere } from './eraseEverywhere.ts';
import type { RollupDesk } from './rollupDesk.ts';
import type { RollupLook } from './rollupLook.ts';
import { placed } from './placedProblem.ts';

/** What roll-ups need of a session. */
interface RollupSession {
  readonly desk: RollupDesk;
  readonly look: RollupLook;
  readonly estate: { load(options?: { readonly signal?: CancelSignal }): Promise<Estate> };
  readonly schemas: Pick<SchemaService, 'ofWorkspaces'>;
}

/** Roll-ups of the open folder: rows and state stay here, and the extension is told how far they are. */
export function rollupHandlers(
  live: () => RollupSession,
  tell: (progress: RollupsContract['events']['rollups.progress']) => void,
): Handlers<RollupsContract> {
  const following =
    ({ name: rollup }: RollupDefinition) =>
    (done: number, total: number): void => {
      tell({ rollup, done, total });
    };
  return {
    'rollups.look': ({ files }) => live().look.picture(files),
    'rollups.check': async ({ plan, ...file }, signal) => {
      const read = await readRollupFile(file.path, file.text);
      const problems = read.problems.map(({ message, start }) => placed(file.text, message, start));
      return plan && read.definition ? planned(file, read, read.definition, live(), signal) : { problems };
    },
    'rollups.run': async ({ backfill, ...file }, cancel) => {
      const definition = await definitionOf(file);
      const { desk, estate } = live();
      const { sinks, scope } = definition;
      const workspaces = async (): Promise<number> => resolveScope(scope, await estate.load()).workspaces.length;
      return desk.alone(definition.name, cancel, (signal) =>
        desk.using({ path: file.path, sinks, workspaces }, async ({ rollups }) => {
          const settled = following(definition);
          const report = await rollups.run(definition, { signal, settled, ...(backfill ? { backfill } : {}) });
          const document = isLacking(report) ? { document: runDocument(report) } : {};
          return { ...toOutcomes(report), sentence: `${runSentence(report)}.`, ...document };
        }),
      );
    },
    'rollups.dryRun': async (file, cancel) => {
      const definition = await definitionOf(file);
      const { desk } = live();
      const found = await desk.centres.of(file.path);
      return desk.alone(definition.name, cancel, async (signal) => {
        const { since: _all, recheckMinutes: _none, ...last } = definition;
        const sinks = definition.sinks.slice(0, 1);
        const report = await desk.dry(sinks).run({ ...last, sinks }, { signal, settled: following(definition) });
        const diff = report.table && (await diffOf(desk, file.path, report.table));
        const kinds = new Set(
          definition.sinks.map((sink) => found.centres.find(({ name }) => name === sink)?.kind ?? 'lake'),
        );
        const { dryRunMarkdown } = await import('../app/dryRunMarkdown.ts');
        return {
          run: toOutcomes(report),
          document: dryRunMarkdown(report, { definition, kinds, ...(diff ? { diff } : {}) }),
        };
      });
    },
    'rollups.pause': ({ rollup, paused, path }) =>
      live().desk.using({ ...(path === undefined ? {} : { path }), sinks: [] }, async ({ rollups }) => {
        await (paused ? rollups.pause(rollup) : rollups.resume(rollup));
        return null;
      }),
    'rollups.switch': async ({ customer, on, paths }) => {
      const change = async ({ rollups }: Pick<OpenedRollups, 'rollups'>): Promise<void> => {
        await (on ? rollups.switchOn(customer) : rollups.switchOff(customer));
      };
      const { desk } = live();
      // Here first and at once, whatever the others say.
      await change({ rollups: await desk.rollups() });
      for (const { rollup: path, state } of await desk.centres.ofAll(paths))
        if (state) await desk.using({ path, sinks: [] }, change);
      return null;
    },
    'rollups.erase': async ({ customer, name, paths }) => {
      const receipts = await eraseEverywhere(live().desk, customer, paths);
      return { receipts, document: receiptDocument(name, receipts) };
    },
    'rollups.describeGaps': ({ name, lines }) => gapsDocument(name, lines),
    'rollups.origin': async ({ id, customer, workspace, from, to, paths }) => {
      const { desk } = live();
      const window = { from: Date.parse(from), to: Date.parse(to) };
      if (!(window.from < window.to)) throw new AppError('input.rollup', 'This row does not tell its window.');
      const known = async ({ rollups }: Pick<OpenedRollups, 'rollups'>) => {
        const version = await rollups.version(id);
        return version && { version, lines: await rollups.status() };
      };
      let found = await known({ rollups: await desk.rollups() });
      for (const { rollup: path, state } of found ? [] : await desk.centres.ofAll(paths))
        if (state) found ??= await desk.using({ path, sinks: [] }, known);
      if (!found) throw new AppError('input.rollup', `The centre knows no roll-up ${id.slice(0, 80)} any more.`);
      const { version, lines } = found;
      const line = lines.find(
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

/** Against what is stored; nothing where nobody approved the place that knows it. */
async function diffOf(desk: RollupDesk, path: string, table: RollupTable): Promise<OutputDiff | undefined> {
  try {
    return await desk.using({ path, sinks: [] }, ({ diff }) => diff(table));
  } catch (thrown) {
    if (toAppError(thrown).code === 'input.notApproved') return undefined;
    throw thrown;
  }
}

/** The definition of a file. Rejects with `input.rollup` for one that has a problem. */
export async function definitionOf({ path, text }: RollupText): Promise<RollupDefinition> {
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

function toOutcomes({ rollup, error, workspaces, missing }: RollupReport): RollupOutcomes {
  return {
    rollup,
    ...(error ? { error } : {}),
    workspaces: workspaces.map(({ until: _line, ...one }) => one),
    missing,
  };
}
