import type { Column } from '../../model/kqlType.ts';
import type { Expr, Rel } from '../plan.ts';
import { columnRef, freshName, relsOf } from './expressions.ts';
import { isConstant } from './pushing.ts';
import { below } from './telling.ts';

/** The column of every table that says which workspace a row is of. */
export const WORKSPACE_ID = 'TenantId';

/** A remote part whose rows say which workspace they are of, by this column. */
export interface Carried {
  readonly rel: Rel;
  readonly key: Column;
}

/**
 * A remote part as several workspaces may be asked it together: the rows that each of them would give by itself, with
 * the workspace's id beside them. `type` is that of the id in their tables. Undefined where a row of several workspaces
 * cannot be told from one of a single one: such a part is asked of each alone.
 */
export function carried(part: Rel, type: Column['type']): Carried | undefined {
  const key: Column = { name: freshName(WORKSPACE_ID, namesIn(part)), type };
  const rel = new Carrying(key, WORKSPACE_ID).of(part);
  return rel && { rel, key };
}

/**
 * The same of the customers of one workspace: whose a row is, is a column that its tables are given where the part is
 * written.
 */
export function carriedOwner(part: Rel): Carried | undefined {
  const key: Column = { name: freshName('_Owner', namesIn(part)), type: 'long' };
  const rel = new Carrying(key, key.name).of(part);
  return rel && { rel, key };
}

function namesIn(part: Rel): Set<string> {
  return new Set([...below(part)].flatMap(({ columns }) => columns.map(({ name }) => name)));
}

/** Takes the key along from the tables up. */
class Carrying {
  private readonly key: Column;
  /** What tables call it. */
  private readonly source: string;
  private readonly made = new Map<Rel, Rel | undefined>();

  constructor(key: Column, source: string) {
    this.key = key;
    this.source = source;
  }

  /** One object of the plan is one object still: what stands on it twice is asked once. */
  of(rel: Rel): Rel | undefined {
    if (!this.made.has(rel)) this.made.set(rel, this.anew(rel));
    return this.made.get(rel);
  }

  private anew(rel: Rel): Rel | undefined {
    const { key } = this;
    switch (rel.kind) {
      case 'table':
        return rel.table.written === undefined ? this.table(rel) : undefined;
      case 'filter':
        return this.above(rel, [rel.condition], ({ columns }) => columns);
      case 'materialize':
      case 'distinct':
        return this.above(rel, [], ({ columns }) => columns);
      case 'project': {
        const items = [...rel.items, { column: key, expr: columnRef(key) }];
        const exprs = rel.items.map(({ expr }) => expr);
        return this.above({ ...rel, items }, exprs, () => items.map(({ column }) => column));
      }
      case 'aggregate': {
        const exprs = [...rel.keys, ...rel.items].map(({ expr }) => expr);
        const keys = [...rel.keys, { column: key, expr: columnRef(key) }];
        const columns = [...keys.map(({ column }) => column), ...rel.columns.slice(rel.keys.length)];
        return this.above({ ...rel, keys }, exprs, () => columns);
      }
      case 'take':
        return this.take(rel);
      case 'mvExpand':
        return this.above(
          rel,
          rel.items.map(({ expr }) => expr),
          (input) => this.passed(rel, input),
        );
      case 'parse':
      case 'parseKv':
        return this.above(rel, [rel.value], (input) => this.passed(rel, input));
      case 'union':
        return this.union(rel);
      case 'join':
        return this.join(rel);
      default:
        return undefined;
    }
  }

  /** Where its own id is read as well, or a name is as ours would be, it comes along under another. */
  private table(rel: Of<'table'>): Rel {
    const { source } = this;
    const own: Column = this.key.name === source ? this.key : { name: source, type: this.key.type };
    const read = rel.columns.some(({ name }) => name === source);
    const table = { ...rel, columns: read ? rel.columns : [...rel.columns, own] };
    if (own === this.key) return table;
    const items = [...rel.columns, this.key].map((column) => ({
      column,
      expr: columnRef(column === this.key ? own : column),
    }));
    return { kind: 'project', input: table, items, columns: items.map(({ column }) => column), place: rel.place };
  }

  /** An operator on the rows of its input that treats each workspace's as it would alone. */
  private above<R extends Rel & { readonly input: Rel }>(
    rel: R,
    exprs: readonly Expr[],
    columnsOf: (input: Rel) => readonly Column[] | undefined,
  ): Rel | undefined {
    const input = exprs.every(isAlike) ? this.of(rel.input) : undefined;
    const columns = input && columnsOf(input);
    return columns && ({ ...rel, input, columns } as Rel);
  }

  /** Columns of an operator that passes its input's on, the key with them, before those it makes. */
  private passed(rel: Rel & { readonly input: Rel }, input: Rel): readonly Column[] | undefined {
    if (input.columns.at(-1) !== this.key) return undefined;
    const before = new Set(rel.input.columns.map(({ name }) => name));
    const at = rel.columns.findLastIndex(({ name }) => before.has(name)) + 1;
    return rel.columns.toSpliced(at, 0, this.key);
  }

  /** So many rows of each workspace. */
  private take(rel: Of<'take'>): Rel | undefined {
    const { key } = this;
    const input = [rel.count, ...rel.keys.map(({ expr }) => expr)].every(isAlike) ? this.of(rel.input) : undefined;
    if (!input) return undefined;
    const { columns } = input;
    const subject = { id: -1, columns };
    const rows: Rel = { kind: 'subject', subject, columns, place: rel.place };
    const body: Rel = { ...rel, input: rows, columns };
    return { kind: 'partition', input, key: columnRef(key), subject, body, limited: false, columns, place: rel.place };
  }

  private union(rel: Of<'union'>): Rel | undefined {
    // What `withsource` calls a table of another workspace, that workspace alone would not.
    if (rel.source !== undefined) return undefined;
    const at = rel.columns.length;
    const inputs = [];
    for (const leg of rel.inputs) {
      const made = this.of(leg.rel);
      if (!made) return undefined;
      const targets = new Map(leg.rel.columns.map(({ name }, i) => [name, leg.target[i]!]));
      inputs.push({ ...leg, rel: made, target: made.columns.map((c) => (c === this.key ? at : targets.get(c.name)!)) });
    }
    return { ...rel, inputs, columns: [...rel.columns, this.key] };
  }

  /** A join with rows that are the same for everybody. */
  private join(rel: Of<'join'>): Rel | undefined {
    if (!isConstant(rel.right) || !rel.on.every((pair) => pair.every(isAlike))) return undefined;
    const left = this.of(rel.left);
    return left && { ...rel, left, columns: [...left.columns, ...rel.columns.slice(rel.left.columns.length)] };
  }
}

type Of<K extends Rel['kind']> = Extract<Rel, { kind: K }>;

/** Whether an expression reads no tables: those would be everybody's. */
function isAlike(expr: Expr): boolean {
  return relsOf(expr).every(isConstant);
}
