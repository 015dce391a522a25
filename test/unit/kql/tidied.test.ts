import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acrossSchema } from '../../../src/kql/across/acrossSchema.ts';
import { planAcross } from '../../../src/kql/across/planAcross.ts';
import { remoteQuery } from '../../../src/kql/across/remoteQuery.ts';

const TARGET = {
  tables: [
    {
      name: 'T',
      columns: [
        { name: 'n', type: 'long' },
        { name: 'k', type: 'string' },
        { name: 'm', type: 'long' },
      ],
    },
  ],
} as const;
const WHOSE = '_Customer, _Tenant, _Workspace';
const schema = acrossSchema([TARGET]);

/** What is sent and what is done here, an operator after the other. */
function texts(query: string): string[] {
  const plan = planAcross(query, schema, { now: 0n });
  const sent = plan.parts.map((part) => remoteQuery(part, TARGET, schema, 0n)!);
  return [...sent, plan.local ?? '(rows)'].map((text) => text.replaceAll(/\s*\n\s*/g, ' '));
}

test('what names its columns itself stands on the collected rows as they are', () => {
  assert.deepEqual(texts('T | summarize s = sum(n) by k, _Customer'), [
    'T | project n, k | summarize s = sum(n) by k',
    'part1 | summarize s = sum(s) by k, _Customer | project _Customer, k, s',
  ]);
  assert.deepEqual(texts('T | where _Customer has "x" | count'), [
    'T | project n | count',
    'part1 | where _Customer has "x" | summarize Count = sum(Count)',
  ]);
});

test('projections of projections are one', () => {
  assert.deepEqual(texts('T | project n, k, m | project-away m | project y = n'), [
    'T | project n | project y = n',
    '(rows)',
  ]);
  assert.deepEqual(texts('T | sort by n asc | project a = n, k | project b = a + 1, k | project k, b'), [
    'T | project n, k',
    `part1 | sort by n asc | project ${WHOSE}, k, b = n + 1`,
  ]);
});

test('what is worked out once stays worked out once', () => {
  assert.deepEqual(texts('T | sort by n asc | extend r = rand() | project x = r, y = r'), [
    'T | project n',
    `part1 | sort by n asc | project ${WHOSE}, r = rand() | project ${WHOSE}, x = r, y = r`,
  ]);
});

test('rows that two expressions stand on stay one to both', () => {
  const [, local] = texts('let s = T | sort by n asc | project n, k; s | join kind=inner (s | project n) on n | count');
  assert.match(local!, /^let shared_1 = materialize\(.*sort by n asc/);
});
