import { AppError } from '../../base/errors.ts';
import { parseTimeRange } from '../../model/timeRangeText.ts';
import type { TimeRange } from '../../model/timeRange.ts';
import type { AgentInputProperty, AgentTool } from '../../model/agentTool.ts';
import type { AnswerMode } from '../../model/run.ts';
import { ROW_LIMIT } from './tools.ts';

/** What the tools may be told, all of it checked; which of it a tool takes its schema says. */
export interface AgentInput {
  readonly query: string;
  readonly scope: string | undefined;
  readonly timeRange: TimeRange;
  readonly limit: number;
  readonly answer: AnswerMode;
  readonly tables: readonly string[] | undefined;
  readonly filter: string;
  readonly refresh: boolean;
}

/** A model that says nothing of time means lately: without a bound everything that was ever kept is searched. */
const LAST_DAY: TimeRange = { kind: 'last', minutes: 1440 };

/**
 * The input of a call, by the schema of its tool. Throws `input.tool` with what is wrong, in words a model can act on.
 */
export function readInput({ name, inputSchema }: AgentTool, input: unknown): AgentInput {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw refuse(`The input of ${name} is an object.`);
  const given = input as Readonly<Record<string, unknown>>;
  const { properties, required = [] } = inputSchema;
  for (const key of Object.keys(given))
    if (!Object.hasOwn(properties, key))
      throw refuse(`${name} takes no "${key.slice(0, 40)}". It takes ${Object.keys(properties).join(', ')}.`);
  for (const key of required) if (given[key] === undefined) throw refuse(`${name} needs "${key}".`);
  for (const [key, property] of Object.entries(properties))
    if (given[key] !== undefined && !fits(given[key], property)) throw refuse(`"${key}" is ${wordsOf(property)}.`);
  const text = (key: string): string | undefined => given[key] as string | undefined;
  return {
    query: text('query') ?? '',
    scope: text('scope')?.trim() || undefined,
    timeRange: readTimeRange(text('timeRange')?.trim()),
    limit: (given['limit'] as number | undefined) ?? ROW_LIMIT.usual,
    answer: (text('answer') as AnswerMode | undefined) ?? 'across',
    tables: given['tables'] as readonly string[] | undefined,
    filter: text('filter') ?? '',
    refresh: given['refresh'] === true,
  };
}

function readTimeRange(text: string | undefined): TimeRange {
  if (text === undefined || text === '') return LAST_DAY;
  const range = parseTimeRange(text);
  if (range === 'reversed') throw refuse('"timeRange" ends before it begins.');
  if (range === 'unreadable')
    throw refuse('"timeRange" is a duration (30m, 24h, 7d, PT1H) or two times (2026-01-01/2026-01-02).');
  return range;
}

function fits(value: unknown, property: AgentInputProperty): boolean {
  switch (property.type) {
    case 'string':
      return typeof value === 'string' && (property.enum?.includes(value) ?? true);
    case 'integer':
      return Number.isInteger(value) && property.minimum <= Number(value) && Number(value) <= property.maximum;
    case 'boolean':
      return typeof value === 'boolean';
    case 'array':
      return (
        Array.isArray(value) && value.length <= property.maxItems && value.every((item) => typeof item === 'string')
      );
  }
}

function wordsOf(property: AgentInputProperty): string {
  switch (property.type) {
    case 'string':
      return property.enum ? `one of ${property.enum.join(', ')}` : 'a text';
    case 'integer':
      return `a whole number from ${property.minimum} to ${property.maximum.toLocaleString('en-US')}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return `a list of at most ${property.maxItems} texts`;
  }
}

function refuse(message: string): AppError {
  return new AppError('input.tool', `${message} Nothing was sent.`);
}
