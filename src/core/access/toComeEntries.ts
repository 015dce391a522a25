import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import { AppError } from '../../base/errors.ts';
import type { CspCustomer } from '../../model/cspCustomer.ts';
import { parsePlacedJson } from '../customers/placedJson.ts';
import type { PlacedJson } from '../customers/placedJson.ts';

/** Where customers to come are written, in a repository. */
export const TO_COME_FILE = '.tenantscope/customers-to-come.json';

/** The text of a file of customers to come with further ones. */
export interface ToCome {
  readonly text: string;
  /** Names of those that were written; who was in the file already is not written again. */
  readonly added: readonly string[];
  /** Where the subscription of the first of them is to be filled in, a line counted from 1. */
  readonly line: number;
}

/**
 * Adds customers of a partner to a file of customers to come (undefined: there is none yet). Their subscription nobody
 * knows from here: it is left empty, which the file's own check names until somebody fills it in. Everything else of
 * the file stays as it is written. Throws `input.customersToCome` where the text is no such file.
 */
export function addToCome(text: string | undefined, customers: readonly CspCustomer[]): ToCome {
  let made = text ?? `${JSON.stringify({ customers: [] }, undefined, 2)}\n`;
  const known = tenantsIn(made);
  const fresh = customers.filter(({ tenant }) => !known.has(tenant.toLowerCase()));
  for (const { name, tenant } of fresh) made = append(made, { name, tenant, subscription: '' });
  const [first] = fresh;
  const begins = first ? made.split('\n').findIndex((line) => line.includes(first.tenant)) : -1;
  return { text: made, added: fresh.map(({ name }) => name), line: Math.max(1, begins + 2) };
}

/** One more item of the list, behind what is there; nothing else is touched. */
function append(text: string, entry: object): string {
  const list = findNodeAtLocation(parseTree(text)!, ['customers'])!;
  const last = list.children?.at(-1);
  const at = last ? last.offset + last.length : list.offset + 1;
  const lines = JSON.stringify(entry, undefined, 2).split('\n');
  const written = lines.map((line) => `\n    ${line}`).join('');
  return `${text.slice(0, at)}${last ? ',' : ''}${written}${last ? '' : '\n  '}${text.slice(at)}`;
}

function tenantsIn(text: string): ReadonlySet<string> {
  const { root, errors } = parsePlacedJson(text);
  const [broken] = errors;
  if (broken)
    throw new AppError(
      'input.customersToCome',
      `${TO_COME_FILE}:${broken.line}: ${broken.message} Nothing was written.`,
    );
  const list = fieldOf(root, 'customers');
  if (list?.kind !== 'array')
    throw new AppError(
      'input.customersToCome',
      `${TO_COME_FILE} is no file of customers to come: {"customers": [...]}. Nothing was written.`,
    );
  return new Set(
    list.items.flatMap((item) => {
      const tenant = fieldOf(item, 'tenant');
      return tenant?.kind === 'value' && typeof tenant.value === 'string' ? [tenant.value.toLowerCase()] : [];
    }),
  );
}

function fieldOf(node: PlacedJson | undefined, name: string): PlacedJson | undefined {
  return node?.kind === 'object' ? node.entries.find(({ key }) => key === name)?.value : undefined;
}
