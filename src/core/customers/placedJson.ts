import { getLocation, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';

/** A JSON value that remembers the line it starts on, so that a mistake can be shown where it is. */
export type PlacedJson =
  | { readonly kind: 'object'; readonly line: number; readonly entries: readonly PlacedEntry[] }
  | { readonly kind: 'array'; readonly line: number; readonly items: readonly PlacedJson[] }
  | { readonly kind: 'value'; readonly line: number; readonly value: string | number | boolean | null };

/** A name of an object and its value; `line` is the name's, counted from 1. */
export interface PlacedEntry {
  readonly key: string;
  readonly line: number;
  readonly value: PlacedJson;
}

/** What is no JSON, with its line, counted from 1. */
export interface PlacedError {
  readonly line: number;
  readonly message: string;
}

/**
 * Strict JSON (RFC 8259) with lines; never throws. An object in a list that cannot be read is left out and named in
 * `errors`, and reading goes on behind it; any other trouble ends the reading with what was complete by then.
 */
export function parsePlacedJson(source: string): {
  readonly root?: PlacedJson;
  readonly errors: readonly PlacedError[];
} {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  const found: ParseError[] = [];
  const tree = parseTree(text, found, { disallowComments: true, allowTrailingComma: false });
  const broken = new Set<Node>();
  const errors: PlacedError[] = [];
  let end = text.length + 1;
  for (const error of found.sort((a, b) => a.offset - b.offset)) {
    const item = itemAt(tree, error.offset, text);
    if (item && broken.has(item)) continue;
    errors.push({ line: lineOf(text, error.offset), message: messageOf(error, text, tree) });
    if (item) broken.add(item);
    else {
      end = error.offset;
      break;
    }
  }
  const root = tree && toPlaced(tree, { text, broken, end });
  return { ...(root ? { root } : {}), errors };
}

/** Where a cursor is in JSON that may be half written: names and indexes down to it, and the text it would replace. */
export interface JsonCursor {
  readonly path: readonly (string | number)[];
  readonly isName: boolean;
  /** UTF-16 offsets of the text in quotation marks around the cursor; empty where there is none. */
  readonly start: number;
  readonly end: number;
}

/** The place of an offset. Never throws. */
export function cursorAt(text: string, offset: number): JsonCursor {
  const { path, isAtPropertyKey, previousNode } = getLocation(text, offset);
  const near = previousNode?.type === 'string' || previousNode?.type === 'property' ? previousNode : undefined;
  const inside =
    near && near.offset <= offset && offset <= near.offset + near.length
      ? { start: near.offset, end: near.offset + near.length }
      : { start: offset, end: offset };
  return { path, isName: isAtPropertyKey, ...inside };
}

/** The outermost object of a list that spans the place and is closed; undefined where there is none. */
function itemAt(node: Node | undefined, offset: number, text: string): Node | undefined {
  for (const child of node?.children ?? []) {
    const end = child.offset + child.length;
    if (offset < child.offset || offset >= end) continue;
    // A list goes on behind its items: one that reaches to the end of the file was never closed.
    const isItem = node?.type === 'array' && child.type === 'object' && text[end - 1] === '}' && end < text.length;
    return isItem ? child : itemAt(child, offset, text);
  }
  return undefined;
}

/** What was complete before `end`, without what is `broken`; a list or value that was not is undefined. */
function toPlaced(
  node: Node,
  reading: { readonly text: string; readonly broken: ReadonlySet<Node>; readonly end: number },
): PlacedJson | undefined {
  const line = lineOf(reading.text, node.offset);
  const children = node.children ?? [];
  if (node.type === 'object')
    return {
      kind: 'object',
      line,
      entries: children.flatMap((property) => {
        const [key, value] = property.children ?? [];
        const placed = key && value && value.offset < reading.end ? toPlaced(value, reading) : undefined;
        return key && placed ? [{ key: String(key.value), line: lineOf(reading.text, key.offset), value: placed }] : [];
      }),
    };
  if (node.offset + node.length > reading.end) return undefined;
  if (node.type !== 'array') return { kind: 'value', line, value: node.value as string | number | boolean | null };
  if (reading.text[node.offset + node.length - 1] !== ']') return undefined;
  const whole = children.filter((child) => !reading.broken.has(child));
  return { kind: 'array', line, items: whole.flatMap((child) => toPlaced(child, reading) ?? []) };
}

/** The innermost node that begins before the place and ends behind it. */
function aroundOf(node: Node, offset: number): Node {
  const inner = node.children?.find((child) => child.offset < offset && offset < child.offset + child.length);
  return inner ? aroundOf(inner, offset) : node;
}

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** A parser's code in a sentence for a person who wrote the file by hand. */
function messageOf({ error, offset, length }: ParseError, text: string, tree: Node | undefined): string {
  const code = printParseErrorCode(error);
  const c = text[offset];
  const end = tree && tree.length > 0 ? tree.offset + tree.length : text.length;
  if (offset >= end && c !== undefined && '}]'.includes(text[end - 1] ?? 'x') && !code.includes('Comment'))
    return `Nothing may follow the end of the JSON, found "${c}".`;
  switch (code) {
    case 'InvalidCommentToken':
    case 'UnexpectedEndOfComment':
      return 'JSON has no comments.';
    case 'InvalidSymbol':
    case 'InvalidNumberFormat':
    case 'UnexpectedEndOfNumber':
      if (/^\s*:/.test(text.slice(offset + length))) return 'A name in double quotation marks is expected here.';
      return `"${text.slice(offset, offset + Math.min(length, 40))}" is not a JSON value; text needs double quotation marks.`;
    case 'UnexpectedEndOfString':
      return 'This text is not closed on its line.';
    case 'InvalidUnicode':
    case 'InvalidEscapeCharacter':
    case 'InvalidCharacter':
      return 'This text holds a control character or an escape that JSON does not know.';
    case 'EndOfFileExpected':
      return `Nothing may follow the end of the JSON, found "${c}".`;
    case 'ColonExpected':
      return 'A colon is expected here, after the name.';
    case 'CommaExpected': {
      const close = tree && aroundOf(tree, offset).type === 'object' ? '}' : ']';
      return `A comma or "${close}" is expected here, not "${c}".`;
    }
    case 'CloseBraceExpected':
      return c === undefined ? 'The file ends before "}".' : `A comma or "}" is expected here, not "${c}".`;
    case 'CloseBracketExpected':
      return c === undefined ? 'The file ends before "]".' : `A comma or "]" is expected here, not "${c}".`;
    default:
      if (c === undefined) return 'The file ends where a value is expected.';
      if ('}]'.includes(c) && text.slice(0, offset).trimEnd().endsWith(',')) return `JSON has no comma before "${c}".`;
      return code === 'PropertyNameExpected'
        ? 'A name in double quotation marks is expected here.'
        : `A value is expected here, not "${c}".`;
  }
}
