import { AppError } from '../../base/errors.ts';
import type { Column } from '../../model/kqlType.ts';
import type { Expr, Place, Rel } from '../plan.ts';

/** A tabular expression as text: where its rows come from (nothing in the body of a subquery), and its operators. */
export interface Pipe {
  readonly source?: string;
  readonly operators: readonly string[];
}

/** One kind of tabular expression. */
export type Of<K extends Rel['kind']> = Extract<Rel, { kind: K }>;

/** The parts of the printer, so that they can call one another without importing one another. */
export interface Printer {
  /** What `now()` stands for: ticks, or the name of a datetime; printed as a call where absent. */
  readonly now: bigint | string | undefined;
  /** `loose`: the columns' order is of no matter to who asks. */
  rel(rel: Rel, loose?: boolean): Pipe;
  /** Whether a node has a name of its own, given by a `let` statement. */
  isNamed(rel: Rel): boolean;
  /** A scalar expression over rows of these columns; `level` is how strongly what stands around it binds. */
  scalar(expr: Expr, row: readonly Column[], level?: number): string;
  /** The same where it stands by itself, apart from what is piped: rows of a subquery then have a name. */
  apart(rel: Rel, loose?: boolean): Pipe;
  /** The body of a subquery, which stands on rows that are there. */
  body(rel: Rel): Pipe;
  /** The name of a `let` statement that stands for the rows. */
  named(rel: Rel): string;
  /** A name that nothing in the plan has. */
  fresh(stem: string): string;
}

/** The input's text with one more operator. */
export function piped(pipe: Pipe, ...operators: readonly string[]): Pipe {
  return { ...pipe, operators: [...pipe.operators, ...operators] };
}

/** Lines moved to the right; no text of a query holds a line's end. */
export function indented(text: string): string {
  return text.replace(/^/gm, '    ');
}

/** The whole text of a tabular expression, an operator a line. */
export function pipeText({ source, operators }: Pipe): string {
  const lines = operators.map((operator, i) => (source === undefined && i === 0 ? operator : `| ${operator}`));
  return [...(source === undefined ? [] : [source]), ...lines].join('\n');
}

const SHORT = 72;
/** A tabular expression in parentheses: in one line where it is short. */
export function inParentheses(pipe: Pipe): string {
  const text = pipeText(pipe);
  const line = text.replaceAll('\n| ', ' | ');
  return !line.includes('\n') && line.length <= SHORT ? `(${line})` : `(\n${indented(text)}\n)`;
}

/** Words and a list behind them, an item a line where they are long. */
export function listed(head: string, items: readonly string[], tail = ''): string {
  const line = [head, items.join(', '), tail].filter(Boolean).join(' ');
  if (line.length <= 110 && !line.includes('\n')) return line;
  return `${head}\n${indented(items.join(',\n'))}${tail ? `\n${indented(tail)}` : ''}`;
}

/** The error for what has no text in KQL: names the construct and its place. */
export function unprintable(construct: string, place: Place): AppError {
  return new AppError('query.unsupported', `${construct} cannot be written as a query of its own.`, {
    data: { construct, start: place.start, length: place.length },
  });
}
