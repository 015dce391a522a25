import { kindOf, walk } from '../kusto.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import { builtInKind, signaturesOf } from '../kustoEditor.ts';
import type { EditorSignature } from '../kustoEditor.ts';
import type { DocumentBlock } from './blocks.ts';
import type { SignatureHelp } from './face.ts';
import type { ScopeModel } from './scopeModel.ts';
import { aboutWord } from './words.ts';

/** The signatures of the innermost call whose brackets hold the cursor, and the parameter it stands at. */
export function signatureAt(model: ScopeModel, block: DocumentBlock, offset: number): SignatureHelp | undefined {
  const code = model.code(block.raw).code;
  if (!code) return undefined;
  const at = offset - block.rawStart;
  let call: SyntaxNode | undefined;
  walk(code.Syntax, (node) => {
    // A call that is not closed ends at its last token; blanks typed after it still belong to it.
    if (kindOf(node) === 'FunctionCallExpression' && opens(node) < at && at <= closes(node, code.Text)) call = node;
  });
  const symbol = call?.ReferencedSymbol;
  if (!call || !symbol) return undefined;
  const signatures = signaturesOf(symbol);
  if (!signatures.length) return undefined;
  const position = argumentIndex(call, at);
  const fits = (signature: EditorSignature): boolean =>
    position < signature.parameters.length || (signature.parameters.at(-1)?.repeats ?? false) || position === 0;
  const activeSignature = Math.max(0, signatures.findIndex(fits));
  const parameters = signatures[activeSignature]!.parameters;
  const kind = builtInKind(symbol);
  const about = kind && aboutWord(kind, symbol.Name);
  return {
    signatures: signatures.map((signature) => ({ ...toLabel(signature), ...(about ? { about } : {}) })),
    activeSignature,
    activeParameter: position < parameters.length || !parameters.at(-1)?.repeats ? position : parameters.length - 1,
  };
}

function argumentList(call: SyntaxNode): SyntaxNode | undefined {
  return call.ChildCount > 1 ? (call.GetChild(1) ?? undefined) : undefined;
}
function opens(call: SyntaxNode): number {
  const bracket = argumentList(call)?.GetChild(0);
  return bracket && !bracket.IsMissing ? bracket.TextStart : Infinity;
}
function closes(call: SyntaxNode, text: string): number {
  const args = argumentList(call);
  const bracket = args?.GetChild(args.ChildCount - 1);
  if (bracket && !bracket.IsMissing) return bracket.TextStart;
  const end = call.TextStart + call.Width;
  return end + /^\s*/.exec(text.slice(end))![0].length;
}

/** How many commas of the call stand before the cursor. */
function argumentIndex(call: SyntaxNode, at: number): number {
  const args = argumentList(call)?.GetChild(1);
  if (!args) return 0;
  let commas = 0;
  for (let i = 0; i < args.ChildCount; i++) {
    const comma = args.GetChild(i)?.GetChild(1);
    if (comma && !comma.IsMissing && kindOf(comma) === 'CommaToken' && comma.TextStart < at) commas++;
  }
  return commas;
}

function toLabel(signature: EditorSignature): SignatureHelp['signatures'][number] {
  let label = `${signature.name}(`;
  const parameters: { label: readonly [number, number] }[] = [];
  signature.parameters.forEach((parameter, i) => {
    if (i > 0) label += ', ';
    const types = parameter.types.length && parameter.types.length < 4 ? `: ${parameter.types.join('|')}` : '';
    const text = `${parameter.name}${types}`;
    const start = label.length;
    label += parameter.optional ? `[${text}]` : text;
    parameters.push({ label: [start, label.length] });
    if (parameter.repeats) label += ', ...';
  });
  return { label: `${label})`, parameters };
}
