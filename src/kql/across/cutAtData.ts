import { kqlName } from '../../model/kqlNames.ts';
import type { Column } from '../../model/kqlType.ts';
import { children, kindOf, need, walk } from '../kusto.ts';
import { analyze, diagnosticsOf, parse } from '../kustoAnalysis.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import { globalsFor } from '../kustoGlobals.ts';
import { nameOf } from '../treeNames.ts';
import type { SchemaDatabase } from '../schema.ts';
import { withoutComments } from '../withoutComments.ts';

/** A query in two: rows whose columns are known, and what is done with them from where columns depend on the data. */
export interface CutQuery {
  /** A whole query, whose result the rest stands on. */
  readonly rows: string;
  /** The operators that follow, the first of them the plugin. */
  readonly rest: string;
  /** Where the rest begins in the query. */
  readonly at: number;
  /** `let` statements and declared parameters that the rest looks at, each with its semicolon. */
  readonly lets: string;
}

/**
 * Cuts a query at the plugin whose call ends at `at`; undefined where that is inside another expression, whose rows go
 * on to somewhere else.
 */
export function cutAtData(query: string, at: number): CutQuery | undefined {
  const text = withoutComments(query);
  const statements = children(parse(text).Syntax, 'Statements');
  const last = statements.at(-1);
  if (!last || kindOf(last) !== 'ExpressionStatement') return undefined;
  let pipe = need(last, 'Expression');
  for (;;) {
    if (kindOf(pipe) !== 'PipeExpression') return undefined;
    const operator = need(pipe, 'Operator');
    if (operator.TextStart < at && at <= operator.End) {
      if (kindOf(operator) !== 'EvaluateOperator') return undefined;
      const rest = text.slice(operator.TextStart, last.End).replace(/[;\s]+$/, '');
      const lets = statements.filter((statement) => DECLARES.has(kindOf(statement)));
      return {
        rows: text.slice(0, need(pipe, 'Expression').End),
        rest,
        at: operator.TextStart,
        lets: letsFor(textsAfter(last, operator), lets)
          .map((statement) => `${text.slice(statement.TextStart, statement.End)};\n`)
          .join(''),
      };
    }
    pipe = need(pipe, 'Expression');
  }
}

/** The operator, and those behind it. */
function textsAfter(last: SyntaxNode, operator: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let pipe = need(last, 'Expression'); ; pipe = need(pipe, 'Expression')) {
    const one = need(pipe, 'Operator');
    found.push(one);
    if (one.TextStart === operator.TextStart) return found;
  }
}

const DECLARES: ReadonlySet<string> = new Set(['LetStatement', 'QueryParametersStatement']);

/** The names that a statement gives to what follows. */
function declaredBy(statement: SyntaxNode): ReadonlySet<string> {
  if (kindOf(statement) === 'LetStatement') return new Set([nameOf(need(statement, 'Name'))]);
  const names = children(statement, 'Parameters').map((one) => need(need(one, 'NameAndType'), 'Name'));
  return new Set(names.map(nameOf));
}

/** The statements whose names these look at, and those that they look at, in their order. */
function letsFor(nodes: readonly SyntaxNode[], lets: readonly SyntaxNode[]): SyntaxNode[] {
  const wanted = new Set<SyntaxNode>();
  const look = (node: SyntaxNode): void => {
    walk(node, (part) => {
      if (kindOf(part) !== 'NameReference') return;
      for (const statement of lets)
        if (!wanted.has(statement) && declaredBy(statement).has(nameOf(part))) {
          wanted.add(statement);
          look(statement);
        }
    });
  };
  nodes.forEach(look);
  return lets.filter((statement) => wanted.has(statement));
}

/** Operators that read other tables, and would read whatever there is here. */
const READS_TABLES: ReadonlySet<string> = new Set(['UnionOperator', 'SearchOperator', 'FindOperator', 'ForkOperator']);

/**
 * Whether the rest stands on nothing but its rows, which have these columns: then it can be worked out wherever they
 * are. A name of a table that is `known` is taken for the table.
 */
export function standsAlone({ rest, lets }: CutQuery, columns: readonly Column[], known: SchemaDatabase): boolean {
  const name = 'collected';
  const text = `${lets}${kqlName(name)}\n| ${rest}`;
  const code = analyze(text, globalsFor({ database: { name: 'parts', tables: [{ name, columns, open: true }] } }));
  let alone = !diagnosticsOf(code).some(({ severity }) => severity === 'Error');
  // An open table has a column of every name.
  const others = new Set(
    known.tables.map((table) => table.name).filter((table) => !columns.some((c) => c.name === table)),
  );
  let uses = 0;
  walk(code.Syntax, (node) => {
    if (READS_TABLES.has(kindOf(node))) alone = false;
    if (kindOf(node) !== 'NameReference') return;
    if (nameOf(node) === name) uses++;
    else if (others.has(nameOf(node))) alone = false;
  });
  return alone && uses === 1;
}
