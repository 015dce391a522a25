import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadPlanner } from '../../../src/core/runs/across/planner.ts';

const SCHEMA = {
  tables: ['Event', 'Heartbeat', 'Other'].map((name) => ({
    name,
    columns: [{ name: 'Computer', type: 'string' as const }],
  })),
};

test('a plan is over the tables that the query is known to read, and over others where it turns out to read them', async () => {
  const planner = await loadPlanner();
  const read = (query: string, tables: readonly string[]): string[] =>
    planner(query, [SCHEMA], { now: 0n, tables }).plan.parts.flatMap((part) => part.tables);
  // By its syntax the name is a column's.
  assert.deepEqual(read('Event | where Computer in (Heartbeat) | count', ['Event']), ['Event', 'Heartbeat']);
  // What is read by a pattern is what the plan is over.
  assert.deepEqual(read('union * | count', ['Event']), ['Event']);
});

test('a name that nobody has is refused, whatever is known', async () => {
  const planner = await loadPlanner();
  assert.throws(
    () => planner('Event | where Computer in (Nothing) | count', [SCHEMA], { now: 0n, tables: ['Event'] }),
    {
      code: 'query.semantic',
    },
  );
});
