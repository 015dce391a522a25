import { CONVERSIONS } from '../conversions.ts';
import type { Column } from '../../model/kqlType.ts';
import { isDatetime } from '../../model/values/ticks.ts';
import type { Expr } from '../plan.ts';
import { bagText } from './bags.ts';
import { literalText } from './literals.ts';
import { nameText } from './names.ts';
import { BINARY, LEVEL, LISTS } from './operators.ts';
import { inParentheses, piped, unprintable } from './printer.ts';
import type { Printer } from './printer.ts';

type Call = Extract<Expr, { kind: 'call' | 'aggregate' }>;
/** A text, and how strongly its outermost operator binds. */
type Text = readonly [text: string, level: number];

/** Functions one of whose arguments is the name of a type, and which. */
const TYPE_ARGUMENTS: Readonly<Record<string, number>> = { extract: 3, extract_json: 2, extractjson: 2 };
/** Newer names of the same functions: the older ones name their columns otherwise. */
const RENAMED: Readonly<Record<string, string>> = {
  any: 'take_any',
  anyif: 'take_anyif',
  argmax: 'arg_max',
  argmin: 'arg_min',
};
/** The hidden column that `ingestion_time()` reads. */
const INGESTION_TIME = '$IngestionTime';
/** Arguments `strcat_delim()` takes at most. */
const MOST_TEXTS = 60;

/** The text of a scalar expression over rows of the columns `row`, in parentheses where `level` asks for them. */
export function scalarText(expr: Expr, row: readonly Column[], printer: Printer, level: number = LEVEL.any): string {
  const [text, own] = leveled(expr, row, printer);
  return own < level ? `(${text})` : text;
}

