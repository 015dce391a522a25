import { daxColumn } from './daxText.ts';
import type { Fact } from './facts.ts';
import type { TmdlObject } from './tmdl.ts';

/** Tables that a project has beside those of roll-ups. */
export const CUSTOMERS = 'Customers',
  CALENDAR = 'Calendar',
  ACCESS = 'Access';

/**
 * The tables that hold the others together: each customer once, each day once from the first to the last that has
 * rows, and who may see whom, which people fill. The first two are calculated of what was loaded, which is read once.
 */
export function ownTables(facts: readonly Fact[]): TmdlObject[] {
  const owned = facts.filter(({ customer }) => customer);
  const dated = facts.filter(({ shown }) => shown);
  return [
    ...(owned.length > 0 ? [customersTable(owned), accessTable()] : []),
    ...(dated.length > 0 ? [calendarTable(dated)] : []),
  ];
}

function customersTable(facts: readonly Fact[]): TmdlObject {
  const each = facts.map(
    ({ name, customer }) =>
      `SELECTCOLUMNS(DISTINCT(${daxColumn(name, customer!.name)}), "Customer", ${daxColumn(name, customer!.name)})`,
  );
  const all = each.length === 1 ? each[0]! : `UNION(${each.join(', ')})`;
  return calculated(
    CUSTOMERS,
    'Every customer who has rows, once.',
    `DISTINCT(${all})`,
    [],
    [calculatedColumn('Customer', 'string', [])],
  );
}

function calendarTable(facts: readonly Fact[]): TmdlObject {
  const days = facts.map(({ name, shown }) => daxColumn(name, shown!.day));
  const end = (of: 'MIN' | 'MAX'): string =>
    `COALESCE(${of}X({${days.map((day) => `${of}(${day})`).join(', ')}}, [Value]), UTCTODAY())`;
  return calculated(
    CALENDAR,
    'Every day (UTC) from the first to the last that has rows.',
    `CALENDAR(${end('MIN')}, ${end('MAX')})`,
    [['dataCategory', 'Time']],
    [
      calculatedColumn('Date', 'dateTime', [
        ['isKey', true],
        ['formatString', 'yyyy-mm-dd'],
      ]),
    ],
  );
}

function accessTable(): TmdlObject {
  const column = (name: string): TmdlObject => ({
    kind: 'column',
    name,
    properties: [
      ['dataType', 'string'],
      ['summarizeBy', 'none'],
      ['sourceColumn', name],
    ],
  });
  return {
    kind: 'table',
    name: ACCESS,
    description:
      'Who may see whom in the role by sign-in: a row for each customer and user. Nobody until it is filled.',
    properties: [['isHidden', true]],
    children: [
      column('Customer'),
      column('User'),
      {
        kind: 'partition',
        name: ACCESS,
        expression: 'm',
        properties: [
          ['mode', 'import'],
          ['source', { expression: '#table(type table [Customer = text, User = text], {})' }],
        ],
      },
    ],
  };
}

type Properties = NonNullable<TmdlObject['properties']>;

function calculated(
  name: string,
  description: string,
  dax: string,
  properties: Properties,
  columns: readonly TmdlObject[],
): TmdlObject {
  return {
    kind: 'table',
    name,
    description,
    properties,
    children: [
      ...columns,
      {
        kind: 'partition',
        name,
        expression: 'calculated',
        properties: [
          ['mode', 'import'],
          ['source', { expression: dax }],
        ],
      },
    ],
  };
}

function calculatedColumn(name: string, dataType: string, properties: Properties): TmdlObject {
  return {
    kind: 'column',
    name,
    properties: [
      ['dataType', dataType],
      ['isNameInferred', true],
      ...properties,
      ['summarizeBy', 'none'],
      ['sourceColumn', { reference: `[${name}]` }],
    ],
  };
}
