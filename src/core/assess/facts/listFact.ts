import { AppError } from '../../../base/errors.ts';

/** A fact that one list of Resource Manager or Resource Graph gives. */
export interface ListFact<Name extends string, Item> {
  readonly name: Name;
  /** What tells two of its items apart: of the same item seen by two accounts one stays. */
  readonly key: (item: Item) => string;
}

/** A list as an adapter gave it, once each and in a steady order. Throws `service.unreadable` for what is no list. */
export function readList<Item>({ name, key }: ListFact<string, Item>, value: readonly Item[]): readonly Item[] {
  if (!Array.isArray(value))
    throw new AppError('service.unreadable', `The answer for the ${name} is no list. Try again.`);
  const items = new Map(value.map((item) => [key(item), item]));
  return [...items].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}
