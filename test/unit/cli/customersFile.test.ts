import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { findCustomers } from '../../../src/cli/customersFile.ts';
import { NO_LINKS, ON_WINDOWS } from '../../harness/system.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'tenantscope-customers-')));
after(() => {
  rmSync(root, { recursive: true });
});
/** Folders and files below the root; a name that ends in a slash is a folder. */
function make(...names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(join(root, name.endsWith('/') ? name : dirname(name)), { recursive: true });
    if (!name.endsWith('/')) writeFileSync(join(root, name), '{}');
  }
}
const find = async (folder: string, me?: number) => (await findCustomers(join(root, folder), me))?.label;

test('the folder in use and its repository name customers; nothing above does', async () => {
  make(
    '.tenantscope/customers.json',
    'loose/deep/',
    'repo/.git/',
    'repo/queries/deep/',
    'worktree/.git',
    'worktree/in/',
  );
  assert.equal(await find('loose/deep'), undefined, 'above, in no repository');
  assert.equal(await find('repo/queries/deep'), undefined, 'above the repository');
  assert.equal(await find('worktree/in'), undefined, 'above a work tree, whose .git is a file');
  assert.equal(await find('.'), join(root, '.tenantscope/customers.json'), 'the folder in use itself');
  make('repo/.tenantscope/customers.json');
  assert.equal(await find('repo/queries/deep'), join(root, 'repo/.tenantscope/customers.json'));
  make('repo/queries/.tenantscope/customers.json');
  assert.equal(await find('repo/queries/deep'), join(root, 'repo/queries/.tenantscope/customers.json'), 'the nearest');
});

test("somebody else's file is refused, somebody else's repository is none", { skip: ON_WINDOWS }, async () => {
  make('theirs/.git/', 'theirs/.tenantscope/customers.json', 'theirs/in/');
  const somebodyElse = process.getuid!() + 1;
  await assert.rejects(find('theirs', somebodyElse), {
    code: 'input.customersFile',
    message: /customers\.json belongs to somebody else \(the file does\).*Nothing was sent\. Name it with --customers/,
  });
  assert.equal(await find('theirs/in', somebodyElse), undefined);
});

test(
  'a link that leads to a file of somebody else is theirs',
  { skip: NO_LINKS || process.getuid?.() === 0 },
  async () => {
    make('linked/.tenantscope/');
    symlinkSync('/etc/hostname', join(root, 'linked/.tenantscope/customers.json'));
    await assert.rejects(find('linked'), { code: 'input.customersFile' });
  },
);
