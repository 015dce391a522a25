import type { Evidence } from '../../../model/assessment/findings.ts';
import type { AccessPathKind } from '../../../model/estate.ts';
import type { Criterion } from './criterion.ts';
import { declaredEvidence, serve, undeclared } from './criterion.ts';
import { gbPerDay, machinesOf, measuredBy, sourceKinds } from './measures.ts';
import { list, percent } from '../look/words.ts';
import { seesCentres, seesOwn } from './sight.ts';
import { SOURCE_WORDS, gbWords } from './words.ts';

const WAYS: Readonly<Record<AccessPathKind, string>> = {
  home: "the provider's own tenant",
  lighthouse: 'Azure Lighthouse',
  guest: 'guest accounts',
  servicePrincipal: 'an application in the tenant',
};

/** Criteria that are measured. */
export const MEASURED_CRITERIA: readonly Criterion[] = [
  {
    id: 'sources',
    title: 'What sends logs',
    judge(customer) {
      const { kinds, whole, evidence } = sourceKinds(customer);
      const declared = customer.customer.declared?.sources;
      const all = new Set([...kinds, ...(declared ?? [])]);
      const tenantOnly = all.has('entra') || all.has('microsoft365');
      if (!whole && declared === undefined && !tenantOnly) return undeclared('sources', 'which sources it has');
      const because = declared
        ? [
            ...evidence,
            declaredEvidence(
              'sources',
              `Declared sources: ${list(
                declared.map((kind) => SOURCE_WORDS[kind]),
                declared.length,
              )}`,
              customer.at,
            ),
          ]
        : evidence;
      if (tenantOnly)
        return {
          serves: serve(1, 0.2, 1),
          text: 'Its sign-in, audit or Microsoft 365 logs can only be collected in its own tenant',
          evidence: because,
        };
      if (!whole)
        return {
          text: 'Not every workspace told what it holds.',
          ...(because.length > 0 ? { evidence: because } : {}),
        };
      if ((['azure', 'containers', 'applications'] as const).some((kind) => all.has(kind)))
        return {
          serves: serve(1, 0.6, 1),
          text: 'Its Azure services can send to another tenant, by Lighthouse alone',
          evidence: because,
        };
      if (all.size === 0)
        return { text: 'No source of logs is known.', ...(because.length > 0 ? { evidence: because } : {}) };
      return {
        serves: serve(0.8, 1, 0.8),
        text: 'Only machines send its logs, and they can send anywhere',
        evidence: because,
      };
    },
  },
  {
    id: 'reach',
    title: 'How the provider gets in',
    judge({ own, tenants, at }) {
      const kinds = new Set(own.flatMap(({ workspace }) => workspace.paths.map(({ kind }) => kind)));
      if (tenants.length === 0 || !seesOwn({ tenants })) return { text: 'A tenant of it could not be entered.' };
      const evidence: Evidence[] = [
        {
          text: kinds.size > 0 ? `Ways in: ${list([...kinds].map((kind) => WAYS[kind]))}` : 'Its tenant can be entered',
          measured: { source: { kind: 'estate' }, at, ms: 0, calls: 0 },
        },
      ];
      if (kinds.size > 0 && [...kinds].every((kind) => kind === 'guest'))
        return { serves: serve(0.5, 0.9, 0.6), text: 'The provider reaches its workspaces as a guest only', evidence };
      return {
        serves: serve(1, 0.8, 1),
        text: 'The provider reaches its tenant without switching directories',
        evidence,
      };
    },
  },
  {
    id: 'estateSize',
    title: 'How many workspaces are asked together',
    judge({ estate, at }) {
      const { workspaces, regions } = estate;
      const size = `${workspaces} workspaces in ${regions} ${regions === 1 ? 'region' : 'regions'}`;
      const evidence: Evidence[] = [{ text: size, measured: { source: { kind: 'estate' }, at, ms: 0, calls: 0 } }];
      if (workspaces > 100 || regions > 20)
        return { serves: serve(0.3, 1, 0.9), text: `${size} are more than one query of the service takes`, evidence };
      if (workspaces > 24 || regions >= 5)
        return { serves: serve(0.7, 1, 1), text: `${size}: queries across all of them slow down`, evidence };
      return { serves: serve(1, 0.9, 0.9), text: `${size} are asked together without trouble`, evidence };
    },
  },
  {
    id: 'volume',
    title: 'How much there is',
    judge(customer) {
      const volume = gbPerDay(customer);
      if (volume === undefined) return { text: 'Its volume is not known.' };
      const { gb, evidence } = volume;
      const says = gb > 0 ? `${gbWords(gb)} a day` : 'Nothing';
      if (gb < 1) return { serves: serve(0.5, 1, 0.4), text: `${says} is little for a workspace of its own`, evidence };
      if (gb >= 50)
        return { serves: serve(1, 0.3, 1), text: `${says} is worth its own pricing tier, and dear to move`, evidence };
      return { serves: serve(0.9, 0.7, 0.9), text: says, evidence };
    },
  },
  {
    id: 'separability',
    title: "Whether its rows can be told from others'",
    judge(customer) {
      if (!seesCentres(customer)) return { text: 'A workspace of the provider could not be looked into.' };
      const parts = customer.central.filter(({ customers }) => customers >= 2);
      if (parts.length > 0) {
        const rows = parts.reduce((sum, part) => sum + part.unattributed.rows, 0);
        const of = parts.reduce((sum, part) => sum + part.unattributed.of, 0);
        const share = of === 0 ? 0 : rows / of;
        const evidence = parts.map((part) => ({
          text: `${part.unattributed.rows.toLocaleString('en')} of ${part.unattributed.of.toLocaleString('en')} rows of the last day name no customer`,
          measured: measuredBy(part.shared.attribution),
        }));
        const says = `${percent(share)} of the rows where its own lie cannot be told from another customer's`;
        if (share >= 0.1) return { serves: serve(1, 0, 0.9), text: says, evidence };
        if (share >= 0.01) return { serves: serve(1, 0.4, 0.9), text: says, evidence };
        return { serves: serve(1, 1, 1), text: 'Its rows at the centre can be told from all others', evidence };
      }
      const machines = machinesOf(customer);
      if (machines === undefined) return { text: 'Whether its rows name it is not known.' };
      const { agents, evidence } = machines;
      if (agents.length === 0)
        return { serves: serve(1, 1, 1), text: 'No machine sends rows that name nobody', evidence };
      const bare = agents.filter(({ resourceId, computer }) => resourceId === '' && !computer.includes('.'));
      const share = bare.length / agents.length;
      if (share >= 0.1)
        return {
          serves: serve(1, 0.2, 0.9),
          text: `${percent(share)} of its machines send rows that name nobody`,
          evidence,
        };
      return { serves: serve(1, 1, 1), text: 'Its machines name themselves in their rows', evidence };
    },
  },
  {
    id: 'keys',
    title: 'Whether it can be blocked alone',
    judge(customer) {
      const machines = machinesOf(customer);
      if (machines === undefined) return { text: 'Whether retired agents remain is not known.' };
      const legacy = machines.agents.filter((agent) => agent.legacy).length;
      return legacy > 0
        ? {
            serves: serve(0.8, 0.1, 0.8),
            text: `${legacy} of its machines ${legacy === 1 ? 'signs' : 'sign'} in with a workspace key`,
            evidence: machines.evidence,
          }
        : { serves: serve(1, 1, 1), text: 'None of its machines uses a workspace key', evidence: machines.evidence };
    },
  },
  {
    id: 'sentinel',
    title: 'Microsoft Sentinel',
    judge({ own, tenants }) {
      if (own.length === 0) return { text: 'It has no workspace of its own where Sentinel could be on.' };
      const unknown = !seesOwn({ tenants }) || own.some(({ configuration }) => configuration.state === 'unknown');
      const on = own.filter(({ configuration }) => configuration.state === 'known' && configuration.value.sentinel);
      const evidence = own.map((facts) => ({
        text: `Sentinel at ${facts.workspace.name}: ${facts.configuration.state === 'known' && facts.configuration.value.sentinel ? 'on' : 'off'}`,
        measured: measuredBy(facts.configuration),
      }));
      if (on.length > 0)
        return { serves: serve(1, 0.3, 0.9), text: 'It runs Microsoft Sentinel in its own tenant', evidence };
      if (unknown) return { text: 'Whether Sentinel is on is not known.' };
      return { serves: serve(0.8, 1, 0.9), text: 'It does not run Microsoft Sentinel', evidence };
    },
  },
  {
    id: 'spread',
    title: 'In how many regions its resources are',
    judge({ tenants, estate }) {
      const facts = tenants.flatMap((tenant) => (tenant.facts ? [tenant.facts.resources] : []));
      if (facts.length < Math.max(1, tenants.length) || facts.some(({ state }) => state === 'unknown'))
        return { text: 'Where its resources are is not known.' };
      const regions = new Set(
        facts.flatMap((fact) => (fact.state === 'known' ? fact.value.map(({ region }) => region) : [])),
      );
      regions.delete('global');
      regions.delete('');
      if (regions.size === 0) return { text: 'It has no resources with a region.' };
      const evidence = facts.map((fact) => ({
        text: `Regions: ${[...regions].sort().join(', ')}`,
        measured: measuredBy(fact),
      }));
      if (regions.size === 1 && estate.centreRegions.includes([...regions][0]!))
        return { serves: serve(1, 1, 1), text: 'Its resources are where the centre is', evidence };
      return regions.size > 1
        ? { serves: serve(1, 0.3, 1), text: `Its resources are in ${regions.size} regions, a centre in one`, evidence }
        : { serves: serve(1, 0.5, 0.9), text: 'Its resources are in another region than the centre', evidence };
    },
  },
];
