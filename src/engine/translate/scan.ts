import type { Expr, Rel } from '../../kql/plan.ts';
import type { Column } from '../../model/kqlType.ts';
import { SQL, columnOf, every, lambda, named } from '../sql/expression.ts';
import type { Identifier, Sql } from '../sql/expression.ts';
import { alike, as, everything, over, select, statement } from '../sql/statement.ts';
import { assignIds, missingSql, quoteId, sqlType } from './relation.ts';
import type { Relation } from './relation.ts';
import { failureSql } from './failure.ts';
import { emitContext } from './scalars.ts';
import { Matching } from './scanMatching.ts';
import type { RecordField } from './scanMatching.ts';
import { referred, stepsOf } from './scanStates.ts';
import type { Step } from './scanStates.ts';
import { lookupIn } from './translation.ts';
import type { Translation, Translator } from './translation.ts';
import { hoistWindows, serialized } from './windows.ts';

type Scan = Extract<Rel, { kind: 'scan' }>;

/**
 * A record takes from a fifth of a millisecond to one for three steps, and nothing can be done side by side but whole
 * partitions.
 */
const MAX_ROWS = 250_000;
/**
 * Records one list is made of: what they put out is copied from record to record, and nothing interrupts the fold of a
 * list.
 */
const CHUNK = 64;

/**
 * scan: the records of a partition are folded in order, a list of structs reduced to one, whose fields are the state
 * (scanMatching.ts) and what was put out (`o`: record `i`, step `k`, match `m`, the declared columns `v<n>`). Lists are
 * chunks, which a recursion goes through.
 */
export function scanSql(rel: Scan, translation: Translation, translator: Translator): Relation {
  const context = emitContext(translation, rel.place);
  if (rel.partition.length > 0)
    return context.refuse('scan with its own partition by', 'Put it inside the operator partition.');
  const input = serialized(translator.rel(rel.input), translation);
  const { steps, loose } = stepsOf(rel, context);
  const { rows, computed } = withLoose(input, loose, translation, translator);
  const declared = rel.declared.map((d) => d.column);
  const uses = referred(steps, [...input.columns, ...declared], context);
  if (steps.every((s) => s.output === 'none')) return context.refuse('scan without output');
  const raw = input.columns
    .filter((c) => uses.columns.has(c.name))
    .map((c, i): RecordField => ({ field: `r${i}`, own: c.name, type: c.type, sql: columnOf('t', c.id) }));
  const matching = new Matching({
    steps,
    referred: uses,
    record: [...raw, ...computed],
    declared,
    translator,
    value: (expr, at, type) => context.convert(translator.scalar(expr, at), type).sql,
    initial: (column) => {
      const own = rel.declared.find((d) => d.column.name === column.name);
      if (!own) return missingSql(column.type);
      return context.convert(
        translator.scalar(own.expr, () => undefined),
        column.type,
      ).sql;
    },
  });
  const put = fold(rows, [...raw, ...computed], declared, matching, translation);
  return puttingOut(rel, rows, kept(put, rows.partition, steps), translation);
}

/** The rows with what does not look at a state computed beside them. */
function withLoose(
  input: Relation,
  loose: readonly Expr[],
  translation: Translation,
  translator: Translator,
): { readonly rows: Relation; readonly computed: readonly RecordField[] } {
  const hoisted = hoistWindows(input, loose, translation, translator);
  const lookup = lookupIn(hoisted.relation);
  const values = hoisted.exprs.map((expr, i) => ({ ...translator.scalar(expr, lookup), id: quoteId(`#l${i}`) }));
  const items = [SQL`t.*`, ...values.map((v) => as(v.sql, v.id))];
  const from = values.length === 0 ? input.from : select({ items, from: [hoisted.relation.from, 't'] });
  return {
    rows: translation.share({ ...input, from }, true),
    computed: values.map(({ id, type }, i) => ({ field: `l${i}`, type, sql: columnOf('t', id) })),
  };
}

