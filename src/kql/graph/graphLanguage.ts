import type { RemoteLanguage } from '../across/remoteLanguage.ts';
import { GRAPH_KEY, SUBSCRIPTION } from './graphTables.ts';

/**
 * Scalar functions that Resource Graph and we are known to read alike (its documentation and samples name them). It has
 * more; those are worked out here.
 */
const SCALARS: ReadonlySet<string> = new Set(
  `and or not has !has has_cs !has_cs contains !contains contains_cs !contains_cs startswith !startswith startswith_cs
  !startswith_cs endswith !endswith endswith_cs !endswith_cs has_any has_all in !in in~ !in~ path element neg
  tolower toupper tostring toint tolong todouble toreal tobool todatetime isnull isnotnull isempty isnotempty iff iif case
  coalesce strcat strlen substring split trim replace_string array_length parse_json todynamic bin`.split(/\s+/),
);

/** Aggregates of partial answers; of others the rows are collected. */
const AGGREGATES: ReadonlySet<string> = new Set(['count', 'countif', 'sum', 'sumif', 'min', 'max']);

/**
 * The KQL of Resource Graph, as far as it is sent what the person did not write: learn.microsoft.com, Azure Resource
 * Graph query language. Its `mv-expand` cuts off after 128 values, its joins are three and its unions of one table, it
 * has no `let` and no `datatable`: all that is done here.
 */
export const GRAPH_LANGUAGE: RemoteLanguage = {
  key: GRAPH_KEY,
  named: { column: SUBSCRIPTION, source: 'subscriptionId' },
  operator: (rel) =>
    rel.kind === 'table' ||
    rel.kind === 'filter' ||
    rel.kind === 'project' ||
    rel.kind === 'aggregate' ||
    rel.kind === 'distinct' ||
    rel.kind === 'take' ||
    (rel.kind === 'parse' && rel.mode === 'simple' && !rel.where),
  scalar: (name) => /^\W+$/.test(name) || SCALARS.has(name),
  aggregate: (name) => AGGREGATES.has(name),
};

/**
 * The same where groups did not fit into the one page that rows without a key get: the rows themselves are collected,
 * and grouped here.
 */
export const GRAPH_ROWS: RemoteLanguage = {
  ...GRAPH_LANGUAGE,
  operator: (rel) => rel.kind !== 'aggregate' && rel.kind !== 'distinct' && GRAPH_LANGUAGE.operator(rel),
};
