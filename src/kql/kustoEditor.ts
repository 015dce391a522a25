/**
 * Second door to Microsoft's package, beside `kusto.ts`: its editor services over one text, with plain data out.
 * Everything the generated code throws is stopped here: an editor feature then simply has nothing to say.
 */
import { symbolClass } from './kusto.ts';
import { analyze, parse } from './kustoAnalysis.ts';
import { guarded, kusto, list } from './kustoApi.ts';
import { globalsFor, NET_TYPE } from './kustoGlobals.ts';
import type { GlobalState, KustoCode, KustoSymbol, NetList, ParameterInfo, Signature, SyntaxNode } from './kustoApi.ts';
import type { KqlType } from '../model/kqlType.ts';

export type { GlobalState, KustoCode, KustoSymbol };

/** A column of a table for the binder; `unknown` is compatible with everything (workspaces disagree on the type). */
export interface EditorColumn {
  readonly name: string;
  readonly type: KqlType | 'unknown';
}
/** A stored function for the binder: its parameters and body as KQL text, with or without brackets around. */
export interface EditorFunction {
  readonly name: string;
  readonly parameters: string;
  readonly body: string;
}

interface CompletionText {
  readonly Text: string;
  readonly Caret: boolean;
  readonly Select: boolean;
}
/** A completion as Microsoft's service gives it; `Kind` is one of `completionKinds`. */
export interface RawCompletionItem {
  readonly Kind: number;
  readonly DisplayText: string;
  readonly MatchText: string;
  readonly OrderText: string;
  readonly Retrigger: boolean;
  readonly ApplyTexts: NetList<CompletionText>;
}
interface Span {
  readonly Start: number;
  readonly Length: number;
}
interface RawAction {
  readonly Kind: string;
  readonly Title: string;
  readonly Data?: NetList<string>;
  readonly Actions?: NetList<RawAction>;
}
interface RawDiagnostic extends Span {
  readonly Severity: string;
  readonly Code: string;
  readonly Message: string;
  readonly HasLocation: boolean;
}
interface CodeService {
  GetDiagnostics(): NetList<RawDiagnostic>;
  GetAnalyzerDiagnostics(wait: boolean): NetList<RawDiagnostic>;
  GetCompletionItems(position: number): {
    readonly Items: NetList<RawCompletionItem>;
    readonly EditStart: number;
    readonly EditLength: number;
  };
  GetClassifications(
    start: number,
    length: number,
  ): { readonly Classifications: NetList<Span & { readonly Kind: number }> };
  GetQuickInfo(position: number): { readonly Items: NetList<{ readonly Kind: number; readonly Text: string }> };
  GetElement(position: number): Span;
  GetRelatedElements(position: number): {
    readonly Elements: NetList<Span & { readonly Kind: number }>;
    readonly CurrentIndex: number;
  };
  GetCodeActions(
    position: number,
    start: number,
    length: number,
    options: null,
    wait: boolean,
    actor: null,
    token: unknown,
  ): { readonly Actions: NetList<RawAction> };
  ApplyCodeAction(
    action: RawAction,
    caret: number,
    options: null,
    token: unknown,
  ): { readonly FailureReason: string | null; readonly Actions: NetList<RawResult> };
}
interface RawResult {
  readonly ChangedText?: string;
  readonly NewCaretPosition?: number;
  readonly Changes?: NetList<{ readonly Start: number; readonly DeleteLength: number; readonly InsertText: string }>;
}
interface FormattingOptions {
  WithIndentationSize(size: number): FormattingOptions;
  WithInsertMissingTokens(insert: boolean): FormattingOptions;
}
interface EditorApi {
  readonly KustoCodeService: { readonly ctor: new (code: KustoCode) => CodeService };
  readonly KustoFormatter: {
    GetFormattedText(root: SyntaxNode, options: unknown, caret: number): { readonly Text: string };
  };
  readonly FormattingOptions: { readonly Default: FormattingOptions };
  readonly CompletionKind: Readonly<Record<string, number>>;
  readonly ClassificationKind: Readonly<Record<string, number>>;
}
const editor = kusto.Editor as unknown as EditorApi;
const NET_NAMES: Readonly<Record<KqlType | 'unknown', string>> = { ...NET_TYPE, unknown: 'Unknown' };

/** Microsoft's numbers for kinds, by name. */
export function completionKinds(): Readonly<Record<string, number>> {
  return editor.CompletionKind;
}
/** Microsoft's numbers for the classes of coloured text, by name. */
export function classificationKinds(): Readonly<Record<string, number>> {
  return editor.ClassificationKind;
}

