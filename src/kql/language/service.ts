import type { CancelSignal } from '../../base/cancel.ts';
import { cancelled } from '../../base/errors.ts';
import { analyzeQuery } from '../analyze.ts';
import { actionsAt } from './actions.ts';
import { blockAt, documentBlocks } from './blocks.ts';
import type { DocumentBlock } from './blocks.ts';
import { completionsAt, describeItem, scopeCompletionsAt } from './completion.ts';
import { blockDiagnostics, scopeLineDiagnostics } from './diagnostics.ts';
import type {
  AtOffset,
  CodeAction,
  CompletionKind,
  CompletionList,
  Definition,
  Documentation,
  FoldingRange,
  FormatInput,
  Hover,
  LanguageService,
  OfText,
  QueryBlock,
  QueryReads,
  Reference,
  RenameAnswer,
  RenameTarget,
  SchemaInput,
  ScopeNames,
  SemanticTokens,
  SignatureHelp,
  TextChange,
  TextDiagnostic,
  TextRange,
} from './face.ts';
import { foldingRanges } from './folding.ts';
import { formatBlock } from './format.ts';
import { hoverAt, scopeHoverAt } from './hover.ts';
import { findComplexity } from '../queryLimits.ts';
import { LineMap } from './lineMap.ts';
import { definitionAt, referencesAt, renameAt, renameTargetAt } from './navigate.ts';
import { Recent } from './recent.ts';
import { importNotebook } from '../notebook/importNotebook.ts';
import type { ImportedNotebook } from '../notebook/importNotebook.ts';
import type { QueryFile } from '../queryFiles/queryFile.ts';
import { readQueryFile } from '../queryFiles/readQueryFile.ts';
import { ScopeModel } from './scopeModel.ts';
import { asksLake, asksResourceGraph, LAKE, RESOURCE_GRAPH } from '../sourceLine.ts';
import { signatureAt } from './signature.ts';
import { graphSchemaInput, sourceCompletionsAt, sourceLineDiagnostics } from './sourceLines.ts';
import { blockTokens, TokenWriter } from './tokens.ts';

/** How long work over many blocks goes on before it looks whether it was cancelled or something more urgent waits. */
const SLICE_MS = 12;

/**
 * The language service in this thread. Work is per block and kept per (schema, block text), so typing in one query
 * costs that query only.
 */
export class LocalLanguageService implements LanguageService {
  private readonly models = new Map<string, ScopeModel>();
  private readonly documents = new Recent<string, readonly DocumentBlock[]>(6);
  /** For features that work without names: the schema of nothing. */
  private readonly bare = new ScopeModel();
  private names: ScopeNames = {};

  async setSchema(input: SchemaInput): Promise<void> {
    const model = this.models.get(input.schemaId) ?? new ScopeModel();
    model.update(input);
    this.models.set(input.schemaId, model);
  }

  async dropSchema(input: { readonly schemaId: string }): Promise<void> {
    this.models.delete(input.schemaId);
  }
  async setScopeNames(input: { readonly names: ScopeNames }): Promise<void> {
    this.names = input.names;
  }

  async warm(input: { readonly schemaId?: string }): Promise<void> {
    const code = this.model(input.schemaId).code('print now() | ');
    code.completion(code.text.length);
    code.classifications();
  }

  async completion(input: AtOffset, signal?: CancelSignal): Promise<CompletionList> {
    check(signal);
    const offset = clamp(input.offset, input.text);
    const block = blockAt(this.blocksOf(input.text), offset, input.text.length);
    return (
      sourceCompletionsAt(input.text, offset) ??
      scopeCompletionsAt(input.text, offset, this.names) ??
      completionsAt(this.modelOf(input.schemaId, block), block, offset)
    );
  }

  async describe(
    input: AtOffset & { readonly kind: CompletionKind; readonly name: string },
    signal?: CancelSignal,
  ): Promise<Documentation | undefined> {
    check(signal);
    const block = blockAt(this.blocksOf(input.text), clamp(input.offset, input.text), input.text.length);
    return describeItem(this.modelOf(input.schemaId, block), block, input.kind, input.name);
  }

