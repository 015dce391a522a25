import type { Column, KqlType } from '../../model/kqlType.ts';
import type { RenderSpec } from '../../model/render.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import type { Expr, Rel } from '../plan.ts';
import type { ExternalFile } from '../schema.ts';

/**
 * What a name of a let statement, a parameter or `as` stands for; bound on first use, so an unused let is never
 * refused.
 */
export type Binding =
  | { readonly kind: 'scalar'; readonly expr: () => Expr }
  | { readonly kind: 'rel'; readonly rel: () => Rel }
  | {
      readonly kind: 'function';
      readonly scope: Scope;
      /** A `view`: the function's rows, for union by name or pattern. */ readonly view?: () => Rel;
    };

/** Names visible at a point of the query, and the row a scalar expression stands on. */
export class Scope {
  readonly names = new Map<string, Binding>();
  readonly parent: Scope | undefined;
  /** Columns of the current row: for pack_all(), column_ifexists(), `*`. */
  readonly row: readonly Column[];
  /** The rows an operator without an input of its own stands on (subquery of mv-apply, partition, fork, facet). */
  readonly subject: Rel | undefined;
  /** Steps of the scan around, whose state may be referred to. */
  readonly steps: ReadonlySet<string>;
  /** Inside the condition of a join, whose columns belong to its sides. */
  readonly joining: boolean;
  /**
   * Where in the query's text the tree of these nodes begins: 0 but for bodies of functions, undefined in a stored one,
   * which is not in the text.
   */
  readonly base: number | undefined;
  /** Places in the text of the calls that led here. */
  readonly calls: readonly number[];

  constructor(
    parent?: Scope,
    more: {
      readonly row?: readonly Column[];
      readonly subject?: Rel | undefined;
      readonly body?: { readonly base: number | undefined; readonly calls: readonly number[] };
      readonly joining?: boolean;
      readonly steps?: ReadonlySet<string>;
    } = {},
  ) {
    this.parent = parent;
    this.row = more.row ?? parent?.row ?? [];
    this.steps = more.steps ?? parent?.steps ?? new Set();
    this.joining = more.joining ?? false;
    this.base = more.body ? more.body.base : parent ? parent.base : 0;
    this.calls = more.body?.calls ?? parent?.calls ?? [];
    this.subject = 'subject' in more ? more.subject : parent?.subject;
  }

  withRow(row: readonly Column[]): Scope {
    return new Scope(this, { row });
  }
  withSubject(subject: Rel | undefined): Scope {
    return new Scope(this, { subject, row: subject?.columns ?? [] });
  }
  /** Every name in scope, the nearest meaning of each. */
  all(): Map<string, Binding> {
    return new Map([...(this.parent?.all() ?? []), ...this.names]);
  }
  find(name: string): Binding | undefined {
    return this.names.get(name) ?? this.parent?.find(name);
  }
}

/** Whether the schema clause behind a plugin's call is ours, and the columns found for this call of it. */
export interface Discovered {
  readonly at: number;
  readonly key: readonly number[];
  readonly written: boolean;
  readonly columns?: readonly Column[] | undefined;
}

/** The parts of the binder, so that they can call one another without importing one another. */
export interface Binder {
  readonly text: string;
  /**
   * Present where the text's own nodes are bound, absent inside a stored function (its places are not places of the
   * text).
   */
  scalar(node: SyntaxNode, scope: Scope): Expr;
  tabular(node: SyntaxNode, scope: Scope): Rel;
  operator(node: SyntaxNode, input: Rel | undefined, scope: Scope): Rel;
  /**
   * The body of a user's function for this call, bound with its arguments; undefined where the call is of a built-in.
   */
  call(node: SyntaxNode, scope: Scope, piped?: Rel): { readonly body: SyntaxNode; readonly scope: Scope } | undefined;
  /** What an earlier phase has found for a data-dependent operator. */
  discovered(node: SyntaxNode, scope: Scope): Discovered;
  setRender(render: RenderSpec): void;
  addResults(results: readonly { readonly name: string; readonly rel: Rel }[]): void;
  nextId(): number;
  isAggregate(node: SyntaxNode): boolean;
  /** Whether a name stands for a `view` function. */
  isView(node: SyntaxNode, scope: Scope): boolean;
  /** The `view` functions in scope. */
  views(scope: Scope): { readonly name: string; readonly rel: Rel }[];
  /** The column that `ingestion_time()` stands for where there is none of its own. */
  readonly ingestionTime: string | undefined;
  /** The value of a `set` statement. */
  option(name: string): Expr | undefined;
  /** The rows that stand for a file of externaldata, or what to do that there are some. */
  external(file: ExternalFile): Rel | { readonly wayAround: string } | undefined;
}

/** A value that is known when the query is bound, in the form `LiteralValue` says for its type. */
export function literal(type: KqlType, value: Extract<Expr, { kind: 'literal' }>['value']): Expr {
  return { kind: 'literal', type, value };
}
/** The value of a column in the row an expression stands on. */
export function columnExpr(column: Column): Expr {
  return { kind: 'column', name: column.name, type: column.type };
}
