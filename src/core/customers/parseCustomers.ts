import { isGuid } from '../../model/ids.ts';
import type { CustomersProblem } from '../../model/customersProblem.ts';
import { NOT_ATTRIBUTED } from '../../model/sharedWorkspace.ts';
import type { CustomerEntry, CustomersFile } from './customersFile.ts';
import { parsePlacedJson } from './placedJson.ts';
import type { PlacedEntry, PlacedJson } from './placedJson.ts';
import { DOMAIN, readDeclared, readFlag, readText, readTexts } from './readDeclared.ts';
import type { Report } from './readDeclared.ts';
import { readShared } from './readShared.ts';

/** The fields of a customer's entry; the schema of the file has the same. */
export const CUSTOMER_FIELDS = ['name', 'key', 'tenants', 'groups', 'tags', 'provider', 'declared'] as const;

/**
 * Reads a customers file. `file` is the name problems carry. Never throws: a wrong entry is left out and named with its
 * line, a wrong field of a good entry is left out the same way, everything else is kept.
 */
export function parseCustomers(text: string, file: string): CustomersFile {
  const { root, errors } = parsePlacedJson(text);
  const problems: CustomersProblem[] = errors.map((error) => ({ file, ...error, unreadable: true }));
  const report = (line: number, message: string): void => {
    problems.push({ file, line, message });
  };
  // Behind a mistake in the JSON, what is shared may be missing.
  let sharedProblem = errors.length > 0 && /"shared"/i.test(text) ? errors[0]!.line : undefined;
  if (!root) return { customers: [], ...(sharedProblem === undefined ? {} : { sharedProblem }), problems };
  if (root.kind !== 'object') {
    report(root.line, 'A customers file is an object: {"customers": [...]}.');
    return { customers: [], problems };
  }
  const customers: CustomerEntry[] = [];
  let groups: PlacedJson | undefined;
  let shared: PlacedEntry | undefined;
  for (const entry of root.entries) {
    if (entry.key === 'customers') {
      if (entry.value.kind !== 'array') report(entry.line, '"customers" is a list.');
      else for (const item of entry.value.items) readCustomer(item, customers, report);
    } else if (entry.key === 'groups') groups = entry.value;
    else if (entry.key === 'shared' && !shared) shared = entry;
    else if (entry.key.toLowerCase() === 'shared') {
      sharedProblem ??= entry.line;
      report(entry.line, `"${entry.key}" is there twice, or is to be written "shared".`);
    } else if (entry.key !== '$schema')
      report(entry.line, `"${entry.key}" is not known here; use "customers", "groups" and "shared".`);
  }
  const unnamed = (line: number): void => {
    sharedProblem ??= line;
  };
  const places = shared ? readShared(shared, customers, report, unnamed) : [];
  const grouped = groups ? applyGroups(groups, customers, report) : customers;
  return {
    customers: grouped,
    ...(places.length > 0 ? { shared: places } : {}),
    ...(sharedProblem === undefined ? {} : { sharedProblem }),
    problems: problems.sort((a, b) => a.line - b.line),
  };
}

function readCustomer(item: PlacedJson, customers: CustomerEntry[], report: Report): void {
  if (item.kind !== 'object') {
    report(item.line, 'A customer is an object with a name.');
    return;
  }
  const fields = new Map(item.entries.map((entry) => [entry.key, entry]));
  for (const entry of item.entries)
    if (!(CUSTOMER_FIELDS as readonly string[]).includes(entry.key))
      report(entry.line, `"${entry.key}" is not a field of a customer; use ${CUSTOMER_FIELDS.join(', ')}.`);
  const read = <V>(field: string, reader: (entry: PlacedEntry, report: Report) => V): V | undefined => {
    const entry = fields.get(field);
    return entry && reader(entry, report);
  };
  const name = read('name', readText);
  if (!name) {
    if (!fields.has('name')) report(item.line, 'This customer has no name.');
    return;
  }
  const key = fields.has('key') ? read('key', readText) : toKey(name);
  if (!key) return;
  if ([key, name].some((text) => text.toLowerCase() === NOT_ATTRIBUTED)) {
    report(item.line, `"${NOT_ATTRIBUTED}" is what rows that are nobody's go by. Call this customer otherwise.`);
    return;
  }
  const taken = customers.find((other) => other.key.toLowerCase() === key.toLowerCase());
  if (taken) {
    report(
      item.line,
      `The customer key "${key}" is already used on line ${taken.line}. Give one of them another "key".`,
    );
    return;
  }
  const tenants: string[] = [];
  for (const tenant of readTexts(fields.get('tenants'), report)) {
    const owner = customers.find((other) => other.tenants.includes(tenant.text.toLowerCase()));
    if (!isGuid(tenant.text) && !DOMAIN.test(tenant.text))
      report(tenant.line, `"${tenant.text}" is neither a tenant id nor a domain.`);
    else if (owner)
      report(tenant.line, `The tenant "${tenant.text}" already belongs to ${owner.name} (line ${owner.line}).`);
    else if (!tenants.includes(tenant.text.toLowerCase())) tenants.push(tenant.text.toLowerCase());
  }
  const declared = readDeclared(fields.get('declared'), report);
  const provider = read('provider', readFlag);
  customers.push({
    key,
    name,
    tenants,
    groups: readTexts(fields.get('groups'), report).map((group) => group.text),
    tags: readTags(fields.get('tags'), report),
    ...(declared ? { declared } : {}),
    ...(provider ? { provider } : {}),
    line: item.line,
  });
}

/** `groups: {"gold": ["contoso", "Fabrikam Ltd"]}`: by key or name, beside what the customers say themselves. */
function applyGroups(
  groups: PlacedJson,
  customers: readonly CustomerEntry[],
  report: Report,
): readonly CustomerEntry[] {
  if (groups.kind !== 'object') {
    report(groups.line, '"groups" is an object: {"gold": ["customer", ...]}.');
    return customers;
  }
  const added = new Map<CustomerEntry, string[]>();
  for (const group of groups.entries) {
    for (const member of readTexts(group, report)) {
      const wanted = member.text.toLowerCase();
      const customer =
        customers.find((known) => known.key.toLowerCase() === wanted) ??
        customers.find((known) => known.name.toLowerCase() === wanted);
      if (customer) added.set(customer, [...(added.get(customer) ?? []), group.key]);
      else
        report(member.line, `Group "${group.key}" names the customer "${member.text}", which this file does not have.`);
    }
  }
  return customers.map((customer) =>
    added.has(customer)
      ? { ...customer, groups: [...new Set([...customer.groups, ...added.get(customer)!])] }
      : customer,
  );
}

function readTags(entry: PlacedEntry | undefined, report: Report): Readonly<Record<string, string>> {
  if (!entry) return {};
  if (entry.value.kind !== 'object') {
    report(entry.line, '"tags" is an object of texts.');
    return {};
  }
  const names = new Set<string>();
  return Object.fromEntries(
    entry.value.entries.flatMap((tag) => {
      const name = tag.key.toLowerCase();
      if (names.has(name))
        report(tag.line, `The tag "${tag.key}" is there twice: tags that differ in case are one tag.`);
      else if (tag.value.kind === 'value' && typeof tag.value.value === 'string') {
        names.add(name);
        return [[tag.key, tag.value.value]];
      } else report(tag.line, `The tag "${tag.key}" is a text.`);
      return [];
    }),
  );
}

/** `Contoso Ltd` -> `contoso-ltd`. A name without a letter or digit that survives stands for itself. */
function toKey(name: string): string {
  return (
    name
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[\u0300-\u036f]/g, '')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || name
  );
}
