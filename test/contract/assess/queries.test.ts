import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { agents } from '../../../src/core/assess/facts/agents.ts';
import { attributionQuery } from '../../../src/core/assess/facts/attribution.ts';
import { audit } from '../../../src/core/assess/facts/audit.ts';
import { operations } from '../../../src/core/assess/facts/operations.ts';
import { isQuestion } from '../../../src/core/assess/facts/queryFact.ts';
import type { QueryFact } from '../../../src/core/assess/facts/queryFact.ts';
import { sourcesQuery } from '../../../src/core/assess/facts/sources.ts';
import { usage } from '../../../src/core/assess/facts/usage.ts';
import type { WorkspaceFactValues } from '../../../src/model/assessment/facts.ts';
import { SampleEmulator } from '../logs/sampleEmulator.ts';

let sample: SampleEmulator;
before(async () => {
  sample = await SampleEmulator.start();
});
after(() => sample.emulator.close());

const textOf = <Name extends keyof WorkspaceFactValues>(fact: QueryFact<Name>): string => {
  const plan = fact.plan({ workspace: {} as never });
  assert.ok(isQuestion(plan));
  return plan.query;
};
for (const fact of [usage, agents, operations, audit])
test(`${fact.name}`, async () => {
  const t = Date.now();
  const rows = await sample.rows('nb-soc', textOf(fact as never), { body: { timespan: fact.timespan } });
  console.log(fact.name, rows.length, Date.now() - t, JSON.stringify(rows.slice(0, 4)));
});
test('attr', async () => {
  for (const [n, q] of [['attr', attributionQuery], ['src', sourcesQuery]] as const) {
  const t = Date.now();
  const rows = await sample.rows('nb-central', q(['Heartbeat', 'Perf', 'AzureActivity', 'BackupJobs_CL', 'Syslog'], ['X_CL (Basic)']));
  console.log(n, rows.length, Date.now() - t, JSON.stringify(rows.slice(0, 12)));
  }
});
