import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { sampleAccounts, type Emulator } from './emulator.ts';
import { makeOwnFolder, writeOwnFile } from './ownFile.ts';

/** The file a started emulator writes for its clients, removed when it ends. */
export interface ReadyFile {
  readonly path: string;
  readonly customersFile?: string;
  remove(): Promise<void>;
}

/**
 * Tells whoever waits that the emulator is up: one JSON file with the cloud's definition (`ca` is the authority's PEM,
 * `caFile` a copy beside the file), the sample identities, the admin address and its token. Written whole, readable by
 * its owner alone (on Windows by whom the folder's access list says, for the temporary folder its person and
 * administrators); `path` defaults to a directory of its own, which is refused where somebody else made it.
 */
export async function writeReadyFile(
  emulator: Emulator,
  path: string | undefined,
  customers: string | undefined,
): Promise<ReadyFile> {
  const target = resolve(path ?? join(tmpdir(), `tenantscope-emulator-${new URL(emulator.url).port}`, 'ready.json'));
  const beside = (suffix: string): string =>
    join(dirname(target), `${basename(target).replace(/\.json$/, '')}.${suffix}`);
  const written = [beside('ca.pem'), ...(customers === undefined ? [] : [beside('customers.json')])];
  if (path === undefined) await makeOwnFolder(dirname(target));
  else await mkdir(dirname(target), { recursive: true });
  await writeOwnFile(written[0]!, emulator.ca);
  if (customers !== undefined) await writeOwnFile(written[1]!, customers);
  const ready = {
    ...emulator.cloud,
    caFile: written[0],
    sampleAccounts: sampleAccounts(emulator.world),
    users: sampleUsers(emulator),
    ...(written[1] ? { customersFile: written[1] } : {}),
    admin: { url: `${emulator.url}/_emulator`, token: emulator.adminToken },
    process: process.pid,
  };
  await writeOwnFile(target, `${JSON.stringify(ready, undefined, 2)}\n`);
  return {
    path: target,
    ...(written[1] ? { customersFile: written[1] } : {}),
    remove: async () => {
      for (const file of [target, ...written]) await rm(file, { force: true });
    },
  };
}

function sampleUsers(emulator: Emulator): object[] {
  return [...emulator.world.accounts.values()]
    .filter((account) => account.kind === 'user')
    .map(({ username, password, homeTenantId, memberships }) => ({
      username,
      ...(password === undefined ? {} : { password }),
      tenantId: homeTenantId,
      guestOf: memberships.map(({ tenantId }) => tenantId),
    }));
}
