/** What a foreign answer holds, before anybody looked: every read below says what it takes it for. */
export type Wire = Readonly<Record<string, unknown>>;

/** An object as such; anything else is one without fields. */
export function toObject(value: unknown): Wire {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Wire) : {};
}

/** A list as such; anything else is an empty one. */
export function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** A text as such; anything else is the empty one. */
export function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A number as such; undefined for anything else. */
export function toNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Resource Graph writes what it worked out itself as true and false, or as 1 and 0. */
export function isTrue(value: unknown): boolean {
  return value === true || value === 1;
}

/** A region as its name: `West Europe` is `westeurope`. */
export function toRegion(value: unknown): string {
  return toText(value).toLowerCase().replaceAll(' ', '');
}
