import { classificationKinds } from '../kustoEditor.ts';
import type { DocumentBlock } from './blocks.ts';
import { TOKEN_TYPES } from './face.ts';
import type { TextRange, TokenType } from './face.ts';
import type { LineMap } from './lineMap.ts';
import type { ScopeModel } from './scopeModel.ts';

/**
 * Microsoft's classifications as VS Code's token types; plain text, punctuation and bare identifiers are left to the
 * grammar.
 */
const TYPES: Readonly<Record<string, TokenType>> = {
  Comment: 'comment',
  Directive: 'macro',
  Literal: 'number',
  StringLiteral: 'string',
  Type: 'type',
  Column: 'property',
  Table: 'class',
  MaterializedView: 'class',
  Database: 'namespace',
  Function: 'function',
  Parameter: 'parameter',
  ClientParameter: 'parameter',
  QueryParameter: 'parameter',
  SignatureParameter: 'parameter',
  Variable: 'variable',
  ScalarOperator: 'operator',
  MathOperator: 'operator',
  QueryOperator: 'keyword',
  Command: 'macro',
  Keyword: 'keyword',
  Option: 'parameter',
};
let byNumber: number[] | undefined;
function typeIndex(kind: number): number {
  if (!byNumber) {
    byNumber = [];
    for (const [name, value] of Object.entries(classificationKinds())) {
      const type = TYPES[name];
      if (typeof value === 'number') byNumber[value] = type === undefined ? -1 : TOKEN_TYPES.indexOf(type);
    }
  }
  return byNumber[kind] ?? -1;
}

/** Tokens of one block as flat triples (start relative to the raw text, length, type), kept while the schema stays. */
export function blockTokens(model: ScopeModel, block: DocumentBlock): readonly number[] {
  return model.fact('tokens', block.raw, () => {
    const flat: number[] = [];
    for (const { start, length, kind } of model.code(block.raw).classifications()) {
      const type = typeIndex(kind);
      if (type >= 0 && length > 0) flat.push(start, length, type);
    }
    return flat;
  });
}

/** Writes tokens in VS Code's delta encoding; a token over several lines becomes one per line. */
export class TokenWriter {
  private readonly data: number[] = [];
  private line = 0;
  private character = 0;
  private readonly text: string;
  private readonly lines: LineMap;

  constructor(text: string, lines: LineMap) {
    this.text = text;
    this.lines = lines;
  }

  add(block: DocumentBlock, tokens: readonly number[], range: TextRange): void {
    for (let i = 0; i < tokens.length; i += 3) {
      const start = block.rawStart + tokens[i]!,
        end = start + tokens[i + 1]!;
      if (end > range.start && start < range.end) this.push(start, end, tokens[i + 2]!);
    }
  }

  private push(start: number, end: number, type: number): void {
    for (let from = start; from < end;) {
      const line = this.lines.lineAt(from);
      const next = this.lines.lineAt(end - 1) > line ? this.lines.startOf(line + 1) : end;
      let to = next;
      while (to > from && (this.text[to - 1] === '\n' || this.text[to - 1] === '\r')) to--;
      if (to > from) {
        const character = from - this.lines.startOf(line);
        this.data.push(
          line - this.line,
          line === this.line ? character - this.character : character,
          to - from,
          type,
          0,
        );
        this.line = line;
        this.character = character;
      }
      from = next;
    }
  }

  finish(): Uint32Array {
    return Uint32Array.from(this.data);
  }
}
