/**
 * A runner over a lake in a process of its own, to be killed: FOLDER SEED MINUTES PLAN, the true time after the
 * beginning and the file of a plan. Loading Microsoft's parser takes longer than all that is killed here.
 */
import { readFile } from 'node:fs/promises';
import { deserialize } from 'node:v8';
import { LakeSink } from '../../../src/engine/lake/lakeSink.ts';
import { LakeState } from '../../../src/engine/lake/lakeState.ts';
import type { RollupPlan } from '../../../src/kql/rollup/planRollup.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { BEGIN, EVENT, History, iso, PORTION } from './history.ts';
import { Runner } from './runners.ts';

const [folder, seed, minutes, planned] = process.argv.slice(2);
const plan = deserialize(await readFile(planned!)) as RollupPlan;
const history = new History(Number(seed));
history.now = BEGIN + Number(minutes) * 60_000;
const told = (step: string): 'none' => {
  process.stdout.write(`${step}\n`);
  return 'none';
};
const runner = new Runner(history, new LakeState(folder!), new LakeSink(folder!), 0, told, () =>
  Promise.resolve({
    plan: () => plan,
    columnsRead: () => new Map([['Event', EVENT]]),
    // As much of the question as the history reads.
    windowQuery: (_plan, _schema, { from, to, slice: { of, at } = { of: 1, at: 0 } }) =>
      `Event | where ingestion_time() >= datetime(${iso(from)}) and ingestion_time() < datetime(${iso(to)}) | where hash(tostring(pack_array(N)), ${of}) == ${at}`,
    seenQuery: () => undefined,
    isAsked: () => true,
  }),
);
await runner.service.run({
  name: 'Rows',
  query: PORTION,
  scope: EVERYTHING,
  windowMinutes: 10,
  latenessMinutes: 10,
  everyMinutes: 5,
  sinks: ['lake'],
  limits: { rows: 1_000 },
  since: BEGIN,
});
process.stdout.write('ended\n');
process.exit(0);
