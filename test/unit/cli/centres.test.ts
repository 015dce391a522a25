import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { Approvals } from '../../../src/app/approvals.ts';
import { placesOf } from '../../../src/cli/centres/centresOption.ts';
import { CENTRE } from '../../../src/cli/commands/centre.ts';
import type { Values } from '../../../src/cli/command.ts';
import type { Terminal } from '../../../src/cli/output/terminal.ts';

const TENANT = '11111111-2222-3333-4444-555555555555';
const centre = (database: string): object => ({
  kind: 'dataExplorer',
  tenant: TENANT,
  cluster: 'https://logs.kusto.windows.net',
  database,
});

describe('where rows of customers may go', () => {
  let folder: string;
  let values: Values;
  let said: string;
  /** Somebody who answers a question, or nobody. */
  const terminal = (answer?: string): Terminal =>
    ({
      interactive: answer !== undefined,
      colours: false,
      width: undefined,
      say: (text: string) => void (said += `${text}\n`),
      write: (text: string) => Promise.resolve(void (said += text)),
      ask: (question: string) => Promise.resolve((said += `${question}\n`)).then(() => answer!),
    }) as unknown as Terminal;
  const file = async (json: object): Promise<void> =>
    writeFile(join(folder, '.tenantscope', 'centres.json'), JSON.stringify(json));
  const centreCommand = (action: string, name?: string): Promise<number> =>
    CENTRE.run({ values, positionals: name === undefined ? [action] : [action, name], terminal: terminal() });
  const namesOf = async (more: Values = {}, sinks?: readonly string[], answer?: string): Promise<string[]> =>
    (await placesOf({ ...values, ...more }, terminal(answer), sinks)).centres.map(({ name }) => name);

  const NAMES = ['XDG_STATE_HOME', 'TENANTSCOPE_CLOUD', 'TENANTSCOPE_LAKE'];
  const were = NAMES.map((name) => process.env[name]);
  before(() => {
    for (const name of NAMES) delete process.env[name];
  });
  after(() => {
    for (const [i, name] of NAMES.entries())
      if (were[i] === undefined) delete process.env[name];
      else process.env[name] = were[i];
  });
  afterEach(() => rm(folder, { recursive: true }));
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tenantscope-centres-'));
    await mkdir(join(folder, '.tenantscope'));
    process.env['XDG_STATE_HOME'] = join(folder, 'own');
    values = { rollups: join(folder, '.tenantscope', 'rollups'), lake: join(folder, 'lake') };
    said = '';
    await file({ centres: { adx: centre('Logs') } });
  });

  it('is the lake that a person names, and of the file only what this person approved', async () => {
    assert.deepEqual(await namesOf({}, ['lake']), ['lake']);
    await assert.rejects(namesOf({}, ['lake', 'adx']), {
      code: 'input.notApproved',
      message:
        /sends rows of customers to adx: https:\/\/logs\.kusto\.windows\.net\/Logs \(tenant 1{8}.*Nothing was sent/,
    });
    await centreCommand('approve', 'adx');
    assert.deepEqual(await namesOf({}, ['lake', 'adx']), ['lake', 'adx']);
    await centreCommand('forget', 'adx');
    await assert.rejects(namesOf({}, ['adx']), { code: 'input.notApproved' });
  });
  it('is asked again once the address has changed, the name is another, or the file', async () => {
    await centreCommand('approve', 'adx');
    await file({ centres: { adx: centre('logs'), other: centre('Logs') } });
    for (const name of ['adx', 'other']) await assert.rejects(namesOf({}, [name]), { code: 'input.notApproved' });
    await file({ centres: { adx: centre('Logs') } });
    assert.deepEqual(await namesOf({}, ['adx']), ['lake', 'adx']);
    const copy = join(folder, 'copy.json');
    await writeFile(copy, await readFile(join(folder, '.tenantscope', 'centres.json')));
    await assert.rejects(namesOf({ centres: copy }, ['adx']), { code: 'input.notApproved' });
  });
  it('is approved by who sits here, or for one time by who starts a runner', async () => {
    await assert.rejects(namesOf({}, ['adx'], ''), { code: 'cancelled.byUser' });
    assert.match(said, /Approve this address\? \[y\/N\]/);
    assert.deepEqual(await namesOf({ approve: ['adx'] }, ['adx']), ['lake', 'adx']);
    await assert.rejects(namesOf({}, ['adx']), { code: 'input.notApproved' }, 'for one time');
    assert.deepEqual(await namesOf({}, ['adx'], 'y'), ['lake', 'adx']);
    assert.deepEqual(await namesOf({}, ['adx']), ['lake', 'adx'], 'kept');
  });
  it('is no host but the cloud’s, approved or not', async () => {
    await file({ centres: { adx: { ...centre('Logs'), cluster: 'https://logs.kusto.windows.net.evil.example' } } });
    await assert.rejects(namesOf({ approve: ['adx'] }, ['adx']), { code: 'input.centreAddress' });
    await assert.rejects(centreCommand('approve', 'adx'), { code: 'input.centreAddress' });
  });
  it('needs a lake where nothing else keeps the state', async () => {
    const { lake: _none, ...without } = values;
    values = without;
    await assert.rejects(namesOf({ approve: ['adx'] }, ['adx']), {
      code: 'input.usage',
      message: /--lake DIR is missing.*name "state"/,
    });
    await file({
      centres: { adx: centre('Logs') },
      state: { tenant: TENANT, container: 'https://a.blob.core.windows.net/rollups' },
    });
    await assert.rejects(namesOf({ approve: ['adx'] }, ['adx']), {
      code: 'input.notApproved',
      message: /keeps the state/,
    });
    assert.deepEqual(await namesOf({ approve: ['adx', 'state'] }, ['adx']), ['adx']);
    await assert.rejects(namesOf({ approve: ['adx', 'state'] }, ['lake']), { code: 'input.usage' });
  });
  it('is listed, with what was approved', async () => {
    await centreCommand('approve', 'adx');
    said = '';
    values = { ...values, json: true };
    assert.equal(await centreCommand('list'), 0);
    assert.deepEqual(
      (JSON.parse(said) as { name: string; approved: boolean }[]).map(({ name, approved }) => [name, approved]),
      [
        ['lake', true],
        ['adx', true],
      ],
    );
    await assert.rejects(centreCommand('approve', 'nobody'), { code: 'input.usage', message: /there are adx/ });
  });
  it('is kept for its owner alone, and by a file that is damaged nothing is approved', async () => {
    await centreCommand('approve', 'adx');
    const own = join(folder, 'own', 'tenantscope', 'centres.json');
    if (process.platform !== 'win32') assert.equal((await stat(own)).mode & 0o777, 0o600);
    await writeFile(own, '{"approved": tru');
    await assert.rejects(namesOf({}, ['adx']), { code: 'input.approvals' });
    await assert.rejects(new Approvals(own).add({ file: 'a', cloud: 'b', name: 'c', address: 'd' }), {
      code: 'input.approvals',
    });
  });
});
