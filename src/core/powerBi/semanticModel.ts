import type { KqlType } from '../../model/kqlType.ts';
import { factQuery } from './factQuery.ts';
import { isShown } from './facts.ts';
import type { FactColumn } from './factColumn.ts';
import type { Fact } from './facts.ts';
import { fileName } from './modelNames.ts';
import { CALENDAR, CUSTOMERS, ownTables } from './ownTables.ts';
import { rolesOf } from './roles.ts';
import { sharedQueries } from './sharedQueries.ts';
import type { PowerBiSource } from './sharedQueries.ts';
import { printTmdl, tmdlColumn, tmdlName } from './tmdl.ts';
import type { TmdlObject } from './tmdl.ts';

const DATA_TYPES: Readonly<Record<KqlType, string>> = {
  bool: 'boolean',
  int: 'int64',
  long: 'int64',
  real: 'double',
  decimal: 'double',
  string: 'string',
  guid: 'string',
  dynamic: 'string',
  datetime: 'dateTime',
  timespan: 'double',
};

/** Where the files of a table and of a role go: their names as files, each once. */
function filesOf(folder: string, objects: readonly TmdlObject[]): (readonly [string, string])[] {
  const taken = new Set<string>();
  return objects.map((object, i) => {
    const wanted = fileName(object.name ?? '', `${object.kind}${i + 1}`);
    const name = taken.has(wanted.toLowerCase()) ? `${wanted}_${i + 1}` : wanted;
    taken.add(name.toLowerCase());
    return [`definition/${folder}/${name}.tmdl`, printTmdl([object])];
  });
}

/** The files of the folder of a semantic model, by their paths in it. */
export function semanticModelFiles(
  facts: readonly Fact[],
  source: PowerBiSource,
  customers: readonly string[],
): Map<string, string> {
  const tables = [...facts.map((fact) => factTable(fact, source.kind)), ...ownTables(facts)];
  const roles = rolesOf(facts, customers);
  const relationships = facts.flatMap(relationshipsOf);
  return new Map([
    ['definition.pbism', json({ $schema: SCHEMA, version: '4.0', settings: {} })],
    ['definition/database.tmdl', printTmdl([{ kind: 'database', properties: [['compatibilityLevel', 1600]] }])],
    ['definition/model.tmdl', modelText(tables, roles)],
    [
      'definition/expressions.tmdl',
      printTmdl(
        sharedQueries(source).map(({ name, description, m }) => ({
          kind: 'expression',
          name,
          description,
          expression: m,
        })),
      ),
    ],
    ...(relationships.length > 0 ? [['definition/relationships.tmdl', printTmdl(relationships)] as const] : []),
    ...filesOf('tables', tables),
    ...filesOf('roles', roles),
  ]);
}

const SCHEMA =
  'https://developer.microsoft.com/json-schemas/fabric/item/semanticModel/definitionProperties/1.0.0/schema.json';

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function modelText(tables: readonly TmdlObject[], roles: readonly TmdlObject[]): string {
  const model = printTmdl([
    {
      kind: 'model',
      name: 'Model',
      properties: [
        ['culture', 'en-US'],
        ['defaultPowerBIDataSourceVersion', 'powerBI_V3'],
        ['sourceQueryCulture', 'en-US'],
      ],
      // The calendar is ours; without this a hidden one is made for each column of times.
      children: [{ kind: 'annotation', name: '__PBI_TimeIntelligenceEnabled', expression: '0' }],
    },
  ]);
  const refs = [...tables, ...roles].map(({ kind, name }) => `ref ${kind} ${tmdlName(name!)}\n`);
  return `${model}\n${refs.join('')}`;
}

function factTable(fact: Fact, source: PowerBiSource['kind']): TmdlObject {
  const { name, rollup, columns, shown, measures } = fact;
  return {
    kind: 'table',
    name,
    description: `Rows of the roll-up ${rollup.table.id}, each once.`,
    children: [
      ...measures.map((measure): TmdlObject => ({
        kind: 'measure',
        name: measure.name,
        expression: measure.expression,
        properties: [['formatString', measure.format]],
      })),
      ...columns.map(factColumn),
      ...(shown ? [dayColumn(shown.day)] : []),
      {
        kind: 'partition',
        name,
        expression: 'm',
        properties: [
          ['mode', 'import'],
          ['source', { expression: factQuery(fact, source) }],
        ],
      },
    ],
  };
}

function factColumn(column: FactColumn): TmdlObject {
  const { name, type } = column;
  return {
    kind: 'column',
    name,
    ...(type === 'timespan' ? { description: 'In seconds.' } : {}),
    properties: [
      ['dataType', DATA_TYPES[type]],
      ...(isShown(column) ? [] : ([['isHidden', true]] as const)),
      ...(type === 'datetime' ? ([['formatString', 'yyyy-mm-dd hh:nn:ss']] as const) : []),
      ['summarizeBy', 'none'],
      ['sourceColumn', name],
    ],
  };
}

function dayColumn(name: string): TmdlObject {
  return {
    kind: 'column',
    name,
    description: 'The day (UTC).',
    properties: [
      ['dataType', 'dateTime'],
      ['formatString', 'yyyy-mm-dd'],
      ['summarizeBy', 'none'],
      ['sourceColumn', name],
    ],
  };
}

/** Each row to its customer and to its day. */
function relationshipsOf({ name, customer, shown }: Fact): TmdlObject[] {
  const to = (suffix: string, from: string, table: string, column: string): TmdlObject => ({
    kind: 'relationship',
    name: `${name} ${suffix}`,
    properties: [
      ['fromColumn', { reference: tmdlColumn(name, from) }],
      ['toColumn', { reference: tmdlColumn(table, column) }],
    ],
  });
  return [
    ...(customer ? [to('customer', customer.name, CUSTOMERS, 'Customer')] : []),
    ...(shown ? [to('day', shown.day, CALENDAR, 'Date')] : []),
  ];
}
