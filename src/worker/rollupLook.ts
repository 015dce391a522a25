import { openRollupsAt } from '../app/rollups.ts';
import { toldOf, STATE } from '../app/centresFile.ts';
import { toAppError } from '../base/errors.ts';
import type { RollupProgress } from '../core/rollup/progress.ts';
import type { RollupService } from '../core/rollup/rollupService.ts';
import { namesOf } from '../engine/lake/lakePaths.ts';
import { LakeSink } from '../engine/lake/lakeSink.ts';
import { latest } from '../engine/lake/lakeViews.ts';
import { readRollupFile } from '../kql/queryFiles/rollupFile.ts';
import { ROLLUP_COLUMNS } from '../model/rollup.ts';
import type { RollupInFile, RollupLine, RollupsPicture, RollupText } from '../protocol/rollups.ts';
import { centresPathOf } from './rollupCentres.ts';
import type { RollupCentres } from './rollupCentres.ts';
import type { DeskServices, RollupDesk } from './rollupDesk.ts';
import { placed } from './placedProblem.ts';

/** How old what is seen of a container may be while a roll-up is run, milliseconds: each look asks for every blob. */
const WHILE_RUNNING_MS = 15_000;

/** What one place of the state tells. */
interface Seen {
  readonly lines: readonly RollupLine[];
  readonly paused: readonly string[];
}
/** Nobody has said anything. */
const NOTHING: Seen = { lines: [], paused: [] };
type FoundFile = Awaited<ReturnType<RollupCentres['ofAll']>>[number];

/** Everything the Roll-ups view shows, from the files and from every place where their state is. */
export class RollupLook {
  private readonly services: DeskServices;
  private readonly desk: RollupDesk;
  private readonly known = new Map<string, { readonly at: number; readonly seen: Promise<Seen> }>();

  constructor(services: DeskServices, desk: RollupDesk) {
    this.services = services;
    this.desk = desk;
  }

  async picture(files: readonly RollupText[]): Promise<RollupsPicture> {
    const { desk } = this;
    const rollups = await desk.rollups();
    const [here, tables, centres] = await Promise.all([
      see(rollups),
      new LakeSink(desk.lake.folder).tables(),
      desk.centres.ofAll(files.map(({ path }) => path)),
    ]);
    const read = await Promise.all(files.map((file) => readOne(file, rollups)));
    const notes = centres.flatMap(({ path, problems }) =>
      problems.map(({ line, message }) => `${path}:${line}: ${message}`),
    );
    const elsewhere = new Map<string | undefined, Seen>();
    for (const found of centres) {
      if (!found.state) continue;
      const seen = await this.remote(found);
      if (typeof seen === 'string') notes.push(seen);
      elsewhere.set(found.path, typeof seen === 'string' ? NOTHING : seen);
    }
    const named = new Set(read.map(({ definition }) => definition?.name));
    const paused = read.flatMap(({ path, definition }) => {
      const own = elsewhere.get(centresPathOf(path)) ?? here;
      return definition && own.paused.includes(definition.name) ? [definition.name] : [];
    });
    return {
      files: withoutTwins(read),
      lines: [here, ...elsewhere.values()].flatMap(({ lines }) => lines),
      names: [...latest(tables)].map((table) => ({
        id: table.id,
        kind: table.kind,
        ...namesOf(table),
        columns: [...ROLLUP_COLUMNS, ...table.columns],
        answerColumns: table.view === undefined ? [...ROLLUP_COLUMNS, ...table.columns] : table.viewColumns,
      })),
      paused: [...paused, ...here.paused.filter((name) => !named.has(name))],
      lake: desk.lake.folder,
      notes,
    };
  }

  /** What a container tells; a sentence where it was not asked, or could not be. */
  private async remote(found: FoundFile): Promise<Seen | string> {
    const place = toldOf([STATE, found.state!]);
    try {
      const open = await this.desk.centres.unapproved(found, []);
      if (open.length > 0) return `${found.path} ${place}. You have not approved that: run a roll-up to be asked.`;
      // To look signs nobody in.
      if (!this.services.estate.current) return `${found.path} ${place}: it is shown once the estate is loaded.`;
      const before = this.known.get(found.path);
      if (this.desk.busy && before && Date.now() - before.at < WHILE_RUNNING_MS) return await before.seen;
      const seen = this.ask(found);
      this.known.set(found.path, { at: Date.now(), seen });
      return await seen;
    } catch (thrown) {
      this.known.delete(found.path);
      return `${found.path} ${place}, and that could not be read. ${toAppError(thrown).message}`;
    }
  }

  private async ask({ state }: FoundFile): Promise<Seen> {
    const { rollups, close } = await openRollupsAt(this.services, { centres: [], state: state! });
    try {
      return await see(rollups);
    } finally {
      await close();
    }
  }
}

async function see(rollups: RollupService): Promise<Seen> {
  const [status, { paused, off }] = await Promise.all([rollups.status(), rollups.switches()]);
  return { lines: status.map((one) => toLine(one, off.includes(one.customer))), paused };
}

async function readOne(file: RollupText, rollups: RollupService): Promise<RollupInFile> {
  const { definition, problems } = await readRollupFile(file.path, file.text);
  return {
    path: file.path,
    ...(definition ? { definition, id: rollups.idOf(definition) } : {}),
    problems: problems.map(({ message, start }) => placed(file.text, message, start)),
  };
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