function leveled(expr: Expr, row: readonly Column[], printer: Printer): Text {
  const inner = (e: Expr, level?: number): string => printer.scalar(e, row, level);
  switch (expr.kind) {
    case 'literal': {
      const text = literalText(expr.type, expr.value);
      return [text, text.startsWith('-') ? LEVEL.sign : LEVEL.primary];
    }
    case 'column':
      return [columnText(expr), LEVEL.primary];
    case 'convert':
      // A text becomes a dynamic text, where todynamic() would read it as JSON.
      return expr.type === 'dynamic'
        ? [`pack_array(${inner(expr.value)})[0]`, LEVEL.primary]
        : [`${CONVERSIONS[expr.type]}(${inner(expr.value)})`, LEVEL.primary];
    case 'subquery':
      return [`toscalar${inParentheses(printer.apart(expr.rel))}`, LEVEL.primary];
    case 'inQuery': {
      const pipe = printer.apart(expr.rel);
      const [first] = expr.rel.columns;
      // The bare name of a table could be that of a column.
      const bare = pipe.operators.length === 0 && !printer.isNamed(expr.rel) && !/[(|]/.test(pipe.source ?? '');
      const table = bare && first ? piped(pipe, `project ${nameText(first.name)}`) : pipe;
      return [`${inner(expr.value, LEVEL.sum)} ${expr.name} ${inParentheses(table)}`, LEVEL.comparison];
    }
    case 'inArray':
      return [`${inner(expr.value, LEVEL.sum)} ${expr.name} (${inner(expr.array)})`, LEVEL.comparison];
    case 'call':
    case 'aggregate':
      return callText(expr, row, printer);
  }
}

function columnText({ name, type }: Extract<Expr, { kind: 'column' }>): string {
  if (name === INGESTION_TIME && type === 'datetime') return 'ingestion_time()';
  const state = /^#state\.([^.]*)\.(.*)$/s.exec(name);
  return state ? `${nameText(state[1]!)}.${nameText(state[2]!)}` : nameText(name);
}

function callText(expr: Call, row: readonly Column[], printer: Printer): Text {
  const { name, args } = expr;
  const inner = (e: Expr | undefined, level?: number): string => {
    if (!e) throw unprintable(`${name} without its operands`, expr.place);
    return printer.scalar(e, row, level);
  };
  const [a, b, c] = args;
  const binary = BINARY.get(name);
  if (binary && args.length === 2) return [`${inner(a, binary.left)} ${name} ${inner(b, binary.right)}`, binary.level];
  if ((name === 'and' || name === 'or') && args.length > 2)
    return [args.map((arg) => inner(arg, binary!.left)).join(` ${name} `), binary!.level];
  if (LISTS.has(name)) {
    const items = args.slice(1).map((arg) => inner(arg));
    // The grammar wants an item.
    return [`${inner(a, LEVEL.sum)} ${name} (${items.join(', ') || 'dynamic([])'})`, LEVEL.comparison];
  }
  switch (name) {
    case 'between':
    case '!between':
      return [`${inner(a, LEVEL.sum)} ${name} (${inner(b, LEVEL.sum)} .. ${inner(c, LEVEL.sum)})`, LEVEL.comparison];
    case 'neg':
      return [`-${inner(a, LEVEL.primary)}`, LEVEL.sign];
    case 'path':
      return [pathText(inner(a, LEVEL.primary), b, inner), LEVEL.primary];
    case 'element':
      return [`${inner(a, LEVEL.primary)}[${inner(b)}]`, LEVEL.primary];
    case 'now':
    case 'ago':
      if (printer.now !== undefined) return momentText(expr, printer.now, inner);
      break;
    case 'bag_pack':
    case 'pack_nonempty':
      return [bagText(expr, row, printer), LEVEL.primary];
    case 'strcat_delim':
      if (args.length > MOST_TEXTS + 1) return [inner(chunked(expr)), LEVEL.primary];
      break;
    default:
      break;
  }
  const typed = Object.hasOwn(TYPE_ARGUMENTS, name) ? TYPE_ARGUMENTS[name] : undefined;
  const texts = args.map((arg, i) =>
    i === typed && arg.kind === 'literal' && /^\w+$/.test(String(arg.value)) ? `typeof(${arg.value})` : inner(arg),
  );
  if (!/^\w+$/.test(name)) throw unprintable(`The operator \`${name}\``, expr.place);
  return [`${RENAMED[name] ?? name}(${texts.join(', ')})`, LEVEL.primary];
}

/** `bag.name` where the name is a plain word, else `bag["a name"]`. */
function pathText(base: string, key: Expr | undefined, inner: (e: Expr | undefined) => string): string {
  const word = key?.kind === 'literal' && typeof key.value === 'string' ? key.value : undefined;
  return word !== undefined && nameText(word) === word ? `${base}.${word}` : `${base}[${inner(key)}]`;
}

/** `now()` and `ago()` at an instant: one literal where what is added is one, too. */
function momentText(expr: Call, now: bigint | string, inner: (e: Expr | undefined, level?: number) => string): Text {
  const [offset] = expr.args;
  const moment = typeof now === 'string' ? now : literalText('datetime', now);
  if (!offset) return [moment, LEVEL.primary];
  if (typeof now === 'bigint' && offset.kind === 'literal' && typeof offset.value === 'bigint') {
    const at = expr.name === 'ago' ? now - offset.value : now + offset.value;
    if (isDatetime(at)) return [literalText('datetime', at), LEVEL.primary];
  }
  const sign = expr.name === 'ago' ? '-' : '+';
  return [`${moment} ${sign} ${inner(offset, LEVEL.product)}`, LEVEL.sum];
}

/** More texts than a call takes, joined in groups first. */
function chunked(expr: Call): Expr {
  const [delimiter, ...texts] = expr.args;
  const groups: Expr[] = [];
  for (let i = 0; i < texts.length; i += MOST_TEXTS)
    groups.push({ ...expr, args: [delimiter!, ...texts.slice(i, i + MOST_TEXTS)] });
  return { ...expr, args: [delimiter!, ...groups] };
}
