import type { CancelSignal } from '../../base/cancel.ts';
import type { Selector } from '../../model/scope.ts';
import type { ImportedNotebook } from '../notebook/importNotebook.ts';
import type { QueryFile } from '../queryFiles/queryFile.ts';
import type { ScopeFunction, ScopeTable } from '../scopeSchema.ts';

/**
 * The language service as messages: plain data in and out. Places are offsets in UTF-16 code units, as JavaScript
 * strings and `TextDocument.offsetAt/positionAt` count them (CRLF is two), except folding and semantic tokens, which VS
 * Code wants in lines. Nothing here throws on bad text; a cancelled request rejects with `cancelled.byUser`.
 */
export interface LanguageService {
  /** Replaces what is known under `schemaId`. */
  setSchema(input: SchemaInput): Promise<void>;
  dropSchema(input: { readonly schemaId: string }): Promise<void>;
  /** Loads the parser and builds the grammar (about a second) so that the first keystroke does not wait for it. */
  warm(input: { readonly schemaId?: string }): Promise<void>;
  completion(input: AtOffset, signal?: CancelSignal): Promise<CompletionList>;
  /**
   * What is to be said about an item of the completion list at `offset`; asked when the item is looked at, so that the
   * list itself stays small.
   */
  describe(
    input: AtOffset & { readonly kind: CompletionKind; readonly name: string },
    signal?: CancelSignal,
  ): Promise<Documentation | undefined>;
  hover(input: AtOffset, signal?: CancelSignal): Promise<Hover | undefined>;
  signatureHelp(input: AtOffset, signal?: CancelSignal): Promise<SignatureHelp | undefined>;
  diagnostics(input: OfText, signal?: CancelSignal): Promise<readonly TextDiagnostic[]>;
  /**
   * Edits that format the whole document, or only the blocks that `range` touches; a block with a syntax error is left
   * alone.
   */
  format(input: FormatInput, signal?: CancelSignal): Promise<readonly TextChange[]>;
  /** The name under the cursor as it may be renamed, or why not. */
  prepareRename(input: AtOffset, signal?: CancelSignal): Promise<RenameTarget>;
  rename(input: AtOffset & { readonly newName: string }, signal?: CancelSignal): Promise<RenameAnswer>;
  definition(input: AtOffset, signal?: CancelSignal): Promise<Definition | undefined>;
  /** Every place of the same name in its block, the declaration among them. */
  references(input: AtOffset, signal?: CancelSignal): Promise<readonly Reference[]>;
  folding(input: { readonly text: string }, signal?: CancelSignal): Promise<readonly FoldingRange[]>;
  semanticTokens(input: OfText & { readonly range?: TextRange }, signal?: CancelSignal): Promise<SemanticTokens>;
  codeActions(input: OfText & { readonly range: TextRange }, signal?: CancelSignal): Promise<readonly CodeAction[]>;
  /** Names of the estate, offered in a `// @scope` line. */
  setScopeNames(input: { readonly names: ScopeNames }): Promise<void>;
  /** The queries of a document: what a CodeLens stands on and what a run sends. */
  blocks(input: { readonly text: string }, signal?: CancelSignal): Promise<readonly QueryBlock[]>;
  /** The queries in a file of another form, which the ending of its path tells: see `readQueryFile`. */
  queries(input: { readonly path: string; readonly text: string }, signal?: CancelSignal): Promise<QueryFile>;
  /** What one query reads by name, without a schema: what tells whether it asks earlier results or workspaces. */
  reads(input: { readonly text: string }, signal?: CancelSignal): Promise<QueryReads>;
  /** A notebook of another tool as Markdown. Rejects with `input.file`, as `importNotebook` says. */
  importNotebook(input: { readonly text: string }, signal?: CancelSignal): Promise<ImportedNotebook>;
}

/** The tables that a query names, whether it reads others as well, and every name in it with its place. */
export interface QueryReads {
  readonly tables: readonly string[];
  readonly unnamedTables: boolean;
  readonly names: readonly { readonly text: string; readonly start: number }[];
}

/** What the estate has, by kind of selector. */
export type ScopeNames = Partial<Readonly<Record<Selector['kind'], readonly string[]>>>;

/** The schema of a scope, kept by the language service under its id for the texts that name it. */
export interface SchemaInput {
  readonly schemaId: string;
  readonly tables: readonly ScopeTable[];
  readonly functions: readonly ScopeFunction[];
  /** Number of workspaces in the scope, for sentences about names that none of them has. */
  readonly workspaces?: number;
  /** True while some workspaces could not tell their schema: unknown names are then warnings, not errors. */
  readonly partial?: boolean;
  /** The tables are those of a result that is asked here: columns are all listed, and no workspace is asked. */
  readonly result?: true;
  /** The tables are those of Resource Graph: no workspace has them, and there may be more than are published. */
  readonly resourceGraph?: true;
}

/** Offsets in UTF-16 units of the whole text; `end` is not part of it. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}
/** A range, and what stands there afterwards. */
export interface TextChange extends TextRange {
  readonly newText: string;
}

/** Without a schema (or with an id that was never set) only syntax is judged: no name is called unknown. */
export interface OfText {
  readonly text: string;
  readonly schemaId?: string;
  /** Queries of the text that run over another scope than the rest, and its schema where it is known. */
  readonly parts?: readonly SchemaPart[];
}
/** A query of a text with the schema of its own scope. */
export interface SchemaPart extends TextRange {
  readonly schemaId?: string;
}
/** A text, and where in it the cursor is, in UTF-16 units. */
export interface AtOffset extends OfText {
  readonly offset: number;
}
/** A text to format: all of it, or the blocks a range touches. */
export interface FormatInput extends OfText {
  readonly range?: TextRange;
  readonly tabSize?: number;
}

