import type { Picture, PictureFlow, PicturePlace } from '../../../model/assessment/assessment.ts';
import type { CustomerFacts } from '../../../model/assessment/subject.ts';
import type { Architecture } from '../../../model/assessment/verdict.ts';
import { machinesOf, meanGbPerDay, sourceKinds } from './measures.ts';
import { holdsData } from './today.ts';
import { count, list } from '../look/words.ts';

const DAYS_A_MONTH = 30;
/** A daily summary is so small a part of what it summarises: a row an hour and table instead of every row. */
const SUMMARY_SHARE = 0.004;

const SERVICE_WORDS: Readonly<Record<string, string>> = {
  azure: 'Azure services',
  entra: 'Entra',
  microsoft365: 'Microsoft 365',
  containers: 'containers',
  applications: 'applications',
  network: 'network devices',
};

interface Sources {
  readonly machines: string;
  /** Undefined where no other source is known. */
  readonly services?: string;
  readonly servicesCollected: boolean;
}

/** Where a customer's logs lie and flow today, from facts. */
export function pictureToday(customer: CustomerFacts): Picture {
  const { own, central } = customer;
  const sources = sourcesOf(customer);
  const places: PicturePlace[] = [
    {
      id: 'customer',
      owner: customer.customer.name,
      provider: false,
      region: list([...new Set(own.map(({ workspace }) => workspace.region))]),
      boxes: [
        ...sourceBoxes(sources),
        ...own.map(({ workspace, configuration }) => ({
          id: workspace.key,
          kind: 'workspace' as const,
          label: workspace.name,
          detail: configuration.state === 'known' ? `${configuration.value.retentionDays} days` : workspace.region,
        })),
      ],
    },
  ];
  if (central.length > 0)
    places.push({
      id: 'provider',
      owner: 'Provider',
      provider: true,
      region: list([...new Set(central.map(({ shared }) => shared.workspace.region))]),
      boxes: central.map(({ shared, customers }) => ({
        id: shared.workspace.key,
        kind: 'workspace' as const,
        label: shared.workspace.name,
        detail: customers > 1 ? `${customers} customers` : 'one customer',
      })),
    });
  const flows: PictureFlow[] = [
    ...own.filter(holdsData).map(({ workspace, usage }): PictureFlow => {
      const gb = usage.state === 'known' ? meanGbPerDay(usage.value) * DAYS_A_MONTH : undefined;
      return {
        from: 'machines',
        to: workspace.key,
        kind: 'raw',
        label: gbWords(gb),
        ...(gb === undefined ? {} : { gbPerMonth: gb }),
      };
    }),
    ...central.map(({ shared, gb }): PictureFlow => {
      const month = gb * DAYS_A_MONTH;
      return { from: 'machines', to: shared.workspace.key, kind: 'raw', label: gbWords(month), gbPerMonth: month };
    }),
    ...(sources.services !== undefined && !sources.servicesCollected
      ? [{ from: 'services', kind: 'notCollected' as const, label: 'not collected' }]
      : []),
  ];
  return { places, flows, says: saysToday(customer, sources) };
}

