import type { CustomerKey } from '../../model/ids.ts';
import type { RollupDefinition } from '../../model/rollup.ts';
import type { RollupInFile, RollupLine, RollupNames, RollupProblem, RollupsPicture } from '../../protocol/rollups.ts';

/** How a line stands, from the best to the worst; of several the worst counts. */
export const LINE_STATES = ['begun', 'current', 'paused', 'off', 'behind', 'gaps', 'stopped'] as const;
/** One of `LINE_STATES`. */
export type LineState = (typeof LINE_STATES)[number];

/** A roll-up: its file, or what is stored of one that has no file here (any more). */
export interface RollupNode {
  readonly kind: 'rollup';
  readonly id: string;
  readonly name: string;
  /** The address of its file. */
  readonly path?: string;
  readonly definition?: RollupDefinition;
  readonly problems: readonly RollupProblem[];
  readonly names?: RollupNames;
  readonly paused: boolean;
  readonly children: readonly CustomerNode[];
}

/** A customer's part of a roll-up in a sink. */
export interface CustomerNode {
  readonly kind: 'customer';
  readonly id: string;
  readonly rollup: Omit<RollupNode, 'children'>;
  readonly customer: CustomerKey;
  readonly name: string;
  /** Where a roll-up goes to several sinks. */
  readonly sink?: string;
  readonly off: boolean;
  readonly children: readonly WorkspaceNode[];
}

/** One workspace of it. */
export interface WorkspaceNode {
  readonly kind: 'workspace';
  readonly id: string;
  readonly rollup: Omit<RollupNode, 'children'>;
  readonly line: RollupLine;
}

/** A line of the Roll-ups view. */
export type RollupEntry = RollupNode | CustomerNode | WorkspaceNode;

/** The roll-ups of the view: those of files first, each with what is stored of it, then what has no file here. */
export function toRollupTree({ files, lines, names, paused }: RollupsPicture): RollupNode[] {
  const byId = grouped(lines, ({ rollup }) => rollup);
  const ofFiles = files.map((file) => {
    const node = nodeOf(file.path, nameOf(file), file, names, paused);
    return { ...node, children: childrenOf(node, byId.get(file.id ?? '') ?? []) };
  });
  const here = new Set(files.map(({ id }) => id));
  const others = [...byId]
    .filter(([id]) => !here.has(id))
    .map(([id, own]) => {
      const node = nodeOf(id, id.replace(/-[0-9a-f]{8}$/, ''), { id, problems: [] }, names, paused);
      return { ...node, children: childrenOf(node, own) };
    });
  return [...ofFiles.sort(byName), ...others.sort(byName)];
}

/** The entry of an id, at any depth. */
export function findEntry(entries: readonly RollupEntry[], id: string): RollupEntry | undefined {
  for (const entry of entries) {
    if (entry.id === id) return entry;
    const below = entry.kind === 'workspace' ? undefined : findEntry(entry.children, id);
    if (below) return below;
  }
  return undefined;
}

/** Every line below an entry. */
export function linesOf(entry: RollupEntry): readonly RollupLine[] {
  return entry.kind === 'workspace' ? [entry.line] : entry.children.flatMap(linesOf);
}

/** How a line stands `now` (epoch milliseconds). Whether it is behind, its file's schedule tells. */
export function stateOfLine(
  line: RollupLine,
  { definition, paused }: Pick<RollupNode, 'definition' | 'paused'>,
  now: number,
): LineState {
  if (line.stopped) return 'stopped';
  if (line.off) return 'off';
  if (paused) return 'paused';
  if (line.gaps.length > 0) return 'gaps';
  if (line.until === undefined || !line.last) return 'begun';
  return definition && now - line.until > allowedMs(definition) ? 'behind' : 'current';
}

/** How an entry stands: as the worst of its lines; undefined where there is none yet. */
export function stateOf(entry: RollupEntry, now: number): LineState | undefined {
  const rollup = entry.kind === 'rollup' ? entry : entry.rollup;
  const places = linesOf(entry).map((line) => LINE_STATES.indexOf(stateOfLine(line, rollup, now)));
  return places.length === 0 ? undefined : LINE_STATES[Math.max(...places)];
}

/**
 * What may lie between the last stored window and now: a window that is not over, its lateness, and the time until the
 * schedule comes round.
 */
function allowedMs({ windowMinutes, latenessMinutes, everyMinutes }: RollupDefinition): number {
  return (windowMinutes + latenessMinutes + everyMinutes) * 60_000;
}

function nameOf({ definition, path }: RollupInFile): string {
  return definition?.name ?? decodeURIComponent(path.split('/').at(-1)!).replace(/\.\w+$/, '');
}

function nodeOf(
  key: string,
  name: string,
  { path, definition, id, problems }: Partial<RollupInFile> & Pick<RollupInFile, 'problems'>,
  names: readonly RollupNames[],
  paused: readonly string[],
): Omit<RollupNode, 'children'> {
  const called = names.find((one) => one.id === id);
  return {
    kind: 'rollup',
    id: key,
    name,
    ...(path === undefined ? {} : { path }),
    ...(definition ? { definition } : {}),
    problems,
    ...(called ? { names: called } : {}),
    paused: paused.includes(name),
  };
}

function childrenOf(rollup: Omit<RollupNode, 'children'>, lines: readonly RollupLine[]): CustomerNode[] {
  const several = new Set(lines.map(({ sink }) => sink)).size > 1;
  return [...grouped(lines, ({ customer, sink }) => `${customer}\n${sink}`)]
    .map(([key, own]): CustomerNode => {
      const { customer, customerName, sink, off } = own[0]!;
      const id = `${rollup.id}\n${key}`;
      return {
        kind: 'customer',
        id,
        rollup,
        customer,
        name: customerName,
        ...(several ? { sink } : {}),
        off,
        children: own
          .map((line): WorkspaceNode => ({ kind: 'workspace', id: `${id}\n${line.workspace}`, rollup, line }))
          .sort((a, b) => a.line.workspaceName.localeCompare(b.line.workspaceName)),
      };
    })
    .sort(byName);
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name.localeCompare(b.name);
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
