import type { PlacedEntry, PlacedJson } from '../customers/placedJson.ts';
import type { Report } from '../customers/readDeclared.ts';
import type { Shape } from './shapes.ts';

/**
 * The value of an entry as its shape wants it, null where it is null; undefined for what is wrong, which `report` hears
 * with its line. A wrong field is left out of its object, a wrong item out of its list.
 */
export function readShape({ key, line, value }: PlacedEntry, shape: Shape, report: Report): unknown {
  const wrong = (what: string): undefined => {
    report(line, `"${key}" is ${what}.`);
    return undefined;
  };
  const plain = value.kind === 'value' ? value.value : undefined;
  if (plain === null) return null;
  switch (shape.kind) {
    case 'flag':
      return typeof plain === 'boolean' ? plain : wrong('true or false');
    case 'number':
      return readNumber(plain, shape) ?? wrong(numberWords(shape));
    case 'text':
      return typeof plain === 'string' && (shape.pattern?.test(plain) ?? plain.trim() !== '')
        ? plain
        : wrong(shape.what);
    case 'lines':
      return readLines(value) ?? wrong('KQL: a text, or a list of its lines');
    case 'choice': {
      const found = shape.values.find((one) => typeof plain === 'string' && one.toLowerCase() === plain.toLowerCase());
      return found ?? wrong(`one of ${shape.values.join(', ')}`);
    }
    case 'list':
      if (value.kind !== 'array') return wrong('a list');
      return value.items.flatMap((item) => {
        const read = readShape({ key, line: item.line, value: item }, shape.of, report);
        return read === undefined || read === null ? [] : [read];
      });
    case 'object':
      return value.kind === 'object' ? readFields(key, value, shape, report) : wrong('an object');
    case 'map':
      return value.kind === 'object'
        ? readMap(value, shape, report)
        : wrong(`an object with a name for each ${shape.names}`);
  }
}

type Of<Kind extends Shape['kind']> = Extract<Shape, { readonly kind: Kind }>;
type PlacedObject = Extract<PlacedJson, { readonly kind: 'object' }>;

function readNumber(plain: unknown, { least, most, whole, words }: Of<'number'>): number | string | undefined {
  if (typeof plain === 'string') return words.find((word) => word === plain);
  if (typeof plain !== 'number' || (whole && !Number.isInteger(plain))) return undefined;
  return plain >= least && plain <= most ? plain : undefined;
}

function numberWords({ least, most, whole, words }: Of<'number'>): string {
  const or = words.map((word) => `, or "${word}"`).join('');
  return `a ${whole ? 'whole ' : ''}number from ${least} to ${most}${or}`;
}

function readLines(value: PlacedJson): string | undefined {
  const lines = value.kind === 'array' ? value.items : [value];
  const texts = lines.map((line) => (line.kind === 'value' && typeof line.value === 'string' ? line.value : undefined));
  const text = texts.join('\n');
  return texts.includes(undefined) || text.trim() === '' ? undefined : text;
}

function readFields(key: string, { entries }: PlacedObject, { fields }: Of<'object'>, report: Report): object {
  const read: Record<string, unknown> = {};
  for (const entry of entries) {
    const field = Object.hasOwn(fields, entry.key) ? fields[entry.key] : undefined;
    if (!field) {
      report(entry.line, `"${entry.key}" is not known in "${key}"; use ${Object.keys(fields).join(', ')}.`);
      continue;
    }
    const value = readShape(entry, field, report);
    if (value !== undefined) read[entry.key] = value;
  }
  return read;
}

/** Azure tells none of these names apart by case: one that is there twice is a mistake. */
function readMap({ entries }: PlacedObject, { of, pattern, names }: Of<'map'>, report: Report): object {
  const read = new Map<string, unknown>();
  const known = new Set<string>();
  for (const entry of entries) {
    const name = entry.key.toLowerCase();
    if (entry.key.trim() === '' || (pattern && !pattern.test(entry.key)))
      report(entry.line, `"${entry.key}" is not a name that a ${names} can have.`);
    else if (known.has(name)) report(entry.line, `The ${names} "${entry.key}" is there twice.`);
    else {
      known.add(name);
      const value = readShape(entry, of, report);
      if (value !== undefined) read.set(entry.key, value);
    }
  }
  return Object.fromEntries(read);
}
