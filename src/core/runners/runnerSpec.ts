import { AppError } from '../../base/errors.ts';
import type { BlobState, Centre, Centres } from '../../model/centre.ts';
import type { RollupDefinition } from '../../model/rollup.ts';

/** What a runner that somebody else starts is made for. */
export interface RunnerSpec {
  /** The roll-ups it runs, one at least. */
  readonly rollups: readonly RollupDefinition[];
  readonly centres: Centres;
  /** The roll-ups are all there are: new ones are run without a new runner. */
  readonly all: boolean;
  /** The program's version. */
  readonly version: string;
}

/** A spec that was looked at: where its roll-ups are stored, and where their state is. */
export interface CheckedSpec extends RunnerSpec {
  readonly used: readonly Exclude<Centre, { kind: 'lake' }>[];
  readonly state: BlobState;
  /** The shortest of the schedules, in minutes. */
  readonly everyMinutes: number;
}

/**
 * Whether machines without a folder of their own can run these: throws `input.runner`, naming the roll-up and what
 * stands in the way.
 */
export function checkSpec(spec: RunnerSpec): CheckedSpec {
  const { rollups, centres } = spec;
  const used = new Map<string, Exclude<Centre, { kind: 'lake' }>>();
  for (const { name, sinks } of rollups)
    for (const sink of sinks) {
      const centre = centres.centres.find((one) => one.name.toLowerCase() === sink.toLowerCase());
      if (!centre && sink !== 'lake')
        throw refused(`${name} is stored in "${sink.slice(0, 60)}", which is no centre of .tenantscope/centres.json`);
      if (!centre || centre.kind === 'lake')
        throw refused(
          `${name} is stored in the lake, a folder of one machine, which is gone with the runner; give it "// @sink" with a Log Analytics or Data Explorer centre`,
        );
      used.set(centre.name, centre);
    }
  if (!centres.state)
    throw refused(
      'where the state of roll-ups is kept is not said, and each start of the runner is a new machine; add "state" with a container of blobs to .tenantscope/centres.json',
    );
  return {
    ...spec,
    used: [...used.values()],
    state: centres.state,
    everyMinutes: Math.min(...rollups.map(({ everyMinutes }) => everyMinutes)),
  };
}

/** The words of `tenantscope` that a runner runs, one list for each start of the program. */
export function programCalls({ rollups, all, used }: CheckedSpec): readonly (readonly string[])[] {
  const approvals = [...used.map(({ name }) => name), 'state'].flatMap((name) => ['--approve', name]);
  const names = all ? [[]] : rollups.map(({ name }) => [name]);
  return names.map((name) => ['rollup', 'run', ...name, '--due', '--json', ...approvals]);
}

/** What the program ends with where an answer came and lacks somebody (`cli/exitCodes`): no failure of a runner. */
export const PARTIAL = 4;

/** A word for a POSIX shell: what is in it stays text. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function refused(why: string): AppError {
  return new AppError('input.runner', `No runner can be made: ${why}.`);
}
