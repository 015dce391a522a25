/** What of a query leaves the workspace that runs it, by an allow list: what nobody knows is not taken for harmless. */
import { kindOf, walk } from './kusto.ts';
import { kusto, list } from './kustoApi.ts';
import type { SyntaxNode } from './kustoApi.ts';
import { calledName, ELSEWHERE, nameOf } from './treeNames.ts';

/** Calls that fetch what is not in the workspace, beside those that name another one. */
const FETCHES: ReadonlySet<string> = new Set([
  'external_table',
  'http_request',
  'http_request_post',
  'sql_request',
  'mysql_request',
  'postgresql_request',
  'cosmosdb_sql_request',
  'azure_digital_twins_query_request',
  'infer_storage_schema',
  'infer_storage_schema_with_suggestions',
  'ai_chat_completion',
  'ai_chat_completion_prompt',
  'ai_embed_text',
  'ai_embeddings',
]);

/** Functions of Kusto that name what somebody stored elsewhere, or other clusters; a `let` may be called the same. */
const STORED: ReadonlySet<string> = new Set(['fabric', 'graph', 'stored_query_result', 'entity_group']);

/** Plugins of Kusto that run foreign code, commands or queries of their own. */
const RUNS: ReadonlySet<string> = new Set([
  'python',
  'r',
  'csharp',
  'dax_request',
  'execute_query',
  'execute_show_command',
  'external_datatable',
]);

/** The calls of a query that are not surely of the workspace that runs it. */
export interface Reach {
  /** Those that leave it, each once: `workspace`, `externaldata`, `http_request`, plugins that nobody knows ... */
  readonly reachesOut: readonly string[];
  /** Those of functions that neither Kusto nor the query has, each once: a workspace may have stored them. */
  readonly unknownCalls: readonly string[];
}

/** What a tree calls that it may not be able to call within its workspace. Names are as KQL's: capitals count. */
export function reachOf(root: SyntaxNode): Reach {
  const out = new Set<string>();
  const unknown = new Set<string>();
  const declared = declarations(root);
  walk(root, (node) => {
    if (kindOf(node) === 'ExternalDataExpression') out.add('externaldata');
    if (kindOf(node) !== 'FunctionCallExpression') return;
    const name = calledName(node);
    if (ELSEWHERE.has(name) || FETCHES.has(name)) out.add(name);
    else if (node.Parent && kindOf(node.Parent) === 'EvaluateOperator') {
      // No plugin is stored or declared: one that is not Kusto's is the service's own, whatever it does.
      if (RUNS.has(name) || !known().plugins.has(name)) out.add(name);
    } else if (!declared.some((one) => one.name === name && isWithin(node, one.block))) {
      if (STORED.has(name)) out.add(name);
      else if (!known().functions.has(name)) unknown.add(name);
    }
  });
  return { reachesOut: [...out], unknownCalls: [...unknown] };
}

interface Known {
  readonly functions: ReadonlySet<string>;
  readonly plugins: ReadonlySet<string>;
}
let knownCalls: Known | undefined;
function known(): Known {
  const { Functions, Aggregates, PlugIns } = kusto.GlobalState.Default;
  return (knownCalls ??= {
    functions: new Set([...list(Functions), ...list(Aggregates)].map(({ Name }) => Name)),
    plugins: new Set(list(PlugIns).map(({ Name }) => Name)),
  });
}

const DECLARING = new Set(['LetStatement', 'PatternStatement']);
const BLOCKS = new Set(['FunctionBody', 'QueryBlock']);

/** Functions and patterns that a tree declares, with the block in which the name counts. */
function declarations(root: SyntaxNode): { readonly name: string; readonly block: SyntaxNode }[] {
  const found: { name: string; block: SyntaxNode }[] = [];
  walk(root, (node) => {
    if (kindOf(node) !== 'NameDeclaration' || !node.Parent || !DECLARING.has(kindOf(node.Parent))) return;
    let block: SyntaxNode = node.Parent;
    while (block.Parent && !BLOCKS.has(kindOf(block))) block = block.Parent;
    found.push({ name: nameOf(node), block });
  });
  return found;
}

function isWithin(node: SyntaxNode, block: SyntaxNode): boolean {
  return block.TextStart <= node.TextStart && node.TextStart < block.TextStart + block.Width;
}
