import type { Picture, PictureFlow, PicturePlace } from '../../../model/assessment/assessment.ts';
import type { SourceKind } from '../../../model/assessment/declared.ts';
import type { CustomerFacts } from '../../../model/assessment/subject.ts';
import type { Architecture } from '../../../model/assessment/verdict.ts';
import { machinesOf, meanGbPerDay, serviceShare, sourceKinds } from './measures.ts';
import { holdsData, isDerived } from './today.ts';
import { count, list } from '../look/words.ts';
import { SOURCE_WORDS, gbWords } from './words.ts';

const DAYS_A_MONTH = 30;
/** A daily summary is so small a part of what it summarises: a row an hour and table instead of every row. */
const SUMMARY_SHARE = 0.004;

/** What sends, what would have to, as words; undefined where there is none of it. */
interface Sources {
  readonly machines?: string;
  readonly services?: string;
  /** Declared, and certain not to be collected. */
  readonly missing?: string;
  /** Services and what is missing of them. */
  readonly wanted?: string;
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
    ...own.filter(holdsData).flatMap(({ workspace, usage }) => {
      if (usage.state === 'unknown') return [];
      const share = serviceShare(usage.value.volumes.map(({ table, gb }) => [table, gb]));
      return flowsInto(workspace.key, meanGbPerDay(usage.value) * DAYS_A_MONTH, share, sources);
    }),
    ...central.flatMap((part): PictureFlow[] => {
      const [to, month] = [part.shared.workspace.key, part.gb * DAYS_A_MONTH];
      // What is made to be pulled comes out of its workspaces: which of them is not known.
      return isDerived(part) && own.some(holdsData)
        ? [{ from: 'customer', to, kind: 'summary', label: gbWords(month), gbPerMonth: month }]
        : flowsInto(to, month, serviceShare(Object.entries(part.tables)), sources);
    }),
    ...(sources.missing === undefined
      ? []
      : [{ from: 'missing', kind: 'notCollected' as const, label: 'not collected' }]),
  ];
  return { places, flows, says: saysToday(customer, sources) };
}

/** The architecture that fits, with what would travel. `gbPerDay` of all of its logs, where known. */
export function pictureOf(architecture: Architecture, customer: CustomerFacts, gbPerDay?: number): Picture {
  const { machines, wanted } = sourcesOf(customer);
  const month = gbPerDay === undefined ? undefined : gbPerDay * DAYS_A_MONTH;
  const holding = customer.own.filter(holdsData);
  const kept = holding.length > 0 ? holding : customer.own.slice(0, 1);
  const regions = [...new Set(kept.map(({ workspace }) => workspace.region))];
  const agreed = customer.customer.declared?.regions;
  // Where it lies today it may stay, unless something else was agreed on.
  const stays = regions.length > 0 && regions.every((one) => agreed?.includes(one) ?? true);
  const region = stays ? list(regions) : (agreed?.[0] ?? '');
  const days = customer.customer.declared?.retentionDays;
  const boxes = sourceBoxes({
    ...(machines === undefined && wanted !== undefined ? {} : { machines: machines ?? 'machines' }),
    ...(wanted === undefined ? {} : { services: wanted }),
  });
  const local = architecture !== 'central';
  const portion = customer.customer.declared?.daily === 'portion';
  const own = kept.length > 1 ? count(kept.length, 'workspace') : (kept[0]?.workspace.name ?? 'its own');
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
          detail: architecture === 'central' ? 'all of it' : portion ? 'a portion' : 'a daily summary',
        },
      ],
    });
  // All of it is one number here: the first flow carries it.
  const flows = boxes.map(({ id }, index): PictureFlow => ({
    from: id,
    to: local ? 'own' : 'centre',
    kind: 'raw',
    label: index === 0 ? gbWords(month) : '',
    ...(month === undefined ? {} : { gbPerMonth: month / boxes.length }),
  }));
  // Nobody knows how much a portion of tables is before it is chosen; a summary is about so much.
  const summary = month === undefined || portion ? undefined : month * SUMMARY_SHARE;
  if (architecture === 'hybrid')
    flows.push({
      from: 'own',
      to: 'centre',
      kind: 'summary',
      label: summary === undefined ? '' : `about ${gbWords(summary)}`,
      ...(summary === undefined ? {} : { gbPerMonth: summary }),
    });
  return { places, flows, says: SAYS[architecture](customer.customer.name, region) };
}

