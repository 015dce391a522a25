import type { AlertDefinition } from '../../model/alert.ts';
import { TICKS } from '../../model/values/ticks.ts';
import { children, child, kindOf, textOf, walk } from '../kusto.ts';
import { parse } from '../kustoAnalysis.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import { parseLiteral } from '../literal.ts';
import type { AlertFile } from '../queryFiles/alertFile.ts';
import { offsetInFile } from '../queryFiles/places.ts';
import type { FileProblem } from '../queryFiles/queryFile.ts';
import { calledName, nameOf } from '../treeNames.ts';

/** A rule looks at two days at most, whatever its query says. */
const MOST_MINUTES = 2880;
/** Dimensions of a rule. */
const MOST_DIMENSIONS = 6;
/** A rule that remembers what fired is evaluated at least so often, in minutes. */
const MOST_STATEFUL = 720;
/** Plugins that the service refuses in rules. */
const REFUSED_PLUGINS: ReadonlySet<string> = new Set(['bag_unpack', 'pivot', 'narrow']);
const ATTRIBUTION: ReadonlySet<string> = new Set(['_Customer', '_Tenant', '_Workspace']);

/**
 * What the service refuses of a definition as a rule in a workspace, each at its place in the file, in its order
 * (learn.microsoft.com, Create or edit a log search alert rule). Never throws; what is no KQL is for the run to say.
 */
export function ruleProblems({ definition, segments, places }: AlertFile): readonly FileProblem[] {
  if (!definition) return [];
  const at = (setting: 'lookback' | 'window' | 'dimension' | 'frequency' | 'name'): number => places.get(setting) ?? 0;
  const problems: FileProblem[] = [];
  const { condition, windowMinutes, dimensions, everyMinutes, autoResolve } = definition;
  if ((definition.lookBackMinutes ?? windowMinutes * condition.periods) > MOST_MINUTES)
    problems.push({
      message: `A rule looks back two days at most; ${condition.periods} windows of ${windowMinutes} minutes are more.`,
      start: at('window'),
    });
  if (dimensions.length > MOST_DIMENSIONS)
    problems.push({
      message: `A rule has ${MOST_DIMENSIONS} dimensions at most; these are ${dimensions.length}.`,
      start: at('dimension'),
    });
  if (autoResolve && everyMinutes > MOST_STATEFUL)
    problems.push({
      message: 'A rule that resolves by itself is evaluated every 12 hours at least. Say "autoResolve no".',
      start: at('frequency'),
    });
  for (const { message, start } of queryProblems(definition))
    problems.push({ message, start: offsetInFile(segments, start) });
  return problems.sort((a, b) => a.start - b.start);
}

function queryProblems({ query, everyMinutes }: AlertDefinition): readonly FileProblem[] {
  const problems: FileProblem[] = [];
  let root: SyntaxNode;
  try {
    root = parse(query).Syntax;
  } catch {
    return [];
  }
  walk(root, (node) => {
    const message = problemOf(node, everyMinutes === 1);
    if (message !== undefined) problems.push({ message, start: node.End - node.Width });
  });
  return problems;
}

/** `often`: the rule is evaluated every minute, where the service takes less. */
function problemOf(node: SyntaxNode, often: boolean): string | undefined {
  switch (kindOf(node)) {
    case 'SearchOperator':
      return 'A rule takes no "search". Name the tables.';
    case 'UnionOperator':
      return reachesOut(node)
        ? undefined
        : 'A rule takes no "union", but of other workspaces. Make a rule for each table.';
    case 'TakeOperator':
      return often ? 'A rule that is evaluated every minute takes no "take".' : undefined;
    case 'NameReference':
      if (ATTRIBUTION.has(nameOf(node)))
        return `${nameOf(node)} is no column of a workspace. "tenantscope alert evaluate" knows it.`;
      return nameOf(node) === 'AggregatedValue' ? RESERVED : undefined;
    case 'NameDeclaration':
      return nameOf(node) === 'AggregatedValue' ? RESERVED : undefined;
    case 'FunctionCallExpression':
      return problemOfCall(node, often);
    default:
      return undefined;
  }
}

const RESERVED = 'AggregatedValue is a word of the service, and no column of a rule may be called so.';

function problemOfCall(call: SyntaxNode, often: boolean): string | undefined {
  const name = calledName(call);
  if (REFUSED_PLUGINS.has(name)) return `A rule takes no "${name}": its columns depend on the data.`;
  if (often && (name === 'ingestion_time' || name === 'adx'))
    return `A rule that is evaluated every minute takes no "${name}".`;
  if (name !== 'ago') return undefined;
  const list = child(call, 'ArgumentList');
  const [argument] = list ? children(list, 'Expressions') : [];
  if (!argument) return undefined;
  const ticks =
    kindOf(argument) === 'TimespanLiteralExpression' ? parseLiteral('timespan', textOf(argument)) : undefined;
  if (typeof ticks !== 'bigint') return 'A rule takes "ago" of a literal alone: ago(1h).';
  return ticks > BigInt(MOST_MINUTES) * 60n * TICKS.second
    ? `A rule looks back two days at most: what ${textOf(call)} asks beyond that is never there.`
    : undefined;
}

function reachesOut(union: SyntaxNode): boolean {
  let found = false;
  walk(union, (node) => {
    found ||= kindOf(node) === 'FunctionCallExpression' && /^(?:workspace|app|resource)$/.test(calledName(node));
  });
  return found;
}
