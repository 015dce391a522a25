import { parseTimeRange } from '../../model/timeRangeText.ts';
import type { RollupDefinition } from '../../model/rollup.ts';
import { EVERYTHING } from '../../model/scope.ts';
import type { Scope } from '../../model/scope.ts';
import { parseDatetime } from '../../model/values/datetime.ts';
import { epochMs } from '../../model/values/ticks.ts';
import { codeStart } from '../scan.ts';
import { parseScope } from '../scopeLine.ts';
import { withoutComments } from '../withoutComments.ts';
import type { Segment } from './places.ts';
import type { FileProblem } from './queryFile.ts';
import { MAX_FILE_LENGTH } from './queryFile.ts';
import { settingsOfComment, settingsOfTree } from './rollupSettings.ts';
import type { FoundSettings, Setting, SettingName } from './rollupSettings.ts';

/** Where roll-ups of a repository lie. */
export const ROLLUP_FOLDER = '.tenantscope/rollups';
/** Files that are roll-ups, in that folder. */
export const ROLLUP_FILE = /\.(?:kql|kusto|csl|ya?ml)$/i;

/** A roll-up's file that was read. `definition` is absent where a problem leaves open what is meant. */
export interface RollupFile {
  readonly definition?: RollupDefinition;
  /** Where the characters of the query stand in the file. */
  readonly segments: readonly Segment[];
  readonly problems: readonly FileProblem[];
}

const DAY = 1440;
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,44}$/;

/**
 * The roll-up of a file: KQL with settings in comment lines (`// @window 1h`), or YAML with the same names and the
 * `query`. Never throws on bad text: what cannot be read is a problem at its place.
 */
export async function readRollupFile(path: string, text: string): Promise<RollupFile> {
  const name = path.replace(/^.*[\\/]/, '').replace(/\.\w+$/, '');
  if (text.length > MAX_FILE_LENGTH)
    return { segments: [], problems: [{ message: 'The file is too long to be a roll-up.', start: 0 }] };
  if (!/\.ya?ml$/i.test(path))
    return definitionOf(name, withoutComments(text), [{ at: 0, file: 0 }], settingsOfComment(text));
  const { parseYaml } = await import('./yamlTree.ts');
  const { roots, problems } = parseYaml(text);
  const [root] = roots;
  if (problems.length > 0 || root?.kind !== 'map' || roots.length > 1)
    return {
      segments: [],
      problems: problems.length > 0 ? problems : [{ message: 'A roll-up in YAML is one map with a query.', start: 0 }],
    };
  const query = root.entries.get('query');
  const settings = settingsOfTree(root.entries);
  if (query?.kind !== 'text')
    return { segments: [], problems: [...settings.problems, { message: 'There is no query.', start: 0 }] };
  return definitionOf(name, withoutComments(query.value), query.segments(), settings);
}

/** Reads settings one by one and gathers what is wrong with them. */
class SettingReader {
  readonly problems: FileProblem[];
  private readonly settings: FoundSettings['settings'];

  constructor({ settings, problems }: FoundSettings) {
    this.settings = settings;
    this.problems = [...problems];
  }

  all(name: SettingName): readonly Setting[] {
    return this.settings.get(name) ?? [];
  }
  /** The value that `read` makes of the one that is said; a text instead of a value says what is wrong with it. */
  one<T>(name: SettingName, otherwise: T, read: (value: string) => { readonly value: T } | string): T {
    const [said, again] = this.all(name);
    if (again) this.problem(again, `"${name}" is said twice.`);
    if (!said) return otherwise;
    const made = read(said.value);
    if (typeof made !== 'string') return made.value;
    this.problem(said, made);
    return otherwise;
  }
  problem({ place }: Setting, message: string): void {
    this.problems.push({ message, start: place.start });
  }
}

