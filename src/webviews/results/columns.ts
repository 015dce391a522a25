import type { ColumnChoice, ColumnLayout } from '../../model/columnLayout.ts';
import type { MergedColumn } from '../../model/run.ts';
import type { TargetView } from '../../protocol/results.ts';

/** The columns of an answer as they are laid out. */
export interface ArrangedColumns {
  /** Those that are shown, from left to right; the first `frozen` of them stay in view. At least one scrolls. */
  readonly columns: readonly MergedColumn[];
  /** Where each stands in the rows of the answer. */
  readonly positions: readonly number[];
  readonly frozen: number;
  /** Hidden by the person. */
  readonly hidden: readonly string[];
  /** Hidden because they say nothing that is not said elsewhere; nobody has said whether to. */
  readonly steppedBack: readonly string[];
  /** Every column of the answer, hidden or not, in the order of the layout. */
  readonly order: readonly string[];
}

const TENANT = '_Tenant';

/** Whether every customer that was asked has just one tenant, so that its name says the tenant, too. */
export function hasOneTenantEach(targets: readonly TargetView[]): boolean {
  const tenants = new Map<string, string>();
  for (const { customerName, tenantName } of targets) {
    if (tenants.has(customerName) && tenants.get(customerName) !== tenantName) return false;
    tenants.set(customerName, tenantName);
  }
  return tenants.size > 0;
}

/**
 * Lays out the columns of an answer: attribution is frozen and everything shown unless the person said otherwise, but
 * for `_Tenant` where there is `oneTenantEach`.
 */
export function arrangeColumns(
  all: readonly MergedColumn[],
  layout: ColumnLayout,
  oneTenantEach: boolean,
): ArrangedColumns {
  const choices = new Map(layout.choices.map((choice) => [choice.name, choice]));
  const places = new Map(layout.order.map((name, place) => [name, place]));
  const placeOf = (index: number): number => places.get(all[index]!.name) ?? layout.order.length + index;
  const ordered = all.map((_, index) => index).sort((a, b) => placeOf(a) - placeOf(b));
  const nameOf = (index: number): string => all[index]!.name;
  const wanted = ordered.filter((index) => choices.get(nameOf(index))?.hidden !== true);
  const isSurplus = (index: number): boolean =>
    oneTenantEach &&
    nameOf(index) === TENANT &&
    all[index]!.attribution === true &&
    choices.get(TENANT)?.hidden === undefined;
  const fitting = wanted.filter((index) => !isSurplus(index));
  // An answer of which everything was hidden shows all: nobody would know what to look for.
  const shown = fitting.length > 0 ? fitting : ordered;
  const isFrozen = (index: number): boolean => choices.get(nameOf(index))?.frozen ?? all[index]!.attribution === true;
  const frozen = shown.filter(isFrozen);
  const loose = shown.filter((index) => !isFrozen(index));
  // Something has to scroll.
  if (loose.length === 0 && frozen.length > 0) loose.push(frozen.pop()!);
  const positions = [...frozen, ...loose];
  const there = new Set(positions);
  const missing = ordered.filter((index) => !there.has(index));
  return {
    columns: positions.map((index) => all[index]!),
    positions,
    frozen: frozen.length,
    hidden: missing.filter((index) => !isSurplus(index)).map(nameOf),
    steppedBack: missing.filter(isSurplus).map(nameOf),
    order: ordered.map(nameOf),
  };
}

/** The layout with something said of some columns. */
export function chooseColumns(
  layout: ColumnLayout,
  names: readonly string[],
  choice: Omit<ColumnChoice, 'name'>,
): ColumnLayout {
  const before = new Map(layout.choices.map((one) => [one.name, one]));
  for (const name of names) before.set(name, { ...before.get(name), ...choice, name });
  return { ...layout, choices: [...before.values()] };
}

/**
 * The layout with a shown column one place further left (-1) or right (1), among those that stay or among those that
 * scroll; undefined where it stands at their end.
 */
export function moveColumn(
  layout: ColumnLayout,
  { columns, frozen, order }: ArrangedColumns,
  name: string,
  step: -1 | 1,
): ColumnLayout | undefined {
  const from = columns.findIndex((column) => column.name === name);
  const neighbour = columns[from + step];
  if (from === -1 || !neighbour || from < frozen !== from + step < frozen) return undefined;
  const rest = order.filter((one) => one !== name);
  const at = rest.indexOf(neighbour.name) + (step === 1 ? 1 : 0);
  return { ...layout, order: [...rest.slice(0, at), name, ...rest.slice(at)] };
}
