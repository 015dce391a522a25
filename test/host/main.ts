import Mocha from 'mocha';
import { writeFileSync } from 'node:fs';

/** One line of the report: what a test was called, how long it took, and why it failed. */
export interface HostResult {
  readonly title: string;
  readonly ms: number;
  readonly error?: string;
}

/**
 * Runs every suite inside the extension host that loaded this file, and writes what came of it to the file
 * `TENANTSCOPE_HOST_REPORT` names.
 */
export async function run(): Promise<void> {
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 60_000,
    slow: 10_000,
    reporter: function quiet() {
      /* The report says it all. */
    },
  });
  mocha.suite.emit('pre-require', globalThis, 'main.ts', mocha);
  if (process.env['TENANTSCOPE_HOST_SUITES'] === 'untrusted') await import('./suites/untrusted.ts');
  else {
    // In this order: the first looks at an extension that nobody has used yet.
    await import('./suites/activation.ts');
    await import('./suites/estate.ts');
    await import('./suites/access.ts');
    await import('./suites/alerts.ts');
    await import('./suites/editor.ts');
    await import('./suites/runs.ts');
    await import('./suites/inside.ts');
    await import('./suites/packs.ts');
    await import('./suites/history.ts');
    await import('./suites/scopeLines.ts');
    await import('./suites/resourceGraph.ts');
    await import('./suites/rollups.ts');
    await import('./suites/notebooks.ts');
    await import('./suites/provision.ts');
    await import('./suites/baseline.ts');
    await import('./suites/doctor.ts');
    await import('./suites/assess.ts');
    await import('./suites/agents.ts');
    // The last: one customer is gone behind it.
    await import('./suites/onboarding.ts');
  }
  const results: HostResult[] = [];
  const failures = await new Promise<number>((resolve) => {
    mocha
      .run(resolve)
      .on('pass', (test) => {
        results.push({ title: test.fullTitle(), ms: test.duration ?? 0 });
      })
      .on('fail', (test, error) => {
        results.push({
          title: test.fullTitle(),
          ms: test.duration ?? 0,
          error: `${error.message}\n${error.stack ?? ''}`,
        });
      });
  });
  const report = process.env['TENANTSCOPE_HOST_REPORT'];
  if (report) writeFileSync(report, JSON.stringify(results, null, 2));
  if (failures > 0)
    throw new Error(
      `${failures} of ${results.length} tests failed:\n${results
        .filter((one) => one.error)
        .map((one) => `${one.title}: ${one.error?.split('\n')[0]}`)
        .join('\n')}`,
    );
}
