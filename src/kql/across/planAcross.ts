import { AppError } from '../../base/errors.ts';
import { kqlName } from '../../model/kqlNames.ts';
import type { Column } from '../../model/kqlType.ts';
import { bindQuery } from '../bind/query.ts';
import { originalOffset, queryText, withText } from '../bind/queryText.ts';
import type { QueryText } from '../bind/queryText.ts';
import { NeedsDiscovery } from '../bind/evaluate.ts';
import { withPackAll } from '../bind/packAll.ts';
import { NeedsText } from '../bind/splitNames.ts';
import { withViewsNamed } from '../bind/wildcardViews.ts';
import type { Expr, Plan, Rel } from '../plan.ts';
import { printQuery } from '../print/printQuery.ts';
import type { TableRel } from '../print/printQuery.ts';
import type { SchemaDatabase } from '../schema.ts';
import type { AcrossOptions, AcrossPlan, RemotePart } from './acrossPlan.ts';
import type { AcrossSchema } from './acrossSchema.ts';
import { attributed } from './attributed.ts';
import { cutAtData, standsAlone } from './cutAtData.ts';
import { externalTable } from './external.ts';
import { ATTRIBUTION, columnRef, isAttribution, isOfTarget } from './expressions.ts';
import {
  ingestionUse,
  mayAskIngestionTime,
  namedIngestionTime,
  withIngestionTime,
  withoutIngestionTime,
} from './ingestion.ts';
import { mostRows } from './mostRows.ts';
import { narrow } from './narrow.ts';
import { Pushing } from './pushing.ts';
import { inPages } from './remoteLanguage.ts';
import type { RemoteLanguage } from './remoteLanguage.ts';
import { constructsApart } from './setsApart.ts';
import { Splitter } from './split.ts';
import type { Split } from './splitting.ts';
import { tidied } from './tidied.ts';
import { below, hiddenColumns, tellingText } from './telling.ts';

/** Operators and functions whose meaning changes with every column there is: attribution is kept from them. */
const OVER_ALL_COLUMNS = /\b(?:search|find|pack_all|bag_pack_columns|getschema|column_names_of|pack|narrow)\b/;
const NAMES_ATTRIBUTION = /\b_(?:Customer|Tenant|Workspace)\b/;

/** Whether tables have the attribution columns: unless a query looks at all columns and names none of these. */
export function hasAttribution(query: string): boolean {
  return NAMES_ATTRIBUTION.test(query) || !OVER_ALL_COLUMNS.test(query);
}

/**
 * Plans a query so that its answer is the one that a workspace holding every target's rows would give, each row with
 * its attribution. Throws AppErrors: `query.syntax`, `query.semantic` and `query.unsupported`, the last two also where
 * the service may know better, with what cannot be planned and why.
 */
export function planAcross(query: string, schema: AcrossSchema, options: AcrossOptions): AcrossPlan {
  try {
    return planned(query, schema, options);
  } catch (thrown) {
    if (!(thrown instanceof DependsOnData)) throw thrown;
    return plannedApart(thrown, schema, options);
  }
}

/** Columns that are found in the data: where the call that makes them ends in the text as it was bound. */
class DependsOnData extends Error {
  readonly query: QueryText;
  readonly discovery: NeedsDiscovery['discovery'];
  constructor(query: QueryText, { discovery }: NeedsDiscovery) {
    super('columns depend on the data');
    this.query = query;
    this.discovery = discovery;
  }
}

/** The rows that such a call stands on are planned; it and what follows are done here, where the data is. */
function plannedApart({ query, discovery }: DependsOnData, schema: AcrossSchema, options: AcrossOptions): AcrossPlan {
  const { text } = query;
  const reason = `the columns that ${discovery.plugin} makes depend on the data`;
  // Rows that are collected have no hidden column any more.
  if (mayAskIngestionTime(text, schema.plain)) refuse(`${reason}, and ingestion_time() is beside them`);
  const cut = cutAtData(text, discovery.at);
  if (!cut) return refuse(`${reason}, and other rows stand on them`);
  const plan = planned(cut.rows, schema, options, { attribution: hasAttribution(text), apart: true });
  if (!standsAlone(cut, plan.columns, schema.plain)) refuse(`${reason}, and what follows looks at other tables`);
  const rows = plan.local ?? `part1\n| project ${plan.columns.map(({ name }) => kqlName(name)).join(', ')}`;
  const apart = [...plan.apart.filter((word) => word !== 'evaluate'), 'evaluate'];
  const before = `${cut.lets}${rows}\n| `;
  const writtenAt = (offset: number): number | undefined =>
    offset < before.length ? undefined : originalOffset(query, offset - before.length + cut.at);
  return { ...plan, local: `${before}${cut.rest}`, writtenAt, columns: [], apart };
}

