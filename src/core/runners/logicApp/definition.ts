import { centreNames } from '../../../model/logAnalyticsCentre.ts';
import type { RollupDefinition, RollupTable } from '../../../model/rollup.ts';

/** Where the calls of a Logic App go: origins and audiences of its cloud, and the centre's own addresses. */
export interface LogicAppPlaces {
  /** Origin of the query API, and its audience. */
  readonly query: { readonly origin: string; readonly audience: string };
  /** Origin of the ingestion endpoint of the centre's rule, and its audience. */
  readonly ingestion: { readonly origin: string; readonly audience: string };
  readonly immutableId: string;
  /** The ID (guid) of the centre's workspace. */
  readonly centre: string;
}

/** Texts of KQL: `texts` by their number in `targets`, which are by workspace ID with what is said of each before. */
export interface LogicAppTexts {
  readonly missing: string;
  readonly arrived: string;
  readonly texts: readonly string[];
  readonly targets: Readonly<Record<string, { readonly lets: string; readonly text: number }>>;
}

/** Questions at once: the query API takes five of one identity. */
const AT_ONCE = 4;
/** What is sent in vain is sent again after these pauses; the service's own Retry-After counts more. */
const RETRY = {
  type: 'exponential',
  count: 4,
  interval: 'PT10S',
  minimumInterval: 'PT5S',
  maximumInterval: 'PT5M',
} as const;
/** Rows of customers stay out of the history of runs. */
const HIDDEN = { secureData: { properties: ['inputs', 'outputs'] } } as const;

const after = (...names: readonly string[]): object =>
  Object.fromEntries(names.map((name) => [name, ['Succeeded'] as const]));

/** A string of the language of workflows. */
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** An action that fails with these words in its error: inside a loop nothing else ends what is under way. */
const failing = (words: string, runAfter: object = {}): object => ({
  type: 'Compose',
  inputs: `@int(${quoted(words)})`,
  runAfter,
});

/**
 * The workflow definition of a roll-up: it asks the centre for windows without a record, each workspace for its own,
 * sends what that answers as it is, looks until the centre counts all of it, and appends the record. Each step may be
 * repeated: rows of an attempt that no record names never count.
 */
