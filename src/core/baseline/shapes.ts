import { COMPARISONS, MEASURES } from '../../model/alert.ts';
import { ARCHITECTURES } from '../../model/assessment/verdict.ts';

/** What a value of a baseline file may be. Every field and entry may be null, too: that takes it away. */
export type Shape =
  /** A number, or one of these words. */
  | {
      readonly kind: 'number';
      readonly least: number;
      readonly most: number;
      readonly whole: boolean;
      readonly words: readonly string[];
    }
  | { readonly kind: 'flag' }
  | { readonly kind: 'text'; readonly pattern?: RegExp; readonly what: string }
  /** A text, or a list of its lines. */
  | { readonly kind: 'lines' }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, Shape>>; readonly needed: readonly string[] }
  /** Entries by name. */
  | { readonly kind: 'map'; readonly of: Shape; readonly pattern?: RegExp; readonly names: string };

const FLAG: Shape = { kind: 'flag' };
const LINES: Shape = { kind: 'lines' };
const TEXT: Shape = { kind: 'text', what: 'a text that is not empty' };
const GUID: Shape = {
  kind: 'text',
  pattern: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i,
  what: 'an ID of the form 00000000-0000-0000-0000-000000000000',
};
const TEXTS: Shape = { kind: 'list', of: TEXT };

function days(least: number, most: number, ...words: string[]): Shape {
  return { kind: 'number', least, most, whole: true, words };
}

function choice(...values: string[]): Shape {
  return { kind: 'choice', values };
}

function object(fields: Readonly<Record<string, Shape>>, ...needed: string[]): Shape {
  return { kind: 'object', fields, needed };
}

function map(names: string, of: Shape, pattern?: RegExp): Shape {
  return { kind: 'map', names, of, ...(pattern ? { pattern } : {}) };
}

/** Facilities of syslog as data collection rules write them. */
const FACILITIES = choice(
  ...['*', 'auth', 'authpriv', 'cron', 'daemon', 'kern', 'lpr', 'mail', 'mark', 'news', 'syslog', 'user', 'uucp'],
  ...['local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'],
);
const LEVELS = choice('*', 'Debug', 'Info', 'Notice', 'Warning', 'Error', 'Critical', 'Alert', 'Emergency');

const TAGS = map(
  'tag',
  { kind: 'text', pattern: /^.{0,256}$/s, what: 'a text of at most 256 characters' },
  /^[^<>%&\\?/]{1,512}$/,
);

/** A name that becomes a part of an ARM id, and so of an address: nothing that ends or turns one. */
const PART_OF_ID = /^[A-Za-z0-9][\w .()-]{0,259}$/;

/** One layer of a baseline file; `media/baseline.schema.json` says the same to editors. */
export const LAYER: Shape = object({
  architecture: choice(...ARCHITECTURES),
  main: TEXT,
  workspace: object({
    retentionDays: days(30, 730),
    dailyCapGb: { kind: 'number', least: 0.023, most: 1_000_000, whole: false, words: ['none'] },
    sku: choice('PerGB2018', 'CapacityReservation'),
    commitmentGb: days(100, 50_000),
    tags: TAGS,
    features: object({ resourcePermissions: FLAG, workspaceKeys: FLAG, publicIngestion: FLAG, publicQuery: FLAG }),
  }),
  tags: object({ subscriptions: TAGS, resourceGroups: TAGS }),
  tables: map(
    'table',
    object({
      plan: choice('Analytics', 'Basic', 'Auxiliary'),
      retentionDays: days(4, 730, 'workspace'),
      totalRetentionDays: days(4, 4383, 'workspace'),
    }),
    /^[A-Za-z]\w{0,62}$/,
  ),
  functions: map(
    'function',
    object({ query: LINES, parameters: TEXT, description: TEXT, category: TEXT }, 'query'),
    /^[A-Za-z_]\w*$/,
  ),
  savedQueries: map('saved query', object({ query: LINES, description: TEXT, category: TEXT, tags: TEXTS }, 'query')),
  collectionRules: map(
    'data collection rule',
    object({
      windowsEvents: TEXTS,
      syslog: object(
        { facilities: { kind: 'list', of: FACILITIES }, levels: { kind: 'list', of: LEVELS } },
        'facilities',
        'levels',
      ),
      performance: object({ counters: TEXTS, seconds: days(1, 1800) }, 'counters', 'seconds'),
      machines: choice('all', 'azure', 'arc'),
    }),
    /^[\w-]{1,64}$/,
  ),
  diagnosticSettings: map(
    'diagnostic setting',
    object(
      {
        on: {
          kind: 'text',
          pattern: /^(workspace|subscription|entra|[\w.]+\/[\w/]+)$/i,
          what: 'workspace, subscription, entra or a type of resource such as Microsoft.KeyVault/vaults',
        },
        categories: TEXTS,
      },
      'on',
      'categories',
    ),
    PART_OF_ID,
  ),
  actionGroups: map(
    'action group',
    object(
      {
        shortName: { kind: 'text', pattern: /^[^<>%&\\?/]{1,12}$/, what: 'a text of at most 12 characters' },
        webhooks: map('webhook', {
          kind: 'text',
          pattern: /^https:\/\/[^\s?#]+$/,
          what: 'an https address without a query: one with a key in it is a secret, and not for a repository',
        }),
      },
      'shortName',
      'webhooks',
    ),
    /^[\w -]{1,200}$/,
  ),
  alerts: map(
    'alert',
    object(
      {
        query: LINES,
        threshold: { kind: 'number', least: -1e15, most: 1e15, whole: false, words: [] },
        description: TEXT,
        severity: days(0, 4),
        every: days(1, 1440),
        window: days(1, 2880),
        measure: choice(...MEASURES),
        column: TEXT,
        comparison: choice(...COMPARISONS),
        failing: days(1, 6),
        periods: days(1, 6),
        dimensions: {
          kind: 'list',
          of: object({ column: TEXT, values: TEXTS, exclude: FLAG }, 'column'),
        },
        lookBack: days(1, 2880),
        autoResolve: FLAG,
        actionGroups: TEXTS,
        identity: FLAG,
      },
      'query',
      'threshold',
    ),
    /^[\w -]{1,200}$/,
  ),
  delegations: map(
    'delegation',
    object(
      {
        managedBy: GUID,
        authorizations: {
          kind: 'list',
          of: object({ principalId: GUID, role: TEXT, name: TEXT }, 'principalId', 'role'),
        },
      },
      'managedBy',
      'authorizations',
    ),
  ),
  locks: map(
    'lock',
    object(
      {
        on: choice('workspace', 'resourceGroup', 'subscription'),
        level: choice('CanNotDelete', 'ReadOnly'),
        notes: { kind: 'text', pattern: /^.{1,512}$/s, what: 'a text of at most 512 characters' },
      },
      'on',
      'level',
    ),
    PART_OF_ID,
  ),
});
