import type { Column, KqlType } from '../model/kqlType.ts';
import type { RenderSpec } from '../model/render.ts';
import type { LiteralValue } from './literal.ts';
import type { SchemaDatabase, BoundTable } from './schema.ts';

/** Where in the query's text something stands. */
export interface Place {
  readonly start: number;
  readonly length: number;
}

/**
 * A scalar expression, typed by the binder. `call` names are Kusto's own in lower case (`tostring`, `+`, `has`, `path`,
 * `element`, `neg`); `aggregate` occurs only inside aggregation operators; `subquery` is toscalar (first column of the
 * first row). `asked`: what `ingestion_time()` reads, where a query has not named that column itself.
 */
export type Expr =
  | { readonly kind: 'literal'; readonly type: KqlType; readonly value: LiteralValue }
  | {
      readonly kind: 'column';
      readonly type: KqlType;
      readonly name: string;
      readonly side?: 'left' | 'right';
      readonly asked?: true;
    }
  | {
      readonly kind: 'call';
      readonly type: KqlType;
      readonly name: string;
      readonly args: readonly Expr[];
      readonly place: Place;
    }
  | {
      readonly kind: 'aggregate';
      readonly type: KqlType;
      readonly name: string;
      readonly args: readonly Expr[];
      readonly place: Place;
    }
  | { readonly kind: 'convert'; readonly type: KqlType; readonly value: Expr; readonly place: Place }
  | { readonly kind: 'subquery'; readonly type: KqlType; readonly rel: Rel; readonly place: Place }
  | {
      readonly kind: 'inQuery';
      readonly type: 'bool';
      readonly name: string;
      readonly value: Expr;
      readonly rel: Rel;
      readonly place: Place;
    }
  | {
      readonly kind: 'inArray';
      readonly type: 'bool';
      readonly name: string;
      readonly value: Expr;
      readonly array: Expr;
      readonly place: Place;
    };

/** An output column and what it is made of. */
export interface Assignment {
  readonly column: Column;
  readonly expr: Expr;
}
/** One key of a sort: what by, which way, and on which side null goes. */
export interface SortKey {
  readonly expr: Expr;
  readonly desc: boolean;
  readonly nullsFirst: boolean;
}
/**
 * One aggregate call (or an expression over some) and the columns it yields: several for `arg_max(x, a, b)`,
 * `percentiles`.
 */
export interface AggregateItem {
  readonly columns: readonly Column[];
  readonly expr: Expr;
}
/** One array or bag to take apart, and the column its elements go to. */
export interface Expansion {
  readonly column: Column;
  readonly expr: Expr;
  readonly type: KqlType;
}
/** Kusto's kinds of join. */
export type JoinKind =
  | 'inner'
  | 'innerunique'
  | 'leftouter'
  | 'rightouter'
  | 'fullouter'
  | 'leftsemi'
  | 'rightsemi'
  | 'leftanti'
  | 'rightanti';

/** A piece of the pattern of `parse`: anything, a text that must stand there, or a column that takes what does. */
export type ParsePart =
  | { readonly kind: 'any' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'column'; readonly column: Column };

/** A step of `scan`: when a row belongs to it, what it sets, and which of its rows go out. */
export interface ScanStep {
  readonly name: string;
  readonly output: 'all' | 'last' | 'none';
  readonly condition: Expr;
  readonly assignments: readonly Assignment[];
}

interface Base {
  readonly columns: readonly Column[];
  readonly place: Place;
}
/**
 * A tabular expression: one kind per operator, each with its output columns in order. Shared objects are evaluated
 * once.
 */