export function workflowDefinition(
  { everyMinutes }: Pick<RollupDefinition, 'everyMinutes'>,
  { id }: Pick<RollupTable, 'id'>,
  places: LogicAppPlaces,
) {
  const { rowsStream, windowsStream } = centreNames(id);
  const query = (workspace: string, text: string, name: string, runAfter: object): object => ({
    [name]: {
      type: 'Http',
      inputs: {
        method: 'POST',
        uri: `${places.query.origin}/v1/workspaces/${workspace}/query`,
        headers: { 'Content-Type': 'application/json', Prefer: 'wait=110', 'Cache-Control': 'no-cache' },
        body: { query: text },
        authentication: { type: 'ManagedServiceIdentity', audience: places.query.audience },
        retryPolicy: RETRY,
      },
      runAfter,
      runtimeConfiguration: HIDDEN,
    },
  });
  // The body is an expression by itself: a text with one inside is put together, and ends at 131,072 characters.
  const send = (stream: string, body: string, runAfter: object): object => ({
    type: 'Http',
    inputs: {
      method: 'POST',
      uri: `${places.ingestion.origin}/dataCollectionRules/${places.immutableId}/streams/${stream}?api-version=2023-01-01`,
      headers: { 'Content-Type': 'application/json' },
      body,
      authentication: { type: 'ManagedServiceIdentity', audience: places.ingestion.audience },
      retryPolicy: RETRY,
    },
    runAfter,
    runtimeConfiguration: HIDDEN,
  });
  const rowsOf = (name: string): string => `body('${name}')['tables'][0]['rows']`;
  const window = "items('For_each_window')";
  const target = `parameters('targets')[${window}[0]]`;
  const question = `@concat('let _From = datetime(', ${window}[1], ');\nlet _To = datetime(', ${window}[2], ');\nlet _Write = "', outputs('Write'), '";\n', ${target}['lets'], parameters('texts')[${target}['text']])`;
  const filter = (where: string, runAfter: object): object => ({
    type: 'Query',
    inputs: { from: `@${rowsOf('Ask')}`, where },
    runAfter,
    runtimeConfiguration: HIDDEN,
  });
  const ending = "first(body('Ending'))";
  const store = {
    For_each_batch: {
      type: 'Foreach',
      foreach: "@body('Batches')",
      actions: { Send_rows: send(rowsStream, "@items('For_each_batch')[3]", {}) },
      runAfter: {},
      runtimeConfiguration: { concurrency: { repetitions: 1 } },
    },
    Until_all_can_be_seen: {
      type: 'Until',
      expression: "@equals(outputs('Seen'), true)",
      limit: { count: 60, timeout: 'PT1H' },
      actions: {
        ...query(
          places.centre,
          `@concat('let _Attempt = "', outputs('Write'), '";\n', parameters('arrived'))`,
          'Count',
          {},
        ),
        Seen: {
          type: 'Compose',
          inputs: `@and(equals(${rowsOf('Count')}[0][0], ${ending}[1]), equals(${rowsOf('Count')}[0][1], ${ending}[2]))`,
          runAfter: after('Count'),
        },
        If_not_yet: {
          type: 'If',
          expression: { equals: ["@outputs('Seen')", false] },
          actions: { Pause: { type: 'Wait', inputs: { interval: { count: 30, unit: 'Second' } }, runAfter: {} } },
          runAfter: after('Seen'),
        },
      },
      runAfter: after('For_each_batch'),
    },
    If_all_is_there: {
      type: 'If',
      expression: { equals: ["@outputs('Seen')", true] },
      actions: { Send_record: send(windowsStream, `@${ending}[3]`, {}) },
      else: { actions: { Not_all_there: failing('not all rows of the window can be seen in the centre') } },
      runAfter: after('Until_all_can_be_seen'),
    },
  };
  const ofWindow = {
    Write: { type: 'Compose', inputs: '@guid()', runAfter: {} },
    ...query(`@{${window}[0]}`, question, 'Ask', after('Write')),
    If_the_answer_is_whole: {
      type: 'If',
      expression: {
        and: [{ equals: ["@outputs('Ask')['statusCode']", 200] }, { equals: ["@body('Ask')?['error']", '@null'] }],
      },
      actions: {
        Batches: filter("@equals(item()[0], 'rows')", {}),
        Ending: filter("@not(equals(item()[0], 'rows'))", after('Batches')),
        Switch_by_the_answer: {
          type: 'Switch',
          expression: `@${ending}[0]`,
          cases: {
            All_of_it: { case: 'record', actions: store },
            Not_over_yet: { case: 'open', actions: {} },
          },
          default: { actions: { Too_many_rows: failing('the window has more rows than the limit of the roll-up') } },
          runAfter: after('Ending'),
        },
      },
      else: {
        actions: {
          // 204: it never had data, and does not tell its time; the window stays missing.
          If_it_has_data: {
            type: 'If',
            expression: { not: { equals: ["@outputs('Ask')['statusCode']", 204] } },
            actions: { Not_whole: failing('the workspace answered with a part of the window') },
            runAfter: {},
          },
        },
      },
      runAfter: after('Ask'),
    },
  };
  return {
    $schema:
      'https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#',
    contentVersion: '1.0.0.0',
    parameters: {
      missing: { type: 'String' },
      arrived: { type: 'String' },
      texts: { type: 'Array' },
      targets: { type: 'Object' },
    },
    triggers: {
      Recurrence: {
        type: 'Recurrence',
        recurrence: { frequency: 'Minute', interval: everyMinutes, startTime: '2026-01-01T00:07:00Z' },
        runtimeConfiguration: { concurrency: { runs: 1 } },
      },
    },
    actions: {
      ...query(places.centre, "@parameters('missing')", 'Missing_windows', {}),
      For_each_window: {
        type: 'Foreach',
        foreach: `@${rowsOf('Missing_windows')}`,
        actions: ofWindow,
        runAfter: after('Missing_windows'),
        runtimeConfiguration: { concurrency: { repetitions: AT_ONCE } },
      },
    },
    outputs: {},
  };
}
