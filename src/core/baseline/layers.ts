import type { Baseline, BaselineFile, BaselineLayer } from '../../model/baseline.ts';
import type { Customer } from '../../model/estate.ts';

/**
 * What was agreed with a customer: the provider's layer, over it that of its architecture, those of its groups in the
 * order of the file, and its own, merged as RFC 7396 merges: the later one wins field by field, a list is replaced,
 * null takes away. Which architecture is the customer's its own layer says, else its groups', else the provider's.
 * `layers` names those that apply.
 */
export function baselineOf(
  { provider, architectures, groups, customers }: BaselineFile,
  customer: Pick<Customer, 'key' | 'name' | 'groups'>,
): { readonly baseline: Baseline; readonly layers: readonly string[] } {
  const names = new Set(customer.groups.map((group) => group.toLowerCase()));
  const inGroups = groups.filter(({ name }) => names.has(name.toLowerCase()));
  const own = customers.filter(({ name }) => isCalled(customer, name));
  const special = [...inGroups, ...own].map(({ layer }) => layer);
  const { architecture } = merged([provider, ...special]);
  const ofArchitecture = architectures.filter(({ name }) => name === architecture);
  return {
    baseline: merged([provider, ...ofArchitecture.map(({ layer }) => layer), ...special]),
    layers: [
      'provider',
      ...ofArchitecture.map(({ name }) => `architecture ${name}`),
      ...inGroups.map(({ name }) => `group ${name}`),
      ...own.map(({ name }) => `customer ${name}`),
    ],
  };
}

function merged(layers: readonly BaselineLayer[]): Baseline {
  return layers.reduce<BaselineLayer>((under, over) => mergePatch(under, over) as BaselineLayer, {}) as Baseline;
}

/**
 * Layers for groups and customers that nobody has: a typing mistake would otherwise be no baseline at all. `file` is the
 * customers file where that alone was read: other customers are called as their tenants are.
 */
export function layersOfNobody(
  { groups, customers }: BaselineFile,
  known: readonly Pick<Customer, 'key' | 'name' | 'groups'>[],
  file?: string,
): readonly { readonly line: number; readonly message: string }[] {
  const place = file === undefined ? '' : ` in ${file}`;
  const names = new Set(known.flatMap((customer) => customer.groups.map((group) => group.toLowerCase())));
  return [
    ...groups
      .filter(({ name }) => !names.has(name.toLowerCase()))
      .map(({ name, line }) => ({ line, message: `No customer is in a group "${name}"${place}.` })),
    ...customers
      .filter(({ name }) => !known.some((customer) => isCalled(customer, name)))
      .map(({ name, line }) => ({ line, message: `No customer is called "${name}"${place}.` })),
  ];
}

function isCalled({ key, name }: Pick<Customer, 'key' | 'name'>, wanted: string): boolean {
  return [key, name].some((one) => one.toLowerCase() === wanted.toLowerCase());
}

/** RFC 7396; names that differ in case alone are one name, as Azure has it. */
function mergePatch(under: unknown, over: unknown): unknown {
  if (!isObject(over)) return over;
  const merged = new Map(isObject(under) ? Object.entries(under) : []);
  for (const [key, value] of Object.entries(over)) {
    const known = [...merged.keys()].find((one) => one.toLowerCase() === key.toLowerCase()) ?? key;
    if (value === null) merged.delete(known);
    else merged.set(known, mergePatch(merged.get(known), value));
  }
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
