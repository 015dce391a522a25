import type { DocumentBlock } from './blocks.ts';
import type { CodeAction, TextDiagnostic, TextRange } from './face.ts';
import { fuzzyUnion } from './missingTables.ts';
import { mistakeFixes } from './mistakes.ts';
import { nearest } from './nearest.ts';
import type { ScopeModel } from './scopeModel.ts';
import { nameUses } from './symbols.ts';

/**
 * Fixes and refactorings at a selection: Microsoft's, and ours for names, pipes and columns that only some workspaces
 * have.
 */
export function actionsAt(
  model: ScopeModel,
  blocks: readonly DocumentBlock[],
  block: DocumentBlock,
  range: TextRange,
  diagnostics: readonly TextDiagnostic[],
): CodeAction[] {
  const at = range.start - block.rawStart;
  const actions: CodeAction[] = [];
  for (const d of diagnostics) {
    if (d.end < at || d.start > range.end - block.rawStart) continue;
    const fixes = { start: d.start + block.rawStart, end: d.end + block.rawStart, code: d.code };
    for (const { title, start, end, newText } of mistakeFixes(model.code(block.raw).code?.Syntax, block.raw, d)) {
      actions.push({
        title,
        kind: 'quickfix',
        fixes,
        changes: [{ start: start + block.rawStart, end: end + block.rawStart, newText }],
      });
    }
    if (d.about) {
      for (const name of nearest(d.about.name, candidates(model, block, d))) {
        actions.push({
          title: `Change to ${name}`,
          kind: 'quickfix',
          fixes,
          changes: [{ start: fixes.start, end: fixes.end, newText: name }],
        });
      }
    } else if (d.code === 'block.startsWithPipe') {
      const above = blocks[blocks.indexOf(block) - 1];
      if (above?.kind === 'query')
        actions.push({
          title: 'Join with the query above',
          kind: 'quickfix',
          fixes,
          changes: [{ start: above.end, end: block.start, newText: lineBreakOf(above.raw) }],
        });
    } else if (d.code === 'column.someWorkspaces') {
      const action = tolerate(model, block, d);
      if (action) actions.push({ ...action, fixes });
    } else if (d.code === 'table.someWorkspaces') {
      const root = model.code(block.raw).code?.Syntax;
      const change = root && fuzzyUnion(root, d);
      if (change)
        actions.push({
          title: `Let workspaces without ${block.raw.slice(d.start, d.end)} answer with the other tables`,
          kind: 'quickfix',
          fixes,
          changes: [{ ...change, start: change.start + block.rawStart, end: change.end + block.rawStart }],
        });
    }
  }
  for (const action of model.code(block.raw).actions(at, range.end - range.start)) {
    const kind = action.kind.startsWith('Extract')
      ? 'refactor.extract'
      : action.kind.startsWith('Inline')
        ? 'refactor.inline'
        : 'quickfix';
    actions.push({
      title: action.title,
      kind,
      changes: action.changes.map((c) => ({
        start: c.start + block.rawStart,
        end: c.end + block.rawStart,
        newText: c.newText.replace(/\r\n?|\n/g, lineBreakOf(block.raw)),
      })),
      ...(action.renameAt === undefined ? {} : { renameAt: action.renameAt + block.rawStart }),
    });
  }
  // One mistake may be several errors.
  const told = new Set<string>();
  return actions.filter((action) => {
    const key = JSON.stringify([action.title, action.changes]);
    return !told.has(key) && told.add(key);
  });
}

function candidates(model: ScopeModel, block: DocumentBlock, d: TextDiagnostic): string[] {
  if (d.about?.kind === 'unknownTable') return [...model.names.tables, ...model.names.functions];
  const names = new Set<string>();
  const code = model.code(block.raw);
  for (const use of code.code ? nameUses(code.code.Syntax) : [])
    if (use.kind === 'TableSymbol') for (const column of model.columnsOf(use.name)) names.add(column.name);
  for (const item of code.completion(d.end).items) names.add(item.MatchText);
  return [...names];
}

const EMPTY: Readonly<Record<string, string>> = { string: '""', dynamic: 'dynamic(null)' };
/** `column_ifexists("X", ...)` for a column that some workspaces lack, where an expression may stand. */
function tolerate(model: ScopeModel, block: DocumentBlock, d: TextDiagnostic): CodeAction | undefined {
  const code = model.code(block.raw).code;
  const use = code && nameUses(code.Syntax).find((name) => name.start === d.start && name.end === d.end);
  const origin = use && model.originsOf(use.symbol)[0];
  if (!origin || origin.column.types.length !== 1) return undefined;
  const type = origin.column.types[0]!.type;
  const newText = `column_ifexists("${origin.column.name}", ${EMPTY[type] ?? `${type}(null)`})`;
  const changed = block.raw.slice(0, d.start) + newText + block.raw.slice(d.end);
  const before = model.code(block.raw).diagnostics().length;
  if (model.code(changed).diagnostics().length > before) return undefined;
  return {
    title: `Let workspaces without ${origin.column.name} answer too`,
    kind: 'quickfix',
    changes: [{ start: d.start + block.rawStart, end: d.end + block.rawStart, newText }],
  };
}

function lineBreakOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