  async hover(input: AtOffset, signal?: CancelSignal): Promise<Hover | undefined> {
    check(signal);
    return (
      scopeHoverAt(input.text, input.offset) ??
      this.inBlock(input, (model, block, offset) => hoverAt(model, block, offset))
    );
  }

  async signatureHelp(input: AtOffset, signal?: CancelSignal): Promise<SignatureHelp | undefined> {
    check(signal);
    return this.inBlock(input, signatureAt);
  }

  async diagnostics(input: OfText, signal?: CancelSignal): Promise<readonly TextDiagnostic[]> {
    const found = [...scopeLineDiagnostics(input.text), ...sourceLineDiagnostics(this.blocksOf(input.text))];
    await this.eachBlock(
      input.text,
      signal,
      (block) => {
        for (const d of blockDiagnostics(this.known(input, block), block))
          found.push({ ...d, start: d.start + block.rawStart, end: d.end + block.rawStart });
      },
      {
        before: (block) => {
          const model = this.known(input, block);
          return !model ||
            block.kind !== 'query' ||
            model.hasFact('diagnostics', block.raw) ||
            findComplexity(block.raw)
            ? []
            : [
                () => model.code(block.raw).code,
                () => model.code(block.raw).diagnostics(),
                () => model.code(block.raw).advice(),
              ];
        },
      },
    );
    return found;
  }

  async format(input: FormatInput, signal?: CancelSignal): Promise<readonly TextChange[]> {
    const changes: TextChange[] = [];
    const lineBreak = input.text.includes('\r\n') ? '\r\n' : '\n';
    await this.eachBlock(
      input.text,
      signal,
      (block) => {
        const change = formatBlock(block, input.tabSize ?? 4, lineBreak);
        if (change) changes.push(change);
      },
      { range: input.range },
    );
    return changes;
  }

  async prepareRename(input: AtOffset, signal?: CancelSignal): Promise<RenameTarget> {
    check(signal);
    return this.inBlock(input, renameTargetAt) ?? { ok: false, reason: 'There is no query here.' };
  }

  async rename(input: AtOffset & { readonly newName: string }, signal?: CancelSignal): Promise<RenameAnswer> {
    check(signal);
    return (
      this.inBlock(input, (model, block, offset) => renameAt(model, block, offset, input.newName)) ?? {
        ok: false,
        reason: 'There is no query here.',
      }
    );
  }

  async definition(input: AtOffset, signal?: CancelSignal): Promise<Definition | undefined> {
    check(signal);
    return this.inBlock(input, definitionAt);
  }

  async references(input: AtOffset, signal?: CancelSignal): Promise<readonly Reference[]> {
    check(signal);
    return this.inBlock(input, referencesAt) ?? [];
  }

  async folding(input: { readonly text: string }, signal?: CancelSignal): Promise<readonly FoldingRange[]> {
    check(signal);
    return foldingRanges(input.text, this.blocksOf(input.text));
  }

  async semanticTokens(input: OfText & { readonly range?: TextRange }, signal?: CancelSignal): Promise<SemanticTokens> {
    const range = input.range ?? { start: 0, end: input.text.length };
    const modelOf = (block: DocumentBlock): ScopeModel => this.known(input, block) ?? this.bare;
    const writer = new TokenWriter(input.text, new LineMap(input.text));
    await this.eachBlock(
      input.text,
      signal,
      (block) => {
        writer.add(block, blockTokens(modelOf(block), block), range);
      },
      {
        range,
        before: (block) =>
          modelOf(block).hasFact('tokens', block.raw) ? [] : [() => modelOf(block).code(block.raw).code],
      },
    );
    return { data: writer.finish() };
  }

  async codeActions(
    input: OfText & { readonly range: TextRange },
    signal?: CancelSignal,
  ): Promise<readonly CodeAction[]> {
    check(signal);
    const blocks = this.blocksOf(input.text);
    const block = blockAt(blocks, clamp(input.range.start, input.text), input.text.length);
    if (block?.kind !== 'query') return [];
    const known = this.known(input, block);
    const end = Math.min(input.range.end, block.rawEnd);
    return actionsAt(
      known ?? this.bare,
      blocks,
      block,
      { start: Math.min(input.range.start, end), end },
      blockDiagnostics(known, block),
    );
  }

