import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { AppError } from '../base/errors.ts';
import type { Terminal } from './output/terminal.ts';

type Options = NonNullable<ParseArgsConfig['options']>;
/**
 * The options of a command line as `parseArgs` gives them, by name without dashes; undefined where one was not given.
 */
export type Values = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** One thing the program can do. `run` resolves to the exit code; what it cannot do it rejects with an AppError. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** The whole of `--help`. */
  readonly help: string;
  readonly options: Options;
  /** Names of the positional arguments; one in brackets may be missing. */
  readonly positionals: readonly string[];
  /** What its first argument may be, where that is one of few words. */
  readonly actions?: readonly string[];
  /** The whole of `--help` of those actions that have their own. */
  readonly actionHelp?: Readonly<Record<string, string>>;
  run(input: {
    readonly values: Values;
    readonly positionals: readonly string[];
    readonly terminal: Terminal;
  }): Promise<number>;
}

/** Reads a command's arguments. Rejects with `input.usage`, naming what is wrong. */
export function parseCommand(command: Command, args: readonly string[]): { values: Values; positionals: string[] } {
  let parsed: { values: Values; positionals: string[] };
  try {
    parsed = parseArgs({
      args: joinNumbers(args, command.options),
      options: { ...command.options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    throw usage(`${(error as Error).message.split(/\.?\n|\. To specify/)[0]!.replace(/\.$/, '')}.`, command);
  }
  if (parsed.values['help']) return parsed;
  const needed = command.positionals.filter((name) => !name.startsWith('[')).length;
  if (parsed.positionals.length === 0 && needed > 0 && command.actions)
    throw usage(`"${command.name}" needs to know what to do: ${listed(command.actions)}?`, command);
  if (parsed.positionals.length < needed)
    throw usage(`${command.positionals[parsed.positionals.length]!} is missing.`, command);
  if (parsed.positionals.length > command.positionals.length)
    throw usage(`"${parsed.positionals[command.positionals.length]!}" is one argument too many.`, command);
  return parsed;
}

/** The help of a command, or of the one action of it that was named and has its own. */
export function helpOf({ help, actionHelp }: Pick<Command, 'help' | 'actionHelp'>, action: string | undefined): string {
  return (actionHelp && action !== undefined && Object.hasOwn(actionHelp, action) && actionHelp[action]) || help;
}

/** `check, fix or validate`. */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** `--max-rows -1` as `--max-rows=-1`: that a number is too small is for its option to say, not for the parser. */
function joinNumbers(args: readonly string[], options: Options): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const before = joined.at(-1);
    if (/^-\d/.test(arg) && before?.startsWith('--') && options[before.slice(2)]?.type === 'string')
      joined[joined.length - 1] = `${before}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

function usage(message: string, command: Command): AppError {
  return new AppError('input.usage', `${message} See "tenantscope ${command.name} --help".`);
}

/** A text option, undefined where it was not given. */
export function textOf(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}
/** An option that may be given several times; empty where it was not. */
export function textsOf(values: Values, name: string): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

/** A text option of a fixed set. */
export function choiceOf<T extends string>(values: Values, name: string, choices: readonly T[], otherwise: T): T {
  const value = textOf(values, name);
  if (value === undefined) return otherwise;
  const choice = choices.find((entry) => entry === value);
  if (choice === undefined)
    throw new AppError('input.usage', `--${name} is one of ${choices.join(', ')}, not "${value}".`);
  return choice;
}

/** A number option; undefined where it was not given. Throws `input.usage` for anything else. */
export function numberOf(values: Values, name: string): number | undefined {
  const value = textOf(values, name);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number))
    throw new AppError('input.usage', `--${name} is a number, not "${value}".`);
  return number;
}

/** A whole number of at least `least`; undefined where it was not given. */
export function countOf(values: Values, name: string, least = 1): number | undefined {
  const value = textOf(values, name);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!/^\d{1,9}$/.test(value.trim()) || number < least)
    throw new AppError('input.usage', `--${name} is a whole number from ${least}, not "${value.slice(0, 40)}".`);
  return number;
}
