import { AppError } from '../../base/errors.ts';
import type { Column } from '../../model/kqlType.ts';
import type { RenderSpec } from '../../model/render.ts';
import { child, children, kindOf, kqlTypeOf, need, textOf } from '../kusto.ts';
import { analyze, analyzeAsShipped, diagnosticsOf, lineColumn } from '../kustoAnalysis.ts';
import { guarded, kusto, list } from '../kustoApi.ts';
import { globalsFor } from '../kustoGlobals.ts';
import type { PlacedDiagnostic } from '../kustoAnalysis.ts';
import type { KustoCode, KustoSymbol, SyntaxNode } from '../kustoApi.ts';
import type { Expr, Plan, Rel } from '../plan.ts';
import type { ExternalFile, KqlSchema } from '../schema.ts';
import { NeedsDiscovery } from './evaluate.ts';
import { NeedsFile } from './external.ts';
import { originalOffset } from './queryText.ts';
import type { QueryText } from './queryText.ts';
import { bindOperator, bindTabular } from './tabular.ts';
import { bindScalar, converted } from './scalar.ts';
import { placeOf, refuse } from './refusal.ts';
import { Scope } from './scope.ts';
import type { Binder, Discovered } from './scope.ts';
import { isTolerated } from './tolerance.ts';
import { isInSearch, NeedsText, splitName } from './splitNames.ts';
import { nameOf, typeNamed } from './tree.ts';

/** What to do about a `\` that begins no escape; Microsoft's own text speaks of a missing quote. */
const ESCAPE_HINT = 'In a text \\ begins an escape: write each as \\\\, or put @ before the text, as in @"C:\\logs"';

/** Names of tables and functions that Defender's own portal has and no workspace. */
const ONLY_IN_DEFENDER = /^(?:FileProfile\b|DeviceTvm\w+|ExposureGraph\w+)/;
/**
 * Binds a query over `schema` into a plan. Throws AppErrors: `query.syntax`, `query.semantic` with Microsoft's text and
 * place, `query.unsupported`; `NeedsDiscovery` where a plugin's columns depend on the data, `NeedsText` where a part
 * has to be written otherwise, and what `schema.external` throws of `NeedsFile`.
 */
export function bindQuery(query: QueryText, schema: KqlSchema): Plan {
  let code = analyze(query.text, globalsFor(schema));
  let error = errorOf(code);
  if (error) {
    const place = error.start;
    const split = splitName(error, code.Syntax);
    if (split ?? isInSearch(error, code.Syntax)) {
      // Only where Microsoft's own build would let it pass: what it rejects has no answer.
      const shipped = analyzeAsShipped(query.text, globalsFor(schema));
      const passes = !diagnosticsOf(shipped).some((d) => d.severity === 'Error' && d.start === place);
      if (split && passes) throw new NeedsText(split);
      // In the condition of a search a name is that of each table's own column.
      if (passes) {
        code = shipped;
        error = errorOf(code);
      }
    }
  }
  if (error) {
    const start = originalOffset(query, error.start);
    // KS176: no operator has this name, which is a matter of grammar although numbered among those of meaning.
    const syntax = /^KS0|^KS176$/.test(error.code);
    // A path of Windows is the usual reason for a text that ends at its first backslash.
    const escape = query.text[error.start] === '\\' ? `. ${ESCAPE_HINT}` : '';
    const token = query.text.slice(error.start, error.start + error.length);
    const elsewhere = ONLY_IN_DEFENDER.test(token)
      ? ` ${/^\w+/.exec(token)![0]} exists only in the advanced hunting of Microsoft Defender, not in a workspace.`
      : '';
    throw new AppError(syntax ? 'query.syntax' : 'query.semantic', `${error.message}${escape}${elsewhere}`, {
      data: {
        ...lineColumn(query.original, start),
        start,
        length: error.length,
        kqlCode: error.code,
        token: query.text.slice(error.start, error.start + Math.min(error.length, 40)),
      },
    });
  }
  let wanted: NeedsDiscovery | NeedsFile | undefined;
  const plan = guarded(() => {
    try {
      return new QueryBinder(query, schema).bind(code.Syntax);
    } catch (thrown) {
      if (!(thrown instanceof NeedsDiscovery) && !(thrown instanceof NeedsFile)) throw thrown;
      wanted = thrown;
      return undefined;
    }
  });
  if (wanted) throw wanted;
  return plan!;
}

function errorOf(code: KustoCode): PlacedDiagnostic | undefined {
  return diagnosticsOf(code).find((d) => d.severity === 'Error' && !isTolerated(d, code.Syntax));
}

const aggregateNames = new Set<KustoSymbol>();
function aggregates(): Set<KustoSymbol> {
  if (aggregateNames.size === 0)
    for (const symbol of list(kusto.GlobalState.Default.Aggregates)) aggregateNames.add(symbol);
  return aggregateNames;
}