/** What a completion is, for its icon. */
export type CompletionKind =
  | 'keyword'
  | 'operator'
  | 'column'
  | 'table'
  | 'function'
  | 'aggregate'
  | 'plugin'
  | 'storedFunction'
  | 'localFunction'
  | 'variable'
  | 'parameter'
  | 'type'
  | 'option'
  | 'chart'
  | 'database'
  | 'snippet'
  | 'scope';

/** One completion: what is shown, what is put in, and what the editor sorts and filters by. */
export interface CompletionItem {
  readonly label: string;
  readonly kind: CompletionKind;
  readonly insertText: string;
  /** True where `insertText` is a snippet (`$0` is where the cursor goes). */
  readonly snippet?: true;
  readonly detail?: string;
  readonly sortText: string;
  readonly filterText: string;
  /** True where accepting the item should open the list again (`TimeGenerated >` and the like). */
  readonly retrigger?: true;
}

/** Not filtered by what is typed already: the editor does that. `range` is what every item replaces. */
export interface CompletionList {
  readonly range: TextRange;
  readonly items: readonly CompletionItem[];
}

/** `notes` are plain sentences, e.g. "In 41 of 50 workspaces."; `link` is the address of a page of documentation. */
export interface Documentation {
  readonly notes: readonly string[];
  readonly link?: string;
}
/** `code` is KQL for a code fence. */
export interface Hover extends Documentation {
  readonly range: TextRange;
  readonly code: string;
}

/** The ways to call the function around the cursor; places of parameters are within the label. */
export interface SignatureHelp {
  readonly signatures: readonly {
    readonly label: string;
    readonly parameters: readonly { readonly label: readonly [start: number, end: number] }[];
    readonly about?: Documentation;
  }[];
  readonly activeSignature: number;
  readonly activeParameter: number;
}

/** How bad a diagnostic is, as the editor tells them apart. */
export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** `source` Kusto: Microsoft's text, code and place. `source` Tenantscope: ours, about the scope. */
export interface TextDiagnostic extends TextRange {
  readonly severity: Severity;
  readonly source: 'Kusto' | 'Tenantscope';
  /**
   * `KS142` and the like, or ours: `scope.malformed`, `table.someWorkspaces`, `column.someWorkspaces`,
   * `column.typeDiffers`, `scope.second`, `scope.noQuery`, `query.tooComplex`, `block.startsWithPipe`, `block.command`.
   */
  readonly code: string;
  readonly message: string;
  /** What is wrong with a name, for fixes and for refusing to send the query. */
  readonly about?: { readonly kind: 'unknownTable' | 'unknownName'; readonly name: string };
}

/** The name at the cursor, or why it cannot be changed. */
export type RenameTarget =
  | { readonly ok: true; readonly range: TextRange; readonly name: string }
  | { readonly ok: false; readonly reason: string };
/** Every change a new name makes in the text, or why it cannot be. */
export type RenameAnswer =
  | { readonly ok: true; readonly changes: readonly TextChange[] }
  | { readonly ok: false; readonly reason: string };

/** In the same text, or (a stored function) a text of its own to show. */
export type Definition =
  | { readonly kind: 'text'; readonly range: TextRange }
  | { readonly kind: 'function'; readonly name: string; readonly text: string };

/** A place where a name is used, or declared. */
export interface Reference extends TextRange {
  readonly declaration: boolean;
}

/** Zero-based lines, both inclusive. */
export interface FoldingRange {
  readonly startLine: number;
  readonly endLine: number;
  readonly kind?: 'comment' | 'region';
}

/**
 * `data` as VS Code wants it: five numbers per token (delta line, delta character, length, index into TOKEN_TYPES,
 * modifiers).
 */
export interface SemanticTokens {
  readonly data: Uint32Array;
}

/** The legend of `semanticTokens`; VS Code's standard names. */
export const TOKEN_TYPES = [
  'comment',
  'keyword',
  'operator',
  'string',
  'number',
  'type',
  'function',
  'parameter',
  'variable',
  'property',
  'class',
  'namespace',
  'macro',
] as const;
/** One of `TOKEN_TYPES`. */
export type TokenType = (typeof TOKEN_TYPES)[number];

/** A repair or a rewriting that the editor offers at a place. */
export interface CodeAction {
  readonly title: string;
  readonly kind: 'quickfix' | 'refactor.extract' | 'refactor.inline' | 'refactor.rewrite';
  readonly changes: readonly TextChange[];
  /** Code and place of the diagnostic it repairs. */
  readonly fixes?: TextRange & { readonly code: string };
  /** Offset in the changed text of a new name that wants to be chosen. */
  readonly renameAt?: number;
}

/** One query of a document, with its place in it: what lies between blank lines. */
export interface QueryBlock extends TextRange {
  /** From the first character that is not blank to the last: what a run sends. */
  readonly text: string;
  /** The first comment line above the query that is not a directive. */
  readonly name?: string;
  readonly kind: 'query' | 'command' | 'comment' | 'directive';
  /** Where the code itself begins, after leading comments. */
  readonly codeStart: number;
}
