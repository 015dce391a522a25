import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { customersPlaceAt } from '../../../src/app/customersPlace.ts';
import { namesIn } from '../../../src/core/onboard/nameCustomer.ts';
import type { Estate } from '../../../src/model/estate.ts';
import { toTenantId } from '../../../src/model/ids.ts';
import type { ComingCustomer } from '../../../src/model/onboarding.ts';

const tenant = toTenantId('11111111-1111-4111-8111-111111111111');
const tailspin = { key: 'tailspin', name: 'Tailspin Toys', tenant } as ComingCustomer;
const ENTRY = `{"name":"Tailspin Toys","key":"tailspin","tenants":["${tenant}"]}`;
/** An estate of its tenant, which is a customer of this key: its own id where no file names it. */
const seenAs = (customer: string) => ({
  load: () => Promise.resolve({ tenants: [{ id: tenant, customer }] } as unknown as Estate),
});

let folder: string, path: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'names-'));
  path = join(folder, 'customers.json');
});
after(() => rm(folder, { recursive: true }));

/** What is said of a customer that comes, and the file by then. */
async function name(text: string, customer = tailspin, as: string = tenant) {
  await writeFile(path, text);
  const says = await namesIn(customersPlaceAt(path), seenAs(as))(customer);
  return { says: says?.replaceAll(path, 'FILE'), text: await readFile(path, 'utf8') };
}

test('whom no file names is written behind the others, who stay as somebody wrote them', async () => {
  const before = '{\r\n  "groups": {"gold": ["adatum"]},\r\n    "customers": [\r\n    {"name":"Adatum"}\r\n  ]\r\n}';
  assert.deepEqual(await name(before), {
    says: 'It is named in FILE now, as tailspin.',
    text: before.replace(
      '{"name":"Adatum"}',
      [
        '{"name":"Adatum"},',
        '    {',
        '      "name": "Tailspin Toys",',
        '      "key": "tailspin",',
        '      "tenants": [',
        `        "${tenant}"`,
        '      ]',
        '    }',
      ].join('\r\n'),
    ),
  });
  const { text } = await name('{}');
  assert.deepEqual(JSON.parse(text), { customers: [JSON.parse(ENTRY)] });
});

test('several that come side by side are all named', async () => {
  await writeFile(path, '{ "customers": [] }');
  const named = namesIn(customersPlaceAt(path), { load: () => Promise.resolve({ tenants: [] } as unknown as Estate) });
  const coming = ['1', '2', '3', '4'].map((digit) => ({
    ...tailspin,
    key: `c${digit}`,
    name: `C${digit}`,
    tenant: toTenantId(tenant.replaceAll('1', digit)),
  }));
  await Promise.all(coming.map((one) => named(one)));
  const { customers } = JSON.parse(await readFile(path, 'utf8')) as { customers: { key: string }[] };
  assert.deepEqual(
    customers.map(({ key }) => key),
    coming.map(({ key }) => key),
  );
});

test('nothing is written of whom a file names, of another with that key or name, or into a file with a mistake', async () => {
  const adatum = '{ "customers": [{ "name": "Adatum", "tenants": ["adatum.example"] }] }';
  assert.deepEqual(await name(adatum, tailspin, 'tailspin'), { says: undefined, text: adatum });
  const mine = `{ "customers": [{ "name": "Toys", "tenants": ["${tenant.toUpperCase()}"] }] }`;
  assert.deepEqual(await name(mine), { says: undefined, text: mine }, 'written since the estate was read');
  const called = '{ "customers": [\n{ "name": "TAILSPIN TOYS", "key": "toys" }] }';
  assert.deepEqual(await name(called), {
    says: `FILE has a customer TAILSPIN TOYS in line 2, without the tenant ${tenant}. Nothing was written: add the tenant there, or give one of them another name and key.`,
    text: called,
  });
  assert.deepEqual(await name('{ "customers": [ '), {
    says: `FILE has a mistake in line 1, so nothing was written. Add ${ENTRY}.`,
    text: '{ "customers": [ ',
  });
  for (const other of ['{ "customers": {} }', '[]'])
    assert.match((await name(other)).says!, /^FILE has no list "customers"/);
});

test('where there is no file, or none that can be written, the entry is told', async () => {
  assert.equal(
    await namesIn(undefined, seenAs(tenant))(tailspin),
    `No customers file is in use: name it in one, with ${ENTRY}.`,
  );
  await writeFile(path, '{ "customers": [] }');
  await chmod(path, 0o444);
  const says = await namesIn(customersPlaceAt(path), seenAs(tenant))(tailspin);
  assert.equal(
    says?.replaceAll(path, 'FILE'),
    `It could not be named in FILE: It cannot be written: it is read-only. Its entry is ${ENTRY}.`,
  );
  assert.equal(await readFile(path, 'utf8'), '{ "customers": [] }');
  await chmod(path, 0o600);
});
