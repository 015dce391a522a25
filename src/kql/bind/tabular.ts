import type { KqlType } from '../../model/kqlType.ts';
import { child, children, firstWordOf, kindOf, need, quotedText, symbolClass, textOf } from '../kusto.ts';
import { originOf } from '../kustoGlobals.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import type { Assignment, Expr, Rel } from '../plan.ts';
import type { SchemaDatabase } from '../schema.ts';
import { bindJoin, bindUnion, calledAs } from './combine.ts';
import { bindEvaluate } from './evaluate.ts';
import { bindExternal } from './external.ts';
import { bindMvApply, bindMvExpand, bindParse, bindParseKv, bindScan } from './expand.ts';
import { bindPartition } from './partition.ts';
import { bindDistinct, bindExtend, bindPrint, bindProject, bindRename, bindSelection } from './project.ts';
import { placeOf, refuse } from './refusal.ts';
import { bindRender } from './render.ts';
import { converted } from './scalar.ts';
import { literal } from './scope.ts';
import type { Binder, Scope } from './scope.ts';
import { bindFind, bindSearch } from './search.ts';
import {
  bindCount,
  bindMakeSeries,
  bindSort,
  bindSummarize,
  bindTop,
  bindTopHitters,
  bindTopNested,
} from './summarize.ts';
import { constantOf, nameOf, outputsOf, schemaColumns } from './tree.ts';

/** Binds a tabular expression: a source, a pipe, or an operator standing on the subject of a subquery. */
export function bindTabular(node: SyntaxNode, scope: Scope, binder: Binder): Rel {
  const kind = kindOf(node);
  switch (kind) {
    case 'PipeExpression':
      return binder.operator(need(node, 'Operator'), binder.tabular(need(node, 'Expression'), scope), scope);
    case 'ParenthesizedExpression':
    case 'ToTableExpression':
    case 'DataScopeExpression':
      return binder.tabular(need(node, 'Expression'), scope);
    case 'MaterializeExpression': {
      const input = binder.tabular(need(node, 'Expression'), scope);
      return { kind: 'materialize', input, columns: input.columns, place: placeOf(node) };
    }
    case 'NameReference':
      return bindTableName(node, scope, binder);
    case 'FunctionCallExpression':
      return bindTableCall(node, scope, binder);
    case 'PathExpression':
      return bindTablePath(node, scope, binder);
    case 'DataTableExpression':
      return bindDatatable(node, scope, binder);
    case 'ExternalDataExpression':
      return bindExternal(node, scope, binder);
    default:
      return binder.operator(node, scope.subject, scope);
  }
}

function table(node: SyntaxNode, symbolNode: SyntaxNode): Rel | undefined {
  const origin = originOf(symbolNode.ReferencedSymbol) ?? originOf(symbolNode.ResultType);
  return (
    origin && {
      kind: 'table',
      database: origin.database,
      table: origin.table,
      columns: origin.table.columns,
      place: placeOf(node),
    }
  );
}
function bindTableName(node: SyntaxNode, scope: Scope, binder: Binder): Rel {
  const name = node.ReferencedSymbol?.Name ?? nameOf(node);
  const cls = symbolClass(node.ReferencedSymbol);
  const found = cls === 'TableSymbol' ? table(node, node) : undefined;
  if (found) return found;
  const binding = scope.find(name);
  if (binding?.kind === 'rel') return binding.rel();
  return bindTableCall(node, scope, binder);
}
function bindTableCall(node: SyntaxNode, scope: Scope, binder: Binder): Rel {
  const inlined = binder.call(node, scope);
  if (inlined) return binder.tabular(need(inlined.body, 'Expression'), inlined.scope);
  const name =
    kindOf(node) === 'FunctionCallExpression'
      ? (need(node, 'Name').SimpleName ?? textOf(need(node, 'Name')))
      : nameOf(node);
  if (name === 'materialize' && kindOf(node) === 'FunctionCallExpression') {
    const [inner] = children(need(node, 'ArgumentList'), 'Expressions');
    const input = binder.tabular(inner ?? refuse('materialize() of nothing', node), scope);
    return { kind: 'materialize', input, columns: input.columns, place: placeOf(node) };
  }
  return table(node, node) ?? refuse(`The table or function '${name}', of which there is no local data,`, node);
}
/** `workspace("x").T`, `database("x").T`, `workspace("x").F(1)`. */
function bindTablePath(node: SyntaxNode, scope: Scope, binder: Binder): Rel {
  const selector = need(node, 'Selector');
  const found = table(node, selector) ?? table(node, node);
  if (found) return found;
  if (kindOf(selector) === 'FunctionCallExpression' || symbolClass(selector.ReferencedSymbol) === 'FunctionSymbol')
    return bindTableCall(selector, scope, binder);
  return refuse(
    `The table ${textOf(need(node, 'Expression')).split('(')[0]}(...).${nameOf(selector)}, of which there is no local data,`,
    node,
  );
}

