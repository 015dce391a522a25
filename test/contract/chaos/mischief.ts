import type { Fault, FaultRule } from '../../../src/emulator/faults.ts';
import type { SeededRandom } from '../../harness/seededRandom.ts';
import { HOSTILE_TEXTS } from '../../fixtures/hostileTexts.ts';
import { answered, refused } from '../badInput/runWorld.ts';
import { ROWS_EACH } from './estate.ts';
import type { Nest } from './estate.ts';

/** Types that the service writes, and ones that it does not. */
const TYPES = [
  'string',
  'long',
  'real',
  'bool',
  'datetime',
  'timespan',
  'guid',
  'dynamic',
  'decimal',
  'int',
  'odd',
  '',
];
const STATUSES = [204, 300, 302, 307, 400, 401, 403, 404, 405, 408, 409, 413, 418, 422, 500, 502, 503, 504, 599];
const CODES = [
  'BadArgumentError',
  'InsufficientAccessError',
  'PathNotFoundError',
  'WorkspaceNotFoundError',
  'InvalidTokenError',
  'ThrottledError',
  'GatewayTimeout',
  'LimitsExceeded',
  '__proto__',
  '',
];
const WAITS = [0, 1, 30, 61, 600, 1e9, -5];
/** Columns that would be somebody else, or SQL, if names were anything but names. */
const NAMES = [
  '_Workspace',
  '_Customer',
  '_Tenant',
  'seq',
  't',
  'Canary',
  '"; DROP TABLE runs; --',
  '',
  'a\nb',
  'nul\0',
];

/** Cells of one workspace, hostile ones among them: its canary is in it, and the names of its neighbours. */
function cell(random: SeededRandom, nest: Nest, nests: readonly Nest[]): unknown {
  return random.pick<() => unknown>([
    () => nest.canary,
    () => ({ deep: [nest.canary, { n: null }] }),
    () => JSON.stringify([nest.canary]),
    () => random.pick(nests).workspace,
    () => random.pick(HOSTILE_TEXTS),
    () => random.pick([null, true, 0, -1, 1.5, 1e308, 9007199254740993, '9223372036854775808', 'NaN', '', '\ud800']),
    () => random.pick(['2024-02-30T00:00:00Z', '0001-01-01T00:00:00Z', '99:99:99', 'not a time', `${nest.canary} 1`]),
    () => `${nest.canary}${'x'.repeat(random.int(1, 20_000))}`,
  ])();
}

/** A whole answer of a shape of its own. */
function oddTable(random: SeededRandom, nest: Nest, nests: readonly Nest[]): Fault {
  const count = random.chance(0.03) ? random.int(200, 1_500) : random.int(0, 9);
  const columns = Array.from({ length: count }, (_, n) => {
    const name = random.chance(0.5) ? random.pick(NAMES) : `c${n}`;
    return [name, random.pick(TYPES)] as const;
  });
  const rows = Array.from({ length: random.int(0, 6) }, () =>
    Array.from({ length: Math.max(0, count + (random.chance(0.1) ? random.int(-2, 2) : 0)) }, () =>
      cell(random, nest, nests),
    ),
  );
  return answered(columns, rows);
}

/** A body that is no answer, or half of one. */
function oddBody(random: SeededRandom, nest: Nest): Fault {
  const rows = `[["${nest.canary}"]]`;
  const columns = '[{"name":"Canary","type":"string"}]';
  const body = random.pick([
    '',
    'null',
    '[]',
    '"text"',
    '{}',
    '{"tables":null}',
    '{"tables":{}}',
    '{"tables":[null]}',
    '{"tables":[{"name":"PrimaryResult"}]}',
    `{"tables":[{"name":"PrimaryResult","columns":null,"rows":${rows}}]}`,
    `{"tables":[{"name":"PrimaryResult","columns":{},"rows":${rows}}]}`,
    `{"tables":[{"name":"PrimaryResult","columns":${columns},"rows":{}}]}`,
    `{"tables":[{"name":7,"columns":[{"name":7,"type":{}}],"rows":${rows}}]}`,
    `{"tables":[{"name":"PrimaryResult","columns":${columns},"rows":${rows}},{"columns":[],"rows":[]}]}`,
    `{"tables":[{"name":"PrimaryResult","columns":${columns},"rows":${rows}}],"error":{"code":"PartialError","message":"${nest.canary}"}}`,
    `{"tables":[{"name":"PrimaryResult","columns":${columns},"rows":${rows}}],"error":"${nest.canary}"}`,
    `{"tables":[{"name":"PrimaryResult","columns":${columns},"rows":${rows}}],"render":{"visualization":{}}}`,
    `{"tables":[{"name":"PrimaryResult","columns":${columns},"rows":[["${nest.canary}"`,
    `{"tables":[{"name":"PrimaryResult","columns":${columns},"rows":[["${nest.canary}"],]}]}`,
    `{"tables":[{"name":"PrimaryResult","columns":${columns},"rows":[[${'['.repeat(5_000)}${']'.repeat(5_000)}]]}]}`,
    `{"error":{"code":"BadArgumentError","message":"${nest.canary}"}}`,
    `<html>${nest.canary}</html>`,
    '\u0000\u0001\ufffd',
  ]);
  const contentType = random.pick(['application/json', 'application/json; charset=utf-16', 'text/html', 'x', '']);
  return { kind: 'status', status: random.chance(0.8) ? 200 : random.pick(STATUSES), body, contentType };
}

