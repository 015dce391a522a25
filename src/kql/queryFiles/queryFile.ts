import type { KqlType } from '../../model/kqlType.ts';
import type { TimeRange } from '../../model/timeRange.ts';
import type { LiteralValue } from '../literal.ts';
import type { Place } from '../plan.ts';
import type { ScopeLine } from '../scopeLine.ts';
import type { Segment } from './places.ts';

/** Longest file that is read, in characters; collections of thousands of rules are folders, not one file. */
export const MAX_FILE_LENGTH = 4_000_000;
/** Most queries taken from one file. */
export const MAX_QUERIES = 1_000;

/** A value that a query asks for, from its front comment (`// @param`) or from `declare query_parameters`. */
export interface QueryParameter {
  readonly name: string;
  readonly type: KqlType;
  /** Absent where a value has to be given. */
  readonly fallback?: LiteralValue;
  /** The only values it may have, in the order they are offered; absent where any of its type will do. */
  readonly choices?: readonly LiteralValue[];
  readonly description?: string;
}

/** A `declare query_parameters(...)` statement in the text of a query, without the `;` behind it. */
export interface Declaration extends Place {
  readonly parameters: readonly QueryParameter[];
}

/** The stored function that a query is in its workspace, as `// @function Name(age:timespan = 1h)` says it. */
export interface FunctionLine {
  readonly alias: string;
  /** What it takes, the text between the brackets; empty where it takes nothing. */
  readonly signature: string;
  /** Those of the signature that can be given as values; a table that it takes is not among them. */
  readonly parameters: readonly QueryParameter[];
}

/** One query of a file, as its author wrote it: untrusted text all of it. */
export interface FileQuery {
  /** Never empty; not always the only one of its name. */
  readonly name: string;
  readonly description?: string;
  readonly tags: readonly string[];
  /** In the order they are declared, each name once. */
  readonly parameters: readonly QueryParameter[];
  /** The scope line that counts for it, with its places in the file. */
  readonly scope?: ScopeLine;
  /** How far back it looks, as its front comment or its rule says. */
  readonly time?: TimeRange;
  /** When its author means it to run, in the author's words; nothing here runs by itself. */
  readonly schedule?: string;
  /** The KQL in the file: its quotes, fences and first indentation are not part of it. */
  readonly place: Place;
  /** The KQL, without what the file's format adds to it. */
  readonly text: string;
  /** Where the parts of `text` stand in the file. */
  readonly segments: readonly Segment[];
  /**
   * Its file says by more than a name that it is KQL of logs: a fence that names the language, or what only rules,
   * workbooks and saved searches have. An editor that shows any file judges no other texts.
   */
  readonly certain?: true;
  /** Its lines are no lines of the file: they stand behind `\n` in a quoted text. */
  readonly quoted?: true;
  /** The stored function that it is where it is kept; what that takes are parameters of the query too. */
  readonly function?: FunctionLine;
  /** The statement in `text` that declares parameters. */
  readonly declaration?: Declaration;
  /** Earlier blocks of its file whose rows it reads, by name: outside a notebook nobody has such tables. */
  readonly readsBlocks?: readonly string[];
  /** Why it cannot be run as it is, as a sentence; absent where nothing speaks against it. */
  readonly refusal?: string;
}

/** What keeps a part of a file from being read; `start` is its place in the file. */
export interface FileProblem {
  readonly message: string;
  readonly start: number;
}

/** The queries of one file in their order, and what could not be read. */
export interface QueryFile {
  readonly queries: readonly FileQuery[];
  readonly problems: readonly FileProblem[];
}