function bindDatatable(node: SyntaxNode, scope: Scope, binder: Binder): Rel {
  const columns = schemaColumns(children(need(node, 'Schema'), 'Columns'));
  const values = children(node, 'Values').map((value, i) => {
    const type = columns[i % columns.length]?.type ?? 'dynamic';
    return converted(binder.scalar(value, scope), type, value);
  });
  const rows = Array.from({ length: Math.floor(values.length / Math.max(1, columns.length)) }, (_, r) =>
    values.slice(r * columns.length, (r + 1) * columns.length),
  );
  return { kind: 'values', rows, columns, place: placeOf(node) };
}

/** Binds one operator over its input; sources among the operators (print, range, union, search, find) need none. */
export function bindOperator(
  node: SyntaxNode,
  input: Rel | undefined,
  scope: Scope,
  binder: Binder,
  database: SchemaDatabase,
): Rel {
  const kind = kindOf(node);
  switch (kind) {
    case 'PrintOperator':
      return bindPrint(node, scope, binder);
    case 'RangeOperator': {
      const column = outputsOf(node)[0] ?? refuse('This range', node);
      const bound = (name: string): Expr => binder.scalar(need(node, name), scope);
      const [from, to, step] = [bound('From'), bound('To'), bound('Step')];
      if (!rangeFits(from.type, to.type, step.type))
        return refuse(
          `A range from ${from.type} to ${to.type} in steps of ${step.type}`,
          node,
          'Give bounds of one kind, and a timespan as the step of datetimes.',
        );
      return { kind: 'range', from, to, step, columns: [column], place: placeOf(node) };
    }
    case 'UnionOperator':
      return bindUnion(node, input, scope, binder, database);
    case 'SearchOperator':
      return bindSearch(node, input, scope, binder, database);
    case 'FindOperator':
      return input
        ? refuse('The operator `find` after a pipe', node, 'Use search, or find in (...) where.')
        : bindFind(node, scope, binder, database);
    case 'EvaluateOperator':
      return bindEvaluate(node, input, scope, binder);
    default:
      break;
  }
  if (!input) return refuse(`\`${firstWordOf(node) ?? quotedText(node)}\` without an input`, node);
  const place = placeOf(node);
  const count = (): Expr => binder.scalar(need(node, 'Expression'), scope);
  switch (kind) {
    case 'FilterOperator':
      return {
        kind: 'filter',
        input,
        condition: binder.scalar(need(node, 'Condition'), scope.withRow(input.columns)),
        columns: input.columns,
        place,
      };
    case 'ExtendOperator':
      return bindExtend(node, input, scope, binder);
    case 'ProjectOperator':
      return bindProject(node, input, scope, binder);
    case 'ProjectAwayOperator':
    case 'ProjectKeepOperator':
    case 'ProjectReorderOperator':
    case 'ProjectByNamesOperator':
      return bindSelection(node, input);
    case 'ProjectRenameOperator':
      return bindRename(node, input);
    case 'SummarizeOperator':
      return bindSummarize(node, input, scope, binder);
    case 'CountOperator':
      return bindCount(node, input);
    case 'DistinctOperator':
      return bindDistinct(node, input, scope, binder);
    case 'SortOperator':
      return bindSort(node, input, scope, binder);
    case 'TopOperator':
      return bindTop(node, input, scope, binder);
    case 'TopNestedOperator':
      return bindTopNested(node, input, scope, binder);
    case 'TopHittersOperator':
      return bindTopHitters(node, input, scope, binder);
    case 'TakeOperator':
      return { kind: 'take', input, count: count(), keys: [], columns: input.columns, place };
    case 'SampleOperator':
      return { kind: 'sample', input, count: count(), columns: input.columns, place };
    case 'SampleDistinctOperator': {
      const expr = binder.scalar(need(node, 'OfExpression'), scope.withRow(input.columns));
      const column = outputsOf(node)[0] ?? refuse('This sample-distinct', node);
      const values: Rel = { kind: 'project', input, items: [{ column, expr }], columns: [column], place };
      return {
        kind: 'sample',
        input: { kind: 'distinct', input: values, columns: [column], place },
        count: count(),
        columns: [column],
        place,
      };
    }
    case 'JoinOperator':
    case 'LookupOperator':
      return bindJoin(node, input, scope, binder);
    case 'MvExpandOperator':
      return bindMvExpand(node, input, scope, binder);
    case 'MvApplyOperator':
      return bindMvApply(node, input, scope, binder);
    case 'PartitionOperator':
      return bindPartition(node, input, scope, binder);
    case 'ParseOperator':
    case 'ParseWhereOperator':
      return bindParse(node, input, scope, binder);
    case 'ParseKvOperator':
      return bindParseKv(node, input, scope, binder);
    case 'MakeSeriesOperator':
      return bindMakeSeries(node, input, scope, binder);
    case 'ScanOperator':
      return bindScan(node, input, scope, binder);
    case 'SerializeOperator': {
      const ordered: Rel = { kind: 'serialize', input, columns: input.columns, place };
      return children(node, 'Expressions').length === 0 ? ordered : bindExtend(node, ordered, scope, binder);
    }
    case 'RenderOperator':
      binder.setRender(bindRender(node));
      return input;
    case 'AsOperator': {
      const named = calledAs(input, nameOf(need(node, 'Name')));
      scope.names.set(nameOf(need(node, 'Name')), { kind: 'rel', rel: () => named });
      return named;
    }
    case 'InvokeOperator': {
      const callNode = need(node, 'Function');
      const inlined = binder.call(callNode, scope, input);
      return inlined
        ? binder.tabular(need(inlined.body, 'Expression'), inlined.scope)
        : refuse(`invoke ${textOf(callNode).split('(')[0]}()`, callNode);
    }
    case 'GetSchemaOperator':
      if (child(node, 'KindParameter')) return refuse('getschema with a kind', node);
      return { kind: 'schemaOf', input, columns: outputsOf(node), place };
    case 'ReduceByOperator':
      return bindReduce(node, input, scope, binder);
    case 'ConsumeOperator':
      return { kind: 'take', input, count: literal('long', 0n), keys: [], columns: input.columns, place };
    case 'AssertSchemaOperator':
      return input;
    case 'ForkOperator':
      return bindFork(node, input, scope, binder);
    case 'FacetOperator':
      return bindFacet(node, input, scope, binder);
    default:
      return refuse(`The operator \`${firstWordOf(node) ?? quotedText(node)}\``, node);
  }
}

