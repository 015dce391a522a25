import type { Column } from '../../model/kqlType.ts';
import type { Expr, Plan, Rel } from '../plan.ts';
import { aggregatePipe } from './aggregates.ts';
import { mvApplyPipe, mvExpandPipe, partitionPipe } from './expand.ts';
import { joinPipe } from './joins.ts';
import { FreshNames } from './names.ts';
import { parseKvPipe, parsePipe } from './parse.ts';
import { bagUnpackRel, ipLookupPipe, pivotPipe, pluginPipe, reducePipe } from './plugins.ts';
import { projectPipe } from './project.ts';
import { indented, piped, pipeText, unprintable } from './printer.ts';
import type { Of, Pipe, Printer } from './printer.ts';
import { renderText } from './render.ts';
import { distinctPipe, filterPipe, sortPipe, takePipe } from './rows.ts';
import { scalarText } from './scalars.ts';
import { scanPipe } from './scan.ts';
import { makeSeriesPipe, topNestedPipe } from './series.ts';
import { namesIn, sharedNodes } from './sharedRels.ts';
import { rangePipe, tablePipe, valuesPipe } from './sources.ts';
import { spreadPipe, spreadProject } from './spread.ts';
import { unionPipe } from './unions.ts';

/** A table of the plan. */
export type TableRel = Of<'table'>;

/** How a plan is written. */
export interface PrintOptions {
  /**
   * KQL of a table: a tabular expression with exactly the columns of the node. By default the table's name, with a
   * project where the node has not all of its columns; tables of several workspaces are then refused.
   */
  readonly table?: (rel: TableRel) => string;
  /**
   * What `now()` and `ago()` are written as: an instant in ticks, or the name that a `let` before the text gives one;
   * as calls where absent.
   */
  readonly now?: bigint | string;
}

/**
 * One tabular expression as KQL, for the service as for our own binder: what it says has exactly the columns and rows
 * of the plan. Nodes that several others stand on are evaluated once, in `let` statements before it. No comment or name
 * of the query it was bound from is in it but those of columns and tables. Throws `query.unsupported` with the
 * construct and its place for what has no text.
 */
export function printQuery(rel: Rel, options: PrintOptions = {}): string {
  return new PlanPrinter([rel], options).statements([pipeOf(rel)]);
}

/**
 * A whole plan as KQL: its statements, and what `render` asks for at the end. Results that have names of their own
 * (`fork`, `facet`) are refused.
 *
 * @internal Only the proof of the printer asks for it.
 */
export function printPlan(plan: Plan, options: PrintOptions = {}): string {
  const own = plan.results.findIndex(({ name }, i) => name !== (i === 0 ? 'PrimaryResult' : `Result${i + 1}`));
  const named = plan.results[own];
  if (named) throw unprintable(`The result '${named.name}' of fork or facet`, named.rel.place);
  const last = plan.results.length - 1;
  return new PlanPrinter(
    plan.results.map((r) => r.rel),
    options,
  ).statements(
    plan.results.map(
      ({ rel }, i) =>
        (printer: Printer) =>
          i === last && plan.render ? piped(printer.rel(rel), renderText(plan.render)) : printer.rel(rel),
    ),
  );
}

/**
 * A scalar expression over rows of the columns `row` as KQL; `query.unsupported` as above.
 *
 * @internal Only the proof of the printer asks for it.
 */
export function printExpr(expr: Expr, row: readonly Column[] = [], options: PrintOptions = {}): string {
  const printer = new PlanPrinter([], options);
  const text = printer.scalar(expr, row);
  if (printer.lets.length > 0) throw unprintable('A value that stands on a table with a name', { start: 0, length: 0 });
  return text;
}

function pipeOf(rel: Rel): (printer: Printer) => Pipe {
  return (printer) => printer.rel(rel);
}

class PlanPrinter implements Printer {
  readonly now: bigint | string | undefined;
  readonly lets: string[] = [];
  private readonly options: PrintOptions;
  private readonly shared: ReadonlySet<Rel>;
  private readonly names: FreshNames;
  private readonly given = new Map<Rel, string>();
  /** Rows of the subqueries around, with the names that some have been given. */
  private readonly subjects: { name?: string }[] = [];
  private database: TableRel['database'] | undefined;

  constructor(roots: readonly Rel[], options: PrintOptions) {
    this.options = options;
    this.now = options.now;
    this.shared = sharedNodes(roots);
    this.names = new FreshNames(namesIn(roots));
  }

