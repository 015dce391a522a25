import type { EditorDiagnostic } from '../kustoEditor.ts';
import { parsed } from '../kustoEditor.ts';
import { acceptsAsShipped, diagnosticsOf, lineColumn } from '../kustoAnalysis.ts';
import { queryText } from '../bind/queryText.ts';
import { splitName } from '../bind/splitNames.ts';
import { isTolerated } from '../bind/tolerance.ts';
import { withPackAll } from '../bind/packAll.ts';
import { withViewsNamed } from '../bind/wildcardViews.ts';
import type { AppError } from '../../base/errors.ts';
import { findComplexity } from '../queryLimits.ts';
import { readDocumentScopes } from '../documentScopes.ts';
import { findScopeLines } from '../scopeLine.ts';
import type { DocumentBlock } from './blocks.ts';
import type { Severity, TextDiagnostic } from './face.ts';
import type { ScopeModel } from './scopeModel.ts';
import type { ScopeTable } from '../scopeSchema.ts';
import { columnSentences, namesOf } from './sentences.ts';
import { nameUses } from './symbols.ts';

/** Microsoft's codes for a name that stands for nothing: of any kind, a table, a function. */
const UNKNOWN_NAME: Readonly<Record<string, 'unknownTable' | 'unknownName'>> = {
  KS142: 'unknownName',
  KS204: 'unknownTable',
  KS122: 'unknownName',
  KS123: 'unknownName',
  KS143: 'unknownName',
  KS211: 'unknownName',
};

/** Diagnostics of one block, places relative to the block's raw text. Without a model only syntax is judged. */
export function blockDiagnostics(model: ScopeModel | undefined, block: DocumentBlock): TextDiagnostic[] {
  if (block.kind !== 'query') return block.kind === 'command' ? [commandDiagnostic(block)] : [];
  return model
    ? model.fact('diagnostics', block.raw, () => queryDiagnostics(model, block))
    : queryDiagnostics(undefined, block);
}

function queryDiagnostics(model: ScopeModel | undefined, block: DocumentBlock): TextDiagnostic[] {
  const complex = findComplexity(block.raw);
  if (complex) return [complexDiagnostic(complex)];
  if (model) return [...pipeDiagnostic(block), ...kustoDiagnostics(model, block), ...scopeDiagnostics(model, block)];
  const code = parsed(block.raw);
  if (!code) return [];
  return [
    ...pipeDiagnostic(block),
    ...diagnosticsOf(code).map((d) => ({
      start: d.start,
      end: d.start + d.length,
      severity: toSeverity(d.severity),
      source: 'Kusto' as const,
      code: d.code,
      message: d.message,
    })),
  ];
}

function kustoDiagnostics(model: ScopeModel, block: DocumentBlock): TextDiagnostic[] {
  const code = model.code(block.raw);
  const startsWithPipe = block.raw[block.codeStart - block.rawStart] === '|';
  // After a wrong start everything else is a consequence.
  const found = startsWithPipe ? [] : [...code.diagnostics(), ...code.advice()];
  return overViews(model, block.raw, found)
    .filter((d) => d.severity !== 'Error' || !isBindersAlone(model, block.raw, d))
    .map((d) => toDiagnostic(model, block.raw, d));
}

/**
 * An error of Microsoft's binder, or of what is mended in it, that the service does not make: the engine passes over
 * the same ones.
 */
function isBindersAlone(
  model: ScopeModel,
  text: string,
  { start, length, code, severity, message }: EditorDiagnostic,
): boolean {
  const root = model.code(text).code?.Syntax;
  const placed = { start, length, code, severity, message, ...lineColumn(text, start) };
  try {
    return (
      root !== undefined &&
      (isTolerated(placed, root) ||
        (splitName(placed, root) !== undefined && acceptsAsShipped(text, model.state, start)))
    );
  } catch {
    return false;
  }
}

/**
 * Microsoft's binder looks only for tables behind `union v*`: where views of the query are meant it takes their columns
 * for unknown, which the service does not.
 */
function overViews(model: ScopeModel, text: string, found: readonly EditorDiagnostic[]): readonly EditorDiagnostic[] {
  if (!found.some((d) => d.severity === 'Error')) return found;
  const named = withPackAll(
    withViewsNamed(queryText(text), {
      database: { name: 'scope', tables: [...model.names.tables].map((name) => ({ name, columns: [] })) },
    }),
  );
  if (named.text === text) return found;
  const code = model.code(named.text);
  return [...code.diagnostics(), ...code.advice()].map((d) => ({
    ...d,
    start: named.inserts.reduce((at, { at: place, length }) => (at >= place + length ? at - length : at), d.start),
  }));
}

function toDiagnostic(model: ScopeModel, text: string, d: EditorDiagnostic): TextDiagnostic {
  const severity = toSeverity(d.severity);
  const plain = {
    start: d.start,
    end: d.start + d.length,
    severity,
    source: 'Kusto' as const,
    code: d.code,
    message: d.message,
  };
  const kind = UNKNOWN_NAME[d.code];
  const name = text.slice(d.start, d.start + d.length);
  if (!kind || !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) || severity !== 'error') return plain;
  const isTable = kind === 'unknownTable' || standsWhereTablesDo(text, d.start);
  if (!isTable)
    return { ...plain, severity: model.partial ? 'warning' : severity, about: { kind: 'unknownName', name } };
  return {
    // Custom tables come and go while a schema is kept: the workspaces have the last word.
    ...plain,
    severity: model.partial || model.ofGraph || (d.code === 'KS204' && !model.ofResult) ? 'warning' : severity,
    message: `${d.message}\n${absence(model, name)}`,
    about: { kind: 'unknownTable', name },
  };
}

