import type { AlertCondition, AlertDefinition } from '../../model/alert.ts';
import { EVERYTHING } from '../../model/scope.ts';
import type { Scope } from '../../model/scope.ts';
import { parseTimeRange } from '../../model/timeRangeText.ts';
import { codeStart } from '../scan.ts';
import { parseScope } from '../scopeLine.ts';
import { withoutComments } from '../withoutComments.ts';
import { parseCondition, parseDelivery, parseDimension, parseFailing } from './alertParts.ts';
import type { Read } from './alertParts.ts';
import { alertSettingsOfComment, alertSettingsOfTree } from './alertSettings.ts';
import type { AlertSetting, AlertSettingName, FoundAlertSettings } from './alertSettings.ts';
import type { Segment } from './places.ts';
import type { FileProblem } from './queryFile.ts';
import { MAX_FILE_LENGTH } from './queryFile.ts';

/** Where alerts of a repository lie. */
export const ALERT_FOLDER = '.tenantscope/alerts';
/** Files that are alerts, in that folder. */
export const ALERT_FILE = /\.(?:kql|kusto|csl|ya?ml)$/i;

/** An alert's file that was read. `definition` is absent where a problem leaves open what is meant. */
export interface AlertFile {
  readonly definition?: AlertDefinition;
  /** Where the characters of the query stand in the file. */
  readonly segments: readonly Segment[];
  /** Where a setting is said, for what is found out later about it. */
  readonly places: ReadonlyMap<AlertSettingName, number>;
  readonly problems: readonly FileProblem[];
}

/** The windows and frequencies that the service takes, in minutes: portal and API know no others. */
export const MINUTES = [1, 5, 10, 15, 30, 45, 60, 120, 180, 240, 300, 360, 720, 1440, 2880] as const;
/** Settings that are lists; every other one is said once. */
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,59}$/;

/**
 * The alert of a file: KQL with settings in comment lines (`// @severity 2`), or YAML with the same names and the
 * `query`. Never throws on bad text: what cannot be read is a problem at its place.
 */
export async function readAlertFile(path: string, text: string): Promise<AlertFile> {
  const name = path.replace(/^.*[\\/]/, '').replace(/\.\w+$/, '');
  const unread = (problems: readonly FileProblem[]): AlertFile => ({ segments: [], places: new Map(), problems });
  if (text.length > MAX_FILE_LENGTH) return unread([{ message: 'The file is too long to be an alert.', start: 0 }]);
  if (!/\.ya?ml$/i.test(path))
    return definitionOf(name, withoutComments(text), [{ at: 0, file: 0 }], alertSettingsOfComment(text));
  const { parseYaml } = await import('./yamlTree.ts');
  const { roots, problems } = parseYaml(text);
  const [root] = roots;
  if (problems.length > 0 || root?.kind !== 'map' || roots.length > 1)
    return unread(
      problems.length > 0 ? problems : [{ message: 'An alert in YAML is one map with a query.', start: 0 }],
    );
  const query = root.entries.get('query');
  const settings = alertSettingsOfTree(root.entries);
  if (query?.kind !== 'text') return unread([...settings.problems, { message: 'There is no query.', start: 0 }]);
  return definitionOf(name, withoutComments(query.value), query.segments(), settings);
}

/** Reads settings one by one and gathers what is wrong with them. */
class SettingReader {
  readonly problems: FileProblem[];
  private readonly settings: FoundAlertSettings['settings'];

  constructor({ settings, problems }: FoundAlertSettings) {
    this.settings = settings;
    this.problems = [...problems];
  }

  all(name: AlertSettingName): readonly AlertSetting[] {
    return this.settings.get(name) ?? [];
  }
  /** The value of a setting that is said once at most. */
  one<T>(name: AlertSettingName, otherwise: T, read: (value: string) => Read<T>): T {
    const [said, again] = this.all(name);
    if (again) this.problem(again, `"${name}" is said twice.`);
    return said ? this.read(said, otherwise, read) : otherwise;
  }
  /** The values of a setting that may be said several times. */
  list<T>(name: AlertSettingName, read: (value: string) => Read<T>): T[] {
    return this.all(name).flatMap((said) => this.read<T | undefined>(said, undefined, read) ?? []);
  }
  problem({ place }: AlertSetting, message: string): void {
    this.problems.push({ message, start: place.start });
  }
  private read<T>(said: AlertSetting, otherwise: T, read: (value: string) => Read<T>): T {
    const made = read(said.value);
    if (typeof made !== 'string') return made.value;
    this.problem(said, made);
    return otherwise;
  }
}

const NO_CONDITION: AlertCondition = { measure: 'count', comparison: '>', threshold: 0, periods: 1, failing: 1 };
const ACTION_GROUP =
  /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[^/]+\/providers\/microsoft\.insights\/actionGroups\/[^/]+$/i;

