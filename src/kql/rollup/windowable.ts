import { AppError } from '../../base/errors.ts';
import type { RollupKind } from '../../model/rollup.ts';
import { TICKS } from '../../model/values/ticks.ts';
import { isConstant, isByChance } from '../across/pushing.ts';
import type { Expr, Place, Rel } from '../plan.ts';

/** What a roll-up of a query is; `binMinutes` of a summary, where the width of its bins is written as a constant. */
export interface Windowable {
  readonly kind: RollupKind;
  readonly binMinutes?: number;
}

/**
 * Whether a bound query may be asked window by window of ingestion time, so that what the windows bring makes the same
 * answer as all rows at once. Throws `query.unsupported` with the operator, its place and the reason where it may not.
 */
export function windowable(rel: Rel): Windowable {
  if (isByChance(rel)) refuse('rand() and new_guid()', rel.place, 'a window that is read twice has to bring the same');
  return ofRel(rel);
}

/** `above`: what already stands on these rows, where it may not stand on a summary. */
function ofRel(rel: Rel, above?: 'summarize' | 'union'): Windowable {
  switch (rel.kind) {
    case 'table':
      return { kind: 'portion' };
    case 'filter':
    case 'project':
    case 'mvExpand':
    case 'parse':
    case 'parseKv':
    case 'spread':
    case 'materialize':
      return ofRel(rel.input, above);
    case 'union': {
      for (const { rel: leg } of rel.inputs) if (!isConstant(leg)) ofRel(leg, above ?? 'union');
      return { kind: 'portion' };
    }
    case 'join':
      if (isConstant(rel.right) && /^(?:inner|leftouter|leftsemi|leftanti)$/.test(rel.flavor))
        return ofRel(rel.left, above);
      return refuse(
        rel.lookup ? 'lookup' : 'join',
        rel.place,
        'two rows that belong together may be ingested in different windows; roll up both sides and join them there',
      );
    case 'aggregate': {
      if (above === 'summarize')
        refuse(
          'summarize below summarize',
          rel.place,
          'it is whole only when all windows are there; ask the second of what is rolled up',
        );
      if (above === 'union')
        refuse(
          'summarize below union',
          rel.place,
          'only one summary can be put together again; make a roll-up of each',
        );
      ofRel(rel.input, 'summarize');
      return summaryOf(rel);
    }
    case 'sort':
      if (endsInSummary(rel.input)) return ofRel(rel.input, above);
      return refuse('sort', rel.place, 'stored rows have no order; leave it out');
    default:
      return isConstant(rel)
        ? refuse('a query that reads no table', rel.place, 'there is nothing to roll up')
        : refuse(...(REASONS[rel.kind] ?? [NAMES[rel.kind] ?? rel.kind, MANY]), rel.place);
  }
}

function summaryOf(rel: Extract<Rel, { kind: 'aggregate' }>): Windowable {
  const bins = rel.keys.flatMap(({ expr }) => binOf(origin(expr, rel.input)) ?? []);
  if (bins.length === 0)
    refuse(
      'summarize without a time bin',
      rel.place,
      'it would grow for ever and never be done with; group by bin(TimeGenerated, 1h) as well',
    );
  const widths = bins.filter((bin) => bin > 0);
  return { kind: 'summary', ...(widths.length > 0 ? { binMinutes: Math.min(...widths) } : {}) };
}

/** The columns of groups that are time bins. */
export function binColumns({ keys, input }: Extract<Rel, { kind: 'aggregate' }>): string[] {
  return keys.flatMap(({ column, expr }) => (binOf(origin(expr, input)) === undefined ? [] : [column.name]));
}

function endsInSummary(rel: Rel): boolean {
  if (rel.kind === 'aggregate') return true;
  return (rel.kind === 'filter' || rel.kind === 'project' || rel.kind === 'sort') && endsInSummary(rel.input);
}

/** What a column of the rows below is made of, as far as that is one expression. */
function origin(expr: Expr, input: Rel): Expr {
  if (expr.kind !== 'column') return expr;
  if (input.kind === 'filter') return origin(expr, input.input);
  if (input.kind !== 'project') return expr;
  const made = input.items.find(({ column }) => column.name === expr.name);
  return made ? origin(made.expr, input.input) : expr;
}

const STARTS: Readonly<Record<string, number>> = {
  startofday: 1440,
  startofweek: 10_080,
  startofmonth: 0,
  startofyear: 0,
};

/** Minutes of a time bin, 0 where they are not known; undefined where an expression is none. */
function binOf(expr: Expr): number | undefined {
  if (expr.type !== 'datetime') return undefined;
  if (expr.kind === 'convert') return binOf(expr.value);
  if (expr.kind !== 'call') return undefined;
  if (expr.name in STARTS) return STARTS[expr.name];
  if (!/^(?:bin|floor|bin_at)$/.test(expr.name)) return undefined;
  const [, width] = expr.args;
  return width?.kind === 'literal' && typeof width.value === 'bigint' ? Number(width.value / TICKS.minute) : 0;
}

const MANY = 'it looks at many rows together, and they come in different windows';
const WHOLE = 'it chooses among all rows, and each window has only its own; ask it of what has been rolled up';
const REASONS: Partial<Record<Rel['kind'], readonly [string, string]>> = {
  take: ['take or top', WHOLE],
  sample: ['sample', WHOLE],
  topNested: ['top-nested', WHOLE],
  distinct: ['distinct', 'a value seen in two windows would be there twice; group by it and a time bin instead'],
};
const NAMES: Partial<Record<Rel['kind'], string>> = {
  makeSeries: 'make-series',
  mvApply: 'mv-apply',
  bagUnpack: 'bag_unpack',
  schemaOf: 'getschema',
};

function refuse(construct: string, why: Place | string, place: Place | string): never {
  const [at, reason] = typeof why === 'string' ? [place as Place, why] : [why, place as string];
  throw new AppError(
    'query.unsupported',
    `A roll-up is asked window by window, and ${construct} cannot be: ${reason}.`,
    { data: { construct, start: at.start, length: at.length } },
  );
}
