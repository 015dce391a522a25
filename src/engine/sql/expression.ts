import { AppError } from '../../base/errors.ts';

/** The types the engine holds values in. */
export type SqlType = 'BOOLEAN' | 'INTEGER' | 'BIGINT' | 'DOUBLE' | 'VARCHAR';
declare const quoted: unique symbol;
/** A name as it stands in SQL, quoted (quoteId() makes one). */
export type Identifier = string & { readonly [quoted]: true };

/** What an expression is made as, for those that can put it better than by what it says. */
export type Shape =
  /** A step into JSON: `path` of the value `base`. */
  | { readonly kind: 'access'; readonly base: Sql; readonly path: string }
  /** The JSON that the text `text` (atomic) holds, or the text itself where it is none. */
  | { readonly kind: 'parsed'; readonly text: Sql }
  /** One call of an SQL aggregate: `over` is the same over the rows of a condition. */
  | { readonly kind: 'aggregate'; readonly over: (condition: Sql) => Sql };

/** What is true of an expression where it is true of a part of it. */
interface Facts {
  /** Gives another value each time it stands somewhere. */
  readonly volatile?: boolean;
  /** Has a statement inside: repeated, it would be run again. */
  readonly subquery?: boolean;
  /** Calls JavaScript. */
  readonly script?: boolean;
}
const [VOLATILE, SUBQUERY, SCRIPT] = [1, 2, 4];
const NO_PARTS: readonly Part[] = [];
/** Repeating no more than this costs less than giving it a name. */
const LONGEST_ATOM = 60;

/** Words a template may choose between. */
export type Word =
  | SqlType
  | ''
  | ('+' | '-' | '*' | '/' | '%')
  | ('=' | '<>' | '<' | '<=' | '>' | '>=' | 'IS DISTINCT FROM' | 'IS NOT DISTINCT FROM')
  | ('ASC' | 'DESC')
  | ('min' | 'max' | 'least' | 'greatest' | 'lag' | 'lead');
/** What may stand in the text of an expression. */
export type Part = Sql | Identifier | Word | number | bigint | boolean;
/** The same, or several with commas between them. */
export type Parts = Part | readonly Part[];

let print: (sql: Sql) => string;
let write: (texts: readonly string[], parts: readonly Parts[], atomic: boolean) => Sql;
let join: (parts: readonly Part[], separator: string) => Sql;
let change: (sql: Sql, facts: number, shape: Shape | undefined, depth: number) => Sql;

/**
 * A piece of SQL and what is known of it. Nobody reads the text but printSql(), when the statement is whole: what
 * others must know of a piece is said where it is made.
 */
export class Sql {
  readonly #text: string;
  readonly #facts: number;
  /** The number of lambdas that stand within one another, at most. */
  readonly depth: number;
  /** A value that may be repeated as it is and needs no brackets: a column, a constant, and short. */
  readonly atomic: boolean;
  readonly shape: Shape | undefined;

  private constructor(text: string, facts: number, depth: number, atomic: boolean, shape?: Shape) {
    this.#text = text;
    this.#facts = facts;
    this.depth = depth;
    this.atomic = atomic;
    this.shape = shape;
  }

