import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { partnerOf } from '../../../src/emulator/msgraph/partner.ts';
import { addTenant, addUser } from '../../../src/emulator/populate.ts';
import { ask, form, smallEstate, startSmall, userToken } from './smallEstate.ts';

const GRAPH = 'https://graph.microsoft.com/.default';
const estate = smallEstate();
const { world, provider, engineer, reader, app } = estate;
const tenant = addTenant(world, { displayName: 'Proseware', domain: 'proseware.example' });
const admin = addUser(world, { tenant, username: 'admin@proseware.example', password: 'pass' });
let emulator: Emulator;
before(async () => {
  emulator = await startSmall(estate);
});
after(() => emulator.close());

const press = (path: string, username: string) => ask(emulator, path, { method: 'POST', body: form({ username }) });
async function invite(body: object) {
  const { access_token: token } = await userToken(emulator, admin.username, 'organizations', GRAPH);
  return ask(emulator, '/v1.0/invitations', { method: 'POST', token, body });
}
/** Whether somebody gets a token for the tenant, or the code of the refusal. */
async function enters(username: string): Promise<string> {
  const answer = (await userToken(emulator, username, tenant.tenantId)) as { error_description?: string };
  return /^AADSTS\d+/.exec(answer.error_description ?? 'yes')?.[0] ?? 'yes';
}

test('an invitation: as Microsoft Graph answers, and nobody enters by it before accepting it', async () => {
  const wanted = { invitedUserEmailAddress: engineer.username, inviteRedirectUrl: 'https://portal.azure.com' };
  assert.equal((await invite(wanted)).status, 403, 'without a permission to invite');
  partnerOf(world, tenant).permissions[admin.objectId] = ['User.Invite.All'];
  assert.equal((await invite({ inviteRedirectUrl: 'https://portal.azure.com' })).status, 400);

  const { status, text } = await invite(wanted);
  const made = JSON.parse(text) as { inviteRedeemUrl: string; invitedUser: { id: string } };
  // microsoft-graph-docs-contrib, api-reference/v1.0/api/invitation-post.md
  assert.equal(status, 201);
  assert.deepEqual(Object.keys(made), [
    ...[
      '@odata.context',
      'id',
      'inviteRedeemUrl',
      'invitedUserDisplayName',
      'invitedUserType',
      'invitedUserEmailAddress',
    ],
    ...[
      'sendInvitationMessage',
      'resetRedemption',
      'inviteRedirectUrl',
      'status',
      'invitedUserMessageInfo',
      'invitedUser',
    ],
  ]);
  assert.match(text, /"status":"PendingAcceptance"/);
  assert.equal(await enters(engineer.username), 'AADSTS50020');

  assert.equal((await press(made.inviteRedeemUrl, reader.username)).status, 400, 'it is somebody else’s');
  assert.equal(await enters(engineer.username), 'AADSTS50020');
  assert.equal((await press(made.inviteRedeemUrl, engineer.username)).status, 200);
  assert.equal(await enters(engineer.username), 'yes');
  const again = JSON.parse((await invite(wanted)).text) as { status: string; invitedUser: { id: string } };
  assert.deepEqual([again.status, again.invitedUser.id], ['Completed', made.invitedUser.id], 'the same guest');
});

test('an application is installed by a member of the tenant, no guest, and its link leads back', async () => {
  const link = `/${tenant.tenantId}/adminconsent?client_id=${app.appId!}`;
  const signIn = async (): Promise<number> => {
    const credentials = { grant_type: 'client_credentials', client_id: app.appId!, client_secret: 'secret' };
    const body = form({ ...credentials, scope: 'https://management.azure.com/.default' });
    return (await ask(emulator, `/${tenant.tenantId}/oauth2/v2.0/token`, { method: 'POST', body })).status;
  };
  assert.equal((await ask(emulator, link)).status, 200);
  assert.equal((await press(link, reader.username)).status, 403);
  assert.equal(await signIn(), 400);
  const back = await press(`${link}&state=12&redirect_uri=https://app.example/done`, admin.username);
  assert.equal(
    back.headers['location'],
    `https://app.example/done?admin_consent=True&tenant=${tenant.tenantId}&state=12`,
  );
  assert.equal(await signIn(), 200);
  assert.equal((await press(link, admin.username)).status, 200, 'once more changes nothing');
  const unknown = `/${provider.tenantId}/adminconsent?client_id=00000000-0000-4000-8000-000000000000`;
  assert.match((await ask(emulator, unknown)).text, /AADSTS700016/);
});
