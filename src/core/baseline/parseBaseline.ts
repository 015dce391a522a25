import { ARCHITECTURES } from '../../model/assessment/verdict.ts';
import type { BaselineFile, BaselineLayer, BaselineProblem, NamedLayer } from '../../model/baseline.ts';
import { parsePlacedJson } from '../customers/placedJson.ts';
import type { PlacedEntry } from '../customers/placedJson.ts';
import type { Report } from '../customers/readDeclared.ts';
import { missingFields } from './missingFields.ts';
import { readShape } from './readShape.ts';
import { LAYER } from './shapes.ts';

/**
 * Reads a baseline file. `file` is the name problems carry. Never throws: what is wrong is left out and named with its
 * line. Who acts on a file with problems acts on less than it says, so that nobody should.
 */
export function parseBaseline(
  text: string,
  file: string,
): { readonly baseline: BaselineFile; readonly problems: readonly BaselineProblem[] } {
  const { root, errors } = parsePlacedJson(text);
  const problems: BaselineProblem[] = errors.map(({ line, message }) => ({ file, line, message }));
  const report: Report = (line, message) => {
    problems.push({ file, line, message });
  };
  let provider: BaselineLayer = {};
  const layers: Record<'architectures' | 'groups' | 'customers', NamedLayer[]> = {
    ...{ architectures: [], groups: [], customers: [] },
  };
  if (root && root.kind !== 'object')
    report(root.line, 'A baseline is an object: {"provider": {...}, "groups": {...}, "customers": {...}}.');
  const entries = root?.kind === 'object' ? root.entries : [];
  for (const entry of entries) {
    if (entry.key === 'provider') provider = (readShape(entry, LAYER, report) ?? {}) as BaselineLayer;
    else if (entry.key === 'groups' || entry.key === 'customers') layers[entry.key] = readLayers(entry, report);
    else if (entry.key === 'architectures') layers.architectures = readArchitectures(entry, report);
    else if (entry.key !== '$schema')
      report(
        entry.line,
        `"${entry.key}" is not known here; use "provider", "architectures", "groups" and "customers".`,
      );
  }
  const baseline = { provider, ...layers };
  for (const { line, message } of missingFields(entries, baseline)) report(line, message);
  return { baseline, problems: problems.sort((a, b) => a.line - b.line) };
}

function readLayers({ key, line, value }: PlacedEntry, report: Report): NamedLayer[] {
  if (value.kind !== 'object') {
    report(line, `"${key}" is an object: {"NAME": {...}}.`);
    return [];
  }
  const known = new Set<string>();
  return value.entries.flatMap((entry): NamedLayer[] => {
    const name = entry.key.trim();
    if (name === '' || known.has(name.toLowerCase())) {
      report(entry.line, name === '' ? `One of the "${key}" has no name.` : `"${name}" is there twice.`);
      return [];
    }
    known.add(name.toLowerCase());
    const layer = readShape(entry, LAYER, report);
    return layer ? [{ name, line: entry.line, layer: layer as BaselineLayer }] : [];
  });
}

/** Their names are words of ours, and which of them a customer has is not theirs to say. */
function readArchitectures(entry: PlacedEntry, report: Report): NamedLayer[] {
  return readLayers(entry, report).filter(({ name, line, layer }) => {
    if (!ARCHITECTURES.some((one) => one === name))
      report(line, `"${name}" is no architecture; use ${ARCHITECTURES.join(', ')}.`);
    else if (layer.architecture !== undefined)
      report(
        line,
        `"architecture" stands in the layer of the provider, of a group or of a customer, not in "${name}".`,
      );
    else return true;
    return false;
  });
}
