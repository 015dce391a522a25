import type { Estate } from '../../model/estate.ts';
import { NOT_ATTRIBUTED } from '../../model/sharedWorkspace.ts';
import type { AttributionRule } from '../../model/sharedWorkspace.ts';
import { EstateIndex } from '../estate/estateIndex.ts';

/** What would tell whose the rows of a source are: a rule to write, or what its rows have to say first. */
export function remedyFor(
  { computer, resource }: { readonly computer: string; readonly resource: string },
  rules: readonly AttributionRule[],
  estate: Estate,
): string {
  const subscription = /^\/subscriptions\/([^/]+)/.exec(resource)?.[1];
  if (subscription !== undefined) return `Rule: {"customer": "...", "subscription": "${subscription}"}`;
  const domain = /^[^.]*\.(.*[a-z].*)$/.exec(computer)?.[1];
  if (computer === '') return 'Its rows name nobody: have a transformation add a column, and write a rule on it.';
  if (domain === undefined)
    return `Azure Arc, or a rule: {"customer": "...", "column": "Computer", "value": ${JSON.stringify(computer)}}`;
  const rule = rules.find(({ by, value }) => by === 'computer' && `.${domain}`.endsWith(`.${value}`));
  if (rule?.customer !== NOT_ATTRIBUTED) return domainRule(domain, estate);
  return `${claimants(rule.value, estate).join(' and ')} both claim ${rule.value}: write a rule for one of them.`;
}

/** A domain that is called as one customer is very likely is its own: a person has to say so. */
function domainRule(domain: string, estate: Estate): string {
  const called = namesakes(domain.split('.')[0]!, estate);
  const [only] = called;
  if (called.length !== 1 || !only) return `Rule: {"customer": "...", "computer": "${domain}"}`;
  const rule = `{"customer": ${JSON.stringify(only.key)}, "computer": "${domain}"}`;
  return `If ${domain} is ${only.name}'s, a rule: ${rule}`;
}

/** Customers whose key, name, or a tenant's name or domain is this label, but for case, signs and blanks. */
function namesakes(label: string, { customers, tenants }: Estate): readonly Estate['customers'][number][] {
  const bare = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
  return customers.filter(({ key, name }) =>
    [
      key,
      name,
      ...tenants
        .filter(({ customer }) => customer === key)
        .flatMap((tenant) => [tenant.name, tenant.defaultDomain?.split('.')[0] ?? '']),
    ].some((one) => bare(one) === bare(label)),
  );
}

function claimants(domain: string, estate: Estate): readonly string[] {
  const index = EstateIndex.of(estate);
  const keys = [
    ...estate.customers.filter(({ declared }) => declared?.domains?.includes(domain)).map(({ key }) => key),
    ...estate.tenants.filter(({ defaultDomain }) => defaultDomain?.toLowerCase() === domain).map((one) => one.customer),
  ];
  return [...new Set(keys)].map((key) => index.customerName(key)).sort();
}
