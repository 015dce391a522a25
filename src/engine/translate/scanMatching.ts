import type { Expr } from '../../kql/plan.ts';
import type { Column, KqlType } from '../../model/kqlType.ts';
import { SQL, joined, lambda, named } from '../sql/expression.ts';
import type { Sql, SqlType } from '../sql/expression.ts';
import { sqlType } from './relation.ts';
import { looseNumber } from './scanStates.ts';
import type { Cell, Referred, Step } from './scanStates.ts';
import type { ColumnLookup, Translator } from './translation.ts';

/** A field of the struct that stands for a record: `own` is the column's name, where it is a column. */
export interface RecordField {
  readonly field: string;
  readonly own?: string;
  readonly type: KqlType;
  /** Its value in the rows the scan reads, which are called `t`. */
  readonly sql: Sql;
}
/** A field of the state: what it is before the first record, and after the next one. */
export interface StateField {
  readonly field: string;
  readonly type: SqlType;
  readonly start: Sql;
  readonly next: Sql;
}
/** One record more: the state after it, and what it puts out (lists of structs). */
export interface Advance {
  readonly fields: readonly StateField[];
  readonly outputs: readonly Sql[];
}

/** What a scan is matched with. */
export interface MatchingParts {
  readonly steps: readonly Step[];
  readonly referred: Referred;
  readonly record: readonly RecordField[];
  readonly declared: readonly Column[];
  /** A declared column's first value, or the missing value of its type. */
  readonly initial: (column: Column) => Sql;
  /** An expression's value in a type. */
  readonly value: (expr: Expr, at: ColumnLookup, type: KqlType) => Sql;
  readonly translator: Translator;
}

/** The record, and the state of the fold so far. */
const record = (field: string): Sql => named(`scan_x.${field}`);
const past = (field: string): Sql => named(`scan_p.${field}`);

/** How a field that was computed before is written. */
type Written = (field: string) => Sql;
type Field = readonly [name: string, sql: Sql];

/**
 * The documented matching logic for one record: it meets the steps from the last to the first. A step first takes over
 * the state of the step before it (check 1), else goes on with its own, the first step also starting anew (check 2).
 *
 * The state's fields: `a<k>` step k is active, `m<k>` the match it is in, its cells, `n` the next match's number.
 */
export class Matching {
  private readonly parts: MatchingParts;
  constructor(parts: MatchingParts) {
    this.parts = parts;
  }

  /** `body` of the next state, its parts computed once in the order they need one another. */
  advance(body: (next: Advance) => Sql): Sql {
    const ones = this.takenOver();
    const byName =
      (of: string): Written =>
      (field) =>
        named(`${of}.${field}`);
    return letIn('scan_1', ones, ones, (one) => {
      const wentOn = [byName('scan_1'), one].map((written) => this.wentOn(written)) as [Field[], Field[]];
      return letIn('scan_2', ...wentOn, (two) => {
        const assigned = [byName('scan_1'), one].map((written) => this.assigned(written)) as [Field[], Field[]];
        return letIn('scan_3', ...assigned, (value) => body(this.next(one, two, value)));
      });
    });
  }
  /** The state's fields before the first record; `next` says nothing there. */
  start(): readonly Omit<StateField, 'next'>[] {
    const nothing: Written = named;
    return this.next(nothing, nothing, nothing).fields;
  }

  /** Check 1: the step before is active, and the record fits with its state. */
  private takenOver(): Field[] {
    return this.parts.steps
      .slice(1)
      .map(({ k, condition }) => [
        `one${k}`,
        SQL`(${past(`a${k - 1}`)} AND ${this.fits(condition, this.lookup(k - 1))})`,
      ]);
  }
  /** Check 2: the step goes on from its own state; the first begins anew where it has none. */
  private wentOn(one: Written): Field[] {
    return this.parts.steps.map(({ k, condition }) => {
      const alive = this.alive(k, one);
      const going = k === 0 ? '' : SQL`${alive} AND `;
      return [`two${k}`, SQL`(NOT ${taken(k, one)} AND ${going}${this.fits(condition, this.lookup(k, alive))})`];
    });
  }
  /** The declared columns as the step that matches sets them. */
  private assigned(one: Written): Field[] {
    const { declared, initial, value } = this.parts;
    return this.parts.steps.flatMap(({ k, assignments }) =>
      declared.map((column, i): Field => {
        const own = assignments.find((a) => a.column.name === column.name);
        const at = (lookup: ColumnLookup): Sql => value(own!.expr, lookup, column.type);
        const going = (): Sql => at(this.lookup(k, this.alive(k, one)));
        const sql = !own
          ? initial(column)
          : k === 0
            ? going()
            : SQL`CASE WHEN ${taken(k, one)} THEN ${at(this.lookup(k - 1))} ELSE ${going()} END`;
        return [`d${k}_${i}`, SQL`(${sql})::${sqlType(column.type)}`];
      }),
    );
  }

