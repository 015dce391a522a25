import { GRAPH_TABLES, SUBSCRIPTION, graphSchema } from '../graph/graphTables.ts';
import { lineEnd } from '../scan.ts';
import { findSourceLines, RESOURCE_GRAPH, SOURCES, sourceLineProblems } from '../sourceLine.ts';
import type { DocumentBlock } from './blocks.ts';
import type { CompletionList, SchemaInput, TextDiagnostic } from './face.ts';

const DETAILS: Readonly<Record<(typeof SOURCES)[number], string>> = {
  'resource-graph': 'what Azure Resource Graph knows of the subscriptions of the scope',
  lake: 'what roll-ups have stored on this machine; nobody is asked',
  workspaces: 'the logs in the workspaces of the scope, as without this line',
};

/** The schema of blocks that ask Resource Graph: its published tables, as documented and in lower case. */
export function graphSchemaInput(): SchemaInput {
  const { tables } = graphSchema(GRAPH_TABLES.map(({ name }) => name));
  return {
    schemaId: RESOURCE_GRAPH,
    resourceGraph: true,
    functions: [],
    tables: tables.map(({ name, columns, description = '' }) => ({
      name,
      description,
      columns: [
        ...columns,
        { name: SUBSCRIPTION, type: 'string', description: 'The name of the subscription. Added by Tenantscope.' },
      ],
    })),
  };
}

/** What can follow `@source` in its line; undefined elsewhere. */
export function sourceCompletionsAt(text: string, offset: number): CompletionList | undefined {
  const lineStart = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  const word = /^\s*\/\/\s*@source\s+([\w-]*)$/i.exec(text.slice(lineStart, offset))?.[1];
  if (word === undefined) return undefined;
  const end = offset + /^[\w-]*/.exec(text.slice(offset, lineEnd(text, offset)))![0].length;
  return {
    range: { start: offset - word.length, end },
    items: SOURCES.map((source, i) => ({
      label: source,
      kind: 'scope',
      insertText: source,
      sortText: String(i),
      filterText: source,
      detail: DETAILS[source],
    })),
  };
}

/** What is wrong with the `// @source` lines of a document's blocks; places in the document. */
export function sourceLineDiagnostics(blocks: readonly DocumentBlock[]): TextDiagnostic[] {
  return blocks.flatMap((block): TextDiagnostic[] => {
    const at = (one: { readonly start: number; readonly end: number }) => ({
      start: one.start + block.rawStart,
      end: one.end + block.rawStart,
      source: 'Tenantscope' as const,
    });
    const problems = sourceLineProblems(block.raw).map((one): TextDiagnostic => ({
      ...at(one),
      severity: 'error',
      code: 'source.unknown',
      message: one.message,
    }));
    const [first, ...others] = findSourceLines(block.raw);
    const idle = block.kind === 'query' ? others : first ? [first, ...others] : [];
    const message =
      block.kind === 'query'
        ? 'Another @source line counts for this query.'
        : 'No query follows this @source line. Put it directly above its query, without a blank line between.';
    return [
      ...problems,
      ...idle.map((line): TextDiagnostic => ({ ...at(line), severity: 'warning', code: 'source.idle', message })),
    ];
  });
}
