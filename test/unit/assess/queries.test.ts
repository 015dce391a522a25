import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { agents } from '../../../src/core/assess/facts/agents.ts';
import { attributionQuery } from '../../../src/core/assess/facts/attribution.ts';
import { audit } from '../../../src/core/assess/facts/audit.ts';
import { operations } from '../../../src/core/assess/facts/operations.ts';
import { isQuestion } from '../../../src/core/assess/facts/queryFact.ts';
import type { About, QueryFact } from '../../../src/core/assess/facts/queryFact.ts';
import { sourcesQuery } from '../../../src/core/assess/facts/sources.ts';
import { usage } from '../../../src/core/assess/facts/usage.ts';
import { MAX_QUERY_LENGTH } from '../../../src/core/runs/limits.ts';
import { analyzeQuery } from '../../../src/kql/analyze.ts';
import { kqlTypeNamed } from '../../../src/kql/kusto.ts';
import type { BoundTable, KqlSchema } from '../../../src/kql/schema.ts';
import type { WorkspaceFactValues } from '../../../src/model/assessment/facts.ts';
import type { Column } from '../../../src/model/kqlType.ts';
import { assessed } from '../../harness/assessmentSample.ts';
import {
  agent,
  hoursAgo,
  dayAgo,
  healthyCustomer,
  table,
  usageOf,
  withConfiguration,
  withOwn,
  withPart,
  workspace,
} from '../../harness/customerFacts.ts';
import { AGENTS, ATTRIBUTION, AUDIT, OPERATIONS, SOURCES, USAGE } from './fakeWorld.ts';

/** Names that custom tables cannot have, and that a hostile answer could hold all the same. */
const ODD = [
  'x | take 1_CL',
  `a"] | union Secret //_CL`,
  "b'] _CL",
  'c\\_CL',
  'd\n| take 1_CL',
  'let',
  'union',
  'in',
  'T-1',
  '1st_CL',
];

