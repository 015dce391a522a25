import type { TimeRange } from '../../model/timeRange.ts';
import { parseTimeRange } from '../../model/timeRangeText.ts';
import { codeStart, lineEnd, ownLineStart, scan } from '../scan.ts';
import { parseFunctionLine } from './functionLine.ts';
import { oneOf, parseParameter, readChoices } from './parameters.ts';
import type { Place } from '../plan.ts';
import type { FunctionLine, QueryParameter } from './queryFile.ts';

/**
 * What the comment lines of a query say about it. Each stands on a line of its own, wherever in the query:
 *
 * ```kql
 * // @name Failed sign-ins by country
 * // @description Who failed, and where from. More lines of it go on.
 * // @tags identity, daily
 * // @param days:int = 7   How far back
 * // @param user:string    Without a default a value has to be given
 * // @param level:string = "High" [High, Medium, Low]   One of these
 * // @scope group:gold
 * // @time 7d              As --timespan
 * // @schedule every morning
 * // @function FailedSignIns(days:int = 7)   Where it is a stored function; what that takes are parameters
 * ```
 *
 * `@description` and `@tags` with nothing behind them say that there are none, whatever other comments say.
 */
export interface FrontComment {
  readonly name?: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly parameters: readonly QueryParameter[];
  readonly time?: TimeRange;
  readonly schedule?: string;
  readonly function?: FunctionLine;
  /** The lines themselves: they are for us and are not sent. */
  readonly lines: readonly Place[];
  /** The `@name` lines among them. */
  readonly names: readonly Place[];
  /** What cannot be read; places are in the text. */
  readonly problems: readonly { readonly message: string; readonly start: number }[];
}

const DIRECTIVE =
  /^[ \t]*\/\/[ \t]*@(name|description|tags?|param|time|schedule|scope|function)(?![\w-])[ \t]*:?[ \t]*/i;
/** How the community's collections for Azure Monitor write the same. */
const LABEL = /^[ \t]*\/\/[ \t]*(Display name|Description|Categories|Topic)[ \t]*:[ \t]*/i;

/** Reads the comment lines of a query that say something about it. Never throws. */
export function readFrontComment(text: string): FrontComment {
  const words: Record<string, string[]> = {};
  const labels: Record<string, string[]> = {};
  const lines: Place[] = [],
    names: Place[] = [];
  const parameters: QueryParameter[] = [];
  const problems: { message: string; start: number }[] = [];
  let time: TimeRange | undefined;
  let stored: FunctionLine | undefined;
  for (const [start, end] of commentLines(text)) {
    const line = text.slice(start, end);
    const label = LABEL.exec(line);
    if (label) (labels[label[1]!.toLowerCase()] ??= []).push(line.slice(label[0].length).trim());
    const head = DIRECTIVE.exec(line);
    if (!head) continue;
    const place = { start, length: end - start };
    lines.push(place);
    const kind = head[1]!.toLowerCase().replace(/^tag$/, 'tags');
    const rest = line.slice(head[0].length).trim();
    if (kind === 'name') names.push(place);
    if (kind === 'param') {
      const read = parseParameter(rest);
      const problem = read ? addParameter(read, parameters) : NO_PARAMETER;
      if (problem !== undefined) problems.push({ message: problem, start });
    } else if (kind === 'time') {
      const read = parseTimeRange(rest);
      if (typeof read === 'string')
        problems.push({
          message: 'A time is a duration (30m, 24h, 7d, PT1H) or two times, 2024-01-01/2024-01-02.',
          start,
        });
      else time ??= read;
    } else if (kind === 'function') {
      const read = parseFunctionLine(rest);
      if (!read) problems.push({ message: NO_FUNCTION, start });
      else stored ??= read;
    } else (words[kind] ??= []).push(...(rest === '' ? [] : [rest]));
  }
  const own = parameters.map((parameter) => parameter.name);
  parameters.push(...(stored?.parameters ?? []).filter((parameter) => !own.includes(parameter.name)));
  const name = words['name']?.[0] ?? labels['display name']?.[0];
  const description = (words['description'] ?? labels['description'])?.join(' ') ?? firstComment(text);
  return {
    ...(name ? { name } : {}),
    ...(description ? { description } : {}),
    tags: (words['tags'] ?? labels['categories'] ?? [])
      .flatMap((list) => list.split(','))
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
    parameters,
    ...(time ? { time } : {}),
    ...(words['schedule']?.[0] ? { schedule: words['schedule'][0] } : {}),
    ...(stored ? { function: stored } : {}),
    lines,
    names,
    problems,
  };
}

const NO_PARAMETER = 'A parameter is written "// @param name:type = default", the default as a literal of the type.';

const NO_FUNCTION = 'A stored function is written "// @function Name(parameter:type = default)".';

/** Adds a parameter that was read to those above it; what speaks against it, as a sentence, where something does. */
function addParameter(
  { parameter, rest }: NonNullable<ReturnType<typeof parseParameter>>,
  parameters: QueryParameter[],
): string | undefined {
  const { name, type, fallback } = parameter;
  if (parameters.some((other) => name === other.name)) return `The parameter ${name} is declared twice.`;
  const { choices, rest: description } = readChoices(type, rest);
  if (choices?.length === 0) return `The choices of ${name} are written "[one, two]", each ${oneOf(type)}.`;
  if (choices && fallback !== undefined && !choices.includes(fallback))
    return `The default of ${name} is none of its choices.`;
  parameters.push({ ...parameter, ...(choices ? { choices } : {}), ...(description ? { description } : {}) });
  return undefined;
}

/** Comments with nothing before them on their line: start of the line and its end. */
export function* commentLines(text: string): Generator<readonly [number, number]> {
  for (const { kind, start } of scan(text).spans) {
    if (kind !== 'comment') continue;
    const begin = ownLineStart(text, start);
    if (begin !== undefined) yield [begin, lineEnd(text, start)];
  }
}

/** The words of a text that begins with a plain comment, as most collections do it: its first paragraph. */
function firstComment(text: string): string | undefined {
  const words: string[] = [];
  for (const line of text.slice(0, Math.min(codeStart(text), 2_000)).split(/\r\n|[\r\n]/)) {
    const word = /^\s*\/\/+\s*(.*?)\s*$/.exec(line)?.[1];
    if (word?.startsWith('@') || LABEL.test(line)) continue;
    if (word) words.push(word);
    else if (words.length > 0) break;
  }
  return words.length > 0 ? words.join(' ') : undefined;
}