let builtIn: Map<object, 'scalar' | 'aggregate' | 'plugin'> | undefined;
/** What a symbol of the language itself is; undefined for everything the schema or the query brought. */
export function builtInKind(symbol: KustoSymbol): 'scalar' | 'aggregate' | 'plugin' | undefined {
  if (!builtIn) {
    const { Functions, Aggregates, PlugIns } = kusto.GlobalState.Default;
    builtIn = new Map([
      ...list(Functions).map((one) => [one, 'scalar'] as const),
      ...list(Aggregates).map((one) => [one, 'aggregate'] as const),
      ...list(PlugIns).map((one) => [one, 'plugin'] as const),
    ]);
  }
  return builtIn.get(symbol);
}

/** A symbol of a table, to keep and reuse while the table does not change. */
export function tableSymbol(name: string, columns: readonly EditorColumn[]): KustoSymbol {
  const { ColumnSymbol, ScalarTypes, TableSymbol } = kusto.Symbols;
  return new TableSymbol.$ctor4(
    name,
    columns.map(
      (column) => new ColumnSymbol(column.name, ScalarTypes[NET_NAMES[column.type]]!, null, null, null, null),
    ),
  );
}
/** A symbol of a stored function, to keep and reuse while the function does not change. */
export function functionSymbol(fn: EditorFunction): KustoSymbol {
  const parameters = fn.parameters.trim(),
    body = fn.body.trim();
  return new kusto.Symbols.FunctionSymbol.$ctor16(
    fn.name,
    parameters.startsWith('(') ? parameters : `(${parameters})`,
    body.startsWith('{') ? body : `{ ${body}\n}`,
    null,
  );
}
/**
 * What names mean over these tables and functions; `workspace()` and its like give databases whose tables are not
 * judged.
 */
export function editorGlobals(members: readonly KustoSymbol[]): GlobalState {
  const base = globalsFor({ database: { name: 'scope', tables: [] } });
  const database = new kusto.Symbols.DatabaseSymbol.ctor('scope', members);
  return base
    .WithCluster(new kusto.Symbols.ClusterSymbol.ctor('estate', [database]))
    .WithDatabase(database)
    .WithCache();
}

/** The same names with these beside them: what stands for a value that is given when the query is run. */
export function withParameters(globals: GlobalState, parameters: readonly EditorColumn[]): GlobalState {
  const { ParameterSymbol, ScalarTypes } = kusto.Symbols;
  return globals.WithParameters(
    parameters.map(({ name, type }) => new ParameterSymbol.ctor(name, ScalarTypes[NET_NAMES[type]]!, null)),
  );
}

/** A diagnostic with its place as an offset and a length in UTF-16 units. */
export interface EditorDiagnostic {
  readonly severity: string;
  readonly code: string;
  readonly message: string;
  readonly start: number;
  readonly length: number;
}
/**
 * A repair or rewriting that Microsoft's service offers: its changes to the text, and where a new name stands in the
 * changed text that wants to be chosen.
 */
export interface EditorAction {
  readonly kind: string;
  readonly title: string;
  readonly changes: readonly { start: number; end: number; newText: string }[];
  readonly renameAt?: number;
}

/** One query and what Microsoft's editor knows about it. Parsed and bound once, on first need. */
export class EditorCode {
  readonly text: string;
  private readonly globals: GlobalState;
  private bound: KustoCode | null | undefined;
  private service: CodeService | undefined;
  private errors: readonly EditorDiagnostic[] | undefined;
  private hints: readonly EditorDiagnostic[] | undefined;

  constructor(text: string, globals: GlobalState) {
    this.text = text;
    this.globals = globals;
  }

  /** The bound tree; undefined where the parser itself failed. */
  get code(): KustoCode | undefined {
    if (this.bound === undefined) this.bound = attempt<KustoCode | null>(() => analyze(this.text, this.globals), null);
    return this.bound ?? undefined;
  }

  /** Worked out once. */
  diagnostics(): readonly EditorDiagnostic[] {
    return (this.errors ??= this.ask(
      (service) =>
        list(service.GetDiagnostics())
          .filter((d) => d.HasLocation)
          .map(toDiagnostic),
      [],
    ));
  }
  /** Advice (deprecated functions, joins without kind), not errors. Worked out once. */
  advice(): readonly EditorDiagnostic[] {
    return (this.hints ??= this.ask(
      (service) =>
        list(service.GetAnalyzerDiagnostics(true))
          .filter((d) => d.HasLocation)
          .map(toDiagnostic),
      [],
    ));
  }

  completion(offset: number): { items: RawCompletionItem[]; start: number; length: number } {
    return this.ask(
      (service) => {
        const found = service.GetCompletionItems(offset);
        return { items: list(found.Items), start: found.EditStart, length: found.EditLength };
      },
      { items: [], start: offset, length: 0 },
    );
  }