function absence(model: ScopeModel, name: string): string {
  const { workspaces, partial, ofResult, ofGraph } = model;
  if (ofResult) return `This query asks a result, whose rows are the table ${[...model.names.tables].join(', ')}.`;
  if (ofGraph) return `Resource Graph has no table named ${name} that is published.`;
  if (partial) return `No workspace that has told its tables has one named ${name}; some have not told yet.`;
  if (workspaces === undefined) return `No workspace of the scope has a table named ${name}.`;
  return workspaces === 1
    ? `The workspace of the scope has no table named ${name}.`
    : `None of the ${workspaces} workspaces of the scope has a table named ${name}.`;
}

/** A name at the start of a query, of a statement, in the brackets of a join or union: a table was meant. */
function standsWhereTablesDo(text: string, start: number): boolean {
  const before = text
    .slice(0, start)
    .replace(/\/\/[^\n\r]*/g, '')
    .trimEnd();
  return (
    before === '' ||
    before.endsWith(';') ||
    /\b(?:join|lookup|union)\b(?:[^|;]*[(,])?(?:\s*\w+\s*=\s*\w+)*$/.test(before)
  );
}

/**
 * What only the scope knows: tables and columns that only some workspaces have, columns whose type differs. One note
 * per name.
 */
function scopeDiagnostics(model: ScopeModel, block: DocumentBlock): TextDiagnostic[] {
  const code = model.code(block.raw).code;
  if (!code) return [];
  const notes: TextDiagnostic[] = [];
  const told = new Set<string>();
  const note = (start: number, end: number, kind: string, message: string): void => {
    if (told.has(message)) return;
    told.add(message);
    notes.push({ start, end, severity: 'information', source: 'Tenantscope', code: kind, message });
  };
  for (const { name, symbol, kind, start, end } of nameUses(code.Syntax)) {
    if (kind === 'TableSymbol') {
      const table = model.table(name);
      if (table?.have !== undefined && table.of !== undefined && table.have < table.of) {
        note(
          start,
          end,
          'table.someWorkspaces',
          `${name} is in ${table.have} of ${table.of} workspaces of the scope; ${lackers(table)} will say that they do not have it.`,
        );
      }
    } else if (kind === 'ColumnSymbol') {
      for (const { table, column } of model.originsOf(symbol)) {
        if (column.have !== undefined && table.have !== undefined) {
          note(
            start,
            end,
            'column.someWorkspaces',
            `${column.name} is in ${column.have} of the ${table.have} workspaces that have ${table.name}; the others refuse a query that names it. column_ifexists() lets them answer.`,
          );
        }
        if (column.types.length > 1)
          note(
            start,
            end,
            'column.typeDiffers',
            `${table.name}.${column.name}: ${columnSentences(column, table).find((s) => s.startsWith('Its type')) ?? ''}`,
          );
      }
    }
  }
  return notes;
}

function lackers({ who }: ScopeTable): string {
  return who?.they === 'lack' ? namesOf(who) : who ? `all but ${namesOf(who)}` : 'the others';
}

function pipeDiagnostic(block: DocumentBlock): TextDiagnostic[] {
  const at = block.codeStart - block.rawStart;
  if (block.raw[at] !== '|') return [];
  return [
    {
      start: at,
      end: at + 1,
      severity: 'error',
      source: 'Tenantscope',
      code: 'block.startsWithPipe',
      message: 'A blank line ended the query above, so this part has no table. Remove the blank line to go on with it.',
    },
  ];
}

/** A query that nobody gets through: nothing else of it can be judged, and a run of it is refused for the same. */
function complexDiagnostic({ code, message, data }: AppError): TextDiagnostic {
  const { start, length } = data as { readonly start: number; readonly length: number };
  return { start, end: start + length, severity: 'error', source: 'Tenantscope', code, message };
}

function commandDiagnostic(block: DocumentBlock): TextDiagnostic {
  const start = block.codeStart - block.rawStart;
  const end = start + (/^\.[\w-]*/.exec(block.raw.slice(start))?.[0].length ?? 1);
  return {
    start,
    end,
    severity: 'error',
    source: 'Tenantscope',
    code: 'block.command',
    message: 'Management commands (lines that begin with a dot) cannot run against Log Analytics workspaces.',
  };
}

/** What is wrong with the document's `// @scope` lines; places in the document. */
export function scopeLineDiagnostics(text: string): TextDiagnostic[] {
  const { idle } = readDocumentScopes(text);
  return findScopeLines(text).flatMap((line): TextDiagnostic[] => {
    const unheard = idle.find((one) => one.line.start === line.start);
    if (unheard)
      return [
        {
          start: line.start,
          end: line.end,
          severity: 'warning',
          source: 'Tenantscope',
          code: unheard.why === 'second' ? 'scope.second' : 'scope.noQuery',
          message:
            unheard.why === 'second'
              ? 'Another @scope line counts for this query.'
              : 'No query follows this @scope line. Put it above its query, or above all of them.',
        },
      ];
    return line.error
      ? [
          {
            start: line.error.start,
            end: line.error.end,
            severity: 'error',
            source: 'Tenantscope',
            code: 'scope.malformed',
            message: line.error.message,
          },
        ]
      : [];
  });
}

function toSeverity(severity: string): Severity {
  return severity === 'Error'
    ? 'error'
    : severity === 'Warning'
      ? 'warning'
      : severity === 'Suggestion'
        ? 'hint'
        : 'information';
}
