import type { BaselineFile, BaselineLayer } from '../../model/baseline.ts';
import type { PlacedEntry, PlacedJson } from '../customers/placedJson.ts';
import { LAYER } from './shapes.ts';
import type { Shape } from './shapes.ts';

type Raw = Readonly<Record<string, unknown>>;

/**
 * What entries lack: a field that each has to have may come from a lower layer, of the provider, of
 * an architecture or of a group.
 */
export function missingFields(
  entries: readonly PlacedEntry[],
  { provider, architectures, groups }: BaselineFile,
): readonly { readonly line: number; readonly message: string }[] {
  const general = [provider, ...architectures.map(({ layer }) => layer)];
  const below = [...general, ...groups.map(({ layer }) => layer)];
  return entries.flatMap(({ key, value }) => {
    if (key === 'provider') return ofLayer(value, []);
    const layers = value.kind === 'object' ? value.entries : [];
    if (key === 'architectures') return layers.flatMap((entry) => ofLayer(entry.value, general));
    if (key === 'groups') return layers.flatMap((entry) => ofLayer(entry.value, below));
    return key === 'customers' ? layers.flatMap((entry) => ofLayer(entry.value, below)) : [];
  });
}

function ofLayer(value: PlacedJson, below: readonly BaselineLayer[]): { line: number; message: string }[] {
  return value.kind === 'object' ? lacking(value, LAYER, below as readonly Raw[], 'the baseline') : [];
}

function lacking(
  value: PlacedJson,
  shape: Shape,
  below: readonly Raw[],
  name: string,
): { line: number; message: string }[] {
  if (shape.kind === 'list' && value.kind === 'array')
    return value.items.flatMap((item) => lacking(item, shape.of, [], name));
  if (value.kind !== 'object' || (shape.kind !== 'object' && shape.kind !== 'map')) return [];
  const { entries, line } = value;
  const has = new Set(entries.map(({ key }) => key));
  const needed = shape.kind === 'object' ? shape.needed : [];
  const gone = needed.filter((field) => !has.has(field) && !below.some((layer) => Object.hasOwn(layer, field)));
  return [
    ...gone.map((field) => ({ line, message: `"${name}" has no "${field}".` })),
    ...entries.flatMap((entry) => {
      const inner = shape.kind === 'map' ? shape.of : shape.fields[entry.key];
      return inner ? lacking(entry.value, inner, within(below, entry.key), entry.key) : [];
    }),
  ];
}

function within(below: readonly Raw[], key: string): readonly Raw[] {
  return below.flatMap((layer) => {
    const value = Object.hasOwn(layer, key) ? layer[key] : undefined;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? [value as Raw] : [];
  });
}
