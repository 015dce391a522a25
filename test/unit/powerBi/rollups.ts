import type { PowerBiRollup } from '../../../src/core/powerBi/factColumn.ts';
import type { PowerBiSource } from '../../../src/core/powerBi/sharedQueries.ts';
import { KQL_TYPES } from '../../../src/model/kqlType.ts';
import type { Column } from '../../../src/model/kqlType.ts';
import { HOSTILE_TEXTS } from '../../fixtures/hostileTexts.ts';

const columns = (text: string): Column[] =>
  text.split(' ').map((each) => ({ name: each.split(':')[0]!, type: each.split(':')[1] as Column['type'] }));

/** Sign-ins as they are. */
export const SIGN_INS: PowerBiRollup = {
  table: {
    id: 'SignIns-0a1b2c3d',
    name: 'SignIns',
    kind: 'portion',
    columns: columns('TimeGenerated:datetime User:string Took:timespan Cost:decimal Properties:dynamic'),
    viewColumns: columns('TimeGenerated:datetime User:string Took:timespan Cost:decimal Properties:dynamic'),
    windowMinutes: 60,
  },
  rowsOnce: 'SignIns_Rows',
};

const BEATS_COLUMNS = columns('Hour:datetime _Customer:string Computer:string Beats:long Last:datetime');

/** Heartbeats by the hour, whose groups name their customer. */
export const BEATS: PowerBiRollup = {
  table: {
    id: 'Beats-4d5e6f70',
    name: 'Beats',
    kind: 'summary',
    columns: columns('Hour:datetime Computer:string Beats:long Last:datetime'),
    view: 'part1 | summarize Beats = sum(Beats), Last = max(Last) by Hour, _Customer, Computer',
    viewColumns: BEATS_COLUMNS,
    windowMinutes: 60,
  },
  merges: new Map([
    ['Beats', 'sum'],
    ['Last', 'max'],
  ]),
  time: 'Hour',
  rowsOnce: 'Beats_Rows',
};

/** An average, of all customers together: more than adding up is done with its groups. */
export const LOAD: PowerBiRollup = {
  table: {
    id: 'Load-8899aabb',
    name: 'Load',
    kind: 'summary',
    columns: columns('Hour:datetime Load_sum:real Load_count:long'),
    view: 'part1 | summarize Load = sum(Load_sum) / sum(Load_count) by Hour',
    viewColumns: columns('Hour:datetime Load:real'),
    windowMinutes: 60,
  },
  time: 'Hour',
  rowsOnce: 'Load_Rows',
};

/** A roll-up whose name and columns try to get out of where they stand; names that differ in case; every type. */
export const HOSTILE: PowerBiRollup = {
  table: {
    id: 'Hostile-ccddeeff',
    name: `Bad'"]#(lf)\nlet x = 1 in x`,
    kind: 'portion',
    columns: [
      ...HOSTILE_TEXTS.map((name, i): Column => ({ name, type: KQL_TYPES[i % KQL_TYPES.length]! })),
      ...columns('TimeGenerated:datetime N:long n:long Day:string Customers:string'),
      { name: ' ', type: 'bool' },
      { name: 'a]b]]c', type: 'real' },
    ],
    viewColumns: [],
    windowMinutes: 1440,
  },
  rowsOnce: `Bad'"]#(lf)`,
};

/** Each kind of centre. */
export const SOURCES: readonly PowerBiSource[] = [
  { kind: 'lake', name: 'lake', folder: 'C:\\centre "one"#(lf)' },
  {
    kind: 'logAnalytics',
    name: 'soc',
    endpoint: 'https://api.loganalytics.azure.com',
    workspaceId: '11111111-2222-3333-4444-555555555555',
  },
  { kind: 'dataExplorer', name: 'adx', cluster: 'https://logs.westeurope.kusto.windows.net', database: "Centre's" },
];

/** The texts of customers that get a role of their own. */
export const CUSTOMERS: readonly string[] = ['Contoso', `O'Brien "& Co" ]`, '#(lf)\n= FALSE()', ...HOSTILE_TEXTS];