export type Rel = Base &
  (
    | { readonly kind: 'table'; readonly database: SchemaDatabase; readonly table: BoundTable }
    | { readonly kind: 'values'; readonly rows: readonly (readonly Expr[])[] }
    | { readonly kind: 'range'; readonly from: Expr; readonly to: Expr; readonly step: Expr }
    | { readonly kind: 'filter'; readonly input: Rel; readonly condition: Expr }
    | { readonly kind: 'project'; readonly input: Rel; readonly items: readonly Assignment[] }
    /**
     * Calls of several columns: the JSON array of `expr` spread over `outputs`; `items` are the whole output, outputs
     * referred to as columns.
     */
    | { readonly kind: 'spread'; readonly input: Rel; readonly expr: Expr; readonly outputs: readonly Column[] }
    | {
        readonly kind: 'aggregate';
        readonly input: Rel;
        readonly keys: readonly Assignment[];
        readonly items: readonly AggregateItem[];
      }
    | { readonly kind: 'distinct'; readonly input: Rel }
    | { readonly kind: 'sort'; readonly input: Rel; readonly keys: readonly SortKey[] }
    | { readonly kind: 'take'; readonly input: Rel; readonly count: Expr; readonly keys: readonly SortKey[] }
    | { readonly kind: 'sample'; readonly input: Rel; readonly count: Expr }
    | { readonly kind: 'serialize'; readonly input: Rel }
    | { readonly kind: 'materialize'; readonly input: Rel }
    | { readonly kind: 'union'; readonly inputs: readonly UnionInput[]; readonly source?: string }
    | {
        readonly kind: 'join';
        readonly left: Rel;
        readonly right: Rel;
        readonly flavor: JoinKind;
        readonly on: readonly (readonly [Expr, Expr])[];
        readonly lookup: boolean;
        readonly rightColumns: readonly Column[];
      }
    | {
        readonly kind: 'mvExpand';
        readonly input: Rel;
        readonly items: readonly Expansion[];
        readonly bagAsArray: boolean;
        readonly indexName?: string;
        readonly limit?: Expr;
      }
    | {
        readonly kind: 'mvApply';
        readonly input: Rel;
        readonly items: readonly Expansion[];
        readonly indexName?: string;
        readonly limit?: Expr;
        readonly idName?: string;
        readonly subject: Subject;
        readonly body: Rel;
      }
    | { readonly kind: 'subject'; readonly subject: Subject }
    | {
        readonly kind: 'parse';
        readonly input: Rel;
        readonly value: Expr;
        readonly parts: readonly ParsePart[];
        readonly mode: 'simple' | 'regex' | 'relaxed';
        readonly flags: string;
        readonly where: boolean;
      }
    | {
        readonly kind: 'parseKv';
        readonly input: Rel;
        readonly value: Expr;
        readonly keys: readonly Column[];
        readonly options: Readonly<Record<string, LiteralValue>>;
      }
    | {
        readonly kind: 'makeSeries';
        readonly input: Rel;
        readonly items: readonly { readonly column: Column; readonly expr: Expr; readonly fill?: Expr }[];
        readonly axis: Assignment;
        readonly from?: Expr;
        readonly to?: Expr;
        readonly step: Expr;
        readonly keys: readonly Assignment[];
        readonly inclusive: boolean;
        readonly nonempty: boolean;
      }
    | {
        readonly kind: 'bagUnpack';
        readonly input: Rel;
        readonly bag: Expr;
        readonly outputs: readonly { readonly column: Column; readonly key: string }[];
        readonly conflict: 'error' | 'replace_source' | 'keep_source';
      }
    | {
        readonly kind: 'pivot';
        readonly input: Rel;
        readonly pivot: Expr;
        readonly aggregate: Expr;
        readonly keys: readonly Assignment[];
        readonly outputs: readonly { readonly column: Column; readonly value: string }[];
      }
    | { readonly kind: 'narrow'; readonly input: Rel }
    | {
        readonly kind: 'ipLookup';
        readonly inRange: 'ipv4_is_in_range' | 'ipv6_is_in_range';
        readonly input: Rel;
        readonly lookup: Rel;
        readonly source: Expr;
        readonly network: Expr;
        readonly keys: readonly (readonly [string, string])[];
        readonly unmatched: boolean;
        readonly rightColumns: readonly Column[];
      }
    /** `limited`: the service's legacy strategy, which stops at 64 keys. */
    | {
        readonly kind: 'partition';
        readonly input: Rel;
        readonly key: Expr;
        readonly subject: Subject;
        readonly body: Rel;
        readonly limited: boolean;
      }
    | {
        readonly kind: 'scan';
        readonly input: Rel;
        readonly steps: readonly ScanStep[];
        readonly declared: readonly Assignment[];
        readonly idName?: string;
        readonly partition: readonly Expr[];
      }
    | { readonly kind: 'topNested'; readonly input: Rel; readonly levels: readonly TopNestedLevel[] }
    | {
        readonly kind: 'reduce';
        readonly input: Rel;
        readonly value: Expr;
        readonly threshold: number;
        readonly characters: string;
      }
    | {
        readonly kind: 'plugin';
        readonly plugin: PluginName;
        readonly input: Rel;
        readonly args: readonly Expr[];
        readonly dimensions: readonly Expr[];
      }
    | { readonly kind: 'schemaOf'; readonly input: Rel }
  );
/** Plugins that have their own translation; the others are bound as plans of ordinary operators. */
export type PluginName =
  | 'rolling_percentile'
  | 'session_count'
  | 'sliding_window_counts'
  | 'activity_counts_metrics'
  | 'active_users_count'
  | 'dcount_intersect'
  | 'rows_near';
/** One input of a union; `name` is what `withsource` says of its rows. */
export interface UnionInput {
  readonly rel: Rel;
  readonly name: string;
  /** Output column index for each input column, -1 where it is dropped. */ readonly target: readonly number[];
}
/** One level of `top-nested`: its key and measure, how many are kept, and the name of the rest where it is wanted. */
export interface TopNestedLevel {
  readonly count?: Expr;
  readonly key: Assignment;
  readonly measure: Assignment;
  readonly desc: boolean;
  readonly others?: Expr;
}
/** The rows a subquery (mv-apply, partition) stands on: a placeholder the translation fills. */
export interface Subject {
  readonly id: number;
  readonly columns: readonly Column[];
}

/** A bound query: its result tables (several with fork, facet or batches), and what render asked for. */
export interface Plan {
  readonly results: readonly { readonly name: string; readonly rel: Rel }[];
  readonly render?: RenderSpec;
}