/** A workspace with every table of Microsoft's reference, as the emulator keeps it, and some of odd names. */
const reference = JSON.parse(
  readFileSync(new URL('../../../src/emulator/world/tableReference.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, string>>;
const SYSTEM: readonly Column[] = [
  { name: 'TenantId', type: 'string' },
  { name: 'Type', type: 'string' },
  { name: '_BilledSize', type: 'real' },
  { name: '_IsBillable', type: 'string' },
];
const OF_RESOURCES: readonly Column[] = [
  { name: '_ResourceId', type: 'string' },
  { name: '_SubscriptionId', type: 'string' },
];
const tables: readonly BoundTable[] = [
  ...Object.entries(reference).map(([name, text]): BoundTable => {
    const columns = text
      .replace(/^\*/, '')
      .split(';')
      .flatMap((group): Column[] => {
        const [type, ...names] = group.split(' ');
        return names.map((column) => ({ name: column, type: kqlTypeNamed(type!) ?? 'dynamic' }));
      });
    return { name, columns: [...columns, ...SYSTEM, ...(text.startsWith('*') ? OF_RESOURCES : [])] };
  }),
  ...ODD.map((name): BoundTable => ({ name, columns: [{ name: 'TimeGenerated', type: 'datetime' }, ...SYSTEM] })),
];
const schema: KqlSchema = {
  database: {
    name: 'workspace',
    tables,
    functions: [
      {
        name: '_LogOperation',
        parameters: '',
        body: 'Operation | project TimeGenerated, Category = OperationCategory, Operation = OperationKey, Level = OperationStatus, Detail',
      },
    ],
  },
};

/** Errors of Microsoft's binder, with what they are about. */
const errorsOf = (query: string): readonly string[] =>
  analyzeQuery(query, schema).errors.map(
    ({ message, start, length }) => `${message}: ${query.slice(start, start + length)}`,
  );
const columnsOf = (query: string): readonly string[] =>
  analyzeQuery(query, schema).columns!.map(({ name, type }) => `${name}:${type}`);

const question = (fact: Pick<QueryFact<keyof WorkspaceFactValues>, 'plan'>): string => {
  const about: About = { workspace: workspace('law') };
  const plan = fact.plan(about);
  assert.ok(isQuestion(plan));
  return plan.query;
};

describe('the query of a fact', () => {
  const names = tables.map(({ name }) => name).filter((name) => name !== 'Usage' && name !== 'Operation');
  for (const [name, query, columns] of [
    ['usage', question(usage), USAGE],
    ['agents', question(agents), AGENTS],
    ['operations', question(operations), OPERATIONS],
    ['audit', question(audit), AUDIT],
    ['attribution', attributionQuery(names), ATTRIBUTION],
    ['sources', sourcesQuery(names), SOURCES],
  ] as const)
    it(`is understood by Microsoft's parser and gives the columns that are read: ${name}`, () => {
      assert.deepEqual(errorsOf(query), []);
      assert.deepEqual([...columnsOf(query)].sort(), [...columns].sort());
    });

  it('reads the tables of its legs and no other, whatever they are called', () => {
    for (const make of [attributionQuery, sourcesQuery]) {
      const facts = analyzeQuery(make(ODD), schema);
      assert.deepEqual([...facts.tables].sort(), [...ODD].sort());
      assert.equal(facts.statements.length, 1);
    }
  });

  it('says the time of the span it is asked with', () => {
    const days = {
      [usage.timespan]: '30d',
      [agents.timespan]: '14d',
      [audit.timespan]: '7d',
      [operations.timespan]: '30d',
    };
    for (const fact of [usage, agents, audit, operations])
      assert.match(question(fact as never), new RegExp(`ago\\(${days[fact.timespan]}\\)`));
  });

  it('is no longer than the service takes with a thousand tables of long names', () => {
    const long = Array.from({ length: 1000 }, (_, at) => `${'T'.repeat(56)}${at}_CL`);
    for (const make of [attributionQuery, sourcesQuery]) {
      const size = Buffer.byteLength(JSON.stringify({ query: make(long) }));
      assert.ok(size < MAX_QUERY_LENGTH, `${size} bytes`);
    }
  });
});

describe('a query that a finding opens', () => {
  it("is understood by Microsoft's parser, whatever the tables and computers are called", () => {
    const volumes = Object.fromEntries(ODD.map((name) => [name, 200]));
    const usual = usageOf(volumes);
    const silent = {
      ...usual,
      volumes: usual.volumes.filter(({ table: name, day }) => name === 'union' || day < dayAgo(3)),
      last: Object.fromEntries(ODD.map((name) => [name, hoursAgo(name === 'union' ? 1 : 90)])),
    };
    const own = withOwn(healthyCustomer(), {
      usage: silent,
      tables: ODD.map((name) => table(name, { classic: true, protected: true })),
      agents: [agent('a"b\n.c', { legacy: true, last: hoursAgo(80) })],
      operations: { capDays: ['2026-11-20'], rateLimited: 0 },
      sources: ODD.map((name) => ({ source: 'pc"] | x', table: name, rows: 1, gb: 1 })),
    });
    const shared = withPart(
      own,
      {
        customers: 3,
        rows: 10,
        tables: { Perf: 10 },
        computers: ['pc"] | x'],
        unattributed: { rows: 500, gb: 1, of: 1000 },
      },
      { sources: ODD.map((name) => ({ source: 'pc"] | x', table: name, rows: 1, gb: 1 })) },
    );
    const queries = [shared, withConfiguration(shared, { localAuth: true, dailyCapGb: 1 })].flatMap((facts) =>
      assessed(facts).findings.flatMap(({ check, actions }) =>
        actions.flatMap((action) => (action.kind === 'openQuery' ? [{ check, query: action.query }] : [])),
      ),
    );
    assert.deepEqual(
      queries.flatMap(({ check, query }) => errorsOf(query).map((error) => `${check}: ${error}`)),
      [],
    );
    const checks = new Set(queries.map(({ check }) => check));
    for (const check of ['capHit', 'silentTable', 'legacyAgents', 'classicTables', 'paidTwice', 'rowsUnattributable'])
      assert.ok(checks.has(check), check);
  });
});
