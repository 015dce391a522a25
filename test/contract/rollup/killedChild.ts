/** A runner over a lake in a process of its own, to be killed: FOLDER SEED MINUTES, the true time after the beginning. */
import { LakeSink } from '../../../src/engine/lake/lakeSink.ts';
import { LakeState } from '../../../src/engine/lake/lakeState.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { BEGIN, History, PORTION } from './history.ts';
import { Runner } from './runners.ts';

const [folder, seed, minutes] = process.argv.slice(2);
const history = new History(Number(seed));
history.now = BEGIN + Number(minutes) * 60_000;
const runner = new Runner(history, new LakeState(folder!), new LakeSink(folder!), 0, (step) => {
  process.stdout.write(`${step}\n`);
  return 'none';
});
await runner.service.run({
  name: 'Rows',
  query: PORTION,
  scope: EVERYTHING,
  windowMinutes: 5,
  latenessMinutes: 10,
  everyMinutes: 5,
  sinks: ['lake'],
  limits: { rows: 1_000 },
  since: BEGIN,
});
process.stdout.write('ended\n');
process.exit(0);