/** Whether a range goes from one type to another in steps of a third; what is dynamic is known when it runs. */
function rangeFits(from: KqlType, to: KqlType, step: KqlType): boolean {
  const family = (type: KqlType): string =>
    type === 'int' || type === 'long' || type === 'real' || type === 'decimal' ? 'number' : type;
  const fits = (type: KqlType, wanted: string): boolean => type === 'dynamic' || family(type) === wanted;
  return (
    ['number', 'timespan'].some((k) => fits(from, k) && fits(to, k) && fits(step, k)) ||
    (fits(from, 'datetime') && fits(to, 'datetime') && fits(step, 'timespan'))
  );
}
function bindReduce(node: SyntaxNode, input: Rel, scope: Scope, binder: Binder): Rel {
  const clause = child(node, 'With');
  const options = new Map(
    (clause ? children(clause, 'Parameters') : []).map((p) => [
      nameOf(need(p, 'Name')).toLowerCase(),
      constantOf(need(p, 'Expression'), scope, binder)?.value,
    ]),
  );
  const value = need(node, 'Expression');
  return {
    kind: 'reduce',
    input,
    value: converted(binder.scalar(value, scope.withRow(input.columns)), 'string', value),
    threshold: Number(options.get('threshold') ?? 0.1),
    characters: String(options.get('characters') ?? ''),
    columns: outputsOf(node),
    place: placeOf(node),
  };
}
function bindFork(node: SyntaxNode, input: Rel, scope: Scope, binder: Binder): Rel {
  const shared: Rel = { kind: 'materialize', input, columns: input.columns, place: placeOf(node) };
  const results = children(node, 'Expressions').map((leg, i) => {
    const named = child(leg, 'NameEquals');
    return {
      name: named ? nameOf(need(named, 'Name')) : `Table_${i}`,
      rel: binder.tabular(need(leg, 'Expression'), scope.withSubject(shared)),
    };
  });
  binder.addResults(results);
  return results[0]?.rel ?? input;
}
function bindFacet(node: SyntaxNode, input: Rel, scope: Scope, binder: Binder): Rel {
  const place = placeOf(node);
  const shared: Rel = { kind: 'materialize', input, columns: input.columns, place };
  const results = children(node, 'Expressions').map((n) => {
    const expr = binder.scalar(n, scope.withRow(input.columns));
    const name = expr.kind === 'column' ? expr.name : refuse('facet by an expression', n);
    const key: Assignment = { column: { name, type: expr.type }, expr };
    const count = { name: 'count_' + name, type: 'long' as const };
    return {
      name,
      rel: {
        kind: 'aggregate',
        input: shared,
        keys: [key],
        items: [{ columns: [count], expr: { kind: 'aggregate', name: 'count', args: [], type: 'long', place } }],
        columns: [key.column, count],
        place,
      } as Rel,
    };
  });
  const clause = child(node, 'WithClause');
  const body = clause && (child(clause, 'Expression') ?? child(clause, 'Operator'));
  if (body) results.unshift({ name: 'facet', rel: binder.tabular(body, scope.withSubject(shared)) });
  binder.addResults(results);
  return results[0]?.rel ?? input;
}