/** What a query may meet at one workspace. `hang` alone would go on for eleven minutes. */
function faultOf(random: SeededRandom, nest: Nest, nests: readonly Nest[]): Fault {
  return random.pick<() => Fault>([
    () => oddTable(random, nest, nests),
    () => oddTable(random, nest, nests),
    () => oddTable(random, nest, nests),
    () => oddBody(random, nest),
    () => oddBody(random, nest),
    () => oddBody(random, nest),
    () => refused(random.pick(STATUSES), random.pick(CODES), random.pick([nest.canary, ...HOSTILE_TEXTS])),
    () => refused(random.pick(STATUSES), random.pick(CODES), nest.canary),
    () => ({ kind: 'status', status: random.pick(STATUSES) }),
    () => ({ kind: 'throttle', retryAfterSeconds: random.pick(WAITS) }),
    () => ({ kind: 'throttle' }),
    () => ({ kind: 'truncate', bytes: random.int(0, 400) }),
    () => ({ kind: 'reset' }),
    () => ({ kind: 'expiredToken' }),
    () => ({ kind: 'claimsChallenge', ...(random.chance(0.5) ? { acrs: 'c1' } : {}) }),
    () => ({ kind: 'accessLag', forMs: random.int(0, 60_000) }),
    () => ({ kind: 'denyTables', tables: ['Secret_CL'], as: random.pick(['empty', 'unresolved'] as const) }),
    () => ({ kind: 'oddAnswer', as: random.pick(['nullRow', 'objectRow', 'errorRow', 'noTable'] as const) }),
    () => ({ kind: 'flood', bytes: random.chance(0.01) ? 300_000_000 : random.int(1, 2_000_000) }),
    () => ({ kind: 'foreignLinks', origin: 'https://evil.example' }),
    () => ({ kind: 'latency', ms: random.int(0, 20) }),
    () => ({ kind: 'slowBody', bytesPerSecond: random.pick([20_000, 200_000]) }),
    () => ({ kind: 'hang' }),
  ])();
}

/** What the lists of an estate may meet. */
function listFault(random: SeededRandom): Fault {
  return random.pick<() => Fault>([
    () => ({ kind: 'status', status: random.pick(STATUSES) }),
    () => ({ kind: 'status', status: 200, body: random.pick(['', 'null', '{}', '{"value":null}', '<html>']) }),
    () => ({ kind: 'status', status: 200, contentType: 'application/json', body: '{"value":[null,{}],"data":[null]}' }),
    () => ({ kind: 'throttle', retryAfterSeconds: random.pick([600, 1e9]) }),
    () => ({ kind: 'truncate' }),
    () => ({ kind: 'reset' }),
    () => ({ kind: 'expiredToken' }),
    () => ({ kind: 'accessLag' }),
    () => ({ kind: 'sameNextLink' }),
    () => ({ kind: 'foreignLinks', origin: 'https://evil.example' }),
  ])();
}

/** Whether nothing of an answer can come of a fault, however the service means it. */
export function isNoAnswer(fault: Fault): boolean {
  const never: readonly Fault['kind'][] = ['throttle', 'hang', 'reset', 'oddAnswer', 'flood', 'expiredToken'];
  return never.includes(fault.kind) || (fault.kind === 'status' && fault.status >= 400);
}

/** How often: always, for the first calls only, or behind some that pass. */
function timing(random: SeededRandom): Pick<FaultRule, 'after' | 'times'> {
  return {
    ...(random.chance(0.2) ? { after: random.int(1, 2) } : {}),
    ...(random.chance(0.5) ? { times: random.int(1, 3) } : {}),
  };
}

/** The faults of one seed over the query API: a few, some at many workspaces. */
export function queryMischief(random: SeededRandom, nests: readonly Nest[]): FaultRule[] {
  const count = random.int(1, 16);
  return Array.from({ length: count }, (): FaultRule => {
    const nest = random.pick(nests);
    const match = { service: 'logs' as const, workspace: nest.workspace };
    return { match, fault: faultOf(random, nest, nests), ...timing(random) };
  });
}

/** The answer that a workspace has for the question of all rows, in place of working it out. */
export function readyAnswer({ workspace, canary }: Nest): FaultRule {
  const columns = [
    ['TimeGenerated', 'datetime'],
    ['Canary', 'string'],
    ['Number', 'long'],
    ['Bag', 'dynamic'],
  ] as const;
  const rows = Array.from({ length: ROWS_EACH }, (_, row) => [
    '2026-01-01T00:00:00Z',
    canary,
    row,
    `{"canary":"${canary}"}`,
  ]);
  return { match: { service: 'logs', workspace }, fault: answered(columns, rows) };
}

/** The faults of one seed over sign-in, Resource Manager and Resource Graph, each for one tenant or for all. */
export function listMischief(random: SeededRandom, nests: readonly Nest[]): FaultRule[] {
  return Array.from({ length: random.int(1, 4) }, (): FaultRule => {
    const service = random.pick(['identity', 'arm', 'graph'] as const);
    const tenant = random.chance(0.7) ? { tenant: random.pick(nests).tenant.tenantId } : {};
    return { match: { service, ...tenant }, fault: listFault(random), ...timing(random) };
  });
}
