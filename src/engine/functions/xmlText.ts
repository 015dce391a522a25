import type { Json, JsonBag } from './json.ts';

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** An `&` that begins no entity XML knows, or `<` where it may not stand: the text is not well-formed. */
const BROKEN = /&(?!(?:#\d+|#x[0-9a-fA-F]+|lt|gt|amp|quot|apos);)|</;

function unescape(text: string): string {
  return text.replace(
    /&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));/g,
    (whole: string, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? whole;
      const point = Number.parseInt(decimal ?? hex ?? '', decimal ? 10 : 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    },
  );
}

const TOKEN =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<!DOCTYPE[^>]*>|<\/([^\s>]+)\s*>|<([^\s/>]+)((?:\s+[^\s=/>]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/y;

interface Element {
  readonly name: string;
  readonly bag: JsonBag;
  text: string;
}

function add(bag: JsonBag, key: string, value: Json): void {
  const before = bag.get(key);
  if (!bag.has(key)) bag.set(key, value);
  else if (Array.isArray(before)) before.push(value);
  else bag.set(key, [before ?? null, value]);
}

function finish({ bag, text }: Element): Json {
  const trimmed = text.trim();
  if (bag.size === 0) return trimmed === '' ? null : trimmed;
  return trimmed === ''
    ? bag
    : new Map<string, Json>([
        ...[...bag].filter(([key]) => key.startsWith('@')),
        ['#text', trimmed],
        ...[...bag].filter(([key]) => !key.startsWith('@')),
      ]);
}

/**
 * XML as a bag: an element is a key, an attribute `@name`, text `#text` where there is more than text, repeated
 * elements an array.
 * Undefined where the text is not well-formed.
 */
export function parseXml(source: string): Json | undefined {
  const root: Element = { name: '', bag: new Map(), text: '' };
  const stack = [root];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < source.length;) {
    const token = TOKEN.exec(source),
      top = stack.at(-1);
    if (!token || !top) return undefined;
    const [, cdata, close, open, attributes = '', selfClosing, text] = token;
    if (cdata !== undefined) top.text += cdata;
    else if (text !== undefined) {
      if (BROKEN.test(text)) return undefined;
      top.text += unescape(text);
    } else if (close !== undefined) {
      const parent = stack.at(-2);
      if (close !== top.name || !parent) return undefined;
      stack.pop();
      add(parent.bag, top.name, finish(top));
    } else if (open !== undefined) {
      if (top === root && root.bag.size > 0) return undefined;
      const bag: JsonBag = new Map();
      for (const [, name = '', double, single] of attributes.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
        if (bag.has(`@${name}`) || BROKEN.test(double ?? single ?? '')) return undefined;
        bag.set(`@${name}`, unescape(double ?? single ?? ''));
      }
      const element: Element = { name: open, bag, text: '' };
      if (selfClosing) add(top.bag, open, finish(element));
      else stack.push(element);
    }
  }
  return stack.length === 1 && root.bag.size === 1 && root.text.trim() === '' ? root.bag : undefined;
}