/** `apart`: rows that something else stands on, which has no other columns of them than their own. */
function planned(
  query: string,
  schema: AcrossSchema,
  options: AcrossOptions,
  { attribution: withAttribution = hasAttribution(query), apart: standing = false } = {},
): AcrossPlan {
  if (/\b_GetWatchlist\w*\s*\(/.test(query)) refuse('a watchlist is each workspace’s own, and so are its columns');
  for (const name of schema.differing)
    if (new RegExp(`\\b${name.replaceAll(/\W/g, '\\$&')}\\b`).test(query))
      refuse(`the function ${name} is not the same in every workspace`);
  const database = withAttribution ? schema.attributed : schema.plain;
  const { plan, text, ingestion } = boundWithTimes(query, database);
  const [result, ...more] = plan.results;
  if (more.length > 0) refuse('the query has several results');
  const { isConfidential, language } = options;
  const moment = options.standing ? {} : { now: options.now };
  const telling = isConfidential ? hiddenColumns(schema, isConfidential) : new Map<string, never>();
  const hidden = ingestion ? namedIngestionTime(schema.plain, telling) : telling;
  const splitter = new Splitter(new Pushing(isConfidential, hidden, language));
  const known = language ? ofLanguage(schema, language) : hidden;
  const { rel } = result!;
  const whose = language ? whoseOf(language) : ATTRIBUTION;
  const own = withoutIngestionTime((withAttribution && !standing && attributed(rel, whose)) || rel);
  const split = splitter.split(own);
  const columns = [...own.columns].sort((a, b) => rank(a.name, whose) - rank(b.name, whose));
  const render = plan.render ? { render: plan.render } : {};
  const promise = { kind: 'exact' } as const;
  const apart = constructsApart(rel, text);
  // What reads no table is answered once, here.
  if (split.kind === 'constant') {
    const local = printQuery(rel, { ...moment, table: () => refuse(EXTERNAL) });
    return { parts: [], local, columns: rel.columns, ...render, promise, apart };
  }
  const concatenated = concatenates(split);
  if (concatenated) {
    const only = split.kind === 'spread' ? split.conditions : [];
    const rel = narrow(concatenated, 'all');
    const part = inPagesOf(remotePart('part1', rel, only, known), language);
    checkTold([part], schema, options);
    return { parts: [part], columns, ...render, promise, apart: [] };
  }
  const here = splitter.toLocal(split);
  const ordered: Rel = columns.every((column, i) => column === own.columns[i])
    ? here
    : {
        kind: 'project',
        input: here,
        items: columns.map((column) => ({ column, expr: columnRef(column) })),
        columns,
        place: here.place,
      };
  const slim = narrow(
    tidied(ordered, ({ columns: own }) => own),
    'all',
  );
  const asked = partColumns(slim);
  const parts = splitter.parts.map(({ name, remote, only }) => {
    const wanted = asked.get(name) ?? new Set();
    const kept = remote.columns.filter((column) => wanted.has(column.name));
    return inPagesOf(remotePart(name, narrowed(remote, kept), only, known), language);
  });
  checkTold(parts, schema, options);
  const whole = ({ table }: TableRel): Column[] => [
    ...ATTRIBUTION,
    ...parts.flatMap((part) => (part.name === table.name ? part.columns : [])),
  ];
  const local = printQuery(tidied(slim, whole), { ...moment, table: (rel) => partText(rel, whole(rel)) });
  return { parts, local, columns: slim.columns, ...render, promise, apart };
}

/** Why what is only sent cannot be used here. */
const EXTERNAL = 'externaldata is read by the workspaces, and its rows are wanted here';

/** The columns of each part that the local part looks at. */
function partColumns(local: Rel): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const rel of below(local))
    if (rel.kind === 'table') {
      const names = found.get(rel.table.name) ?? new Set();
      for (const { name } of rel.columns) names.add(name);
      found.set(rel.table.name, names);
    }
  return found;
}