function definitionOf(fileName: string, query: string, segments: readonly Segment[], found: FoundSettings): RollupFile {
  const reader = new SettingReader(found);
  const text = (value: string): { readonly value: string } => ({ value });
  const name = reader.one('name', fileName, text);
  if (!NAME.test(name))
    reader.problems.push({
      message: `"${name.slice(0, 60)}" is no name of a roll-up: a letter, then letters, digits and _, at most 45 of them.`,
      start: reader.all('name')[0]?.place.start ?? 0,
    });
  if (codeStart(query) >= query.length) reader.problems.push({ message: 'There is no query.', start: 0 });
  const windowMinutes = reader.one('window', 60, (value) => {
    const minutes = minutesOf(value);
    return minutes !== undefined && minutes >= 5 && minutes <= DAY && DAY % minutes === 0
      ? { value: minutes }
      : 'A window is a part of a day, from 5m to 1d, of which a day is whole ones: 5m, 15m, 1h, 6h.';
  });
  const latenessMinutes = reader.one('lateness', 10, (value) => {
    const minutes = /^0m?$/.test(value) ? 0 : minutesOf(value);
    return minutes !== undefined && minutes <= 2 * DAY
      ? { value: minutes }
      : 'Lateness is how long after its end a window is read, 0m to 2d: 10m.';
  });
  const recheckMinutes = reader.one('recheck', 0, (value) => {
    const minutes = /^0m?$/.test(value) ? 0 : minutesOf(value);
    return minutes !== undefined && minutes <= 7 * DAY
      ? { value: minutes }
      : 'Recheck is how far back each run looks whether more can be seen than was stored, 0m to 7d: 24h.';
  });
  const everyMinutes = reader.one('schedule', windowMinutes, (value) => {
    const minutes = minutesOf(value.replace(/^every\s+/i, ''));
    return minutes === undefined ? 'A schedule is "every 1h", or any other duration.' : { value: minutes };
  });
  const rows = reader.one('limit', 1_000_000, (value) => {
    const count = Number(/^(\d{1,9})\s+rows$/i.exec(value.replaceAll(/[,_]/g, ''))?.[1]);
    return count >= 1 ? { value: count } : 'A limit is a number of rows of one window: "200000 rows".';
  });
  const scope = reader.one<Scope>('scope', EVERYTHING, (value) => {
    const read = parseScope(value);
    return read.error ? read.error.message : { value: read.scope };
  });
  const since = reader.one<number | undefined>('since', undefined, (value) => {
    const ticks = /^\d{4}-/.test(value) ? parseDatetime(value) : undefined;
    return ticks === undefined
      ? 'A roll-up begins at a time: 2026-01-31, or 2026-01-31T12:00Z.'
      : { value: epochMs(ticks) };
  });
  const owner = reader.one<string | undefined>('owner', undefined, text);
  const description = [...reader.all('description')].map(({ value }) => value).join(' ');
  const key = listOf(reader.all('key'));
  const sinks = [...new Set(listOf(reader.all('sinks')))];
  const definition: RollupDefinition = {
    name,
    ...(description === '' ? {} : { description }),
    query,
    scope,
    windowMinutes,
    latenessMinutes,
    everyMinutes,
    ...(recheckMinutes === 0 ? {} : { recheckMinutes }),
    sinks: sinks.length > 0 ? sinks : ['lake'],
    limits: { rows },
    ...(owner ? { owner } : {}),
    ...(key.length > 0 ? { key } : {}),
    ...(since === undefined ? {} : { since }),
  };
  const { problems } = reader;
  return problems.length > 0 ? { segments, problems } : { definition, segments, problems };
}

function minutesOf(value: string): number | undefined {
  const range = parseTimeRange(value);
  return typeof range !== 'string' && range.kind === 'last' ? range.minutes : undefined;
}

function listOf(settings: readonly Setting[]): string[] {
  return settings.flatMap(({ value }) => value.split(',').map((each) => each.trim())).filter((each) => each !== '');
}
