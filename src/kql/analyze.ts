import type { AppError } from '../base/errors.ts';
import type { Column } from '../model/kqlType.ts';
import type { RenderSpec } from '../model/render.ts';
import { child, columnsOf, kindOf, symbolClass, textOf, walk } from './kusto.ts';
import { analyze as bind, diagnosticsOf, lineColumn, parse } from './kustoAnalysis.ts';
import { globalsFor } from './kustoGlobals.ts';
import type { PlacedDiagnostic } from './kustoAnalysis.ts';
import type { KustoCode, SyntaxNode } from './kustoApi.ts';
import { findInstants } from './findInstants.ts';
import type { InstantCall } from './oneMoment.ts';
import { tooDeep } from './queryLimits.ts';
import type { KqlSchema } from './schema.ts';
import { codeStart } from './scan.ts';
import { calledName, isBuiltIn, isTableName, letDeclarations, nameOf, parameterNames } from './treeNames.ts';
import { reachOf } from './reach.ts';
import { sortsAnswer } from './sortsAnswer.ts';
import { isRowByRow } from './across/rowByRow.ts';
import { findGraphTable } from './graph/graphTables.ts';

/** What a query says about itself, before anything is sent. */
export interface QueryFacts {
  /** Nothing but blanks and comments. */
  readonly empty: boolean;
  readonly length: number;
  /** Microsoft's errors of syntax; with a schema also of names and types. */
  readonly errors: readonly PlacedDiagnostic[];
  /**
   * Tables it reads, in order of first mention, also inside the functions it calls. Without a schema: names that stand
   * where tables do.
   */
  readonly tables: readonly string[];
  /** True where it also reads tables that it does not name: `union *`, `search`, `find`. */
  readonly unnamedTables: boolean;
  /** Columns of the answer; undefined where they depend on data, or without a schema. */
  readonly columns?: readonly Column[];
  readonly statements: readonly {
    readonly kind: 'let' | 'set' | 'query' | 'other';
    readonly start: number;
    readonly end: number;
  }[];
  readonly render?: RenderSpec;
  /** Its rows come in an order it asked for. */
  readonly sorted: boolean;
  /**
   * What of it reaches out of the workspace that runs it, each once: `workspace`, `externaldata`, `http_request` ...
   * What a stored function of the workspace reads is not known here. Absent where the text could not be read.
   */
  readonly reachesOut?: readonly string[];
  /**
   * Calls of functions that neither Kusto nor the text itself has, each once: of stored ones, or of none. Absent where
   * the text could not be read.
   */
  readonly unknownCalls?: readonly string[];
  /** Surely each workspace's own rows, one under the other, are the answer over all: see `isRowByRow`. */
  readonly rowByRow: boolean;
  /** The same of each tenant's rows, where Resource Graph is asked. */
  readonly graphRowByRow: boolean;
  /** Calls of `now` and `ago`, which mean another instant in every workspace. */
  readonly instants: readonly InstantCall[];
  /** Whether it names `_Customer`, `_Tenant` or `_Workspace`, which no workspace has. */
  readonly namesAttribution: boolean;
  /** Names it gives or refers to, of columns, tables, variables and functions of somebody's own, with their places. */
  readonly names: readonly { readonly text: string; readonly start: number }[];
}

/** Facts about one query. Never throws on bad text: what cannot be told is absent, errors say why. */
export function analyzeQuery(text: string, schema?: KqlSchema): QueryFacts {
  try {
    return factsOf(text, schema);
  } catch (error) {
    const failure = error instanceof RangeError ? tooDeep(text.length) : error;
    const { start = 0, length = 0 } = ((failure as AppError).data ?? {}) as { start?: number; length?: number };
    return {
      empty: false,
      length: text.length,
      errors: [
        {
          severity: 'Error',
          code: 'parser',
          message: failure instanceof Error ? failure.message.replace(/\.$/, '') : String(failure),
          start,
          length,
          ...lineColumn(text, start),
        },
      ],
      tables: [],
      unnamedTables: false,
      statements: [],
      sorted: false,
      instants: [],
      namesAttribution: false,
      names: [],
      rowByRow: false,
      graphRowByRow: false,
    };
  }
}

