import type { Expr, Rel } from '../../kql/plan.ts';
import type { Column } from '../../model/kqlType.ts';
import { failureSql } from './failure.ts';
import { assignIds, missing, sqlType } from './relation.ts';
import type { Relation } from './relation.ts';
import { emitContext } from './scalars.ts';
import type { ColumnLookup, Translation, Translator } from './translation.ts';
import { hoistWindows, serialized } from './windows.ts';

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
const STATE = /^#state\.([^.]*)\.(.*)$/;

/** A value of step `of` kept in the state of step `holder`, in field `id`. */
interface Cell {
  readonly holder: number;
  readonly of: number;
  readonly column: Column;
  readonly id: string;
}

/**
 * scan, by the documented matching logic: each record meets the steps from the last to the first. A step first takes
 * over the state of the
 * step before it (check 1), else goes on with its own, the first step also starting anew (check 2).
 *
 * The records of a partition are folded in order: a list of structs is reduced to one, whose fields are the state (`a`
 * active, `m` match id of each
 * step, its cells, `n` the next match id) and what was put out (`o`). Lists are chunks, which a recursion goes through.
 */
export function scanSql(
  rel: Extract<Rel, { kind: 'scan' }>,
  translation: Translation,
  translator: Translator,
): Relation {
  const context = emitContext(translation, rel.place);
  if (rel.partition.length > 0)
    return context.refuse('scan with its own partition by', 'Put it inside the operator partition.');
  const plain = serialized(translator.rel(rel.input), translation);
  const sources: readonly Column[] = [...plain.columns, ...rel.declared.map((d) => d.column)];
  const columnNamed = (name: string): Column =>
    sources.find((c) => c.name === name) ?? context.refuse(`The value '${name}' of a scan step`);

  // What does not look at a state is computed for all records at once.
  const loose: Expr[] = [];
  const lift = (expr: Expr): Expr => {
    if (expr.kind === 'literal' || expr.kind === 'column') return expr;
    if (statesIn(expr).length === 0) {
      loose.push(expr);
      return { kind: 'column', name: `#loose${loose.length - 1}`, type: expr.type };
    }
    switch (expr.kind) {
      case 'call':
        return { ...expr, args: expr.args.map(lift) };
      case 'convert':
        return { ...expr, value: lift(expr.value) };
      case 'inArray':
        return { ...expr, value: lift(expr.value), array: lift(expr.array) };
      default:
        return context.refuse('A subquery over the state of a scan step');
    }
  };
  const steps = rel.steps.map((step, k) => ({
    k,
    name: step.name,
    output: step.output,
    condition: lift(step.condition),
    assignments: step.assignments.map((a) => ({ column: a.column, expr: lift(a.expr) })),
  }));
  const hoisted = hoistWindows(plain, loose, translation, translator);
  const lookupRow = new Map(hoisted.relation.columns.map((c) => [c.name, { sql: `t.${c.id}`, type: c.type }]));
  const computed = hoisted.exprs.map((expr, i) => ({
    ...translator.scalar(expr, (name) => lookupRow.get(name)),
    id: `l${i}`,
  }));
  const withLoose =
    computed.length === 0
      ? plain.from
      : `(SELECT t.*, ${computed.map((c) => `${c.sql} AS "#${c.id}"`).join(', ')} FROM ${hoisted.relation.from} AS t)`;
  const rows = translation.share({ ...plain, from: withLoose }, true);
  const [serial, parts] = [rows.order[0]!.id, rows.partition];

  // Only values some condition or assignment refers to are carried.
  const wanted = new Map<string, { of: number; column: Column }>();
  const used = new Set<string>();
  for (const { condition, assignments } of steps)
    for (const expr of [condition, ...assignments.map((a) => a.expr)])
      for (const name of columnsIn(expr)) {
        const [state, stepName = '', column = ''] = STATE.exec(name) ?? [];
        if (state === undefined) used.add(name);
        else {
          wanted.set(name, { of: steps.findIndex((s) => s.name === stepName), column: columnNamed(column) });
          used.add(column);
        }
      }
  const cells: Cell[] = [...wanted.values()].flatMap(({ of, column }, i) =>
    steps.filter(({ k }) => k >= of).map(({ k }) => ({ holder: k, of, column, id: `c${i}_${k}` })),
  );
  const raw = plain.columns.filter((c) => used.has(c.name)).map((c, i) => ({ ...c, field: `r${i}` }));
  const initial = (column: Column): string => {
    const declared = rel.declared.find((d) => d.column.name === column.name);
    return declared
      ? context.convert(
          translator.scalar(declared.expr, () => undefined),
          column.type,
        ).sql
      : missing(column.type);
  };

  /**
   * Fields of the record `x`, and states of the fold so far `p` as step `k` sees them: those of `holder`, or what they
   * are at the start.
   */
  const lookup =
    (holder: number, alive: string | undefined): ColumnLookup =>
    (name) => {
      const match = STATE.exec(name);
      if (!match) {
        const field = name.startsWith('#loose') ? computed[Number(name.slice(6))] : undefined;
        if (field) return { sql: `scan_x.${field.id}`, type: field.type };
        const own = raw.find((c) => c.name === name);
        return own && { sql: `scan_x.${own.field}`, type: own.type };
      }
      const { of, column } = wanted.get(name)!;
      const cell = cells.find((c) => c.holder === holder && c.of === of && c.column.name === column.name);
      const sql = !cell
        ? initial(column)
        : alive
          ? `(CASE WHEN ${alive} THEN scan_p.${cell.id} ELSE ${initial(column)} END)`
          : `scan_p.${cell.id}`;
      return { sql, type: column.type };
    };
  const test = (condition: Expr, at: ColumnLookup): string => `coalesce(${translator.condition(condition, at)}, FALSE)`;
  const one = (k: number): string => (k === 0 ? 'FALSE' : `scan_1.one${k}`);
  const alive = (k: number): string => (k + 1 < steps.length ? `(scan_p.a${k} AND NOT ${one(k + 1)})` : `scan_p.a${k}`);
  const ones = steps
    .slice(1)
    .map(
      ({ k, condition }) => [`one${k}`, `(scan_p.a${k - 1} AND ${test(condition, lookup(k - 1, undefined))})`] as const,
    );
  const twos = steps.map(
    ({ k, condition }) =>
      [
        `two${k}`,
        `(NOT ${one(k)} AND ${k === 0 ? '' : `${alive(k)} AND `}${test(condition, lookup(k, alive(k)))})`,
      ] as const,
  );
  const [two, matched] = [
    (k: number): string => `scan_2.two${k}`,
    (k: number): string => `(${one(k)} OR scan_2.two${k})`,
  ];
  const assigned = steps.flatMap(({ k, assignments }) =>
    rel.declared.map((d, i) => {
      const own = assignments.find((a) => a.column.name === d.column.name);
      const value = (at: ColumnLookup): string => context.convert(translator.scalar(own!.expr, at), d.column.type).sql;
      const sql = !own
        ? initial(d.column)
        : k === 0
          ? value(lookup(0, alive(0)))
          : `CASE WHEN ${one(k)} THEN ${value(lookup(k - 1, undefined))} ELSE ${value(lookup(k, alive(k)))} END`;
      return [`d${k}_${i}`, `(${sql})::${sqlType(d.column.type)}`] as const;
    }),
  );
  const started = `(${two(0)} AND NOT ${alive(0)})`;
  const matchId = (k: number): string =>
    k === 0
      ? `CASE WHEN ${started} THEN scan_p.n ELSE scan_p.m0 END`
      : `CASE WHEN ${one(k)} THEN scan_p.m${k - 1} ELSE scan_p.m${k} END`;
  const shown = steps.filter((s) => s.output !== 'none');
  if (shown.length === 0) return context.refuse('scan without output');
  const outputs = shown.map(
    ({ k }) =>
      `CASE WHEN ${matched(k)} THEN [{i: scan_x.i, k: ${k}, m: ${matchId(k)}${rel.declared.map((_, i) => `, v${i}: scan_3.d${k}_${i}`).join('')}}] ELSE [] END`,
  );
  const fields: (readonly [name: string, type: string, start: string, next: string])[] = [
    ...steps.flatMap(
      ({ k }) =>
        [
          [`a${k}`, 'BOOLEAN', 'FALSE', `(${matched(k)} OR ${alive(k)})`],
          [`m${k}`, 'BIGINT', '0', matchId(k)],
        ] as const,
    ),
    ...cells.map(({ holder, of, column, id }) => {
      const declared = rel.declared.findIndex((d) => d.column.name === column.name);
      const fresh =
        declared >= 0 ? `scan_3.d${holder}_${declared}` : `scan_x.${raw.find((c) => c.name === column.name)!.field}`;
      const before = cells.find((c) => c.holder === holder - 1 && c.of === of && c.column.name === column.name);
      const next =
        of < holder
          ? `CASE WHEN ${one(holder)} THEN scan_p.${before!.id} ELSE scan_p.${id} END`
          : `CASE WHEN ${matched(holder)} THEN ${fresh} ELSE scan_p.${id} END`;
      return [id, sqlType(column.type), initial(column), next] as const;
    }),
    ['n', 'BIGINT', '0', `scan_p.n + CASE WHEN ${started} THEN 1 ELSE 0 END`],
  ];
  const outType = `STRUCT(i BIGINT, k INTEGER, m BIGINT${rel.declared.map((d, i) => `, v${i} ${sqlType(d.column.type)}`).join('')})[]`;
  const record = [
    ['i', 'BIGINT', `t.${serial}`],
    ...raw.map((c) => [c.field, sqlType(c.type), `t.${c.id}`]),
    ...computed.map((c) => [c.id, sqlType(c.type), `t."#${c.id}"`]),
  ] as [string, string, string][];
  const struct = (
    recordValue: (name: string, sql: string) => string,
    state: (field: (typeof fields)[number]) => string,
    out: string,
  ): string =>
    `{${[...record.map(([name, type, sql]) => `${name}: (${recordValue(name, sql)})::${type}`), ...fields.map((f) => `${f[0]}: (${state(f)})::${f[1]}`), `o: (${out})::${outType}`].join(', ')}}`;
  const next = struct(
    (name) => `scan_x.${name}`,
    (f) => f[3],
    `list_concat(scan_p.o, ${outputs.join(', ')})`,
  );
  const body = letIn('scan_1', ones, letIn('scan_2', twos, letIn('scan_3', assigned, next)));

  const [chunks, walk, at, list, acc] = [
    translation.hidden('chunks'),
    translation.hidden('scan'),
    translation.hidden('i'),
    translation.hidden('l'),
    translation.hidden('s'),
  ];
  const within = parts.map((p) => `t.${p}`);
  const limited = `CASE WHEN (SELECT count(*) FROM ${rows.from}) > ${MAX_ROWS} THEN ${failureSql('limit', `scan is limited to ${MAX_ROWS} rows here`, 'BOOLEAN')} ELSE TRUE END`;
  translation.ctes.push(
    `${chunks} AS MATERIALIZED (SELECT ${[
      ...within,
      `(t.${serial} - 1) // ${CHUNK} AS ${at}`,
      `list(${struct(
        (_, sql) => sql,
        () => 'NULL',
        '[]',
      )} ORDER BY t.${serial}) AS ${list}`,
    ].join(', ')} FROM ${rows.from} AS t WHERE ${limited} GROUP BY ${[...within, at].join(', ')})`,
    `${walk} AS (SELECT ${[
      ...within,
      `-1::BIGINT AS ${at}`,
      `${struct(
        () => 'NULL',
        (f) => f[2],
        '[]',
      )} AS ${acc}`,
    ].join(', ')} FROM (SELECT DISTINCT ${parts.join(', ') || '1 AS "#none"'} FROM ${chunks}) AS t` +
      ` UNION ALL SELECT ${[
        ...parts.map((p) => `w.${p}`),
        `w.${at} + 1`,
        `list_reduce(c.${list}, lambda scan_p, scan_x: ${body}, ${struct(
          () => 'NULL',
          (f) => `w.${acc}.${f[0]}`,
          '[]',
        )})`,
      ].join(
        ', ',
      )} FROM ${walk} AS w JOIN ${chunks} AS c ON ${[`c.${at} = w.${at} + 1`, ...parts.map((p) => `c.${p} IS NOT DISTINCT FROM w.${p}`)].join(' AND ')})`,
  );
  translation.recursive = true;

  const columns = assignIds(rel.columns);
  const [order, rank] = [translation.hidden('s'), translation.hidden('s')];
  const items = columns.map((c) => {
    const declared = rel.declared.findIndex((d) => d.column.name === c.name);
    return `${c.name === rel.idName ? 'e.o.m' : declared >= 0 ? `e.o.v${declared}` : `r.${rows.columns.find((own) => own.name === c.name)?.id ?? c.id}`} AS ${c.id}`;
  });
  const all = `(SELECT ${[...parts.map((p) => `w.${p}`), `unnest(w.${acc}.o) AS o`].join(', ')} FROM ${walk} AS w)`;
  const kept = steps.some((s) => s.output === 'last')
    ? lastOnly(
        all,
        parts,
        steps.filter((s) => s.output === 'last').map((s) => s.k),
      )
    : all;
  const from = `(SELECT ${[...items, `e.o.i AS ${order}`, `-e.o.k AS ${rank}`, ...parts.map((p) => `e.${p}`)].join(', ')} FROM ${kept} AS e JOIN ${rows.from} AS r ON ${[`r.${serial} = e.o.i`, ...parts.map((p) => `r.${p} IS NOT DISTINCT FROM e.${p}`)].join(' AND ')})`;
  return {
    from,
    columns,
    order: [
      { id: order, desc: false, nullsFirst: false },
      { id: rank, desc: false, nullsFirst: false },
    ],
    partition: parts,
  };
}

/** `body` over a struct of these fields, computed once; what is short is cheaper written out than bound. */
function letIn(name: string, fields: readonly (readonly [string, string])[], body: string): string {
  const short = new Map(fields.filter(([, sql]) => sql.length <= 100));
  const written = body.replace(
    new RegExp(`\\b${name}\\.(\\w+)`, 'g'),
    (whole, field: string) => short.get(field) ?? whole,
  );
  const bound = fields.filter(([field]) => !short.has(field));
  return bound.length === 0
    ? written
    : `list_transform([{${bound.map(([field, sql]) => `${field}: ${sql}`).join(', ')}}], lambda ${name}: ${written})[1]`;
}
/**
 * output=last: of a match's records at such a step the last alone. Whether a record that does not match ends a series
 * of repeating matches is
 * not documented, so a series with a gap is refused.
 */
function lastOnly(all: string, parts: readonly string[], last: readonly number[]): string {
  const over = `(PARTITION BY ${[...parts.map((p) => `e.${p}`), 'e.o.k', 'e.o.m'].join(', ')}`;
  const gap = failureSql(
    'unsupported',
    'The local engine refuses scan with output=last where other records stand between matches of a step',
    'BOOLEAN',
  );
  const whole = `max(e.o.i) OVER ${over}) - min(e.o.i) OVER ${over}) + 1 = count(*) OVER ${over})`;
  return `(SELECT * FROM ${all} AS e QUALIFY e.o.k NOT IN (${last.join(', ')}) OR CASE WHEN ${whole} THEN row_number() OVER ${over} ORDER BY e.o.i DESC) = 1 ELSE ${gap} END)`;
}

/** The columns and state values an expression refers to. */
function columnsIn(expr: Expr): string[] {
  switch (expr.kind) {
    case 'column':
      return expr.name.startsWith('#loose') ? [] : [expr.name];
    case 'call':
    case 'aggregate':
      return expr.args.flatMap(columnsIn);
    case 'convert':
    case 'inQuery':
      return columnsIn(expr.value);
    case 'inArray':
      return [...columnsIn(expr.value), ...columnsIn(expr.array)];
    default:
      return [];
  }
}
function statesIn(expr: Expr): string[] {
  return columnsIn(expr).filter((name) => STATE.test(name));
}
