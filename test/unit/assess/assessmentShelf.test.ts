import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { readAssessment } from '../../../src/app/assessmentFile.ts';
import { AssessmentFolder } from '../../../src/app/assessmentShelf.ts';
import type { Assessment } from '../../../src/model/assessment/assessment.ts';
import { assessmentOf } from '../../harness/assessmentSample.ts';

const POSIX = process.platform !== 'win32';
const CLOUD = 'emulator';
const WHOLE = assessmentOf();

async function folder(context: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'shelf-'));
  context.after(() => rm(path, { recursive: true, force: true }));
  return path;
}
/** The sample's, of so many minutes after ten. */
const at = (minute: number, more: Partial<Assessment> = {}): Assessment => ({
  ...WHOLE,
  id: `id-${minute}`,
  at: `2026-11-28T10:${String(minute).padStart(2, '0')}:00.000Z`,
  ...more,
});
const idsOf = async (shelf: AssessmentFolder): Promise<readonly string[]> => (await shelf.list()).map(({ id }) => id);

describe('the folder of kept assessments', () => {
  it('is made when the first is kept, and lists the newest first, whoever opens it', async (context) => {
    const path = join(await folder(context), 'new', 'assessments');
    const shelf = new AssessmentFolder(path, CLOUD);
    assert.deepEqual([await shelf.list(), await shelf.open('id-1')], [[], undefined]);
    for (const minute of [5, 1, 9]) await shelf.keep(at(minute));
    const other = new AssessmentFolder(path, CLOUD);
    for (const one of [shelf, other]) assert.deepEqual(await idsOf(one), ['id-9', 'id-5', 'id-1']);
    const [head] = await other.list();
    const findings = WHOLE.customers.flatMap((one) => one.findings).length;
    assert.deepEqual(head, { ...head, cloud: CLOUD, scope: 'all', customers: 4, findings });
    assert.deepEqual(Object.keys(head!).sort(), ['at', 'cloud', 'customers', 'findings', 'id', 'scope']);
    assert.deepEqual(await other.open('id-5'), at(5));
  });

  it('keeps the newest two dozen', async (context) => {
    const path = await folder(context);
    const shelf = new AssessmentFolder(path, CLOUD);
    for (let minute = 0; minute < 27; minute++) await shelf.keep(at(minute));
    const ids = await idsOf(shelf);
    assert.deepEqual([ids.length, ids[0], ids.at(-1)], [24, 'id-26', 'id-3']);
    assert.equal((await readdir(path)).length, 24);
    assert.equal(await shelf.open('id-2'), undefined);
  });

  it('passes over what is of another version or cloud, broken, or none of ours, and leaves it there', async (context) => {
    const path = await folder(context);
    const shelf = new AssessmentFolder(path, CLOUD);
    await shelf.keep(at(1));
    const put = (name: string, value: unknown) =>
      writeFile(join(path, name), typeof value === 'string' ? value : JSON.stringify(value));
    await put('assessment-20261128T105900000Z-v2.json', { ...at(59), version: 2 });
    await put('assessment-20261128T105800000Z-cut.json', JSON.stringify(at(58)).slice(0, 4000));
    await put('assessment-20261128T105700000Z-null.json', 'null');
    await put('assessment-20261128T105600000Z-id-56.json', at(56, { cloud: 'china' }));
    await put('notes.json', at(55));
    await mkdir(join(path, 'assessment-20261128T105400000Z-folder.json'));
    const before = (await readdir(path)).length;
    const fresh = new AssessmentFolder(path, CLOUD);
    assert.deepEqual(await idsOf(fresh), ['id-1']);
    for (const id of ['v2', 'cut', 'null', 'id-59', 'id-56', 'id-55'])
      assert.equal(await fresh.open(id), undefined, id);
    assert.equal((await readdir(path)).length, before);
    assert.deepEqual(await idsOf(new AssessmentFolder(path, 'china')), ['id-56']);
  });

  it('opens by the id that stands in the file, which is no path', async (context) => {
    const path = await folder(context);
    const shelf = new AssessmentFolder(join(path, 'inside'), CLOUD);
    await shelf.keep(at(1, { id: '../../outside' }));
    await shelf.keep(at(2, { id: 'outside' }));
    assert.deepEqual(await readdir(path), ['inside']);
    assert.deepEqual((await shelf.open('../../outside'))?.at, at(1).at);
    assert.deepEqual((await shelf.open('outside'))?.at, at(2).at);
    assert.equal(await shelf.open('/../outside'), undefined);
    assert.equal(await shelf.open(''), undefined);
  });

  it('is for this user alone', { skip: !POSIX }, async (context) => {
    const path = join(await folder(context), 'assessments');
    const shelf = new AssessmentFolder(path, CLOUD);
    await shelf.keep(at(1));
    const [name] = await readdir(path);
    assert.equal((await stat(path)).mode & 0o777, 0o700);
    assert.equal((await stat(join(path, name!))).mode & 0o777, 0o600);
  });

  it('never shows half of one: what is written takes its place whole', async (context) => {
    const path = await folder(context);
    const shelf = new AssessmentFolder(path, CLOUD);
    await shelf.keep(at(1));
    const [name] = await readdir(path);
    // What a crash left half written is no assessment, and the next one of that name takes its place.
    await writeFile(join(path, `${name!}.new`), '{"version": 1, "id"');
    assert.deepEqual(await idsOf(new AssessmentFolder(path, CLOUD)), ['id-1']);
    await shelf.keep(at(1, { scope: 'customer:woodgrove' }));
    assert.deepEqual(await readdir(path), [name]);
    assert.equal((JSON.parse(await readFile(join(path, name!), 'utf8')) as Assessment).scope, 'customer:woodgrove');
    assert.equal((await shelf.list())[0]!.scope, 'customer:woodgrove');
  });

  it(
    'rejects where nothing can be written, and leaves no part behind',
    { skip: !POSIX || process.getuid?.() === 0 },
    async (context) => {
      const path = await folder(context);
      await chmod(path, 0o500);
      await assert.rejects(new AssessmentFolder(path, CLOUD).keep(at(1)), { code: 'EACCES' });
      await chmod(path, 0o700);
      assert.deepEqual(await readdir(path), []);
    },
  );
});