  /** Length of the text in characters. */
  get size(): number {
    return this.#text.length;
  }
  get volatile(): boolean {
    return (this.#facts & VOLATILE) !== 0;
  }
  get subquery(): boolean {
    return (this.#facts & SUBQUERY) !== 0;
  }
  get script(): boolean {
    return (this.#facts & SCRIPT) !== 0;
  }
  /** SQL in a text of JavaScript's would lose its facts. */
  toString(): never {
    throw new AppError('bug.sqlAsText', 'A piece of SQL was read as text.');
  }

  static {
    print = (sql) => sql.#text;
    write = (texts, parts, atomic) => {
      let text = texts[0]!,
        facts = 0,
        depth = 0;
      for (let i = 0; i < parts.length; i++) {
        const given = parts[i]!;
        const part = isList(given) ? join(given, ', ') : given;
        if (part instanceof Sql) {
          text += part.#text;
          facts |= part.#facts;
          if (part.depth > depth) depth = part.depth;
        } else text += part;
        text += texts[i + 1]!;
      }
      return new Sql(text, facts, depth, atomic && text.length <= LONGEST_ATOM);
    };
    join = (parts, separator) => {
      let text = '',
        facts = 0,
        depth = 0;
      for (let i = 0; i < parts.length; i++) {
        const part = parts[i]!;
        if (i > 0) text += separator;
        if (part instanceof Sql) {
          text += part.#text;
          facts |= part.#facts;
          if (part.depth > depth) depth = part.depth;
        } else text += part;
      }
      return new Sql(text, facts, depth, false);
    };
    change = (sql, facts, shape, depth) => new Sql(sql.#text, sql.#facts | facts, depth, sql.atomic, shape);
  }
}

/** The text, for who sends a whole statement to the database. */
export function printSql(sql: Sql): string {
  return print(sql);
}
/** SQL with its parts; what is true of a part is true of the whole. */
export function SQL(texts: TemplateStringsArray, ...parts: readonly Parts[]): Sql {
  return write(texts, parts, false);
}
function isList(parts: Parts): parts is readonly Part[] {
  return Array.isArray(parts);
}
/** The same for a value that may be repeated as it is: a name, a constant. */
export function atom(texts: TemplateStringsArray, ...parts: readonly Parts[]): Sql {
  return write(texts, parts, true);
}
/** SQL of somebody else's, as it is: where a table is read from. `text` must stand by itself. */
export function foreign(text: string): Sql {
  return write([text], [], false);
}
/** The expression with more that is true of it. */
export function withFacts(sql: Sql, facts: Facts): Sql {
  const bits = (facts.volatile ? VOLATILE : 0) | (facts.subquery ? SUBQUERY : 0) | (facts.script ? SCRIPT : 0);
  return change(sql, bits, sql.shape, sql.depth);
}
/** The expression, which is a `shape`. */
export function withShape(sql: Sql, shape: Shape): Sql {
  return change(sql, 0, shape, sql.depth);
}

/** What may stand between pieces. */
export type Separator =
  | ', '
  | ' AND '
  | ' OR '
  | ' || '
  | " || ',' || "
  | ' '
  | '\nUNION ALL '
  | '\nUNION ALL BY NAME '
  | ',\n';
/** The parts one after the other. */
export function joined(parts: readonly Part[], separator: Separator): Sql {
  return join(parts, separator);
}
/** No text at all: a clause that is not there. */
export const NOTHING = SQL``;

/** All of the conditions. */
export function every(conditions: readonly Part[]): Sql {
  return conditions.length === 0 ? SQL`TRUE` : joined(conditions, ' AND ');
}
const NO_COLUMN = SQL`1 AS "#none"`;
/** The list of a SELECT, which SQL wants to have a column. */
export function listed(items: readonly Part[]): Sql {
  return items.length === 0 ? NO_COLUMN : joined(items, ', ');
}

/** A name of the translator's own, of letters, digits and points, standing for a value. */
export function named(name: string): Sql {
  return write([name], NO_PARTS, true);
}
/** A column of the relation that is called `alias` here. */
export function columnOf(alias: string, id: Identifier): Sql {
  return write([`${alias}.${id}`], NO_PARTS, true);
}
/** A text literal; a NUL character cannot stand in SQL text. */
export function textSql(value: string): Sql {
  const literal = `'${value.replaceAll("'", "''")}'`;
  return value.includes('\0')
    ? write([`(${literal.replaceAll('\0', "' || chr(0) || '")})`], [], false)
    : write([literal], [], true);
}
/** A function called. */
export function call(name: string, ...args: readonly Part[]): Sql {
  return SQL`${named(name)}(${args})`;
}
/** A lambda; `body` gets the names of its parameters. */
export function lambda(parameters: readonly string[], body: (...names: Sql[]) => Sql): Sql {
  const names = parameters.map(named);
  const made = body(...names);
  return change(SQL`lambda ${names}: ${made}`, 0, undefined, made.depth + 1);
}

/** Lambdas of bind() whose bodies are being made: a name means one thing within them. */
let open = 0;
/**
 * `body` over names for `values`, each computed once: repeated SQL would grow exponentially when calls are nested.
 * An atomic value is repeated as it is; others are bound by a lambda over a one-element list (a subquery always).
 */
export function bind(values: readonly Sql[], body: (...names: Sql[]) => Sql): Sql {
  const size = values.reduce((sum, v) => sum + v.size, 0);
  const short = size < 120 && !values.some((v) => v.subquery || v.volatile);
  if (short || values.every((v) => v.atomic)) return body(...values.map((v) => (v.atomic ? v : SQL`(${v})`)));
  const depth = Math.max(open, ...values.map((v) => v.depth));
  const name = `v${depth}`;
  const before = open;
  open = depth + 1;
  try {
    const made = body(...values.map((_, i) => named(`${name}.f${i}`)));
    const fields = values.map((v, i) => SQL`${named(`f${i}`)}: ${v}`);
    const whole = SQL`list_transform([{${fields}}], lambda ${named(name)}: ${made})[1]`;
    return change(whole, 0, undefined, Math.max(made.depth, depth + 1));
  } finally {
    open = before;
  }
}