  /** Lines about the element at `offset`, Microsoft's own wording; diagnostics, which it also lists, left out. */
  quickInfo(offset: number): string[] {
    return this.ask(
      (service) =>
        list(service.GetQuickInfo(offset).Items)
          .filter((item) => item.Kind > 3)
          .map((item) => item.Text),
      [],
    );
  }
  element(offset: number): { start: number; length: number } {
    return this.ask((service) => toSpan(service.GetElement(offset)), { start: offset, length: 0 });
  }

  classifications(start = 0, length = this.text.length): { start: number; length: number; kind: number }[] {
    return this.ask(
      (service) =>
        list(service.GetClassifications(start, length).Classifications).map((c) => ({ ...toSpan(c), kind: c.Kind })),
      [],
    );
  }

  /** Places of the same name; `kind` 2 declares it, 1 refers to it, 0 is a matching bracket or keyword. */
  related(offset: number): { start: number; length: number; kind: number }[] {
    return this.ask(
      (service) => list(service.GetRelatedElements(offset).Elements).map((e) => ({ ...toSpan(e), kind: e.Kind })),
      [],
    );
  }

  /** Microsoft's refactorings and fixes at a selection, already worked out; those that do not apply are left out. */
  actions(start: number, length: number): EditorAction[] {
    return this.ask((service) => {
      const token = (): unknown => new kusto.Utils.CancellationToken();
      const found = list(service.GetCodeActions(start, start, length, null, true, null, token()).Actions);
      return found
        .flatMap((action) => (action.Actions ? list(action.Actions) : [action]))
        .filter((action) => !SKIPPED_ACTIONS.has(action.Kind))
        .flatMap((action) => {
          const results = list(service.ApplyCodeAction(action, start, null, token()).Actions);
          const changes = results
            .flatMap((result) => list(result.Changes))
            .map((c) => ({ start: c.Start, end: c.Start + c.DeleteLength, newText: c.InsertText }));
          const renames = results.some((result) => symbolClass(result as unknown as KustoSymbol) === 'RenameAction');
          const caret = results.find((result) => result.NewCaretPosition !== undefined)?.NewCaretPosition;
          return changes.length
            ? [
                {
                  kind: action.Kind,
                  title: action.Title,
                  changes,
                  ...(renames && caret !== undefined ? { renameAt: caret } : {}),
                },
              ]
            : [];
        });
    }, []);
  }

  private ask<T>(question: (service: CodeService) => T, otherwise: T): T {
    return attempt(() => {
      const code = this.code;
      if (!code) return otherwise;
      this.service ??= new editor.KustoCodeService.ctor(code);
      return question(this.service);
    }, otherwise);
  }
}

/** Rename has a face of its own; `macro-expand` does not exist in Azure Monitor. */
const SKIPPED_ACTIONS = new Set(['Rename', 'ConvertSelection']);

/** The parameters of a function's signatures. `repeats` is how often the last one may come again. */
export interface EditorSignature {
  readonly name: string;
  readonly parameters: readonly { name: string; types: readonly string[]; optional: boolean; repeats: boolean }[];
}
interface RawParameter extends ParameterInfo {
  readonly MinOccurring: number;
  readonly MaxOccurring: number;
}

/** The ways to call a function; empty where the symbol is none, or Microsoft's library fails. */
export function signaturesOf(symbol: KustoSymbol): EditorSignature[] {
  return attempt(
    () =>
      list((symbol as KustoSymbol & { readonly Signatures?: NetList<Signature> }).Signatures).map((signature) => ({
        name: symbol.Name,
        parameters: (list(signature.Parameters) as RawParameter[]).map((p) => ({
          name: p.Name,
          types: list(p.DeclaredTypes).map((type) => type.Name),
          optional: p.MinOccurring === 0,
          repeats: p.MaxOccurring > 1,
        })),
      })),
    [],
  );
}

/** Syntax only, no names judged. */
export function parsed(text: string): KustoCode | undefined {
  return attempt<KustoCode | undefined>(() => parse(text), undefined);
}

/** Microsoft's formatting of a parsed text (names need not be bound); the text itself where the formatter fails. */
export function formatted(code: KustoCode, tabSize: number): string {
  return attempt(
    () =>
      editor.KustoFormatter.GetFormattedText(
        code.Syntax,
        editor.FormattingOptions.Default.WithIndentationSize(tabSize).WithInsertMissingTokens(false),
        0,
      ).Text,
    code.Text,
  );
}

function attempt<T>(work: () => T, otherwise: T): T {
  try {
    return guarded(work);
  } catch {
    return otherwise;
  }
}
function toSpan(span: Span): { start: number; length: number } {
  return { start: span.Start, length: span.Length };
}
function toDiagnostic(d: RawDiagnostic): EditorDiagnostic {
  return { severity: d.Severity, code: d.Code, message: d.Message, ...toSpan(d) };
}