function factsOf(text: string, schema: KqlSchema | undefined): QueryFacts {
  const empty = codeStart(text) >= text.length;
  const code = schema ? bind(text, globalsFor(schema)) : parse(text);
  const errors = diagnosticsOf(code).filter((d) => d.severity === 'Error');
  const columns = schema && !errors.length ? answerColumns(code) : undefined;
  const render = renderOf(code.Syntax);
  return {
    empty,
    length: text.length,
    errors: empty ? [] : errors,
    tables: tablesOf(code, schema !== undefined),
    unnamedTables: readsUnnamed(code.Syntax),
    statements: statementsOf(code.Syntax),
    ...(columns ? { columns } : {}),
    ...(render ? { render } : {}),
    sorted: sortsAnswer(code.Syntax),
    ...reachOf(code.Syntax),
    rowByRow: isRowByRow(code.Syntax),
    graphRowByRow: isRowByRow(code.Syntax, (name) => findGraphTable(name) !== undefined),
    instants: findInstants(code.Syntax),
    namesAttribution: namesAttribution(code.Syntax),
    names: namesIn(code.Syntax),
  };
}

function namesIn(root: SyntaxNode): QueryFacts['names'] {
  const found: { text: string; start: number }[] = [];
  walk(root, (node) => {
    if (!NAMES.has(kindOf(node))) return;
    const text = nameOf(node);
    const called = node.Parent && kindOf(node.Parent) === 'FunctionCallExpression';
    if (text !== '' && !(called && isBuiltIn(text))) found.push({ text, start: node.TextStart });
  });
  return found;
}
const NAMES = new Set(['NameDeclaration', 'NameReference', 'WildcardedNameReference']);

const ATTRIBUTION = new Set(['_Customer', '_Tenant', '_Workspace']);
function namesAttribution(root: SyntaxNode): boolean {
  let found = false;
  walk(root, (node) => {
    found ||= kindOf(node) === 'NameReference' && ATTRIBUTION.has(nameOf(node));
  });
  return found;
}

function answerColumns(code: KustoCode): Column[] | undefined {
  const type = code.ResultType;
  if (!type || symbolClass(type) !== 'TableSymbol' || type.IsOpen) return undefined;
  const dataDependent = callsOf(code.Syntax).some((name) => DATA_DEPENDENT.has(name));
  return dataDependent ? undefined : columnsOf(type);
}
/** Plugins whose columns nobody knows before the rows. */
const DATA_DEPENDENT = new Set(['bag_unpack', 'pivot', 'narrow', 'python', 'r']);

function callsOf(root: SyntaxNode): string[] {
  const names: string[] = [];
  walk(root, (node) => {
    if (kindOf(node) === 'FunctionCallExpression') names.push(calledName(node));
  });
  return names;
}

/**
 * Table names of a bound tree, called functions followed; of a tree without names, what stands at the source of a pipe
 * or in a union or join.
 */
function tablesOf(code: KustoCode, isBound: boolean): string[] {
  const found = new Set<string>();
  const visited = new Set<SyntaxNode>();
  const collect = (root: SyntaxNode, depth: number): void => {
    walk(root, (node) => {
      if (isTableName(node)) found.add(nameOf(node));
      const body = isBound ? node.GetCalledFunctionBody?.() : undefined;
      if (body && depth < 12 && !visited.has(body)) {
        visited.add(body);
        collect(body, depth + 1);
      }
    });
  };
  collect(code.Syntax, 0);
  if (!isBound)
    for (const name of [...letDeclarations(code.Syntax).keys(), ...parameterNames(code.Syntax)]) found.delete(name);
  return [...found];
}

