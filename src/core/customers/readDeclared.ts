import type { DailyNeed, Declared, Party, SourceKind } from '../../model/assessment/declared.ts';
import { toRegion } from '../../model/region.ts';
import type { PlacedEntry, PlacedJson } from './placedJson.ts';

/** Says what is wrong, with the line it stands on (from 1). */
export type Report = (line: number, message: string) => void;

/** A domain, as it stands behind the first full stop of a computer's name or names a tenant. */
export const DOMAIN = /^(?=.{3,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/i;

/** Every value that a field with a closed list takes. */
export const DECLARED_CHOICES = {
  billing: ['customer', 'provider', 'both'] satisfies readonly Party[],
  access: ['customer', 'provider', 'both'] satisfies readonly Party[],
  daily: ['nothing', 'summary', 'portion', 'raw'] satisfies readonly DailyNeed[],
  sources: [
    'machines',
    'azure',
    'entra',
    'microsoft365',
    'containers',
    'applications',
    'network',
  ] satisfies readonly SourceKind[],
} as const;

type Read<V> = (entry: PlacedEntry, report: Report) => V | undefined;

const READERS: { readonly [Field in keyof Declared]-?: Read<NonNullable<Declared[Field]>> } = {
  retentionDays: (entry, report) => {
    const days = entry.value.kind === 'value' ? entry.value.value : undefined;
    if (typeof days === 'number' && Number.isInteger(days) && days > 0) return days;
    report(entry.line, '"retentionDays" is a whole number of days.');
    return undefined;
  },
  regions: texts(toRegion),
  isolation: readFlag,
  billing: choice(DECLARED_CHOICES.billing),
  access: choice(DECLARED_CHOICES.access),
  daily: choice(DECLARED_CHOICES.daily),
  sources: texts((text, line, report) => {
    if (isOneOf(DECLARED_CHOICES.sources, text)) return text;
    report(line, `"${text}" is no source; use ${DECLARED_CHOICES.sources.join(', ')}.`);
    return undefined;
  }),
  domains: texts((text, line, report) => {
    if (DOMAIN.test(text)) return text.toLowerCase();
    report(line, `"${text}" is no domain.`);
    return undefined;
  }),
  confidentialQueries: readFlag,
  contact: readText,
};

/** The fields of `declared` that are read; the schema of the file has the same. */
export const DECLARED_FIELDS = Object.keys(READERS) as readonly (keyof Declared)[];

/** What a customer's entry declares; each wrong field is left out and named with its line. */
export function readDeclared(entry: PlacedEntry | undefined, report: Report): Declared | undefined {
  if (!entry) return undefined;
  if (entry.value.kind !== 'object') {
    report(entry.line, `"declared" is an object; it may have ${DECLARED_FIELDS.join(', ')}.`);
    return undefined;
  }
  const declared: { -readonly [Field in keyof Declared]: Declared[Field] } = {};
  const read = <Field extends keyof Declared>(field: Field, from: PlacedEntry): void => {
    const value = READERS[field](from, report);
    if (value !== undefined) declared[field] = value as Declared[Field];
  };
  for (const field of entry.value.entries) {
    if (isOneOf(DECLARED_FIELDS, field.key)) read(field.key, field);
    else report(field.line, `"${field.key}" is not known in "declared"; use ${DECLARED_FIELDS.join(', ')}.`);
  }
  return declared;
}

/** A true or false; anything else is named and left out. */
export function readFlag(entry: PlacedEntry, report: Report): boolean | undefined {
  if (entry.value.kind === 'value' && typeof entry.value.value === 'boolean') return entry.value.value;
  report(entry.line, `"${entry.key}" is true or false.`);
  return undefined;
}

/** A text that is not empty, without blanks around it. */
export function readText(entry: PlacedEntry, report: Report): string | undefined {
  const text = toText(entry.value);
  if (text === undefined) report(entry.line, `"${entry.key}" is a text that is not empty.`);
  return text;
}

/** The texts of a list, each with its line; what is none is named and left out. */
export function readTexts(
  entry: PlacedEntry | undefined,
  report: Report,
): readonly { readonly text: string; readonly line: number }[] {
  if (!entry) return [];
  if (entry.value.kind !== 'array') {
    report(entry.line, `"${entry.key}" is a list of texts.`);
    return [];
  }
  return entry.value.items.flatMap((item) => {
    const text = toText(item);
    if (text !== undefined) return [{ text, line: item.line }];
    report(item.line, `"${entry.key}" holds texts only.`);
    return [];
  });
}

function toText(value: PlacedJson): string | undefined {
  return value.kind === 'value' && typeof value.value === 'string' && value.value.trim() !== ''
    ? value.value.trim()
    : undefined;
}

/** A list, each of its texts turned into a value; one twice counts once. A list with nothing good declares nothing. */
function texts<V extends string>(read: (text: string, line: number, report: Report) => V | undefined): Read<V[]> {
  return (entry, report) => {
    const values = readTexts(entry, report).flatMap(({ text, line }) => read(text, line, report) ?? []);
    return values.length > 0 ? [...new Set(values)] : undefined;
  };
}

function choice<V extends string>(values: readonly V[]): Read<V> {
  return (entry, report) => {
    const text = toText(entry.value);
    if (text !== undefined && isOneOf(values, text)) return text;
    report(entry.line, `"${entry.key}" is one of ${values.join(', ')}.`);
    return undefined;
  };
}

function isOneOf<V extends string>(values: readonly V[], text: string): text is V {
  return (values as readonly string[]).includes(text);
}