function definitionOf(
  fileName: string,
  query: string,
  segments: readonly Segment[],
  found: FoundAlertSettings,
): AlertFile {
  const reader = new SettingReader(found);
  const text = (value: string): { readonly value: string } => ({ value });
  const name = reader.one('name', fileName, text);
  if (!NAME.test(name))
    reader.problems.push({
      message: `"${name.slice(0, 60)}" is no name of an alert: a letter, then letters, digits, - and _, at most 60 of them.`,
      start: reader.all('name')[0]?.place.start ?? 0,
    });
  if (codeStart(query) >= query.length) reader.problems.push({ message: 'There is no query.', start: 0 });
  const everyMinutes = reader.one('frequency', 5, (value) => oneOfMinutes(value.replace(/^every\s+/i, ''), 1440));
  const windowMinutes = reader.one('window', Math.max(5, everyMinutes), (value) => oneOfMinutes(value, 2880));
  if (windowMinutes < everyMinutes)
    reader.problems.push({
      message: 'The window is shorter than the frequency: what comes in between is never looked at.',
      start: (reader.all('window')[0] ?? reader.all('frequency')[0])?.place.start ?? 0,
    });
  const latenessMinutes = reader.one('lateness', 5, parseLateness);
  const lookBackMinutes = reader.one<number | undefined>('lookback', undefined, (value) => oneOfMinutes(value, 2880));
  const severity = reader.one('severity', 3, parseSeverity);
  const condition = reader.one('condition', NO_CONDITION, parseCondition);
  const failing = reader.one<Pick<AlertCondition, 'periods' | 'failing'>>('failing', condition, parseFailing);
  const dimensions = reader.list('dimension', parseDimension);
  const scope = reader.one<Scope>('scope', EVERYTHING, (value) => {
    const read = parseScope(value);
    return read.error ? read.error.message : { value: read.scope };
  });
  const description = reader
    .all('description')
    .map(({ value }) => value)
    .join(' ');
  const owner = reader.one<string | undefined>('owner', undefined, text);
  const definition: AlertDefinition = {
    name,
    ...(description === '' ? {} : { description }),
    query,
    scope,
    everyMinutes,
    windowMinutes,
    latenessMinutes,
    ...(lookBackMinutes === undefined ? {} : { lookBackMinutes }),
    severity,
    condition: { ...condition, periods: failing.periods, failing: failing.failing },
    dimensions,
    autoResolve: reader.one('autoResolve', true, parseYesNo),
    identity: reader.one('identity', false, parseYesNo),
    actionGroups: reader.list('actionGroup', (value) =>
      ACTION_GROUP.test(value) ? { value } : 'An action group is given by its resource id.',
    ),
    deliveries: reader.list('deliver', parseDelivery),
    ...(owner ? { owner } : {}),
  };
  const places = new Map([...found.settings].map(([setting, [first]]) => [setting, first!.place.start]));
  const { problems } = reader;
  return { segments, places, problems, ...(problems.length > 0 ? {} : { definition }) };
}

function oneOfMinutes(value: string, most: number): Read<number> {
  const range = parseTimeRange(value);
  const minutes = typeof range !== 'string' && range.kind === 'last' ? range.minutes : 0;
  const known = MINUTES.filter((one) => one <= most);
  return known.some((one) => one === minutes)
    ? { value: minutes }
    : `This is one of ${known.map(durationText).join(', ')}.`;
}

function parseLateness(value: string): Read<number> {
  const range = /^0m?$/.test(value) ? undefined : parseTimeRange(value);
  const minutes = range === undefined ? 0 : typeof range !== 'string' && range.kind === 'last' ? range.minutes : NaN;
  return Number.isInteger(minutes) && minutes <= 1440
    ? { value: minutes }
    : 'Lateness is how long after its end a window is looked at, 0m to 1d: 5m.';
}

/** Minutes as people write them: `5m`, `2h`, `1d`. */
export function durationText(minutes: number): string {
  if (minutes % 1440 === 0) return `${minutes / 1440}d`;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}

const SEVERITY_WORDS: Readonly<Record<string, number>> = {
  critical: 0,
  error: 1,
  warning: 2,
  informational: 3,
  verbose: 4,
};

function parseSeverity(value: string): Read<number> {
  const number = /^(?:sev)?([0-4])$/i.exec(value)?.[1];
  const severity = number === undefined ? SEVERITY_WORDS[value.toLowerCase()] : Number(number);
  return severity === undefined
    ? 'A severity is 0 (critical), 1 (error), 2 (warning), 3 (informational) or 4 (verbose).'
    : { value: severity };
}

function parseYesNo(value: string): Read<boolean> {
  if (/^(?:yes|true|on)$/i.test(value)) return { value: true };
  return /^(?:no|false|off)$/i.test(value) ? { value: false } : 'This is yes or no.';
}
