import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { TARGETS } from '../../scripts/package/targets.mjs';
import { ROOT } from '../../scripts/tools.mjs';

const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly permissions?: object; readonly steps: readonly Step[] }>>;
}
interface Step {
  readonly uses?: string;
  readonly run?: string;
}

describe('the lock file', () => {
  const { packages } = JSON.parse(text('package-lock.json')) as {
    packages: Record<string, { optionalDependencies?: object; resolved?: string; integrity?: string }>;
  };

  it('has the packages of every platform, whichever one it was written on', () => {
    const missing = Object.entries(packages).flatMap(([at, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !(`node_modules/${name}` in packages) && !(`${at}/node_modules/${name}` in packages),
      ),
    );
    assert.deepEqual(missing, []);
    for (const { binding } of TARGETS) assert.ok(`node_modules/${binding}` in packages, binding);
  });

  it('says what each package is, and names no address that only one network has', () => {
    for (const [at, { resolved, integrity }] of Object.entries(packages)) {
      assert.equal(resolved, undefined, at);
      if (at !== '') assert.match(integrity ?? '', /^sha512-/, at);
    }
  });
});

describe('the workflows', () => {
  const folder = join(ROOT, '.github', 'workflows');
  const workflows = readdirSync(folder).map((name) => ({
    name,
    ...(parse(text(`.github/workflows/${name}`)) as Workflow),
  }));
  const steps = workflows.flatMap(({ jobs }) => Object.values(jobs).flatMap((job) => job.steps));

  it('may read only; one job of the release may write, and it runs no code of the repository', () => {
    for (const { name, permissions, jobs } of workflows) {
      assert.deepEqual(permissions, { contents: 'read' }, name);
      for (const [job, { permissions: own, steps: does }] of Object.entries(jobs))
        if (own) {
          assert.deepEqual([job, own], ['publish', { contents: 'write' }]);
          assert.ok(!does.some(({ uses }) => uses?.startsWith('actions/checkout')));
        }
    }
  });

  it('use the actions of GitHub alone, by their major version', () => {
    for (const { uses } of steps) if (uses) assert.match(uses, /^actions\/[a-z-]+@v\d+$/);
  });

  it('name kinds of tests that there are', () => {
    const kinds = new Set(
      [...text('test/harness/test.mjs').matchAll(/^(?:step|await tests)\('([a-z]+)'/gm)].map((m) => m[1]),
    );
    const named = steps.flatMap(({ run }) => /npm test -- (.+)/.exec(run ?? '')?.[1]?.split(' ') ?? []);
    assert.ok(named.length > 3);
    for (const kind of named) assert.ok(kinds.has(kind), kind);
  });
});

it('the README says whose each package is', () => {
  const readme = text('README.md');
  for (const { target } of TARGETS) assert.match(readme, new RegExp(`-${target}(?:\\.vsix)?\``), target);
});
