import type { CustomerFacts } from '../../../model/assessment/subject.ts';
import type { ClaimHere, TodayState } from '../../../model/assessment/verdict.ts';
import { holdsData } from './today.ts';
import { machinesOf, sourceKinds } from './measures.ts';
import { count, list, percent } from '../look/words.ts';
import { seesAll, seesCentres, seesOwn } from './sight.ts';
import { SOURCE_WORDS } from './words.ts';

/** What is so at one customer. */
export type Here = ClaimHere['here'];

/** Says of one customer whether a claim is true there. */
type HereJudge = (customer: CustomerFacts, today: TodayState) => Here;

const yes = (text: string): Here => ({ state: 'true', text });
const no = (text: string): Here => ({ state: 'not true', text });
const unknown = (text: string): Here => ({ state: 'unknown', text });
const unseenTenant = unknown('A tenant of it could not be entered');
const unseenCentre = unknown('A workspace of the provider could not be looked into');

const PAYS = {
  customer: 'the customer pays',
  provider: 'the provider pays',
  both: 'both pay',
} as const;

/** Whether a claim holds here, by the name that the table of claims gives it. */
export const HERE: Readonly<Record<string, HereJudge>> = {
  customerManagesAccess(customer) {
    const { own, central } = customer;
    if (own.length > 0)
      return central.length > 0
        ? no(`Only of its own ${own.length === 1 ? 'workspace' : 'workspaces'}, not of its rows at the centre`)
        : seesCentres(customer)
          ? yes(`${count(own.length, 'workspace')} in its own tenant`)
          : unseenCentre;
    return central.length > 0 ? no('Its rows lie in a workspace of the provider') : unknown('No workspace is known');
  },
  ownSettings({ own, central, tenants }) {
    if (own.length === 0 && !seesOwn({ tenants })) return unseenTenant;
    if (own.length === 0)
      return central.length > 0
        ? no('The shared workspace has one retention and cap')
        : unknown('No workspace is known');
    const known = own.flatMap(({ configuration }) => (configuration.state === 'known' ? [configuration.value] : []));
    if (known.length === 0) return unknown('Its settings could not be read');
    const retention = [...new Set(known.map(({ retentionDays }) => retentionDays))].sort((a, b) => a - b);
    const capped = known.filter(({ dailyCapGb }) => dailyCapGb !== undefined).length;
    return yes(
      `Kept ${list(retention.map(String))} days; ${capped === 0 ? 'no daily cap' : `${capped} of ${count(known.length, 'workspace')} with a daily cap`}`,
    );
  },
  isolation({ customer, central, unknownCentral }) {
    const shared = central.filter(({ customers }) => customers > 1);
    const wanted =
      customer.declared?.isolation === undefined
        ? 'undeclared whether it must be'
        : customer.declared.isolation
          ? 'declared as required'
          : 'declared as not required';
    if (shared.length > 0)
      return no(`Its rows lie beside ${count(shared[0]!.customers - 1, 'other customer')}; ${wanted}`);
    if (!seesCentres({ unknownCentral })) return unseenCentre;
    if (central.some(({ unattributed }) => unattributed.rows > 0))
      return unknown(`Beside it lie rows at the centre that name nobody; ${wanted}`);
    return central.length > 0
      ? yes(`Alone in its workspace at the centre; ${wanted}`)
      : yes(`Nothing of it lies in a shared workspace; ${wanted}`);
  },
  ownBill({ own, central, customer, unknownCentral }) {
    const pays = customer.declared?.billing;
    const wanted = pays === undefined ? 'who should pay is undeclared' : `declared: ${PAYS[pays]}`;
    if (own.length === 0 && central.length === 0) return unknown('No workspace is known');
    if (central.length > 0) return no(`Not what lies at the centre; ${wanted}`);
    return seesCentres({ unknownCentral }) ? yes(`All of it; ${wanted}`) : unseenCentre;
  },
  allSources(customer) {
    const { kinds, whole } = sourceKinds(customer);
    const wanted = customer.customer.declared?.sources ?? [];
    const missing = wanted.filter((kind) => !kinds.has(kind));
    if (missing.length > 0 && whole)
      return no(
        `Declared, and not collected: ${list(
          missing.map((kind) => SOURCE_WORDS[kind]),
          missing.length,
        )}`,
      );
    if (!whole) return unknown('Not every workspace told what it holds');
    return yes(
      `Collected: ${
        list(
          [...kinds].map((kind) => SOURCE_WORDS[kind]),
          kinds.size,
        ) || 'nothing yet'
      }`,
    );
  },
  manyTenants: ({ estate }) =>
    estate.customers > 20
      ? yes(`${estate.customers} customers, ${estate.workspaces} workspaces; shown and asked together here`)
      : no(`${estate.customers} customers, ${estate.workspaces} workspaces`),
  provisionedAdmins({ own }) {
    const kinds = new Set(own.flatMap(({ workspace }) => workspace.paths.map(({ kind }) => kind)));
    if (kinds.size === 0) return unknown('No workspace of its own is reached');
    return kinds.has('guest')
      ? yes(kinds.size > 1 ? 'As a guest, beside another way' : 'Only as a guest')
      : no('Reached without a guest account');
  },
  noAnalysisAcross: ({ estate }) =>
    estate.workspaces > 100
      ? yes(`${estate.workspaces} workspaces are past the 100 that one query of the service reads`)
      : no(`${estate.workspaces} workspaces are within one query's 100`),
  easyForMany(customer) {
    if (customer.central.length > 0) return yes('It is served by a workspace of the provider');
    if (!seesCentres(customer)) return unseenCentre;
    return no(customer.own.length > 0 ? 'It is served in its own tenant' : 'No workspace of the provider has its rows');
  },
  providerOwns(customer) {
    if (customer.own.length > 0) return no('Its workspaces belong to it');
    if (!seesAll(customer)) return seesOwn(customer) ? unseenCentre : unseenTenant;
    return customer.central.length > 0
      ? yes('All of its logs lie with the provider')
      : no('Nothing of it lies with the provider');
  },
  analysisAcross(customer) {
    if (customer.central.length > 0)
      return yes(`${count(customer.central.length, 'workspace')} of the provider holds its rows`);
    return seesCentres(customer) ? no('Only by queries across workspaces') : unseenCentre;
  },
  agentsOnly(customer) {
    if (!seesCentres(customer)) return unseenCentre;
    if (customer.central.length === 0) return unknown('Nothing of it lies at a centre');
    const tables = [...new Set(customer.central.flatMap((part) => Object.keys(part.tables)))];
    const azure = tables.filter((table) => /^(Azure|Storage|App)/.test(table));
    if (azure.length > 0) return no(`At the centre too: ${list(azure)}`);
    // What fills a custom table, a program or an agent, does not show.
    return tables.some((table) => table.endsWith('_CL'))
      ? unknown(`At the centre: ${list(tables)}; what fills a custom table is not known`)
      : yes(`At the centre: ${list(tables)}`);
  },
  separation({ central }) {
    const shared = central.filter(({ customers }) => customers > 1);
    if (shared.length === 0) return unknown('Its rows lie in no shared workspace');
    const rows = shared.reduce((sum, part) => sum + part.unattributed.rows, 0);
    const of = shared.reduce((sum, part) => sum + part.unattributed.of, 0);
    const by = list([...new Set(shared.flatMap((part) => part.by))]);
    return yes(`Told apart by ${by}; ${percent(of === 0 ? 0 : rows / of)} of all rows there by nothing`);
  },
  oneConfiguration({ central }) {
    if (central.length === 0) return unknown('Nothing of it is known to lie at a centre');
    const [{ shared }] = central as [CustomerFacts['central'][number]];
    return shared.configuration.state === 'known'
      ? yes(`In ${shared.workspace.region}, kept ${shared.configuration.value.retentionDays} days, for everybody in it`)
      : unknown('The settings of the shared workspace could not be read');
  },
  sameTenantDiagnostics(customer) {
    const { kinds, whole } = sourceKinds(customer);
    const entra = kinds.has('entra') || customer.customer.declared?.sources?.includes('entra') === true;
    if (entra) return yes('It has Entra logs, which need a workspace in its tenant');
    return whole ? no('None of its sources needs it') : unknown('Not every workspace told what it holds');
  },
  oneKey(customer) {
    const machines = machinesOf(customer);
    if (machines === undefined) return unknown('Whether retired agents remain is not known');
    const legacy = machines.agents.filter((agent) => agent.legacy).length;
    const shared = customer.central.some(({ customers }) => customers > 1);
    if (legacy === 0) return no('None of its machines uses a workspace key');
    return shared
      ? yes(`${count(legacy, 'machine')} with the key that others have, too`)
      : no(`${count(legacy, 'machine')} with a key, which no other customer has`);
  },
  localWithPortion: (customer, today) =>
    today === 'hybrid'
      ? yes('Its own workspaces hold its logs, and a portion lies at the centre')
      : today === 'mixed'
        ? no('The same kind of rows goes both ways')
        : today === 'unknown'
          ? unknown('Where its logs live is not known')
          : customer.own.some(holdsData)
            ? no('Everything stays local')
            : no('Nothing is local'),
  pullByApi(customer) {
    const rules = customer.tenants.map(({ facts }) => (facts?.rules.state === 'known' ? facts.rules.value : undefined));
    const direct = rules.flatMap((some) => some ?? []).filter((rule) => rule.direct).length;
    if (direct > 0) return yes(`${count(direct, 'rule')} of the ingestion API`);
    return rules.includes(undefined)
      ? unknown('Its collection rules could not be listed')
      : no('No rule of the ingestion API is seen');
  },
  pullByLogicApp(customer) {
    const facts = customer.tenants.flatMap(({ facts: one }) => (one ? [one.resources] : []));
    if (facts.length < Math.max(1, customer.tenants.length) || facts.some(({ state }) => state === 'unknown'))
      return unknown('Its resources could not be listed');
    const apps = facts.flatMap((fact) =>
      fact.state === 'known' ? fact.value.filter(({ type }) => type === 'microsoft.logic/workflows') : [],
    );
    const total = apps.reduce((sum, one) => sum + one.count, 0);
    return total > 0
      ? unknown(`${count(total, 'Logic App')}: what they do is not looked at`)
      : no('It has no Logic App');
  },
  powerBi: () => unknown('No service that is asked tells of Power BI'),
};