/**
 * Options that change which rows an answer has. Others limit, hint or trace, and are passed over; `query_now` and
 * `query_bin_auto_*` are read where they matter.
 */
const CHANGING: ReadonlySet<string> = new Set([
  'query_take_max_records',
  'query_datetimescope_column',
  'query_datetimescope_from',
  'query_datetimescope_to',
  'query_results_apply_getschema',
]);

const builtIns = new Set<KustoSymbol>();
/** None of Microsoft's own functions has a body. */
function isBuiltIn(symbol: KustoSymbol | null | undefined): boolean {
  const { Functions, Aggregates } = kusto.GlobalState.Default;
  if (builtIns.size === 0) for (const one of [...list(Functions), ...list(Aggregates)]) builtIns.add(one);
  return symbol !== null && symbol !== undefined && builtIns.has(symbol);
}

class QueryBinder implements Binder {
  readonly text: string;
  readonly ingestionTime: string | undefined;
  private readonly query: QueryText;
  private readonly schema: KqlSchema;
  private render: RenderSpec | undefined;
  private extra: { name: string; rel: Rel }[] = [];
  private readonly options = new Map<string, () => Expr>();
  private ids = 0;
  private depth = 0;

  constructor(query: QueryText, schema: KqlSchema) {
    this.query = query;
    this.text = query.text;
    this.ingestionTime = schema.database.ingestionTime;
    this.schema = schema;
  }

  bind(syntax: SyntaxNode): Plan {
    const scope = new Scope();
    const results: { name: string; rel: Rel }[] = [];
    for (const statement of children(syntax, 'Statements')) {
      const result = this.statement(statement, scope);
      if (!result) continue;
      results.push(
        ...(this.extra.length > 0
          ? this.extra
          : [{ name: results.length === 0 ? 'PrimaryResult' : `Result${results.length + 1}`, rel: result }]),
      );
      this.extra = [];
    }
    if (results.length === 0)
      throw new AppError('query.semantic', 'The query has no tabular expression statement.', {
        data: { line: 1, column: 1, start: 0, length: 0, token: '' },
      });
    return { results, ...(this.render ? { render: this.render } : {}) };
  }

  /** A statement: lets extend the scope; an expression is a result. */
  private statement(node: SyntaxNode, scope: Scope): Rel | undefined {
    const kind = kindOf(node);
    switch (kind) {
      case 'LetStatement':
        this.let(node, scope);
        return undefined;
      case 'ExpressionStatement':
        return this.statementResult(need(node, 'Expression'), scope);
      case 'SetOptionStatement': {
        const value = child(node, 'ValueClause');
        const option = nameOf(need(node, 'Name')).toLowerCase();
        if (CHANGING.has(option))
          return refuse(`\`set ${option}\``, node, 'Say the same in the query, with where or take.');
        if (value)
          this.options.set(
            option,
            once(() => this.scalar(need(value, 'Expression'), scope)),
          );
        return undefined;
      }
      case 'QueryParametersStatement':
        this.parameters(node, scope);
        return undefined;
      default:
        return refuse(`The statement \`${textOf(node).split(/\s/, 2).join(' ')}\``, node);
    }
  }
  private statementResult(node: SyntaxNode, scope: Scope): Rel {
    const type = kqlTypeOf(node.ResultType);
    if (type === undefined) return this.tabular(node, scope);
    // A scalar as the whole query is a table of one value.
    const place = placeOf(node);
    const column: Column = { name: 'print_0', type };
    return {
      kind: 'project',
      input: { kind: 'values', rows: [[]], columns: [], place },
      items: [{ column, expr: this.scalar(node, scope) }],
      columns: [column],
      place,
    };
  }
  private let(node: SyntaxNode, scope: Scope): void {
    const name = nameOf(need(node, 'Name'));
    const value = need(node, 'Expression');
    if (kindOf(value) === 'FunctionDeclaration') {
      const view =
        child(value, 'ViewKeyword') !== undefined && children(need(value, 'Parameters'), 'Parameters').length === 0;
      scope.names.set(name, {
        kind: 'function',
        scope,
        ...(view ? { view: once(() => this.viewRows(need(value, 'Body'), scope)) } : {}),
      });
      return;
    }
    const scalar = kqlTypeOf(value.ResultType) !== undefined || kindOf(value) === 'ToScalarExpression';
    scope.names.set(
      name,
      scalar
        ? { kind: 'scalar', expr: once(() => this.scalar(value, scope)) }
        : { kind: 'rel', rel: once(() => this.tabular(value, scope)) },
    );
  }
  private parameters(node: SyntaxNode, scope: Scope): void {
    for (const parameter of children(node, 'Parameters')) {
      const declaration = need(parameter, 'NameAndType');
      const name = nameOf(need(declaration, 'Name'));
      const start = child(parameter, 'DefaultValue');
      const type = typeNamed(need(declaration, 'Type'));
      scope.names.set(name, {
        kind: 'scalar',
        expr: once(() =>
          start
            ? converted(this.scalar(need(start, 'Value'), scope), type, start)
            : refuse(`The query parameter '${name}' without a value`, parameter),
        ),
      });
    }
  }

