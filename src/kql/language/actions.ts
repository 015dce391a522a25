import type { DocumentBlock } from './blocks.ts';
import type { CodeAction, TextDiagnostic, TextRange } from './face.ts';
import type { ScopeModel } from './scopeModel.ts';
import { nameUses } from './symbols.ts';

/** Fixes and refactorings at a selection: Microsoft's, and ours for names, pipes and columns that only some workspaces have. */
export function actionsAt(model: ScopeModel, blocks: readonly DocumentBlock[], block: DocumentBlock, range: TextRange, diagnostics: readonly TextDiagnostic[]): CodeAction[] {
  const at = range.start - block.rawStart;
  const actions: CodeAction[] = [];
  for (const d of diagnostics) {
    if (d.end < at || d.start > range.end - block.rawStart) continue;
    const fixes = { start: d.start + block.rawStart, end: d.end + block.rawStart, code: d.code };
    if (d.about) {
      for (const name of nearest(d.about.name, candidates(model, block, d))) {
        actions.push({ title: `Change to ${name}`, kind: 'quickfix', fixes, changes: [{ start: fixes.start, end: fixes.end, newText: name }] });
      }
    } else if (d.code === 'block.startsWithPipe') {
      const above = blocks[blocks.indexOf(block) - 1];
      if (above?.kind === 'query') actions.push({ title: 'Join with the query above', kind: 'quickfix', fixes, changes: [{ start: above.end, end: block.start, newText: lineBreakOf(above.raw) }] });
    } else if (d.code === 'column.someWorkspaces') {
      const action = tolerate(model, block, d);
      if (action) actions.push({ ...action, fixes });
    }
  }
  for (const action of model.code(block.raw).actions(at, range.end - range.start)) {
    const kind = action.kind.startsWith('Extract') ? 'refactor.extract' : action.kind.startsWith('Inline') ? 'refactor.inline' : 'quickfix';
    actions.push({
      title: action.title, kind, changes: action.changes.map((c) => ({ start: c.start + block.rawStart, end: c.end + block.rawStart, newText: c.newText.replace(/\r\n?|\n/g, lineBreakOf(block.raw)) })),
      ...(action.renameAt === undefined ? {} : { renameAt: action.renameAt + block.rawStart }),
    });
  }
  return actions;
}

function candidates(model: ScopeModel, block: DocumentBlock, d: TextDiagnostic): string[] {
  if (d.about?.kind === 'unknownTable') return [...model.names.tables, ...model.names.functions];
  const names = new Set<string>();
  const code = model.code(block.raw);
  for (const use of code.code ? nameUses(code.code.Syntax) : []) if (use.kind === 'TableSymbol') for (const column of model.columnsOf(use.name)) names.add(column.name);
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
  return { title: `Let workspaces without ${origin.column.name} answer too`, kind: 'quickfix', changes: [{ start: d.start + block.rawStart, end: d.end + block.rawStart, newText }] };
}

/** At most three names that a slip of the fingers away, best first. */
export function nearest(wrong: string, names: Iterable<string>): string[] {
  const target = wrong.toLowerCase();
  const limit = Math.max(1, Math.floor(target.length / 3));
  const ranked: { name: string; distance: number }[] = [];
  for (const name of names) {
    if (Math.abs(name.length - target.length) > limit) continue;
    const distance = editDistance(target, name.toLowerCase(), limit);
    if (distance <= limit) ranked.push({ name, distance });
  }
  return ranked.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1)).slice(0, 3).map((entry) => entry.name);
}

/** Insertions, deletions, replacements and swaps of neighbours between two words; `limit` + 1 where there are more. */
function editDistance(a: string, b: string, limit: number): number {
  let previous: number[] = [], row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, previous[j - 2]! + 1);
      next.push(best);
    }
    if (Math.min(...next) > limit) return limit + 1;
    previous = row;
    row = next;
  }
  return row[b.length]!;
}

function lineBreakOf(text: string): string { return text.includes('\r\n') ? '\r\n' : '\n'; }