/** A part as a table of the local text: with its attribution, unless some of it is all that is wanted. */
function partText({ table, columns }: TableRel, whole: readonly Column[]): string {
  if (table.written !== undefined) refuse(EXTERNAL);
  const same = columns.length === whole.length && columns.every(({ name }, i) => name === whole[i]!.name);
  return same ? table.name : `${table.name}\n| project ${columns.map(({ name }) => kqlName(name)).join(', ')}`;
}

/** As `bound`, over tables with their hidden column where `ingestion_time()` reads it. */
function boundWithTimes(query: string, database: SchemaDatabase): ReturnType<typeof bound> & { ingestion: boolean } {
  if (mayAskIngestionTime(query, database)) {
    const over = bound(query, withIngestionTime(database));
    const { asked, shown } = ingestionUse(over.plan);
    if (asked && shown !== undefined) refuse(shown);
    if (asked) return { ...over, ingestion: true };
  }
  return { ...bound(query, database), ingestion: false };
}

/** The bound query. Throws as `planAcross` does, also where columns are found in the data. */
export function bindAcross(query: string, database: SchemaDatabase): Plan {
  try {
    return bound(query, database).plan;
  } catch (thrown) {
    if (!(thrown instanceof DependsOnData)) throw thrown;
    return refuse(`the columns that ${thrown.discovery.plugin} makes depend on the data`);
  }
}

/** The bound query, with the text that its places are of; throws `DependsOnData`, too. */
function bound(query: string, database: SchemaDatabase): { readonly plan: Plan; readonly text: string } {
  const schema = { database, external: externalTable };
  let text = withPackAll(withViewsNamed(queryText(query), schema));
  for (let round = 0; ; round++) {
    try {
      return { plan: bindQuery(text, schema), text: text.text };
    } catch (thrown) {
      if (thrown instanceof NeedsText && round < 40) text = withText(text, thrown.rewriting);
      else if (thrown instanceof NeedsDiscovery) throw new DependsOnData(text, thrown);
      else throw thrown;
    }
  }
}

function refuse(reason: string): never {
  throw new AppError('query.unsupported', `Not planned over all workspaces: ${reason}.`, {
    data: { construct: reason, start: 0, length: 0 },
  });
}

/** What may not leave is kept here by every rule of its own; none of them is trusted with it alone. */
function checkTold(parts: readonly RemotePart[], schema: AcrossSchema, { isConfidential }: AcrossOptions): void {
  if (isConfidential && parts.some((part) => tellingText(part, schema, isConfidential) !== undefined))
    refuse('workspaces would be sent a name that tells of a customer');
}

/** The remote query whose rows, one target's under the other's, are the answer. */
function concatenates(split: Split): Rel | undefined {
  if (split.kind !== 'spread' || !split.conditions.every(isOfTarget)) return undefined;
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

function remotePart(
  name: string,
  asked: Rel,
  conditions: readonly Expr[],
  hidden: NonNullable<RemotePart['hidden']>,
): RemotePart {
  const rel = tidied(asked, ({ columns }) => columns);
  const tables = new Set(
    [...below(rel)].flatMap((each) =>
      each.kind === 'table' && each.table.written === undefined ? [each.table.name] : [],
    ),
  );
  const only = conditions.length > 0 ? { only: conditions } : {};
  const renamed = hidden.size > 0 ? { hidden } : {};
  const most = mostRows(rel);
  const limited = most === undefined ? {} : { most };
  return { name, rel, columns: rel.columns, tables: [...tables], ...limited, ...only, ...renamed };
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

/** The same columns of a part, whose rows bring along what their pages take. */
function inPagesOf(part: RemotePart, language: RemoteLanguage | undefined): RemotePart {
  return language ? { ...part, rel: inPages(part.rel, language.key) } : part;
}

/** The names that the language's own column goes by, table by table. */
function ofLanguage({ plain }: AcrossSchema, { named }: RemoteLanguage): NonNullable<RemotePart['hidden']> {
  return new Map(plain.tables.map(({ name }) => [name, new Map([[named.column, named.source]])]));
}

/** Attribution first, the rest as it stands. */
function rank(name: string, whose: readonly Column[]): number {
  const at = whose.findIndex((column) => column.name === name);
  return at < 0 ? whose.length : at;
}

/** What is no workspace has no `_Workspace`, and a column of its own to say where a row is from. */
function whoseOf({ named }: RemoteLanguage): readonly Column[] {
  const [customer, tenant] = ATTRIBUTION;
  return [customer!, tenant!, { name: named.column, type: 'string' }];
}
