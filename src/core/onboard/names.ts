import { validateName, validateResourceGroupName } from '../provision/rules.ts';

/** What names are made of. */
export interface NameParts {
  readonly customer: string;
  readonly region: string;
  readonly tenant: string;
}

/** Placeholders of a pattern of names, and what each stands for. */
export const PLACEHOLDERS: Readonly<Record<keyof NameParts, string>> = {
  customer: 'the key of the customer',
  region: 'the region of its workspace',
  tenant: 'the first eight characters of its tenant',
};

/** What names are where a file says nothing. */
export const DEFAULT_PATTERNS = { workspace: 'law-{customer}-{region}', resourceGroup: 'rg-{customer}-logs' } as const;

/** A name by a pattern, or why there is none. */
export type MadeName = { readonly ok: true; readonly name: string } | { readonly ok: false; readonly message: string };

/** The name of a workspace or resource group, checked as the service checks it. */
export function makeName(what: 'workspace' | 'resourceGroup', pattern: string, parts: NameParts): MadeName {
  const odd = [...pattern.matchAll(/\{([^{}]*)\}/g)]
    .map(([, name]) => name!)
    .find((name) => !Object.hasOwn(PLACEHOLDERS, name));
  if (odd !== undefined)
    return {
      ok: false,
      message: `"{${odd}}" is no placeholder of a name: ${Object.keys(PLACEHOLDERS)
        .map((name) => `{${name}}`)
        .join(', ')}.`,
    };
  const name = pattern.replace(/\{(\w+)\}/g, (_all, part: keyof NameParts) => parts[part]);
  const wrong = what === 'workspace' ? validateName(name) : validateResourceGroupName(name);
  return wrong === undefined ? { ok: true, name } : { ok: false, message: `"${name}": ${wrong}` };
}

/** A name as part of names of resources: `Müller & Söhne AG` is `muller-sohne-ag`. Empty where nothing is left. */
export function toNamePart(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
