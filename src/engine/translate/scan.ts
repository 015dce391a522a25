import type { Expr, Rel, ScanStep } from '../../kql/plan.ts';
import type { Column } from '../../model/kqlType.ts';
import { assignIds, missing } from './relation.ts';
import type { Relation } from './relation.ts';
import { emitContext } from './scalars.ts';
import type { ColumnLookup, Translation, Translator } from './translation.ts';
import { serialized } from './windows.ts';

/** Every record is one step of a recursion that looks its row up: beyond this many it would take minutes. */
const MAX_ROWS = 20_000;
const STATE = /^#state\.([^.]*)\.(.*)$/;

/** A value of step `of` kept in the state of step `holder`. */
interface Cell { readonly holder: number; readonly of: number; readonly column: Column; readonly id: string }

/**
 * scan, by the documented matching logic: each record meets the steps from the last to the first. A step first takes over the state of the
 * step before it (check 1), else goes on with its own, the first step also starting anew (check 2). One recursion carries the states.
 */
export function scanSql(rel: Extract<Rel, { kind: 'scan' }>, translation: Translation, translator: Translator): Relation {
  const context = emitContext(translation, rel.place);
  if (rel.partition.length > 0) return context.refuse('scan with its own partition by', 'Put it inside partition by.');
  if (rel.steps.some((s) => s.output === 'last')) return context.refuse('scan with output=last');
  const rows = translation.share(serialized(translator.rel(rel.input), translation), true);
  const serial = rows.order[0]!.id;
  const sources: readonly Column[] = [...rows.columns, ...rel.declared.map((d) => d.column)];
  const columnNamed = (name: string): Column => sources.find((c) => c.name === name) ?? context.refuse(`The value '${name}' of a scan step`);
  const steps = rel.steps.map((step, k) => ({ step, k, active: translation.hidden('a'), match: translation.hidden('id'), one: translation.hidden('m'), two: translation.hidden('m') }));

  // Only values some condition or assignment refers to are carried.
  const wanted = new Map<string, { of: number; column: Column }>();
  for (const { step } of steps) for (const expr of [step.condition, ...step.assignments.map((a) => a.expr)]) for (const name of statesIn(expr)) {
    const [, stepName = '', column = ''] = STATE.exec(name) ?? [];
    wanted.set(name, { of: rel.steps.findIndex((s) => s.name === stepName), column: columnNamed(column) });
  }
  const cells: Cell[] = [...wanted.values()].flatMap(({ of, column }) => steps.filter(({ k }) => k >= of).map(({ k }) => ({ holder: k, of, column, id: translation.hidden('v') })));
  const made = steps.map(() => rel.declared.map((d) => ({ column: d.column, id: translation.hidden('d') })));
  const initial = (column: Column): string => {
    const declared = rel.declared.find((d) => d.column.name === column.name);
    return declared ? context.convert(translator.scalar(declared.expr, () => undefined), column.type).sql : missing(column.type);
  };

  /** Columns of the record, and states as step `k` sees them: those of `holder`, or what they are at the start. */
  const lookup = (holder: number, alive: string | undefined): ColumnLookup => (name) => {
    const match = STATE.exec(name);
    if (!match) { const own = rows.columns.find((c) => c.name === name); return own && { sql: `t.${own.id}`, type: own.type }; }
    const { of, column } = wanted.get(name)!;
    const cell = cells.find((c) => c.holder === holder && c.of === of && c.column.name === column.name);
    const sql = cell ? (alive ? `CASE WHEN ${alive} THEN t.${cell.id} ELSE ${initial(column)} END` : `t.${cell.id}`) : initial(column);
    return { sql, type: column.type };
  };
  const test = (step: ScanStep, at: ColumnLookup): string => `coalesce(${translator.condition(step.condition, at)}, FALSE)`;
  const alive = (k: number): string => { const next = steps[k + 1]; return next ? `(t.${steps[k]!.active} AND NOT t.${next.one})` : `t.${steps[k]!.active}`; };

  const firsts = steps.map(({ step, k, one }) => `${k === 0 ? 'FALSE' : `(t.${steps[k - 1]!.active} AND ${test(step, lookup(k - 1, undefined))})`} AS ${one}`);
  const seconds = steps.map(({ step, k, one, two }) => `(NOT t.${one} AND ${k === 0 ? '' : `${alive(k)} AND `}${test(step, lookup(k, alive(k)))}) AS ${two}`);
  const assigned = steps.flatMap(({ step, k, one }) => made[k]!.map(({ column, id }) => {
    const own = step.assignments.find((a) => a.column.name === column.name);
    if (!own) return `${initial(column)} AS ${id}`;
    const value = (at: ColumnLookup): string => context.convert(translator.scalar(own.expr, at), column.type).sql;
    return `${k === 0 ? value(lookup(0, alive(0))) : `CASE WHEN t.${one} THEN ${value(lookup(k - 1, undefined))} ELSE ${value(lookup(k, alive(k)))} END`} AS ${id}`;
  }));
  const [index, next] = [translation.hidden('i'), translation.hidden('n')];
  const started = `(t.${steps[0]!.two} AND NOT ${alive(0)})`;
  const parts = rows.partition;
  const carried = [
    ...parts.map((p) => `t.${p} AS ${p}`), `t.${index} + 1 AS ${index}`, `t.${next} + CASE WHEN ${started} THEN 1 ELSE 0 END AS ${next}`,
    ...steps.map(({ k, active, one, two }) => `(t.${one} OR t.${two} OR ${alive(k)}) AS ${active}`),
    ...steps.map(({ k, match, one }) => `${k === 0 ? `CASE WHEN ${started} THEN t.${next} ELSE t.${match} END` : `CASE WHEN t.${one} THEN t.${steps[k - 1]!.match} ELSE t.${match} END`} AS ${match}`),
    ...cells.map(({ holder, of, column, id }) => {
      const { one, two } = steps[holder]!;
      if (of < holder) { const before = cells.find((c) => c.holder === holder - 1 && c.of === of && c.column.name === column.name)!; return `CASE WHEN t.${one} THEN t.${before.id} ELSE t.${id} END AS ${id}`; }
      const declared = made[holder]!.find((d) => d.column.name === column.name);
      const fresh = declared ? declared.id : rows.columns.find((c) => c.name === column.name)!.id;
      return `CASE WHEN t.${one} OR t.${two} THEN t.${fresh} ELSE t.${id} END AS ${id}`;
    }),
    ...steps.flatMap(({ k, one, two }) => [`t.${one} AS ${one}`, `t.${two} AS ${two}`, ...made[k]!.map((d) => `t.${d.id} AS ${d.id}`)]),
  ];
  const start = [
    ...parts.map((p) => `t.${p} AS ${p}`), `0::BIGINT AS ${index}`, `0::BIGINT AS ${next}`, ...steps.map(({ active }) => `FALSE AS ${active}`), ...steps.map(({ match }) => `0::BIGINT AS ${match}`),
    ...cells.map(({ column, id }) => `${initial(column)} AS ${id}`), ...steps.flatMap(({ k, one, two }) => [`FALSE AS ${one}`, `FALSE AS ${two}`, ...made[k]!.map((d) => `${initial(d.column)} AS ${d.id}`)]),
  ];
  const walk = translation.hidden('scan');
  const bySerial = (alias: string): string => [`r.${serial} = ${alias}`, ...parts.map((p) => `r.${p} IS NOT DISTINCT FROM w.${p}`)].join(' AND ');
  const rowIds = rows.columns.map((c) => `r.${c.id}`);
  const recursion = `SELECT ${carried.join(', ')} FROM (SELECT *, ${assigned.join(', ') || '0 AS "#none"'} FROM (SELECT *, ${seconds.join(', ')} FROM (SELECT *, ${firsts.join(', ')} FROM (SELECT ${['w.* EXCLUDE (' + [...steps.flatMap((s) => [s.one, s.two]), ...made.flat().map((d) => d.id)].join(', ') + ')', ...rowIds].join(', ')} FROM ${walk} AS w JOIN ${rows.from} AS r ON ${bySerial(`w.${index} + 1`)}) AS t) AS t) AS t) AS t`;
  const anchor = `SELECT ${start.join(', ')} FROM (SELECT ${parts.length > 0 ? `DISTINCT ${parts.map((p) => `t.${p}`).join(', ')}` : '1'} FROM ${rows.from} AS t${parts.length > 0 ? '' : ' LIMIT 1'}) AS t WHERE CASE WHEN (SELECT count(*) FROM ${rows.from}) > ${MAX_ROWS} THEN error('scan is limited to ${MAX_ROWS} rows here') ELSE TRUE END`;
  translation.ctes.push(`${walk} AS (${anchor} UNION ALL ${recursion})`);
  translation.recursive = true;

  const columns = assignIds(rel.columns);
  const [order, rank] = [translation.hidden('s'), translation.hidden('s')];
  const outputs = steps.filter(({ step }) => step.output === 'all').map(({ k, match, one, two }) => {
    const items = columns.map((c) => {
      if (c.name === rel.idName) return `w.${match} AS ${c.id}`;
      const declared = made[k]!.find((d) => d.column.name === c.name);
      if (declared) return `w.${declared.id} AS ${c.id}`;
      return `r.${rows.columns.find((own) => own.name === c.name)?.id ?? c.id} AS ${c.id}`;
    });
    return `SELECT ${[...items, `w.${index} AS ${order}`, `${-k} AS ${rank}`, ...parts.map((p) => `w.${p}`)].join(', ')} FROM ${walk} AS w JOIN ${rows.from} AS r ON ${bySerial(`w.${index}`)} WHERE w.${one} OR w.${two}`;
  });
  if (outputs.length === 0) return context.refuse('scan without output');
  return { from: `(${outputs.join(' UNION ALL ')})`, columns, order: [{ id: order, desc: false, nullsFirst: false }, { id: rank, desc: false, nullsFirst: false }], partition: parts };
}

/** The state values an expression refers to. */
function statesIn(expr: Expr): string[] {
  switch (expr.kind) {
    case 'column': return STATE.test(expr.name) ? [expr.name] : [];
    case 'call': case 'aggregate': return expr.args.flatMap(statesIn);
    case 'convert': case 'inQuery': return statesIn(expr.value);
    case 'inArray': return [...statesIn(expr.value), ...statesIn(expr.array)];
    default: return [];
  }
}
