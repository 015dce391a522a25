import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { makeMmdb } from '../../harness/mmdb.ts';

const CITIES = {
  '81.2.69.0/24': {
    country: { iso_code: 'GB', names: { en: 'United Kingdom', de: 'Vereinigtes Königreich' } },
    subdivisions: [{ names: { en: 'England' } }, { names: { en: 'Greater London' } }],
    city: { names: { en: 'London' } },
    location: { latitude: 51.5142, longitude: 0.0931 },
  },
  '203.0.113.0/25': { country: { names: { en: 'Australia' } }, location: { latitude: 33.25, longitude: 143.5 } },
  '198.51.100.0/24': { registered_country: { names: { en: 'Japan' } } },
  '2001:db8:0:0:0:0:0:0/32': { country: { names: { en: 'Norway' } } },
};
let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenantscope-places-'));
});
after(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function file(name: string, bytes: Buffer | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}
/** The bags of the addresses, with the database at `geoDatabase`. */
async function places(geoDatabase: string | undefined, addresses: readonly string[]): Promise<unknown[]> {
  const engine = await openEngine({ memoryLimitMb: 256, threads: 1, geoDatabase });
  try {
    const rows = addresses.map((address) => JSON.stringify(address)).join(', ');
    const {
      tables: [table],
    } = await engine.query(`datatable(ip:string)[${rows}] | project geo_info_from_ip_address(ip)`, {
      database: { name: 'local', tables: [] },
    });
    return (await table!.rows()).map(([bag]) => (bag === null ? null : JSON.parse(String(bag))));
  } finally {
    await engine.close();
  }
}

test('an address has the country, state, city and place that the file knows of, in English', async () => {
  const path = await file('cities.mmdb', makeMmdb('GeoLite2-City', CITIES));
  assert.deepEqual(await places(path, ['81.2.69.160', '203.0.113.7', '2001:db8:1::5', '::ffff:81.2.69.1']), [
    { country: 'United Kingdom', state: 'England', city: 'London', latitude: 51.5142, longitude: 0.0931 },
    { country: 'Australia', latitude: 33.25, longitude: 143.5 },
    { country: 'Norway' },
    { country: 'United Kingdom', state: 'England', city: 'London', latitude: 51.5142, longitude: 0.0931 },
  ]);
});

test('what is no address, or is not in the file, or of which nothing is known, is null', async () => {
  const path = await file('cities.mmdb', makeMmdb('GeoLite2-City', CITIES));
  assert.deepEqual(
    await places(path, [
      '10.0.0.1',
      '203.0.113.200',
      '',
      'localhost',
      '81.2.69',
      '999.1.1.1',
      '198.51.100.1',
      '81.2.69.160 ',
    ]),
    Array(8).fill(null),
  );
});

test('without a file it is refused, with the way around', async () => {
  await assert.rejects(() => places(undefined, ['81.2.69.160']), {
    code: 'query.unsupported',
    message: /geo_info_from_ip_address\(\).*--geo-db FILE/,
  });
});

test('a file that is missing, something else, of another kind or another shape is named', async () => {
  await assert.rejects(() => places(join(folder, 'none.mmdb'), ['1.1.1.1']), {
    code: 'input.file',
    message: /none\.mmdb cannot be read/,
  });
  const text = await file('text.mmdb', 'no database at all');
  await assert.rejects(() => places(text, ['1.1.1.1']), {
    code: 'input.data',
    message: /text\.mmdb is not a database of addresses/,
  });
  const providers = await file(
    'asn.mmdb',
    makeMmdb('GeoLite2-ASN', { '1.1.1.0/24': { autonomous_system_number: 13_335 } }),
  );
  await assert.rejects(() => places(providers, ['1.1.1.1']), { code: 'input.data', message: /kind GeoLite2-ASN/ });
  const flat = await file(
    'flat.mmdb',
    makeMmdb('standard_location.mmdb', { '1.1.1.0/24': { country: 'AU', city: 'Sydney' } }),
  );
  await assert.rejects(() => places(flat, ['1.1.1.1']), { code: 'input.data', message: /another form/ });
});