const SAYS: Readonly<Record<Architecture, (name: string, region: string) => string>> = {
  distributed: (name, region) => `Distributed: everything of ${name} stays in its own tenant${at(region)}.`,
  central: (name) => `Central: everything of ${name} goes to a workspace of the provider.`,
  hybrid: (name, region) =>
    `Hybrid: everything of ${name} stays in its own tenant${at(region)}; a portion goes to the provider.`,
};

function at(region: string): string {
  return region === '' ? '' : ` in ${region}`;
}

function sourcesOf(customer: CustomerFacts): Sources {
  const machines = machinesOf(customer)?.agents.length;
  const { kinds, whole } = sourceKinds(customer);
  const declared = customer.customer.declared?.sources ?? [];
  // Where somebody did not tell what it holds, a declared source may be collected.
  const missing = whole ? declared.filter((kind) => !kinds.has(kind)) : [];
  const wanted = [...new Set([...kinds, ...declared])].filter((kind) => kind !== 'machines');
  const services = wanted.filter((kind) => !missing.includes(kind));
  const words = (some: readonly SourceKind[]): string =>
    list(
      some.map((kind) => SOURCE_WORDS[kind]),
      some.length,
    );
  return {
    ...(machines === 0 ? {} : { machines: machines === undefined ? 'machines' : count(machines, 'machine') }),
    ...(services.length > 0 ? { services: words(services) } : {}),
    ...(missing.length > 0 ? { missing: words(missing) } : {}),
    ...(wanted.length > 0 ? { wanted: words(wanted) } : {}),
  };
}

function sourceBoxes(sources: Sources): PicturePlace['boxes'] {
  return (['machines', 'services', 'missing'] as const).flatMap((id) => {
    const label = sources[id];
    return label === undefined ? [] : [{ id, kind: 'source' as const, label, detail: '' }];
  });
}

/** The flows into one workspace, split by what sends; the first of them carries the volume of all. */
function flowsInto(to: string, gb: number, share: number, { machines, services }: Sources): PictureFlow[] {
  const parts = [
    ...(machines !== undefined && (share < 1 || services === undefined) ? [['machines', 1 - share] as const] : []),
    ...(services !== undefined && (share > 0 || machines === undefined) ? [['services', share] as const] : []),
  ];
  return parts.map(([from, part], index) => ({
    from,
    to,
    kind: 'raw',
    label: index === 0 ? gbWords(gb) : '',
    gbPerMonth: gb * part,
  }));
}

function saysToday({ customer, own, central }: CustomerFacts, { machines, services, missing }: Sources): string {
  const home = own.filter(holdsData);
  const places = [
    ...(home.length === 0
      ? []
      : [
          `${list(home.map(({ workspace }) => workspace.name))} in its own tenant (${list([...new Set(home.map(({ workspace }) => workspace.region))])})`,
        ]),
    // The name may become "the provider's workspace" in the customer's copy.
    ...central.map(
      ({ shared, customers }) =>
        `${shared.workspace.name} at the centre (${shared.workspace.region}${customers > 1 ? `, with logs of ${customers} customers` : ''})`,
    ),
  ];
  const not = missing === undefined ? '' : ` Not collected: ${missing}.`;
  if (places.length === 0) return `Today: no logs of ${customer.name} are known.${not}`;
  const senders = [machines, ...(services?.split(/, | and /) ?? [])].filter((one) => one !== undefined);
  return `Today: ${list(senders, senders.length) || 'the logs'} of ${customer.name} ${machines === '1 machine' && services === undefined ? 'sends' : 'send'} to ${places.join(', and to ')}.${not}`;
}