/** The architecture that fits, with what would travel. `gbPerDay` of all of its logs, where known. */
export function pictureOf(architecture: Architecture, customer: CustomerFacts, gbPerDay?: number): Picture {
  const sources = sourcesOf(customer);
  const month = gbPerDay === undefined ? undefined : gbPerDay * DAYS_A_MONTH;
  const region = customer.customer.declared?.regions?.[0] ?? customer.own[0]?.workspace.region ?? '';
  const days = customer.customer.declared?.retentionDays;
  const boxes = sourceBoxes(sources);
  const local = architecture !== 'central';
  const own = customer.own[0]?.workspace.name ?? 'its own';
  const centre = customer.central[0]?.shared.workspace.name ?? 'a centre';
  const places: PicturePlace[] = [
    {
      id: 'customer',
      owner: customer.customer.name,
      provider: false,
      region,
      boxes: local
        ? [...boxes, { id: 'own', kind: 'workspace', label: own, detail: days === undefined ? '' : `${days} days` }]
        : boxes,
    },
  ];
  if (architecture !== 'distributed')
    places.push({
      id: 'provider',
      owner: 'Provider',
      provider: true,
      region: customer.estate.centreRegions[0] ?? '',
      boxes: [
        {
          id: 'centre',
          kind: 'workspace',
          label: centre,
          detail: architecture === 'hybrid' ? 'daily summary' : 'all of it',
        },
      ],
    });
  const raw = (from: string, to: string): PictureFlow => ({
    from,
    to,
    kind: 'raw',
    label: from === 'machines' ? gbWords(month) : '',
    ...(month === undefined || from !== 'machines' ? {} : { gbPerMonth: month }),
  });
  const to = local ? 'own' : 'centre';
  const flows = boxes.map(({ id }) => raw(id, to));
  const summary = month === undefined ? undefined : month * SUMMARY_SHARE;
  if (architecture === 'hybrid')
    flows.push({
      from: 'own',
      to: 'centre',
      kind: 'summary',
      label: summary === undefined ? 'a portion' : gbWords(summary),
      ...(summary === undefined ? {} : { gbPerMonth: summary }),
    });
  return { places, flows, says: SAYS[architecture](customer.customer.name, region) };
}

const SAYS: Readonly<Record<Architecture, (name: string, region: string) => string>> = {
  distributed: (name, region) => `Distributed: everything of ${name} stays in its own tenant${at(region)}.`,
  central: (name) => `Central: ${name} sends everything to a workspace of the provider.`,
  hybrid: (name, region) =>
    `Hybrid: everything of ${name} stays in its own tenant${at(region)}; a portion goes to the provider.`,
};

function at(region: string): string {
  return region === '' ? '' : ` in ${region}`;
}

function sourcesOf(customer: CustomerFacts): Sources {
  const machines = machinesOf(customer)?.agents.length;
  const { kinds } = sourceKinds(customer);
  const declared = customer.customer.declared?.sources ?? [];
  const others = [...new Set([...kinds, ...declared])].filter((kind) => kind !== 'machines');
  const collected = others.every((kind) => kinds.has(kind));
  return {
    machines: machines === undefined ? 'machines' : count(machines, 'machine'),
    servicesCollected: collected,
    ...(others.length > 0 ? { services: list(others.map((kind) => SERVICE_WORDS[kind] ?? kind)) } : {}),
  };
}

function sourceBoxes({ machines, services }: Sources): PicturePlace['boxes'] {
  return [
    { id: 'machines', kind: 'source', label: machines, detail: '' },
    ...(services === undefined ? [] : [{ id: 'services', kind: 'source' as const, label: services, detail: '' }]),
  ];
}

/** Volumes a month in few digits: `212 GB`, `0.9 GB`, `4 MB`. */
export function gbWords(gb: number | undefined): string {
  if (gb === undefined) return 'volume unknown';
  if (gb >= 10) return `${Math.round(gb)} GB`;
  if (gb >= 0.1) return `${gb.toFixed(1)} GB`;
  return gb > 0 ? `${Math.max(1, Math.round(gb * 1000))} MB` : 'nothing';
}

function saysToday({ customer, own, central }: CustomerFacts, { machines, services }: Sources): string {
  const places = [
    ...own.filter(holdsData).map(({ workspace }) => `${workspace.name} in its own tenant in ${workspace.region}`),
    ...central.map(
      ({ shared, customers }) =>
        `${shared.workspace.name} of the provider in ${shared.workspace.region}${customers > 1 ? `, which holds ${customers} customers` : ''}`,
    ),
  ];
  if (places.length === 0) return `Today: no logs of ${customer.name} are known.`;
  return `Today: ${machines}${services === undefined ? '' : `, ${services}`} of ${customer.name} send to ${list(places)}.`;
}
