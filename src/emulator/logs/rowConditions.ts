import { assignIds, quoteText } from '../../engine/translate/relation.ts';
import type { EngineTable } from '../../engine/face.ts';

/**
 * A condition of a role assignment as Log Analytics takes it (ABAC 2.0, azure-monitor-docs,
 * logs/granular-rbac-log-analytics.md): what of a table it opens, as SQL over the table's columns.
 */
export interface RowCondition {
  /** `true` for all rows; undefined where the table is closed: a column that it names is not there. */
  rows(table: EngineTable): string | undefined;
}

const NAME = 'Microsoft.OperationalInsights/workspaces/tables:name';
const RECORD = /^Microsoft\.OperationalInsights\/workspaces\/tables\/record:(\w+)<\$key_case_sensitive\$>$/;
const TOKEN = /\s+|([()])|@Resource\[([^\]]+)\]|\b(AND|OR)\b|(\{(?:'[^']*'(?:\s*,\s*)?)+\})|'([^']*)'|([A-Za-z:]+)/gy;
/** What a column's value may hold. */
const VALUE = /^[A-Za-z0-9@. -]+$/;

type Node =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Node[] }
  | {
      readonly kind: 'compare';
      readonly attribute: string;
      readonly operator: string;
      readonly values: readonly string[];
    }
  /** Not about reading rows: never so here. */
  | { readonly kind: 'otherAction' };

type Operator = (column: string, values: readonly string[]) => string;
const any = (values: readonly string[], test: (value: string) => string): string =>
  `(${values.map(test).join(' OR ')})`;
const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  ['', 'IgnoreCase'].flatMap((how): [string, Operator][] => {
    const same = (column: string, value: string): string =>
      how === '' ? `${column} = ${quoteText(value)}` : `lower(${column}) = ${quoteText(value.toLowerCase())}`;
    const equals: Operator = (column, values) => any(values, (value) => same(column, value));
    const differs: Operator = (column, values) => `NOT ${equals(column, values)}`;
    const begins: Operator = (column, values) =>
      any(values, (value) =>
        how === ''
          ? `starts_with(${column}, ${quoteText(value)})`
          : `starts_with(lower(${column}), ${quoteText(value.toLowerCase())})`,
      );
    return [
      [`StringEquals${how}`, equals],
      [`StringNotEquals${how}`, differs],
      [`ForAllOfAnyValues:StringEquals${how}`, equals],
      [`ForAllOfAllValues:StringNotEquals${how}`, differs],
      [`StringStartsWith${how}`, begins],
    ];
  }),
);

/** Reads a condition. Throws a sentence for what is none, or what the service does not know. */
export function readRowCondition(text: string): RowCondition {
  const reader = new Reading(tokensOf(text));
  const root = reader.expression();
  if (!reader.atEnd) throw new Error('The condition goes on behind its end.');
  return { rows: (table) => sqlOf(root, table) };
}

function sqlOf(node: Node, table: EngineTable): string | undefined {
  switch (node.kind) {
    case 'otherAction':
      return 'false';
    case 'and':
    case 'or': {
      const parts: string[] = [];
      for (const one of node.of) {
        const sql = sqlOf(one, table);
        if (sql === 'false' && node.kind === 'and') return 'false';
        if (sql === undefined) return undefined;
        parts.push(`(${sql})`);
      }
      return parts.join(node.kind === 'and' ? ' AND ' : ' OR ');
    }
    case 'compare': {
      const operator = OPERATORS.get(node.operator)!;
      if (node.attribute === NAME) return tableFits(node, table.name) ? 'true' : 'false';
      const name = RECORD.exec(node.attribute)![1]!;
      const column = assignIds(table.columns).find((one) => one.name === name && one.type === 'string');
      return column && operator(column.id, node.values);
    }
  }
}

function tableFits({ operator, values }: Extract<Node, { kind: 'compare' }>, name: string): boolean {
  return values.includes(name) !== operator.includes('Not');
}

interface Token {
  readonly kind: 'bracket' | 'attribute' | 'join' | 'values' | 'word' | 'action';
  readonly text: string;
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    // What is not about the action stands first, for it has brackets of its own.
    const action = /!\s*\(ActionMatches\{'[^']*'\}\)/y;
    action.lastIndex = at;
    const found = action.exec(text);
    if (found) {
      tokens.push({ kind: 'action', text: found[0] });
      TOKEN.lastIndex = action.lastIndex;
      continue;
    }
    const match = TOKEN.exec(text);
    if (!match) throw new Error(`The condition cannot be read at position ${at}.`);
    const [, bracket, attribute, join, list, value, word] = match;
    if (bracket !== undefined) tokens.push({ kind: 'bracket', text: bracket });
    else if (attribute !== undefined) tokens.push({ kind: 'attribute', text: attribute });
    else if (join !== undefined) tokens.push({ kind: 'join', text: join });
    else if (list !== undefined) tokens.push({ kind: 'values', text: list });
    else if (value !== undefined) tokens.push({ kind: 'values', text: `'${value}'` });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
  }
  return tokens;
}

/** A reader of tokens: `OR` binds less than `AND`. */
class Reading {
  private at = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }
  get atEnd(): boolean {
    return this.at === this.tokens.length;
  }

  expression(): Node {
    return this.joined('OR', () => this.joined('AND', () => this.operand()));
  }

  private joined(word: 'AND' | 'OR', next: () => Node): Node {
    const of = [next()];
    while (this.peek()?.kind === 'join' && this.peek()?.text === word) {
      this.at++;
      of.push(next());
    }
    return of.length === 1 ? of[0]! : { kind: word === 'AND' ? 'and' : 'or', of };
  }

  private operand(): Node {
    const token = this.take();
    if (token.kind === 'action') return { kind: 'otherAction' };
    if (token.kind === 'bracket' && token.text === '(') {
      const inner = this.expression();
      const closing = this.take();
      if (closing.text !== ')') throw new Error('A bracket of the condition is not closed.');
      return inner;
    }
    if (token.kind !== 'attribute' || (token.text !== NAME && !RECORD.test(token.text)))
      throw new Error(`The condition has no attribute "${token.text}".`);
    const operator = this.take().text;
    if (!OPERATORS.has(operator)) throw new Error(`The condition has no operator "${operator}".`);
    const values = [...this.take().text.matchAll(/'([^']*)'/g)].map((match) => match[1]!);
    // What values may hold is said of columns; tables of one's own all end with _CL.
    const wrong = values.find((value) => !(token.text === NAME ? /^\w+$/ : VALUE).test(value));
    if (values.length === 0 || wrong !== undefined) throw new Error(`The condition takes no value '${wrong ?? ''}'.`);
    return { kind: 'compare', attribute: token.text, operator, values };
  }

  private peek(): Token | undefined {
    return this.tokens[this.at];
  }
  private take(): Token {
    const token = this.tokens[this.at++];
    if (!token) throw new Error('The condition ends too early.');
    return token;
  }
}

/** The rows of a table that one of these conditions opens. */
export function keptTo(table: EngineTable, conditions: readonly RowCondition[]): EngineTable {
  const opened = conditions.flatMap((condition) => condition.rows(table) ?? []);
  const where = opened.length === 0 ? 'false' : opened.map((sql) => `(${sql})`).join(' OR ');
  return { ...table, source: `(SELECT * FROM ${table.source} WHERE ${where})` };
}
