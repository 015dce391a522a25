import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startSample, tenantscope } from './program.ts';

describe('report: of a day, on the sample estate', () => {
  let sample: Awaited<ReturnType<typeof startSample>>;
  before(async () => {
    sample = await startSample();
  });
  after(() => sample.close());
  const report = (...args: string[]) =>
    tenantscope(['report', '--cloud', sample.cloud, ...args], { cwd: sample.directory });

  test('a file of the estate and one of each customer; who is missing stands on top, and ends with 4', async () => {
    const out = join(sample.directory, 'reports');
    const { code, err } = await report(
      ...['--daily', '--out', out, '--format', 'html,md,parquet'],
      ...['--scope', 'customer:tailspin customer:alpine'],
    );
    assert.equal(code, 4, err);
    const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    assert.deepEqual((await readdir(join(out, day))).sort(), [
      'customers',
      'estate.html',
      'estate.md',
      'estate.parquet',
    ]);
    assert.deepEqual((await readdir(join(out, day, 'customers'))).filter((name) => name.endsWith('.html')).sort(), [
      'Alpine Ski House.html',
      'Tailspin Toys.html',
    ]);
    const [estate, own] = [
      await readFile(join(out, day, 'estate.md'), 'utf8'),
      await readFile(join(out, day, 'customers', 'Tailspin Toys.html'), 'utf8'),
    ];
    assert.match(
      estate,
      /\*\*Of 1 customer nothing is known: the sums below lack them\.\*\*\n\n- Alpine Ski House: no access\n/,
    );
    assert.match(estate, /\| Tailspin Toys \| [\d.]+ GB \| \$[\d.]+ \| /);
    assert.match(err, /^Tailspin Toys: [\d.]+ GB came in.*The daily cap was reached once\.$/m);
    assert.match(own, /tailspin-ops/);
    assert.doesNotMatch(own, /alpine/i);
  });

  test('what is wrong with the options is told before anybody is asked; the roll-ups it reads are written once', async () => {
    const before = sample.emulator.calls.list().length;
    const [both, date, from] = await Promise.all([
      report('--daily', '--monthly', '--out', 'x'),
      report('--daily', '--date', '2026-02-30', '--out', 'x'),
      report('--daily', '--from', 'lake', '--out', 'x'),
    ]);
    assert.deepEqual([both.code, date.code, from.code], [2, 2, 2]);
    assert.match(both.err, /either --daily or --monthly/);
    assert.match(date.err, /a day, 2026-11-28, not "2026-02-30"/);
    assert.match(from.err, /--lake DIR is missing/);
    assert.equal(sample.emulator.calls.list().length, before);
    const written = await report('--write-rollups');
    assert.equal(written.code, 0, written.err);
    const folder = join(sample.directory, '.tenantscope', 'rollups');
    assert.deepEqual((await readdir(folder)).sort(), ['ReportCaps.kql', 'ReportMachines.kql', 'ReportVolume.kql']);
  });
});
