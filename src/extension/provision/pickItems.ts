import { readDays, retentionWord } from '../../core/provision/fieldWords.ts';
import type { FieldWord, RetentionContext } from '../../core/provision/fieldWords.ts';
import type { RegionChoices } from '../../core/provision/regionChoices.ts';
import { RETENTION_CHOICES, validateRetention } from '../../core/provision/rules.ts';
import { whose } from '../../core/provision/whose.ts';
import type { Estate } from '../../model/estate.ts';
import { plainLabel } from '../platform/plainLabel.ts';
import type { SubscriptionChoice } from './createAnswers.ts';

/** A line to choose; one that is `refused` is there to be read. All its text is as a pick may show it. */
export interface PickItem<T> {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly value: T;
  readonly refused?: true;
}

/** A line between the others that says what follows. */
export interface PickHeading {
  readonly heading: string;
}

/** The customers and tenants that have a subscription, each told from every other of its name. */
export function ownerItems(places: readonly SubscriptionChoice[], estate: Estate): readonly PickItem<string>[] {
  const owners = new Map(places.map((place) => [ownerOf(place), place]));
  return [...owners]
    .map(([value, place]) => {
      const { customer, tenant, told } = whose(estate, place.tenant);
      const short = tenant === customer || tenant === told;
      const description = plainLabel(short ? told : `${tenant} · ${told}`);
      // The tenant that is called like its customer stands first.
      return { order: `${short ? 0 : 1}${told}`, item: { label: plainLabel(customer), description, value } };
    })
    .sort((a, b) => a.item.label.localeCompare(b.item.label) || a.order.localeCompare(b.order))
    .map(({ item }) => item);
}

/** Which owner a subscription belongs to: a customer may have several tenants. */
export function ownerOf({ customer, tenant }: Pick<SubscriptionChoice, 'customer' | 'tenant'>): string {
  return `${customer}|${tenant}`;
}

/** The subscriptions of one owner; where they are delegated, by which tenant's token. */
export function subscriptionItems(
  places: readonly SubscriptionChoice[],
  owner: string | undefined,
  estate: Estate,
): readonly PickItem<SubscriptionChoice>[] {
  return places
    .filter((place) => ownerOf(place) === owner)
    .map((place) => ({
      label: plainLabel(place.name),
      description: plainLabel(place.subscription),
      ...(place.issuer === place.tenant
        ? {}
        : { detail: plainLabel(`Delegated by Lighthouse to ${delegate(estate, place)}`) }),
      value: place,
    }));
}

function delegate(estate: Estate, { issuer }: SubscriptionChoice): string {
  const { tenant, told } = whose(estate, issuer);
  return tenant === told ? tenant : `${tenant} (${told})`;
}

/** Regions under headings that say why they stand where they stand, each by its name with its code. */
export function regionItems({ groups }: RegionChoices): readonly (PickItem<string> | PickHeading)[] {
  return groups.flatMap(({ heading, regions }) => [
    { heading: plainLabel(heading) },
    ...regions.map(({ name, displayName, why }) => ({
      label: plainLabel(displayName),
      description: plainLabel(why === undefined ? name : `${name} · ${why}`),
      value: name,
    })),
  ]);
}

/** Days to choose from, a word beside each. `more` are days that stand there too, e.g. what is proposed. */
export function retentionItems(
  context: RetentionContext,
  more: readonly { readonly days: number | undefined; readonly why: string }[] = [],
): readonly PickItem<number>[] {
  const { now, declared, sku } = context;
  const named = [...more, { days: declared?.retentionDays, why: 'declared' }, { days: now, why: 'now' }];
  const days = [...RETENTION_CHOICES, ...named.flatMap((one) => one.days ?? [])].filter(
    (one) => one === now || validateRetention(one, sku) === undefined,
  );
  return [...new Set(days)]
    .sort((a, b) => a - b)
    .map((value) => ({
      label: `${value} days`,
      description: named.flatMap((one) => (one.days === value ? [one.why] : [])).join(', '),
      detail: plainLabel(retentionWord(value, context).text),
      value,
    }));
}

/** The line for days that were typed, with what is right or wrong about them; none where a choice says it already. */
export function typedRetention(
  text: string,
  context: RetentionContext,
  choices: readonly PickItem<number>[],
): PickItem<number> | undefined {
  if (text.trim() === '') return undefined;
  const days = readDays(text);
  if (choices.some(({ value }) => value === days)) return undefined;
  const word = retentionWord(days, context);
  return {
    label: `${iconOf(word)} ${days === undefined ? plainLabel(text) : `${days} days`}`,
    detail: plainLabel(word.text),
    value: days ?? 0,
    ...(word.kind === 'wrong' ? { refused: true } : {}),
  };
}

function iconOf({ kind }: FieldWord): string {
  return kind === 'wrong' ? '$(error)' : kind === 'careful' ? '$(warning)' : '$(check)';
}
