import type { Drift, DriftReport } from '../../model/drift.ts';
import { parsePlacedJson } from '../customers/placedJson.ts';
import type { PlacedEntry, PlacedJson } from '../customers/placedJson.ts';

/** A baseline file by its names: finds lines again, whatever else is wrong with it. */
export class PlacesInFile {
  private readonly root: PlacedJson | undefined;

  constructor(text: string) {
    this.root = parsePlacedJson(text).root;
  }

  /** The line (from 1) of the last of these names that are there, one inside the other; whether all of them are. */
  find(names: readonly string[]): { readonly line: number; readonly whole: boolean } {
    let at = this.root;
    let line = 1;
    for (const name of names) {
      const entry = entryOf(at, name);
      if (!entry) return { line, whole: false };
      ({ line, value: at } = entry);
    }
    return { line, whole: true };
  }

  /** The line that says it for the most special of these layers; else that of the first layer. */
  lineIn(layers: readonly (readonly string[])[], setting: readonly string[]): number {
    for (const layer of layers) {
      const { line, whole } = this.find([...layer, ...setting]);
      if (whole) return line;
    }
    return this.find(layers[0] ?? []).line;
  }
}

/** Names without case, as Azure and layers have them. */
function entryOf(value: PlacedJson | undefined, name: string): PlacedEntry | undefined {
  if (value?.kind !== 'object') return undefined;
  return value.entries.find(({ key }) => key.trim().toLowerCase() === name.toLowerCase());
}

/** Where a layer stands: `group gold` is `["groups", "gold"]`. */
export function layerPath(layer: string): readonly string[] {
  const [, kind = '', name = ''] = /^(\w+) (.*)$/s.exec(layer) ?? [];
  return kind === '' ? [layer] : [`${kind}s`, name];
}

/** The line of the file that wants what differs, for each difference of a report in its order. */
export function driftLines(text: string, { customers, drift }: DriftReport): readonly number[] {
  const places = new PlacesInFile(text);
  const layersOf = new Map(customers.map(({ key, layers }) => [key, [...layers].reverse().map(layerPath)]));
  return drift.map((one) => places.lineIn(layersOf.get(one.customer) ?? [], settingPath(one)));
}

function settingPath({ section, name }: Drift): readonly string[] {
  if (section === 'workspace') return name === 'features' ? ['workspace', 'features'] : ['workspace'];
  if (section === 'tags') return ['tags'];
  // An association is called by its rule and its machine.
  return [section, section === 'collectionRules' ? name.replace(/ on .*/s, '') : name];
}