describe('a file of an assessment', () => {
  const [first, ...rest] = WHOLE.customers;
  const broken: Readonly<Record<string, unknown>> = {
    'is empty': '',
    'is a list': [],
    'has no customers': { ...WHOLE, customers: undefined },
    'has a time that is none': { ...WHOLE, at: 'yesterday' },
    'has a customer of nothing': { ...WHOLE, customers: [{}, ...rest] },
    'has a customer without findings': { ...WHOLE, customers: [{ ...first, findings: undefined }, ...rest] },
    'has a finding of no severity we know': {
      ...WHOLE,
      customers: [{ ...WHOLE.customers[1], findings: [{ ...WHOLE.customers[1]!.findings[0], severity: 'huge' }] }],
    },
    'has a finding about nothing': {
      ...WHOLE,
      customers: [{ ...WHOLE.customers[1], findings: [{ ...WHOLE.customers[1]!.findings[0], subject: null }] }],
    },
    'has an outcome of nothing': { ...WHOLE, customers: [{ ...first, checks: [null] }] },
  };
  for (const [how, value] of Object.entries(broken))
    it(`is none where it ${how}`, async (context) => {
      const path = join(await folder(context), 'one.json');
      await writeFile(path, typeof value === 'string' ? value : JSON.stringify(value));
      assert.equal(await readAssessment(path), undefined);
    });

  it('is one with a byte order mark too, and none where there is no file', async (context) => {
    const path = join(await folder(context), 'one.json');
    await writeFile(path, `\uFEFF${JSON.stringify(WHOLE)}`);
    assert.deepEqual(await readAssessment(path), JSON.parse(JSON.stringify(WHOLE)));
    assert.equal(await readAssessment(`${path}.missing`), undefined);
  });
});
