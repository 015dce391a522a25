import type { Baseline, BaselineFile, BaselineLayer } from '../../model/baseline.ts';
import type { Customer } from '../../model/estate.ts';
import type { ComingCustomer } from '../../model/onboarding.ts';

/** A customer that is being onboarded, which no customers file needs to name yet. */
export type Coming = Pick<ComingCustomer, 'tenant' | 'key' | 'name' | 'architecture'>;

/**
 * What was agreed with a customer: the provider's layer, over it that of its architecture, those of its groups in the
 * order of the file, and its own, merged as RFC 7396 merges: the later one wins field by field, a list is replaced,
 * null takes away. Which architecture is the customer's its own layer says, else its groups', else the provider's, else
 * its onboarding (`coming`, by whose key and name it is called, too). `layers` names those that apply; `unsaid` where
 * the layer of an architecture applies that no layer names.
 */
export function baselineOf(
  { provider, architectures, groups, customers }: BaselineFile,
  customer: Pick<Customer, 'key' | 'name' | 'groups'>,
  coming?: Coming,
): { readonly baseline: Baseline; readonly layers: readonly string[]; readonly unsaid?: true } {
  const names = new Set(customer.groups.map((group) => group.toLowerCase()));
  const inGroups = groups.filter(({ name }) => names.has(name.toLowerCase()));
  const own = customers.filter(({ name }) => isCalled(customer, name) || (coming && isCalled(coming, name)));
  const unsaid = coming ? [{ architecture: coming.architecture }] : [];
  const special = [...inGroups, ...own].map(({ layer }) => layer);
  const { architecture } = merged([...unsaid, provider, ...special]);
  const isUnsaid = coming !== undefined && merged([provider, ...special]).architecture === undefined;
  const ofArchitecture = architectures.filter(({ name }) => name === architecture);
  return {
    baseline: merged([...unsaid, provider, ...ofArchitecture.map(({ layer }) => layer), ...special]),
    layers: [
      'provider',
      ...ofArchitecture.map(({ name }) => `architecture ${name}`),
      ...inGroups.map(({ name }) => `group ${name}`),
      ...own.map(({ name }) => `customer ${name}`),
    ],
    ...(isUnsaid && ofArchitecture.length > 0 ? { unsaid: true as const } : {}),
  };
}

function merged(layers: readonly BaselineLayer[]): Baseline {
  return layers.reduce<BaselineLayer>((under, over) => mergePatch(under, over) as BaselineLayer, {}) as Baseline;
}

/**
 * Layers for groups and customers that nobody has: a typing mistake would otherwise be no baseline at all. `file` is
 * the customers file where that alone was read: other customers are called as their tenants are.
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

function isCalled({ key, name }: { readonly key: string; readonly name: string }, wanted: string): boolean {
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
