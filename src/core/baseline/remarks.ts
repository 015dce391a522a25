import type { Baseline, BaselineFile, BaselineLayer } from '../../model/baseline.ts';
import type { Customer, Workspace } from '../../model/estate.ts';
import { toCustomerKey } from '../../model/ids.ts';
import { limitText, lighthouseLimit } from '../access/lighthouseLimits.ts';
import { findOfferRole } from '../onboard/offerRoles.ts';
import { contradictions } from './contradictions.ts';
import { baselineOf, layersOfNobody } from './layers.ts';
import { layerPath, PlacesInFile } from './placesInFile.ts';

/** What is doubtful in a baseline file that can be read: line from 1. */
export interface BaselineRemark {
  readonly line: number;
  readonly message: string;
}

/** What is known beside the file; the less, the fewer remarks. */
export interface KnownAround {
  /** Nobody's customers where empty. */
  readonly customers: readonly Pick<Customer, 'key' | 'name' | 'groups'>[];
  /** The customers file, where `customers` are only those that it names. */
  readonly customersFile?: string;
  readonly workspaces: readonly Pick<Workspace, 'customer' | 'name' | 'sentinel'>[];
  /** Whether Azure, or somebody of the estate, has a table of this name. */
  readonly isTable: (name: string) => boolean;
}

/**
 * What a baseline file says that means nobody, names what there is not, contradicts itself (one layer another, too), or
 * costs what nobody wants. By line.
 */
export function baselineRemarks(
  text: string,
  file: BaselineFile,
  { customers, customersFile, workspaces, isTable }: KnownAround,
): readonly BaselineRemark[] {
  const places = new PlacesInFile(text);
  const remarks = new Map<string, BaselineRemark>();
  const add = (line: number, message: string): void => {
    remarks.set(`${line}\n${message}`, { line, message });
  };
  if (customers.length > 0)
    for (const { line, message } of layersOfNobody(file, customers, customersFile)) add(line, message);
  for (const { path, layer } of layersOf(file)) {
    for (const name of Object.keys(layer.tables ?? {}))
      if (!/_(?:CL|RST|SRCH|KQL_CL)$/.test(name) && !isTable(name))
        add(
          places.find([...path, 'tables', name]).line,
          `Azure has no table "${name}" that is known here; tables of your own end with _CL.`,
        );
    for (const [name, delegation] of Object.entries(layer.delegations ?? {}))
      for (const { role } of delegation?.authorizations ?? [])
        for (const message of roleRemarks(role)) add(places.find([...path, 'delegations', name]).line, message);
  }
  for (const { baseline, layers } of merges(file, customers)) {
    const paths = [...layers].reverse().map(layerPath);
    for (const { setting, message } of contradictions(baseline)) add(places.lineIn(paths, setting), message);
  }
  for (const customer of customers) {
    const { baseline, layers } = baselineOf(file, customer);
    if (typeof baseline.workspace?.dailyCapGb !== 'number') continue;
    const guarded = workspaces.filter((one) => one.customer === customer.key && one.sentinel).map(({ name }) => name);
    if (guarded.length > 0)
      add(
        places.lineIn([...layers].reverse().map(layerPath), ['workspace', 'dailyCapGb']),
        `${customer.name} has Microsoft Sentinel in ${guarded.join(', ')}: from the moment the cap is reached nothing is detected there. "none" for a layer of its own.`,
      );
  }
  return [...remarks.values()].sort((a, b) => a.line - b.line);
}

function layersOf({ provider, architectures, groups, customers }: BaselineFile): readonly {
  readonly path: readonly string[];
  readonly layer: BaselineLayer;
}[] {
  const named = { architectures, groups, customers };
  return [
    { path: ['provider'], layer: provider },
    ...Object.entries(named).flatMap(([kind, all]) => all.map(({ name, layer }) => ({ path: [kind, name], layer }))),
  ];
}

/** What holds together: for nobody in particular, for each layer alone over the provider's, and for each customer. */
function merges(
  file: BaselineFile,
  customers: KnownAround['customers'],
): readonly { readonly baseline: Baseline; readonly layers: readonly string[] }[] {
  const nobody = { key: toCustomerKey('-'), name: '', groups: [] };
  const { architectures, groups } = file;
  return [
    baselineOf(file, nobody),
    ...architectures.map(({ name, layer }) => {
      const { baseline } = baselineOf(
        { ...file, architectures: [], groups: [], customers: [{ name: '-', line: 1, layer }] },
        nobody,
      );
      return { baseline, layers: ['provider', `architecture ${name}`] };
    }),
    ...groups.map(({ name }) => baselineOf(file, { ...nobody, groups: [name] })),
    ...file.customers.map(({ name }) => baselineOf(file, { ...nobody, name })),
    ...customers.map((customer) => baselineOf(file, customer)),
  ];
}

function roleRemarks(role: string): readonly string[] {
  const known = findOfferRole(role);
  if (!known) return [`"${role}" is not among the built-in roles that are known here: write its ID.`];
  const limit = lighthouseLimit({ action: 'offerRole', role: known, delegatedRoles: [known] });
  return limit.allowed ? [] : [limitText(limit)];
}