/** What all records put out, a row each: the partition's columns and the struct `o`. */
function fold(
  rows: Relation,
  record: readonly RecordField[],
  declared: readonly Column[],
  matching: Matching,
  translation: Translation,
): Sql {
  const [chunks, walk] = [translation.hidden('chunks'), translation.hidden('scan')];
  const [at, list, state] = [translation.hidden('i'), translation.hidden('l'), translation.hidden('s')];
  const [serial, parts] = [rows.order[0]!.id, rows.partition];
  const outType = SQL`STRUCT(${[
    SQL`i BIGINT`,
    SQL`k INTEGER`,
    SQL`m BIGINT`,
    ...declared.map((d, i) => SQL`${named(`v${i}`)} ${sqlType(d.type)}`),
  ]})[]`;
  const whole = [
    { field: 'i', type: 'BIGINT' as const, sql: columnOf('t', serial) },
    ...record.map((r) => ({ ...r, type: sqlType(r.type) })),
  ];
  const start = matching.start();
  /** The struct that is folded: a record, a state, and what was put out. */
  const struct = (ofRecord: (r: (typeof whole)[number]) => Sql, ofState: readonly Sql[], out: Sql): Sql =>
    SQL`{${[
      ...whole.map((r) => SQL`${named(r.field)}: (${ofRecord(r)})::${r.type}`),
      ...start.map((f, i) => SQL`${named(f.field)}: (${ofState[i]!})::${f.type}`),
      SQL`o: (${out})::${outType}`,
    ]}}`;
  const nulls = start.map(() => SQL`NULL`);
  const none = (): Sql => SQL`NULL`;
  const records = struct((r) => r.sql, nulls, SQL`[]`);
  const first = struct(
    none,
    start.map((f) => f.start),
    SQL`[]`,
  );
  const last = struct(
    none,
    start.map((f) => SQL`w.${state}.${named(f.field)}`),
    SQL`[]`,
  );
  const next = matching.advance(({ fields, outputs }) =>
    struct(
      (r) => named(`scan_x.${r.field}`),
      fields.map((f) => f.next),
      SQL`list_concat(scan_p.o, ${outputs})`,
    ),
  );

  const within = parts.map((p) => columnOf('t', p));
  const step = SQL`list_reduce(c.${list}, ${lambda(['scan_p', 'scan_x'], () => next)}, ${last})`;
  const chunked = select({
    items: [
      ...within,
      as(SQL`(t.${serial} - 1) // ${CHUNK}`, at),
      as(SQL`list(${records} ORDER BY t.${serial})`, list),
    ],
    from: [rows.from, 't'],
    where: [withinLimit(rows)],
    group: [...within, at],
  });
  const begun = statement({
    items: [...within, as(SQL`-1::BIGINT`, at), as(first, state)],
    from: [select({ items: parts, distinct: true, from: [SQL`${chunks}`, 'c'] }), 't'],
  });
  const walked = statement({
    items: [...parts.map((p) => columnOf('w', p)), SQL`w.${at} + 1`, step],
    from: [SQL`${walk}`, 'w'],
    joins: [
      { kind: 'JOIN', with: [SQL`${chunks}`, 'c'], on: every([SQL`c.${at} = w.${at} + 1`, ...sameParts(parts)]) },
    ],
  });
  translation.ctes.push(SQL`${chunks} AS MATERIALIZED ${chunked}`, SQL`${walk} AS (${begun} UNION ALL ${walked})`);
  translation.recursive = true;
  return select({
    items: [...parts.map((p) => columnOf('w', p)), SQL`unnest(w.${state}.o) AS o`],
    from: [SQL`${walk}`, 'w'],
  });
}
function sameParts(parts: readonly Identifier[]): Sql[] {
  return parts.length === 0 ? [] : [alike('c', 'w', parts)];
}
/** True, or the query stops: a fold of so many records has no end. */
function withinLimit(rows: Relation): Sql {
  const count = select({ items: [SQL`count(*)`], from: [rows.from, 't'] });
  const stop = failureSql('limit', `scan is limited to ${MAX_ROWS} rows here`, 'BOOLEAN');
  return SQL`CASE WHEN ${count} > ${MAX_ROWS} THEN ${stop} ELSE TRUE END`;
}

/**
 * output=last: of a match's records at such a step the last alone. Whether a record that does not match ends a series
 * of repeating matches is not documented, so a series with a gap is refused.
 */
function kept(all: Sql, parts: readonly Identifier[], steps: readonly Step[]): Sql {
  const last = steps.filter((s) => s.output === 'last').map((s) => s.k);
  if (last.length === 0) return all;
  const partition = [...parts.map((p) => columnOf('e', p)), SQL`e.o.k`, SQL`e.o.m`];
  const gap = failureSql(
    'unsupported',
    'The local engine refuses scan with output=last where other records stand between matches of a step',
    'BOOLEAN',
  );
  const [end, start, count] = [SQL`max(e.o.i)`, SQL`min(e.o.i)`, SQL`count(*)`].map((of) =>
    over(of, { partition }),
  ) as [Sql, Sql, Sql];
  const isLast = SQL`${over(SQL`row_number()`, { partition, order: SQL`e.o.i DESC` })} = 1`;
  const single = SQL`CASE WHEN ${end} - ${start} + 1 = ${count} THEN ${isLast} ELSE ${gap} END`;
  return select({ items: everything, from: [all, 'e'], qualify: SQL`e.o.k NOT IN (${last}) OR ${single}` });
}

/** The rows of the answer: each put-out record's columns, the match's id and what the step declared. */
function puttingOut(rel: Scan, rows: Relation, put: Sql, translation: Translation): Relation {
  const [serial, parts] = [rows.order[0]!.id, rows.partition];
  const columns = assignIds(rel.columns);
  const [order, rank] = [translation.hidden('s'), translation.hidden('s')];
  const items = columns.map((c) => {
    const declared = rel.declared.findIndex((d) => d.column.name === c.name);
    if (c.name === rel.idName) return as(SQL`e.o.m`, c.id);
    if (declared >= 0) return as(named(`e.o.v${declared}`), c.id);
    return as(columnOf('r', rows.columns.find((own) => own.name === c.name)?.id ?? c.id), c.id);
  });
  const from = select({
    items: [...items, as(SQL`e.o.i`, order), as(SQL`-e.o.k`, rank), ...parts.map((p) => columnOf('e', p))],
    from: [put, 'e'],
    joins: [
      {
        kind: 'JOIN',
        with: [rows.from, 'r'],
        on: every([SQL`r.${serial} = e.o.i`, ...(parts.length === 0 ? [] : [alike('r', 'e', parts)])]),
      },
    ],
  });
  const key = (id: Identifier) => ({ id, desc: false, nullsFirst: false });
  return { from, columns, order: [key(order), key(rank)], partition: parts };
}