  async blocks(input: { readonly text: string }, signal?: CancelSignal): Promise<readonly QueryBlock[]> {
    check(signal);
    return this.blocksOf(input.text).map(({ start, end, text, kind, codeStart, name }) => ({
      start,
      end,
      text,
      kind,
      codeStart,
      ...(name === undefined ? {} : { name }),
    }));
  }

  async queries(
    { path, text }: { readonly path: string; readonly text: string },
    signal?: CancelSignal,
  ): Promise<QueryFile> {
    check(signal);
    return readQueryFile(path, text);
  }

  async reads({ text }: { readonly text: string }, signal?: CancelSignal): Promise<QueryReads> {
    check(signal);
    const { tables, unnamedTables, names } = analyzeQuery(text);
    return { tables, unnamedTables, names };
  }

  async importNotebook({ text }: { readonly text: string }, signal?: CancelSignal): Promise<ImportedNotebook> {
    check(signal);
    return importNotebook(text);
  }

  private model(schemaId: string | undefined): ScopeModel {
    return (schemaId === undefined ? undefined : this.models.get(schemaId)) ?? this.bare;
  }
  /** What is known of a block: of its own scope where it has one, else of the text's. */
  /** Who asks Resource Graph knows its tables, whatever the scope. */
  private modelOf(schemaId: string | undefined, block: DocumentBlock | undefined): ScopeModel {
    if (block && asksResourceGraph(block.raw)) return this.graph();
    return this.model(block && asksLake(block.raw) ? LAKE : schemaId);
  }

  private graph(): ScopeModel {
    const known = this.models.get(RESOURCE_GRAPH);
    if (known) return known;
    const model = new ScopeModel();
    model.update(graphSchemaInput());
    this.models.set(RESOURCE_GRAPH, model);
    return model;
  }

  private known({ schemaId, parts }: OfText, block: DocumentBlock): ScopeModel | undefined {
    if (asksResourceGraph(block.raw)) return this.graph();
    // Known once somebody looked at what is stored; until then only syntax is judged.
    if (asksLake(block.raw)) return this.models.get(LAKE);
    const part = parts?.find(({ start, end }) => start <= block.codeStart && block.codeStart < end);
    const id = part ? part.schemaId : schemaId;
    return id === undefined ? undefined : this.models.get(id);
  }
  private blocksOf(text: string): readonly DocumentBlock[] {
    return this.documents.take(text, () => documentBlocks(text));
  }

  private inBlock<T>(
    input: AtOffset,
    ask: (model: ScopeModel, block: DocumentBlock, offset: number) => T | undefined,
  ): T | undefined {
    const offset = clamp(input.offset, input.text);
    const block = blockAt(this.blocksOf(input.text), offset, input.text.length);
    return block && block.kind !== 'directive' ? ask(this.modelOf(input.schemaId, block), block, offset) : undefined;
  }

  /**
   * Visits the blocks that `range` touches, giving way after every slice of time. One call into Microsoft's code cannot
   * be interrupted, so what a visit needs is asked for `before` it, call by call: a newer text then waits for one of
   * them at most.
   */
  private async eachBlock(
    text: string,
    signal: CancelSignal | undefined,
    visit: (block: DocumentBlock) => void,
    {
      range,
      before,
    }: {
      readonly range?: TextRange | undefined;
      readonly before?: ((block: DocumentBlock) => readonly (() => unknown)[]) | undefined;
    } = {},
  ): Promise<void> {
    check(signal);
    let since = performance.now();
    for (const block of this.blocksOf(text)) {
      if (range && (block.rawEnd < range.start || block.start > range.end)) continue;
      for (const step of [
        ...(before?.(block) ?? []),
        () => {
          visit(block);
        },
      ]) {
        step();
        if (performance.now() - since < SLICE_MS) continue;
        await new Promise<void>((resolve) => {
          setImmediate(resolve);
        });
        check(signal);
        since = performance.now();
      }
    }
  }
}

function check(signal: CancelSignal | undefined): void {
  if (signal?.aborted) throw cancelled();
}
function clamp(offset: number, text: string): number {
  return Math.max(0, Math.min(offset, text.length));
}
