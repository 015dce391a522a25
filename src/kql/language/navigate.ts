import { list } from '../kustoApi.ts';
import type { NetList } from '../kustoApi.ts';
import type { DocumentBlock } from './blocks.ts';
import type { Definition, Reference, RenameAnswer, RenameTarget, TextChange } from './face.ts';
import type { ScopeModel } from './scopeModel.ts';
import { nameUses } from './symbols.ts';

const DECLARATION = 2,
  REFERENCE = 1;
interface Place {
  readonly start: number;
  readonly end: number;
  readonly declaration: boolean;
}

/** Places of the name at `offset` within its block, in order; places relative to the block's raw text. */
function placesAt(model: ScopeModel, block: DocumentBlock, at: number): Place[] {
  return model
    .code(block.raw)
    .related(at)
    .filter((e) => e.kind === DECLARATION || e.kind === REFERENCE)
    .map((e) => ({ start: e.start, end: e.start + e.length, declaration: e.kind === DECLARATION }))
    .sort((a, b) => a.start - b.start);
}

/**
 * Where the name at `offset` is declared: a place in the text, or the text of a stored function. Undefined where it is
 * neither.
 */
export function definitionAt(model: ScopeModel, block: DocumentBlock, offset: number): Definition | undefined {
  const at = offset - block.rawStart;
  const declared = placesAt(model, block, at).find((place) => place.declaration);
  if (declared) return { kind: 'text', range: shift(declared, block.rawStart) };
  const code = model.code(block.raw).code;
  const use =
    code && nameUses(code.Syntax).find((name) => name.kind === 'FunctionSymbol' && name.start <= at && at <= name.end);
  const fn = use && model.fn(use.name);
  if (!fn) return undefined;
  const parameters = fn.parameters.trim().replace(/^\(([\s\S]*)\)$/, '$1');
  const body = fn.body.trim();
  return {
    kind: 'function',
    name: fn.name,
    text: `// ${fn.description ?? `Function ${fn.name} of the workspace`}\nlet ${fn.name} = (${parameters}) ${body.startsWith('{') ? body : `{\n${body}\n}`};\n`,
  };
}

/** Every place in the block of the name at `offset`, its declaration too; empty where there is no such name. */
export function referencesAt(model: ScopeModel, block: DocumentBlock, offset: number): Reference[] {
  return placesAt(model, block, offset - block.rawStart).map((place) => ({
    ...shift(place, block.rawStart),
    declaration: place.declaration,
  }));
}

/** The name at `offset` where the query declares it; else why it cannot be changed. */
export function renameTargetAt(model: ScopeModel, block: DocumentBlock, offset: number): RenameTarget {
  const at = offset - block.rawStart;
  const places = placesAt(model, block, at);
  const here = places.find((place) => place.start <= at && at <= place.end);
  if (!here || !places.some((place) => place.declaration))
    return {
      ok: false,
      reason:
        'Only names that this query declares can be changed: let statements, functions and their parameters, and columns it makes.',
    };
  return { ok: true, range: shift(here, block.rawStart), name: block.raw.slice(here.start, here.end) };
}

/** Renames, then binds the changed query and compares: a rename that would change what anything means is refused. */
export function renameAt(model: ScopeModel, block: DocumentBlock, offset: number, newName: string): RenameAnswer {
  const target = renameTargetAt(model, block, offset);
  if (!target.ok) return target;
  const at = offset - block.rawStart;
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(newName))
    return {
      ok: false,
      reason: `"${newName}" cannot be a name: use letters, digits and underscores, beginning with a letter or an underscore.`,
    };
  if (newName === target.name) return { ok: true, changes: [] };
  const places = placesAt(model, block, at);
  const renamed = replaceAll(block.raw, places, newName);
  const first = places[0]!;
  const after = placesAt(model, { ...block, raw: renamed }, first.start);
  const expected = places.map((place, i) => place.start + i * (newName.length - (place.end - place.start)));
  const same = after.length === places.length && after.every((place, i) => place.start === expected[i]);
  if (
    !same ||
    errors(model, renamed) > errors(model, block.raw) ||
    shape(model, renamed, newName) !== shape(model, block.raw, newName, target.name)
  ) {
    return {
      ok: false,
      reason: `Renaming ${target.name} to ${newName} would change what this query means or break it: the name is in use, is a keyword, or columns of a union or join depend on it.`,
    };
  }
  return {
    ok: true,
    changes: places.map((place): TextChange => ({ ...shift(place, block.rawStart), newText: newName })),
  };
}

function replaceAll(text: string, places: readonly Place[], newName: string): string {
  let made = '',
    from = 0;
  for (const place of places) {
    made += text.slice(from, place.start) + newName;
    from = place.end;
  }
  return made + text.slice(from);
}
function errors(model: ScopeModel, text: string): number {
  return model
    .code(text)
    .diagnostics()
    .filter((d) => d.severity === 'Error').length;
}

/** Names and types of the answer's columns, the renamed one under its new name. */
function shape(model: ScopeModel, text: string, newName: string, oldName?: string): string {
  const result = model.code(text).code?.ResultType as
    | { readonly Columns?: NetList<{ readonly Name: string; readonly Type: { readonly Name: string } }> }
    | null
    | undefined;
  return list(result?.Columns)
    .map((column) => `${column.Name === oldName ? newName : column.Name}:${column.Type.Name}`)
    .join();
}

function shift(place: { readonly start: number; readonly end: number }, by: number): { start: number; end: number } {
  return { start: place.start + by, end: place.end + by };
}