  scalar(node: SyntaxNode, scope: Scope): Expr {
    return bindScalar(node, scope, this);
  }
  tabular(node: SyntaxNode, scope: Scope): Rel {
    return bindTabular(node, scope, this);
  }
  operator(node: SyntaxNode, input: Rel | undefined, scope: Scope): Rel {
    return bindOperator(node, input, scope, this, this.schema.database);
  }
  discovered(node: SyntaxNode, scope: Scope): Discovered {
    const { base, calls } = scope;
    if (base === undefined)
      return refuse(
        'A plugin whose columns depend on the data, inside a stored function,',
        node,
        'Move it out of the function.',
      );
    const key = [...calls, node.TextStart + base];
    const at = node.End + base;
    return {
      at,
      key,
      written: this.query.clauses.has(at),
      columns: this.query.found.find((f) => f.key.length === key.length && f.key.every((place, i) => place === key[i]))
        ?.columns,
    };
  }
  setRender(render: RenderSpec): void {
    this.render = render;
  }
  addResults(results: readonly { readonly name: string; readonly rel: Rel }[]): void {
    this.extra.push(...results);
  }
  nextId(): number {
    return ++this.ids;
  }
  external(file: ExternalFile): Rel | { readonly wayAround: string } | undefined {
    const table = this.schema.external?.(file);
    return (
      table &&
      ('wayAround' in table
        ? table
        : {
            kind: 'table',
            database: this.schema.database,
            table,
            columns: table.columns,
            place: { start: 0, length: 0 },
          })
    );
  }
  option(name: string): Expr | undefined {
    return this.options.get(name)?.();
  }
  isView(node: SyntaxNode, scope: Scope): boolean {
    const found = kindOf(node) === 'NameReference' ? scope.find(nameOf(node)) : undefined;
    return found?.kind === 'function' && found.view !== undefined;
  }
  views(scope: Scope): { name: string; rel: Rel }[] {
    return [...scope.all()].flatMap(([name, b]) => (b.kind === 'function' && b.view ? [{ name, rel: b.view() }] : []));
  }
  private viewRows(body: SyntaxNode, scope: Scope): Rel {
    const inner = new Scope(scope, { row: [], subject: undefined });
    for (const statement of children(body, 'Statements')) this.statement(statement, inner);
    return this.tabular(need(body, 'Expression'), inner);
  }
  isAggregate(node: SyntaxNode): boolean {
    return aggregates().has(node.ReferencedSymbol as KustoSymbol);
  }

  call(node: SyntaxNode, scope: Scope, piped?: Rel): { readonly body: SyntaxNode; readonly scope: Scope } | undefined {
    const body = isBuiltIn(node.ReferencedSymbol) ? undefined : node.GetCalledFunctionBody?.();
    if (!body) return undefined;
    if (this.depth > 100) return refuse('A function that calls itself', node);
    const binding = scope.find(node.ReferencedSymbol?.Name ?? '');
    const home = binding?.kind === 'function' ? binding.scope : undefined;
    const declared = node.ReferencedSignature?.Declaration;
    const base = home?.base === undefined || !declared ? undefined : home.base + declared.TextStart - body.TextStart;
    const inner = new Scope(home, {
      row: [],
      subject: undefined,
      body: { base, calls: [...scope.calls, node.TextStart + (scope.base ?? 0)] },
    });
    const given = kindOf(node) === 'FunctionCallExpression' ? children(need(node, 'ArgumentList'), 'Expressions') : [];
    const positional = given.filter((a) => kindOf(a) !== 'SimpleNamedExpression');
    const named = new Map(
      given
        .filter((a) => kindOf(a) === 'SimpleNamedExpression')
        .map((a) => [nameOf(need(a, 'Name')), need(a, 'Expression')]),
    );
    list(node.ReferencedSignature?.Parameters).forEach((parameter, i) => {
      if (piped && i === 0) {
        inner.names.set(parameter.Name, { kind: 'rel', rel: () => piped });
        return;
      }
      const argument = named.get(parameter.Name) ?? positional.shift() ?? parameter.DefaultValue ?? undefined;
      const declared = list(parameter.DeclaredTypes)[0];
      if (!argument) return;
      const type = kqlTypeOf(declared);
      inner.names.set(
        parameter.Name,
        type === undefined
          ? { kind: 'rel', rel: once(() => this.tabular(argument, scope)) }
          : { kind: 'scalar', expr: once(() => converted(this.scalar(argument, scope), type, node)) },
      );
    });
    const bodyScope = inner;
    this.depth++;
    try {
      for (const statement of children(body, 'Statements')) this.statement(statement, bodyScope);
    } finally {
      this.depth--;
    }
    return { body, scope: bodyScope };
  }
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
