import { AppError } from '../../base/errors.ts';
import { bindQuery } from '../bind/query.ts';
import { queryText, withText } from '../bind/queryText.ts';
import { NeedsDiscovery } from '../bind/evaluate.ts';
import { NeedsFile } from '../bind/external.ts';
import { withPackAll } from '../bind/packAll.ts';
import { NeedsText } from '../bind/splitNames.ts';
import { withViewsNamed } from '../bind/wildcardViews.ts';
import type { Plan, Rel } from '../plan.ts';
import { printQuery } from '../print/printQuery.ts';
import { inputsOf } from '../prune.ts';
import type { SchemaDatabase } from '../schema.ts';
import type { AcrossOptions, AcrossPlan, RemotePart } from './acrossPlan.ts';
import type { AcrossSchema } from './acrossSchema.ts';
import { attributed } from './attributed.ts';
import { ATTRIBUTION, columnRef, isAttribution, isOfTarget } from './expressions.ts';
import { narrow } from './narrow.ts';
import { needsOf } from './needs.ts';
import { Pushing } from './pushing.ts';
import { Splitter } from './split.ts';
import type { Split } from './split.ts';

/** Operators and functions whose meaning changes with every column there is: attribution is kept from them. */
const OVER_ALL_COLUMNS = /\b(?:search|find|pack_all|bag_pack_columns|getschema|column_names_of|pack|narrow)\b/;
const NAMES_ATTRIBUTION = /\b_(?:Customer|Tenant|Workspace)\b/;

/**
 * Plans a query so that its answer is the one that a workspace holding every target's rows would give, each row with
 * its attribution. Throws AppErrors: `query.syntax`, `query.semantic` and `query.unsupported`, the last two also where
 * the service may know better, with what cannot be planned and why.
 */
export function planAcross(query: string, schema: AcrossSchema, options: AcrossOptions): AcrossPlan {
  if (/\bingestion_time\s*\(/.test(query)) refuse('ingestion_time() is known to each workspace alone');
  for (const name of schema.differing)
    if (new RegExp(`\\b${name.replaceAll(/\W/g, '\\$&')}\\b`).test(query))
      refuse(`the function ${name} is not the same in every workspace`);
  const withAttribution = NAMES_ATTRIBUTION.test(query) || !OVER_ALL_COLUMNS.test(query);
  const plan = bound(query, withAttribution ? schema.attributed : schema.plain);
  const [result, ...more] = plan.results;
  if (more.length > 0) refuse('the query has several results');
  const splitter = new Splitter(new Pushing(options.isConfidential));
  const { rel } = result!;
  const own = (withAttribution && attributed(rel)) || rel;
  const split = splitter.split(own);
  if (split.kind === 'constant') refuse('the query reads no table');
  const columns = [...own.columns].sort((a, b) => rank(a.name) - rank(b.name));
  const render = plan.render ? { render: plan.render } : {};
  const promise = { kind: 'exact' } as const;
  const concatenated = concatenates(split);
  if (concatenated) {
    const part = remotePart('part1', narrow(concatenated, 'all'));
    return { parts: [part], columns, ...render, promise };
  }
  const local = splitter.toLocal(split);
  const ordered: Rel = columns.every((column, i) => column === own.columns[i])
    ? local
    : {
        kind: 'project',
        input: local,
        items: columns.map((column) => ({ column, expr: columnRef(column) })),
        columns,
        place: local.place,
      };
  const needs = needsOf(ordered);
  const parts = splitter.parts.map(({ name, remote, leaf }) => {
    const need = needs.get(leaf) ?? 'all';
    const kept = need === 'all' ? remote.columns : remote.columns.filter((column) => need.has(column.name));
    return remotePart(name, narrowed(remote, kept));
  });
  return { parts, local: printQuery(ordered, { now: options.now }), columns: ordered.columns, ...render, promise };
}

/** The bound query; what has to be found in the data first is refused. */
function bound(query: string, database: SchemaDatabase): Plan {
  const schema = { database };
  let text = withPackAll(withViewsNamed(queryText(query), schema));
  for (let round = 0; ; round++) {
    try {
      return bindQuery(text, schema);
    } catch (thrown) {
      if (thrown instanceof NeedsText && round < 40) text = withText(text, thrown.rewriting);
      else if (thrown instanceof NeedsDiscovery)
        refuse(`the columns that ${thrown.discovery.plugin} makes depend on the data`);
      else if (thrown instanceof NeedsFile) refuse('externaldata is read by each workspace alone');
      else throw thrown;
    }
  }
}

function refuse(reason: string): never {
  throw new AppError('query.unsupported', `Not planned over all workspaces: ${reason}.`, {
    data: { construct: reason, start: 0, length: 0 },
  });
}

/** The remote query whose rows, one target's under the other's, are the answer. */
function concatenates(split: Split): Rel | undefined {
  if (split.kind !== 'spread' || split.conditions.length > 0) return undefined;
  const shown = split.outs.filter(
    ({ column, expr }) => !(expr.kind === 'column' && isAttribution(expr.name) && expr.name === column.name),
  );
  if (shown.some(({ column, expr }) => expr.kind !== 'column' || isOfTarget(expr) || expr.name !== column.name))
    return undefined;
  const names = shown.map(({ column }) => column.name);
  const { remote } = split;
  if (names.length === remote.columns.length && names.every((name, i) => name === remote.columns[i]!.name))
    return remote;
  return shaped(
    remote,
    shown.map(({ column }) => column),
  );
}

function remotePart(name: string, rel: Rel): RemotePart {
  const tables = new Set<string>();
  const seen = new Set<Rel>();
  const visit = (each: Rel): void => {
    if (seen.has(each)) return;
    seen.add(each);
    if (each.kind === 'table') tables.add(each.table.name);
    inputsOf(each).forEach(visit);
  };
  visit(rel);
  return { name, rel, columns: rel.columns, tables: [...tables] };
}

/** Only some of its columns, down to the tables: what nobody looks at is not read. */
function narrowed(remote: Rel, columns: Rel['columns']): Rel {
  // Rows are counted even where nothing of them is looked at.
  const kept = columns.length > 0 ? columns : remote.columns.slice(0, 1);
  return narrow(kept.length === remote.columns.length ? remote : shaped(remote, kept), 'all');
}
function shaped(input: Rel, columns: Rel['columns']): Rel {
  const items = columns.map((column) => ({ column, expr: columnRef(column) }));
  return { kind: 'project', input, items, columns, place: input.place };
}

/** Attribution first, the rest as it stands. */
function rank(name: string): number {
  const at = ATTRIBUTION.findIndex((column) => column.name === name);
  return at < 0 ? ATTRIBUTION.length : at;
}