/** A search or find that is no stage of a pipe, or a union with a wildcard among its operands. */
function readsUnnamed(root: SyntaxNode): boolean {
  let found = false;
  walk(root, (node) => {
    const kind = kindOf(node);
    if (kind === 'SearchOperator' || kind === 'FindOperator') {
      const pipe = node.Parent;
      found ||= !pipe || kindOf(pipe) !== 'PipeExpression' || child(pipe, 'Expression')?.TextStart === node.TextStart;
    } else if (kind === 'UnionOperator') {
      const operands = child(node, 'Expressions');
      if (operands)
        walk(operands, (operand) => {
          if (kindOf(operand) === 'PipeExpression') return false;
          found ||= kindOf(operand) === 'WildcardedNameReference';
          return undefined;
        });
    }
  });
  return found;
}

function statementsOf(root: SyntaxNode): { kind: 'let' | 'set' | 'query' | 'other'; start: number; end: number }[] {
  const found: { kind: 'let' | 'set' | 'query' | 'other'; start: number; end: number }[] = [];
  walk(root, (node) => {
    const kind = STATEMENTS[kindOf(node)];
    if (!kind && !kindOf(node).endsWith('Statement')) return;
    found.push({ kind: kind ?? 'other', start: node.TextStart, end: node.TextStart + node.Width });
    return false;
  });
  return found;
}
const STATEMENTS: Readonly<Record<string, 'let' | 'set' | 'query'>> = {
  LetStatement: 'let',
  SetOptionStatement: 'set',
  ExpressionStatement: 'query',
};

/** `render timechart with (title="x", ycolumns=a, b)` in the words of the query API. */
function renderOf(root: SyntaxNode): RenderSpec | undefined {
  let render: SyntaxNode | undefined;
  walk(root, (node) => {
    if (kindOf(node) === 'RenderOperator') render = node;
  });
  const chart = render && child(render, 'ChartType');
  if (!render || !chart) return undefined;
  const spec: Record<string, unknown> = { visualization: textOf(chart) };
  walk(render, (node) => {
    if (kindOf(node) !== 'NamedParameter') return;
    const named = child(node, 'Name');
    const name = named ? textOf(named).toLowerCase() : '';
    const value = child(node, 'Expression');
    const property = RENDER_PROPERTIES[name];
    if (!property || !value) return;
    const text = textOf(value);
    spec[property.to] =
      property.as === 'list'
        ? text.split(',').map((item) => bare(item.trim()))
        : property.as === 'number'
          ? Number(text)
          : property.as === 'bool'
            ? /^true$/i.test(text)
            : bare(text);
  });
  return spec as unknown as RenderSpec;
}
const RENDER_PROPERTIES: Readonly<Record<string, { to: string; as: 'text' | 'list' | 'number' | 'bool' }>> = {
  title: { to: 'title', as: 'text' },
  kind: { to: 'kind', as: 'text' },
  legend: { to: 'legend', as: 'text' },
  xcolumn: { to: 'xColumn', as: 'text' },
  ycolumns: { to: 'yColumns', as: 'list' },
  series: { to: 'series', as: 'list' },
  anomalycolumns: { to: 'anomalyColumns', as: 'list' },
  xtitle: { to: 'xTitle', as: 'text' },
  ytitle: { to: 'yTitle', as: 'text' },
  xaxis: { to: 'xAxis', as: 'text' },
  yaxis: { to: 'yAxis', as: 'text' },
  ysplit: { to: 'ySplit', as: 'text' },
  ymin: { to: 'yMin', as: 'number' },
  ymax: { to: 'yMax', as: 'number' },
  accumulate: { to: 'accumulate', as: 'bool' },
};
function bare(text: string): string {
  return text.replace(/^\[?\s*["'](.*)["']\s*\]?$/s, '$1');
}
