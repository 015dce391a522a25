import type { Expr, Rel } from '../../kql/plan.ts';
import type { Column } from '../../model/kqlType.ts';
import type { EmitContext } from '../functions/contract.ts';

type Scan = Extract<Rel, { kind: 'scan' }>;

/** A step of scan. What does not look at a state is a column `#loose<n>` of the record in it. */
export interface Step {
  readonly k: number;
  readonly name: string;
  readonly output: Scan['steps'][number]['output'];
  readonly condition: Expr;
  readonly assignments: readonly { readonly column: Column; readonly expr: Expr }[];
}
/** A value of step `of` kept in the state of step `holder`, in field `id`. */
export interface Cell {
  readonly holder: number;
  readonly of: number;
  readonly column: Column;
  readonly id: string;
}
/** What the conditions and assignments of a scan refer to. */
export interface Referred {
  /** The states, by the names the plan gives them. */
  readonly states: ReadonlyMap<string, { readonly of: number; readonly column: Column }>;
  /** The columns of the record itself. */
  readonly columns: ReadonlySet<string>;
  readonly cells: readonly Cell[];
}

/** The plan's name for a column of a step's state. */
const STATE = /^#state\.([^.]*)\.(.*)$/;
const LOOSE = '#loose';

/** The number of an expression that was computed beforehand; undefined for other columns. */
export function looseNumber(name: string): number | undefined {
  return name.startsWith(LOOSE) ? Number(name.slice(LOOSE.length)) : undefined;
}

/** The steps, and their parts that do not look at a state: those are computed for all records at once. */
export function stepsOf(rel: Scan, context: EmitContext): { readonly steps: Step[]; readonly loose: Expr[] } {
  const loose: Expr[] = [];
  const lift = (expr: Expr): Expr => {
    if (expr.kind === 'literal' || expr.kind === 'column') return expr;
    if (!columnsIn(expr).some((name) => STATE.test(name))) {
      loose.push(expr);
      return { kind: 'column', name: `${LOOSE}${loose.length - 1}`, type: expr.type };
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
  return { steps, loose };
}

/** What the steps refer to: only that is carried from record to record. `columns` are the record's and the declared. */
export function referred(steps: readonly Step[], columns: readonly Column[], context: EmitContext): Referred {
  const states = new Map<string, { of: number; column: Column }>();
  const used = new Set<string>();
  for (const { condition, assignments } of steps)
    for (const expr of [condition, ...assignments.map((a) => a.expr)])
      for (const name of columnsIn(expr)) {
        const [state, stepName = '', wanted = ''] = STATE.exec(name) ?? [];
        used.add(state === undefined ? name : wanted);
        if (state === undefined) continue;
        const column = columns.find((c) => c.name === wanted);
        if (!column) return context.refuse(`The value '${wanted}' of a scan step`);
        states.set(name, { of: steps.findIndex((s) => s.name === stepName), column });
      }
  // A step's own values, and those it has taken over from the steps before it.
  const cells = [...states.values()].flatMap(({ of, column }, i) =>
    steps.filter(({ k }) => k >= of).map(({ k }): Cell => ({ holder: k, of, column, id: `c${i}_${k}` })),
  );
  return { states, columns: used, cells };
}

/** The columns and state values an expression refers to. */
function columnsIn(expr: Expr): string[] {
  switch (expr.kind) {
    case 'column':
      return looseNumber(expr.name) === undefined ? [expr.name] : [];
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
