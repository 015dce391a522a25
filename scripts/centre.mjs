// `npm start -- --centre`: a centre of the sample estate, made, filled and compared, with the commands a person would type.
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './tools.mjs';

const HOUR = 3_600_000;
/** The provider's workspace that is to be the centre, by the name it has in the sample estate. */
const WORKSPACE = 'nb-soc';

/**
 * Names a workspace of the provider as a centre, prepares it, pulls the last hours of the sample roll-up to it and to a
 * lake, and asks the centre, the lake and the customers' own workspaces the same. The exit code: 0 where all three
 * answers are equal.
 */
export function buildCentre({ cloudFile, folder, lake }) {
  const own = join(lake, '..', 'own');
  for (const made of [lake, own]) rmSync(made, { recursive: true, force: true });
  const run = (args, { quiet = false, lastLine = false } = {}) => {
    process.stdout.write(quiet ? '' : `\n$ tenantscope ${args.join(' ')}\n`);
    const done = spawnSync(process.execPath, [join(ROOT, 'dist', 'cli.cjs'), ...args], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 64 << 20,
      env: { ...process.env, TENANTSCOPE_CLOUD: cloudFile, TENANTSCOPE_LAKE: lake, XDG_STATE_HOME: own },
    });
    // Some of the estate cannot be entered on purpose: 4 is an answer that says so.
    if (done.status !== 0 && done.status !== 4)
      throw new Error(`${done.stderr}tenantscope ${args[0]} ended with exit code ${done.status}.`);
    if (lastLine) process.stdout.write(`${done.stderr.trimEnd().split('\n').at(-1)}\n`);
    else process.stdout.write(quiet ? '' : done.stdout + done.stderr);
    return done.stdout;
  };

  const { workspaces } = JSON.parse(run(['estate', '--json'], { quiet: true }));
  const { armId, tenant } = workspaces.find(({ name }) => name === WORKSPACE);
  cpSync(join(ROOT, 'media', 'rollups'), join(folder, '.tenantscope', 'rollups'), { recursive: true });
  const centres = { centre: { kind: 'logAnalytics', tenant, workspace: armId } };
  writeFileSync(join(folder, '.tenantscope', 'centres.json'), `${JSON.stringify({ centres }, undefined, 2)}\n`);

  run(['centre', 'approve', 'centre']);
  run(['rollup', 'run', 'Heartbeats', '--dry-run']);
  // Its plan and receipt are some pages long.
  run(['rollup', 'prepare', 'Heartbeats', '--writer', 'me', '--yes'], { lastLine: true });
  const to = Math.floor(Date.now() / HOUR) * HOUR - HOUR;
  const [from, begin, end] = [to - 3 * HOUR, to - 2 * HOUR, to].map((ms) => new Date(ms).toISOString());
  run(['rollup', 'run', 'Heartbeats', '--backfill', `${from}/${end}`]);

  // Hours that lie whole in the windows that were pulled.
  const asked = (rows) =>
    `${rows}\n| summarize Beats = sum(Beats), Machines = dcount(Computer) by Hour\n| sort by Hour asc\n`;
  const hours = `where Hour >= datetime(${begin}) and Hour < datetime(${end})`;
  const raw = `Heartbeat | where TimeGenerated >= datetime(${begin}) and TimeGenerated < datetime(${end}) | summarize Beats = count() by Hour = bin(TimeGenerated, 1h), Computer`;
  const answers = [
    ['the centre', asked(`Heartbeats | ${hours}`), (file) => ['query', file, '--scope', `workspace:${WORKSPACE}`]],
    ['the lake', asked(`Heartbeats | ${hours}`), (file) => ['kql', file, '--data', lake]],
    ["the customers' workspaces", asked(raw), (file) => ['query', file, '--scope', 'group:gold', '--reachable']],
  ].map(([whose, text, command], i) => {
    const file = join(folder, `compared-${i + 1}.kql`);
    writeFileSync(file, text);
    const answer = run([...command(file), '--format', 'csv'], { quiet: true });
    rmSync(file);
    process.stdout.write(`\nAsked of ${whose}:\n${text}\n${answer}`);
    return comparable(answer);
  });
  const same = answers.every((answer) => answer === answers[0] && answer.includes('\n'));
  process.stdout.write(`\n${same ? 'equal' : 'NOT equal'}\n`);
  return same ? 0 : 1;
}

/** Lines without whose they are (one workspace is asked by itself), and times without their zeros. */
function comparable(csv) {
  const [head = [], ...rows] = csv
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));
  const own = head.flatMap((name, at) => (name.startsWith('_') ? [] : [at]));
  return [head, ...rows].map((row) => own.map((at) => row[at].replace(/\.0+Z$/, 'Z')).join(',')).join('\n');
}
