import { isGuid } from '../../model/ids.ts';
import { RULE_KINDS } from '../../model/sharedWorkspace.ts';
import type { RuleOf } from '../../model/sharedWorkspace.ts';
import type { CustomerEntry, SharedEntry, SharedRule } from './customersFile.ts';
import type { PlacedEntry, PlacedJson } from './placedJson.ts';
import { DOMAIN, readText } from './readDeclared.ts';
import type { Report } from './readDeclared.ts';

/** The fields of a rule beside its customer; the schema of the file has the same. */
export const RULE_FIELDS = [...RULE_KINDS, 'value'] as const;

const RESOURCE = /^\/subscriptions\/[0-9a-f-]{36}(\/resourcegroups\/[^/]+(\/.+)?)?$/;
/** What a column of a table may be called. */
const COLUMN = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * The workspaces that the file says are shared, with whose their rows are. Each mistake is named with its line, and
 * spoils its workspace: without one of its rules a row could be told to be another customer's. `unnamed`: hears of the
 * line of a mistake that leaves out a workspace.
 */
export function readShared(
  { value, line }: PlacedEntry,
  customers: readonly CustomerEntry[],
  report: Report,
  unnamed: (line: number) => void,
): readonly SharedEntry[] {
  if (value.kind !== 'array') {
    unnamed(line);
    report(line, '"shared" is a list: [{"workspace": "...", "rules": [...]}].');
    return [];
  }
  const found: SharedEntry[] = [];
  for (const item of value.items) {
    let problem: number | undefined;
    const spoil: Report = (at, message) => {
      problem ??= at;
      report(at, message);
    };
    const entry = readEntry(item, customers, spoil);
    if (!entry) {
      unnamed(problem ?? item.line);
      continue;
    }
    if (found.some(({ workspace }) => workspace.toLowerCase() === entry.workspace.toLowerCase()))
      spoil(item.line, `The workspace "${entry.workspace}" is shared twice; put its rules together.`);
    found.push(problem === undefined ? entry : { ...entry, problem });
  }
  return found;
}

function readEntry(
  item: PlacedJson,
  customers: readonly CustomerEntry[],
  report: Report,
): Omit<SharedEntry, 'problem'> | undefined {
  if (item.kind !== 'object') {
    report(item.line, 'A shared workspace is an object: {"workspace": "...", "rules": [...]}.');
    return undefined;
  }
  const fields = new Map(item.entries.map((entry) => [entry.key, entry]));
  const named = fields.get('workspace');
  const workspace = named && readText(named, report);
  if (!named) report(item.line, 'This shared workspace has no "workspace".');
  for (const { key, line } of item.entries)
    if (key !== 'workspace' && key !== 'rules')
      report(line, `"${key}" is not known here; use "workspace" and "rules".`);
  const rules = fields.get('rules');
  if (rules && rules.value.kind !== 'array') report(rules.line, '"rules" is a list.');
  const items = rules?.value.kind === 'array' ? rules.value.items : [];
  const read: SharedRule[] = [];
  for (const one of items) {
    const rule = readRule(one, customers, report);
    if (!rule) continue;
    const rival = read.find((other) => isSame(other, rule) && other.customer !== rule.customer);
    if (rival)
      report(
        rule.line,
        `The rule of line ${rival.line} says that these rows are another customer's. Leave one of them.`,
      );
    read.push(rule);
  }
  return workspace === undefined ? undefined : { workspace, line: item.line, rules: read };
}

function readRule(item: PlacedJson, customers: readonly CustomerEntry[], report: Report): SharedRule | undefined {
  if (item.kind !== 'object') {
    report(item.line, 'A rule is an object: {"customer": "...", "computer": "contoso.com"}.');
    return undefined;
  }
  const fields = new Map(item.entries.map((entry) => [entry.key, entry]));
  for (const { key, line } of item.entries)
    if (key !== 'customer' && !(RULE_FIELDS as readonly string[]).includes(key))
      report(line, `"${key}" is not a field of a rule; use customer, ${RULE_FIELDS.join(', ')}.`);
  const named = fields.get('customer');
  if (!named) report(item.line, 'This rule has no "customer".');
  const name = named && readText(named, report);
  const wanted = name?.toLowerCase();
  const called = customers.filter((one) => one.name.toLowerCase() === wanted);
  const customer = customers.find(({ key }) => key.toLowerCase() === wanted) ?? called[0];
  if (customer && called.length > 1 && customer.key.toLowerCase() !== wanted)
    report(named!.line, `Several customers are called "${name}"; name the one that is meant by its key.`);
  if (name !== undefined && !customer) report(named!.line, `There is no customer "${name}" in this file.`);
  const rule = readCondition(item.line, fields, report);
  return customer && rule ? { ...rule, customer: customer.key, line: item.line } : undefined;
}

/** Exactly one of the kinds. */
function readCondition(line: number, fields: ReadonlyMap<string, PlacedEntry>, report: Report): RuleOf | undefined {
  const kinds = RULE_KINDS.filter((name) => fields.has(name));
  const [kind] = kinds;
  if (!kind || kinds.length > 1) {
    report(line, 'A rule has exactly one of computer, subscription, resource, tenant, and column with value.');
    return undefined;
  }
  const entry = fields.get(kind)!;
  const text = readText(entry, report);
  if (fields.has('value') !== (kind === 'column')) {
    report(line, '"column" and "value" go together, and with nothing else.');
    return undefined;
  }
  if (text === undefined) return undefined;
  const wrong = (message: string): undefined => {
    report(entry.line, message);
    return undefined;
  };
  const value = text.toLowerCase();
  switch (kind) {
    case 'column': {
      const is = readText(fields.get('value')!, report);
      if (value === 'tenantid')
        return wrong('TenantId is the ID of the workspace itself, the same in every row. Use another column.');
      if (!COLUMN.test(text)) return wrong(`"${text}" is no name of a column.`);
      return is === undefined ? undefined : { by: 'column', column: text, value: is };
    }
    case 'computer': {
      const domain = value.replace(/^\.|\.$/g, '');
      return DOMAIN.test(domain)
        ? { by: 'computer', value: domain }
        : wrong(`"${text}" is no domain: it is what stands behind the computer's own name, such as contoso.com.`);
    }
    case 'resource': {
      const id = value.replace(/\/+$/, '');
      return RESOURCE.test(id)
        ? { by: 'resource', value: id }
        : wrong(`"${text}" is no resource ID; it begins with /subscriptions/.`);
    }
    default:
      return isGuid(value) ? { by: kind, value } : wrong(`"${text}" is no ID of a ${kind}.`);
  }
}

/** Whether two rules are about the same rows. */
function isSame(one: RuleOf, other: RuleOf): boolean {
  return (
    one.by === other.by &&
    one.value.toLowerCase() === other.value.toLowerCase() &&
    (one.by !== 'column' || other.by !== 'column' || one.column === other.column)
  );
}
