import { key } from '../armId.ts';
import { armError } from '../router.ts';
import type { ServiceError } from '../router.ts';
import type { Workspace, World } from '../state.ts';
import { columnsOf } from '../logs/tableColumns.ts';
import { parseTransform, transformedColumns, TransformError } from './transform.ts';
import type { StreamColumn } from './transform.ts';

/** The parts of a data collection rule that a sample of its kind has; everything else is refused by name. */
export interface RuleInput {
  readonly location?: string;
  readonly kind?: string;
  readonly tags?: Record<string, string>;
  readonly properties?: {
    readonly description?: string;
    readonly streamDeclarations?: Record<string, { readonly columns?: readonly StreamColumn[] }>;
    readonly destinations?: {
      readonly logAnalytics?: readonly { readonly workspaceResourceId?: string; readonly name?: string }[];
      readonly [other: string]: unknown;
    };
    readonly dataFlows?: readonly DataFlow[];
    readonly [other: string]: unknown;
  };
}

/** Where the rows of a stream go, and what is made of them on the way. */
export interface DataFlow {
  readonly streams?: readonly string[];
  readonly destinations?: readonly string[];
  readonly transformKql?: string;
  readonly outputStream?: string;
}

const STREAM_TYPES = new Set(['string', 'int', 'long', 'real', 'boolean', 'dynamic', 'datetime']);

/**
 * Holds a rule against what the service checks: streams, destinations, flows, what the transformation brings and the
 * table it brings it to. Codes and words as in hashicorp/terraform-provider-azurerm issues 18481 and 28709.
 */
export function checkRule(world: World, input: RuleInput): void {
  const { streamDeclarations = {}, destinations = {}, dataFlows = [] } = input.properties ?? {};
  if (!input.location)
    throw armError(400, 'LocationRequired', 'The location property is required for this definition.');
  for (const [name, { columns = [] }] of Object.entries(streamDeclarations)) {
    if (!name.startsWith('Custom-'))
      throw invalid('InvalidStreamDeclaration', `'StreamDeclarations' stream '${name}' must begin with 'Custom-'.`, '');
    for (const { name: column, type } of columns)
      if (!STREAM_TYPES.has(key(type)))
        throw invalid('InvalidStreamDeclaration', `The type '${type}' of column '${column}' is not supported.`, name);
  }
  for (const [i, flow] of dataFlows.entries()) checkFlow(world, flow, `properties.dataFlows[${i}]`);

  function checkFlow(in_: World, flow: DataFlow, target: string): void {
    for (const stream of flow.streams ?? []) {
      const declared = streamDeclarations[stream];
      if (!declared) {
        if (stream.startsWith('Microsoft-')) continue;
        throw invalid(
          'InvalidStream',
          `'Streams' stream '${stream}' must be declared in 'StreamDeclarations'.`,
          target,
        );
      }
      for (const name of flow.destinations ?? []) {
        const destination = destinations.logAnalytics?.find((one) => one.name === name);
        const workspace = destination && in_.workspaces.get(key(destination.workspaceResourceId ?? ''));
        if (!workspace)
          throw invalid('InvalidDestination', `The destination '${name}' is no workspace that exists.`, target);
        checkOutput(in_, flow, declared.columns ?? [], workspace, name, target);
      }
    }
  }
}

function checkOutput(
  world: World,
  flow: DataFlow,
  declared: readonly StreamColumn[],
  workspace: Workspace,
  destination: string,
  target: string,
): void {
  const output = flow.outputStream ?? flow.streams?.[0] ?? '';
  const table = workspace.tables.get(key(output.replace(/^(Custom|Microsoft)-/i, '')));
  if (!table)
    throw invalid(
      'InvalidOutputTable',
      `Table for output stream '${output}' is not available for destination '${destination}'.`,
      target,
    );
  let made: readonly StreamColumn[];
  try {
    made = transformedColumns(parseTransform(flow.transformKql ?? 'source'), declared);
  } catch (error) {
    if (!(error instanceof TransformError)) throw error;
    throw invalid('InvalidTransformQuery', error.message, target);
  }
  if (!made.some(({ name }) => name === 'TimeGenerated'))
    throw invalid('InvalidTransformOutput', "The transform output has no column 'TimeGenerated'.", target);
  const types = new Map(columnsOf(world, table).map(({ name, type }) => [name, type]));
  const different = made.filter(({ name, type }) => {
    const there = types.get(name);
    return there !== undefined && there !== (key(type) === 'boolean' ? 'bool' : key(type)) && there !== 'guid';
  });
  if (different.length > 0)
    throw invalid(
      'InvalidTransformOutput',
      `Types of transform output columns do not match the ones defined by the output stream: ${different.map(({ name, type }) => `${name} [produced:'${type}', output:'${types.get(name)}']`).join(', ')}`,
      target,
    );
}

function invalid(code: string, message: string, target: string): ServiceError {
  return armError(400, 'InvalidPayload', 'Data collection rule is invalid', {
    details: [{ code, message, ...(target ? { target } : {}) }],
  });
}