  private next(one: Written, two: Written, value: Written): Advance {
    const { steps, declared } = this.parts;
    const matched = (k: number): Sql => SQL`(${taken(k, one)} OR ${two(`two${k}`)})`;
    const started = SQL`(${two('two0')} AND NOT ${this.alive(0, one)})`;
    const match = (k: number): Sql =>
      k === 0
        ? SQL`CASE WHEN ${started} THEN ${past('n')} ELSE ${past('m0')} END`
        : SQL`CASE WHEN ${taken(k, one)} THEN ${past(`m${k - 1}`)} ELSE ${past(`m${k}`)} END`;
    const outputs = steps
      .filter((s) => s.output !== 'none')
      .map(({ k }) => {
        const values = declared.map((_, i) => SQL`${named(`v${i}`)}: ${value(`d${k}_${i}`)}`);
        const row = joined([SQL`i: ${record('i')}`, SQL`k: ${k}`, SQL`m: ${match(k)}`, ...values], ', ');
        return SQL`CASE WHEN ${matched(k)} THEN [{${row}}] ELSE [] END`;
      });
    const ofSteps = steps.flatMap(({ k }): StateField[] => [
      { field: `a${k}`, type: 'BOOLEAN', start: SQL`FALSE`, next: SQL`(${matched(k)} OR ${this.alive(k, one)})` },
      { field: `m${k}`, type: 'BIGINT', start: SQL`0`, next: match(k) },
    ]);
    const ofCells = this.parts.referred.cells.map((cell): StateField => {
      const { holder, of, column, id } = cell;
      const next =
        of < holder
          ? SQL`CASE WHEN ${taken(holder, one)} THEN ${past(this.cell(holder - 1, of, column)!.id)} ELSE ${past(id)} END`
          : SQL`CASE WHEN ${matched(holder)} THEN ${this.fresh(cell, value)} ELSE ${past(id)} END`;
      return { field: id, type: sqlType(column.type), start: this.parts.initial(column), next };
    });
    const number = SQL`${past('n')} + CASE WHEN ${started} THEN 1 ELSE 0 END`;
    return { fields: [...ofSteps, ...ofCells, { field: 'n', type: 'BIGINT', start: SQL`0`, next: number }], outputs };
  }
  /** The value a matching step keeps: what it sets, or what the record has. */
  private fresh({ holder, column }: Cell, value: Written): Sql {
    const declared = this.parts.declared.findIndex((d) => d.name === column.name);
    if (declared >= 0) return value(`d${holder}_${declared}`);
    return record(this.parts.record.find((r) => r.own === column.name)!.field);
  }

  /** Whether a step's own state is still there: the step after it has not taken it over. */
  private alive(k: number, one: Written): Sql {
    const active = past(`a${k}`);
    return k + 1 < this.parts.steps.length ? SQL`(${active} AND NOT ${taken(k + 1, one)})` : active;
  }
  private fits(condition: Expr, at: ColumnLookup): Sql {
    return SQL`coalesce(${this.parts.translator.condition(condition, at)}, FALSE)`;
  }
  private cell(holder: number, of: number, column: Column): Cell | undefined {
    return this.parts.referred.cells.find((c) => c.holder === holder && c.of === of && c.column.name === column.name);
  }
  /** Columns as a step sees them: those of the record, and states of `holder`, or what they are at the start. */
  private lookup(holder: number, alive?: Sql): ColumnLookup {
    const { referred, initial } = this.parts;
    return (name) => {
      const state = referred.states.get(name);
      if (!state) {
        const loose = looseNumber(name);
        const own = this.parts.record.find((r) => (loose === undefined ? r.own === name : r.field === `l${loose}`));
        return own && { sql: record(own.field), type: own.type };
      }
      const { of, column } = state;
      const cell = this.cell(holder, of, column);
      if (!cell) return { sql: initial(column), type: column.type };
      const kept = past(cell.id);
      return {
        sql: alive ? SQL`(CASE WHEN ${alive} THEN ${kept} ELSE ${initial(column)} END)` : kept,
        type: column.type,
      };
    };
  }
}

/** Whether step `k` has taken over the state before it: the first has none. */
function taken(k: number, one: Written): Sql {
  return k === 0 ? SQL`FALSE` : one(`one${k}`);
}

/** Longer than this, a value is bound to a name; what is short is cheaper written out. */
const SHORT = 100;
/**
 * `body` over the fields of a struct, each computed once. `measured` are the fields as they are where those before them
 * are names: their length says what is short.
 */
function letIn(
  name: string,
  measured: readonly Field[],
  fields: readonly Field[],
  body: (written: Written) => Sql,
): Sql {
  const short = new Map(fields.filter((_, i) => measured[i]![1].size <= SHORT));
  const bound = fields.filter(([field]) => !short.has(field));
  const made = body((field) => short.get(field) ?? named(`${name}.${field}`));
  if (bound.length === 0) return made;
  const struct = bound.map(([field, sql]) => SQL`${named(field)}: ${sql}`);
  return SQL`list_transform([{${struct}}], ${lambda([name], () => made)})[1]`;
}
