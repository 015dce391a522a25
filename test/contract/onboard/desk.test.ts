import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Services } from '../../../src/app/services.ts';
import { NEVER } from '../../../src/base/cancel.ts';
import type { RollupProgress } from '../../../src/core/rollup/progress.ts';
import { workspaceScope } from '../../../src/emulator/armId.ts';
import { addLock } from '../../../src/emulator/populate.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';
import { OffboardingDesk } from '../../../src/worker/offboardingDesk.ts';
import { OnboardingDesk } from '../../../src/worker/onboardingDesk.ts';
import { openOnboardEstate } from './onboardEstate.ts';
import type { OpenedOnboarding } from './onboardEstate.ts';

const TELL = { progress: () => undefined, agreed: () => undefined };

let opened: OpenedOnboarding;
let repository: string;
before(async () => {
  opened = await openOnboardEstate();
  repository = join(await mkdtemp(join(tmpdir(), 'desk-')), '.tenantscope');
  await mkdir(repository);
});
after(async () => {
  await rm(join(repository, '..'), { recursive: true });
  await opened.close();
});

/** What the desks need of a worker's services. */
const services = (): Services => {
  const onboarding = opened.open();
  return { onboarding, estate: onboarding.estate } as unknown as Services;
};

test('in the editor: whom no customers file names is written into that of the repository, as the receipt says', async () => {
  const customer = opened.add('Deskside');
  const { key, name, tenant, subscription, access, region } = customer.coming;
  const customers = join(repository, 'customers.json');
  await writeFile(customers, '{\n  "customers": [\n    { "name": "Adatum" }\n  ]\n}\n');
  const folder = join(repository, 'onboarding');
  const { managedBy, authorizations, ...offer } = opened.offer;
  const roles = authorizations.map(({ role, ...one }) => ({ ...one, role: role.name }));
  const text = JSON.stringify({
    offer: { ...offer, managedBy, authorizations: roles },
    customers: [{ key, name, tenant, subscription, access, region }],
  });
  const prepare = async (desk: OnboardingDesk) =>
    (await desk.prepare({ text, keys: [key], folder, customers }, { tell: TELL, signal: NEVER }))[0]!;
  assert.equal((await prepare(new OnboardingDesk(services()))).state, 'waitingForCustomer');
  const offered = await readFile(join(folder, key, 'lighthouse-offer.json'), 'utf8');
  await customer.consent({ text: () => offered });

  const desk = new OnboardingDesk(services());
  const { id } = await prepare(desk);
  const receipt = await desk.carryOut(id, TELL);
  assert.equal(receipt.state, 'waitingForData', receipt.text);
  assert.ok(receipt.text.includes(`\nIt is named in ${customers} now, as deskside.\n`), receipt.text);
  assert.equal(
    await readFile(customers, 'utf8'),
    `{\n  "customers": [\n    { "name": "Adatum" },\n    {\n      "name": "Deskside",\n      "key": "deskside",\n      "tenants": [\n        "${tenant}"\n      ]\n    }\n  ]\n}\n`,
  );
});

test('in the editor: who is let go has locks that the baseline names, and what roll-ups have stored, as in a terminal', async () => {
  const customer = [...opened.estate.world.workspaces.values()].find(({ name }) => name.startsWith('law-deskside'))!;
  addLock(opened.estate.world, { scope: workspaceScope(customer), name: 'keep-logs' });
  const all = services();
  const { customers } = await all.onboarding.estate.load({ signal: NEVER });
  const { key } = customers.find(({ name }) => name === 'Deskside')!;
  const line = (who: string, sink: string) =>
    ({
      customer: toCustomerKey(who),
      rollup: 'beats',
      sink,
      workspaceName: 'law-deskside',
      since: 0,
      gaps: [],
    }) as const;
  const statusOf = (...lines: readonly object[]) => ({
    status: () => Promise.resolve(lines as readonly RollupProgress[]),
  });
  const desk = new OffboardingDesk(all, {
    rollups: () => Promise.resolve(statusOf(line(key, 'lake'), line('another', 'lake'))),
    centres: { of: () => Promise.resolve({ state: {} }) },
    using: (_wish: unknown, work: (opened: object) => unknown) => work({ rollups: statusOf(line(key, 'adx')) }),
  } as unknown as ConstructorParameters<typeof OffboardingDesk>[1]);
  const folder = join(repository, 'offboarding');
  const baseline = {
    label: 'baseline.json',
    text: JSON.stringify({ provider: { locks: { 'keep-logs': { on: 'workspace', level: 'CanNotDelete' } } } }),
  };
  await desk.plan({ customer: key, folder, baseline }, NEVER);
  const farewell = (of: string) => readFile(join(of, 'deskside', 'farewell.md'), 'utf8');
  assert.match(await farewell(folder), /The lock keep\\?-logs on .* is of ours/);
  const other = join(repository, 'other');
  await desk.plan({ customer: key, folder: other }, NEVER);
  assert.doesNotMatch(await farewell(other), /is of ours/, 'without the baseline');
  const stored = JSON.parse(await readFile(join(folder, 'deskside', 'rollups.json'), 'utf8')) as object;
  const since = '1970-01-01T00:00:00.000Z';
  assert.deepEqual(
    stored,
    ['lake', 'adx'].map((sink) => ({ rollup: 'beats', sink, workspace: 'law-deskside', since, gaps: [] })),
  );
});
