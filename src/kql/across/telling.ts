import type { Rel, UnionInput } from '../plan.ts';
import { inputsOf } from '../prune.ts';
import type { RemotePart } from './acrossPlan.ts';
import type { AcrossSchema } from './acrossSchema.ts';
import { freshName } from './expressions.ts';

/** Fields of a plan that hold words of the language, and those whose names are a workspace's own. */
const NO_TEXT: ReadonlySet<string> = new Set(['kind', 'type', 'place', 'flavor', 'mode', 'flags', 'table', 'database']);

/**
 * Names for columns that only some targets have and whose own would tell the others of a customer: by table, of each
 * name of ours the true one.
 */
export function hiddenColumns(
  { plain, partly }: Pick<AcrossSchema, 'plain' | 'partly'>,
  isConfidential: (text: string) => boolean,
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const found = new Map<string, ReadonlyMap<string, string>>();
  for (const { name: table, columns } of plain.tables) {
    const lacking = partly.get(table);
    const taken = new Set(columns.map(({ name }) => name));
    const hidden = new Map<string, string>();
    for (const { name } of columns)
      if ((lacking?.table === true || lacking?.columns.has(name) === true) && isConfidential(name))
        hidden.set(freshName('column', taken), name);
    if (hidden.size > 0) found.set(table, hidden);
  }
  return found;
}

/**
 * A text or name of a part that must not leave, whichever way it came into it; undefined where there is none. Names of
 * tables and columns may, to workspaces that have them: a column that some lack is sent to those as well, by its name.
 */
export function tellingText(
  part: Pick<RemotePart, 'rel' | 'tables'>,
  { partly }: Pick<AcrossSchema, 'partly'>,
  isConfidential: (text: string) => boolean,
): string | undefined {
  const own = new Set<string>();
  for (const rel of below(part.rel)) {
    if (rel.kind !== 'table') continue;
    const { written } = rel.table;
    if (written !== undefined && isConfidential(written)) return written;
    const lacking = partly.get(rel.table.name);
    for (const { name } of rel.columns) {
      const everywhere = !lacking?.columns.has(name) && (lacking?.table !== true || part.tables.length === 1);
      if (everywhere) own.add(name);
      else if (isConfidential(name)) return name;
    }
  }
  const seen = new Set<object>();
  const find = (value: unknown): string | undefined => {
    if (typeof value === 'string') return !own.has(value) && isConfidential(value) ? value : undefined;
    if (typeof value !== 'object' || value === null || seen.has(value)) return undefined;
    seen.add(value);
    const { kind, source } = value as { readonly kind?: unknown; readonly source?: unknown };
    const isCall = kind === 'call' || kind === 'aggregate';
    for (const [key, inner] of Object.entries(value)) {
      if (NO_TEXT.has(key) || (isCall && key === 'name')) continue;
      // Legs of a union are named only where rows say which one they are from.
      const isLegs = kind === 'union' && key === 'inputs' && source === undefined;
      const found = find(isLegs ? (inner as readonly UnionInput[]).map(({ rel }) => rel) : inner);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return find(part.rel);
}

/** A tabular expression and all it stands on. */
export function below(top: Rel, seen: Set<Rel> = new Set()): ReadonlySet<Rel> {
  if (seen.has(top)) return seen;
  seen.add(top);
  for (const input of inputsOf(top)) below(input, seen);
  return seen;
}
