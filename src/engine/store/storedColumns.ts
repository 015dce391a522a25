import type { Column, KqlType } from '../../model/kqlType.ts';

/**
 * One physical column: a name and a type some target answered with. Physical names are ours, so that case and any
 * character may differ.
 */
export interface StoredColumn extends Column {
  readonly physical: string;
}

/** A column as the run shows it; where targets disagree on a type there is one per type. */
export interface ShownColumn extends Column {
  readonly physical: string;
  readonly presentIn: number;
  readonly attribution?: true;
}

/** The columns that say of every row whose it is. They come from the target, not from its answer. */
export const ATTRIBUTION: readonly ShownColumn[] = (['_Customer', '_Tenant', '_Workspace'] as const).map((name) => ({
  name,
  type: 'string',
  physical: `a.${name.slice(1).toLowerCase()}`,
  presentIn: 0,
  attribution: true,
}));

/**
 * The columns of a run, united by name and type as Kusto's union does: a name with one type keeps it, one with several
 * appears as `name_type` each. Order and names depend on which targets answered what, never on who answered first:
 * targets go by key. Where the rows are `combined` ones of all targets, they have no attribution but what they
 * bring: all three columns before any other, or those of Resource Graph's rows. Targets that are no workspaces have no
 * `_Workspace`.
 */
export function shownColumns(
  stored: ReadonlyMap<string, StoredColumn>,
  targets: readonly { readonly key: string; readonly columns: readonly string[]; readonly workspace?: string }[],
  combined = false,
): ShownColumn[] {
  const presentIn = new Map<string, number>();
  const byName = new Map<string, Set<string>>();
  for (const { columns } of [...targets].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    for (const key of columns) {
      const { name } = stored.get(key)!;
      presentIn.set(key, (presentIn.get(key) ?? 0) + 1);
      const keys = byName.get(name);
      if (keys) keys.add(key);
      else byName.set(name, new Set([key]));
    }
  }
  const taken = new Set(byName.keys());
  for (const { name } of ATTRIBUTION) taken.add(name);
  const workspaces = targets.length === 0 || targets.some(({ workspace }) => workspace !== '');
  const whose = workspaces ? ATTRIBUTION : ATTRIBUTION.slice(0, 2);
  const shown: ShownColumn[] = combined ? [] : whose.map((column) => ({ ...column, presentIn: targets.length }));
  const names = [...byName.keys()];
  const leading = new Set(combined ? leadingOf(names) : !workspaces && names[0] === SUBSCRIPTION ? [SUBSCRIPTION] : []);
  for (const [name, keys] of byName) {
    for (const key of [...keys].sort()) {
      const { type, physical } = stored.get(key)!;
      shown.push({
        name: keys.size === 1 ? name : freeName(`${name}_${type}`, taken),
        type,
        physical: `r.${physical}`,
        presentIn: presentIn.get(key)!,
        ...(leading.has(name) ? { attribution: true as const } : {}),
      });
    }
  }
  return shown;
}

/** The column of Resource Graph's rows that says what they are of, in place of a workspace. */
const SUBSCRIPTION = '_Subscription';

/** Columns of combined rows that say whose they are: all of them before any other, or none. */
function leadingOf(names: readonly string[]): readonly string[] {
  const [customer, tenant, workspace] = ATTRIBUTION.map(({ name }) => name);
  const all = [
    [customer!, tenant!, workspace!],
    [customer!, tenant!, SUBSCRIPTION],
  ];
  return all.find((one) => one.every((name, i) => names[i] === name)) ?? [];
}

/** What tells stored columns apart: name and type together, as one text. */
export function columnKey(name: string, type: KqlType): string {
  return `${name}\u0000${type}`;
}

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let n = 1; taken.has(name); n++) name = `${wanted}${n}`;
  taken.add(name);
  return name;
}