  /** The statements, `let`s before them. */
  statements(results: readonly ((printer: Printer) => Pipe)[]): string {
    const texts = results.map((result) => pipeText(result(this)));
    return [...this.lets, ...texts].join(';\n');
  }
  scalar(expr: Expr, row: readonly Column[], level?: number): string {
    return scalarText(expr, row, this, level);
  }
  fresh(stem: string): string {
    return this.names.next(stem);
  }
  isNamed(rel: Rel): boolean {
    return this.shared.has(rel);
  }
  named(rel: Rel): string {
    const known = this.given.get(rel);
    if (known !== undefined) return known;
    const text = pipeText(rel.kind === 'materialize' ? this.rel(rel.input) : this.operator(rel, false));
    const name = this.names.next('shared');
    this.given.set(rel, name);
    // Rows that are written out are the same each time.
    const once =
      rel.kind === 'values'
        ? text
        : text.includes('\n')
          ? `materialize(\n${indented(text)}\n)`
          : `materialize(${text})`;
    this.lets.push(`let ${name} = ${once}`);
    return name;
  }
  apart(rel: Rel, loose = false): Pipe {
    const pipe = this.rel(rel, loose);
    const subject = this.subjects.at(-1);
    if (pipe.source !== undefined || !subject) return pipe;
    subject.name ??= this.names.next('rows');
    return { ...pipe, source: subject.name };
  }
  body(rel: Rel): Pipe {
    const own: { name?: string } = {};
    this.subjects.push(own);
    const pipe = this.rel(rel);
    this.subjects.pop();
    if (own.name === undefined) return pipe;
    if (pipe.source !== undefined) throw unprintable('A subquery that begins with other rows', rel.place);
    return { ...pipe, operators: [`as ${own.name}`, ...pipe.operators] };
  }
  rel(rel: Rel, loose = false): Pipe {
    return this.shared.has(rel) ? { source: this.named(rel), operators: [] } : this.operator(rel, loose);
  }

  private operator(rel: Rel, loose: boolean): Pipe {
    switch (rel.kind) {
      case 'table':
        return this.table(rel);
      case 'values':
        return valuesPipe(rel, this);
      case 'range':
        return rangePipe(rel, this);
      case 'subject':
        return { operators: [] };
      case 'filter':
        return filterPipe(rel, this, loose);
      case 'project':
        return rel.input.kind === 'spread' && !this.isNamed(rel.input)
          ? spreadProject(rel, this)
          : projectPipe(rel, this, loose);
      case 'spread':
        return spreadPipe(rel, this);
      case 'aggregate':
        return aggregatePipe(rel, this);
      case 'distinct':
        return distinctPipe(rel, this);
      case 'sort':
        return sortPipe(rel, this, loose);
      case 'take':
        return takePipe(rel, this, loose);
      case 'sample':
        return piped(this.rel(rel.input, loose), `sample ${this.scalar(rel.count, [])}`);
      case 'serialize':
        return piped(this.rel(rel.input, loose), 'serialize');
      case 'materialize':
        return this.rel(rel.input, loose);
      case 'union':
        return unionPipe(rel, this, loose);
      case 'join':
        return joinPipe(rel, this);
      case 'mvExpand':
        return mvExpandPipe(rel, this);
      case 'mvApply':
        return mvApplyPipe(rel, this);
      case 'partition':
        return partitionPipe(rel, this);
      case 'parse':
        return parsePipe(rel, this);
      case 'parseKv':
        return parseKvPipe(rel, this);
      case 'makeSeries':
        return makeSeriesPipe(rel, this);
      case 'bagUnpack':
        return this.rel(bagUnpackRel(rel), loose);
      case 'pivot':
        return pivotPipe(rel, this);
      case 'narrow':
        return piped(this.rel(rel.input), 'evaluate narrow()');
      case 'ipLookup':
        return ipLookupPipe(rel, this);
      case 'scan':
        return scanPipe(rel, this);
      case 'topNested':
        return topNestedPipe(rel, this);
      case 'reduce':
        return reducePipe(rel, this);
      case 'plugin':
        return pluginPipe(rel, this);
      case 'schemaOf':
        return piped(this.rel(rel.input), 'getschema');
    }
  }
  private table(rel: TableRel): Pipe {
    if (!this.options.table) {
      if (this.database && this.database !== rel.database)
        throw unprintable(`The table '${rel.table.name}' of another workspace`, rel.place);
      this.database = rel.database;
    }
    return tablePipe(rel, this.options.table);
  }
}
