import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AssessClient } from '../../../src/azure/arm/assess/assessClient.ts';
import { MicrosoftGraphClient } from '../../../src/azure/graphApi/microsoftGraphClient.ts';
import { accessMarkdown } from '../../../src/core/access/accessMarkdown.ts';
import { AccessXray } from '../../../src/core/access/explainAccess.ts';
import { parseCustomers } from '../../../src/core/customers/parseCustomers.ts';
import { EstateService } from '../../../src/core/estate/estateService.ts';
import { key, workspaceScope } from '../../../src/emulator/armId.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { makeEligible } from '../../../src/emulator/arm/eligibleRoles.ts';
import { partnerOf } from '../../../src/emulator/msgraph/partner.ts';
import { addTenant, addUser, assignRole } from '../../../src/emulator/populate.ts';
import { addDiagnosticSetting } from '../../../src/emulator/populateFlows.ts';
import { SYSTEM_CLOCK } from '../../../src/engine/runtime/systemClock.ts';
import type { AccessReport, WorkspaceAccess } from '../../../src/model/access.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { connect, signedIn } from '../azure/connect.ts';
import type { Connection } from '../azure/connect.ts';
import { smallEstate, startSmall } from '../emulator/smallEstate.ts';

describe('an explanation of access', () => {
  const estate = smallEstate();
  const { world, provider, contoso, fabrikam, engineer, workspaces } = estate;
  // A tenant whose conditional access policy refuses everybody, though the engineer is a guest there.
  const shut = addTenant(world, { displayName: 'Tailspin', domain: 'tailspin.example', policy: { blocked: true } });
  engineer.memberships.push({ tenantId: shut.tenantId, objectId: world.guid('engineer in', shut.tenantId) });
  const ada = addUser(world, { tenant: fabrikam, username: 'ada@fabrikam.example', password: 'pass' });
  const auditors = world.guid('group', 'auditors');
  let emulator: Emulator;
  let connection: Connection;
  let person: ReturnType<typeof signedIn>;
  let report: AccessReport;

  const at = (name: string): WorkspaceAccess => report.workspaces.find(({ workspaceName }) => workspaceName === name)!;

  before(async () => {
    const inFabrikam = `/subscriptions/${estate.foreign.subscriptionId}`;
    assignRole(world, { scope: inFabrikam, principalId: ada.objectId, role: 'Log Analytics Reader' });
    assignRole(world, {
      scope: workspaceScope(workspaces.fabrikam),
      principalId: auditors,
      principalType: 'Group',
      role: 'Log Analytics Data Reader',
    });
    // The customer's own, which a provider never sees.
    assignRole(world, {
      scope: workspaceScope(workspaces.contoso),
      principalId: world.guid('a person of contoso'),
      role: 'Owner',
    });
    workspaces.contoso.tables.get('audit_cl')!.protectionLevel = 'Protected';
    for (const workspace of [workspaces.contoso, workspaces.fabrikam])
      addDiagnosticSetting(world, {
        resource: workspaceScope(workspace),
        name: 'audit',
        categories: ['Audit'],
        workspace: workspaceScope(workspace),
      });
    makeEligible(world, fabrikam, { scope: inFabrikam, principalId: auditors, group: true, role: 'Contributor' });
    const guest = engineer.memberships[0]!.objectId;
    partnerOf(world, fabrikam).permissions[key(guest)] = ['Directory.Read.All'];
    partnerOf(world, fabrikam).groups[auditors] = 'Auditors *of* Fabrikam';
    // The auditors are Ada, the guest, and whoever is in the night shift.
    const night = world.guid('group', 'night shift');
    partnerOf(world, fabrikam).groups[night] = 'Night shift';
    partnerOf(world, fabrikam).members[auditors] = [night, guest];
    partnerOf(world, fabrikam).members[night] = [ada.objectId, auditors];
    partnerOf(world, provider).permissions[key(engineer.objectId)] = ['Directory.Read.All'];
    partnerOf(world, provider).groups[world.guid('group', 'operations')] = 'Operations';
    emulator = await startSmall(estate);
    person = signedIn(emulator, engineer, 'pass');
    connection = connect(emulator, person);
    const text = JSON.stringify({
      customers: [
        { name: 'Contoso', tenants: [contoso.tenantId] },
        { name: 'Tailspin', tenants: [shut.tenantId], declared: { contact: 'it@tailspin.example' } },
      ],
    });
    const customers = { load: async () => parseCustomers(text, 'customers.json') };
    report = await new AccessXray({
      estate: new EstateService({
        accounts: connection.tokens,
        directory: connection.directory,
        customers,
        clock: SYSTEM_CLOCK,
        cloud: 'emulator',
      }),
      customers,
      assess: new AssessClient(connection.clients),
      clock: SYSTEM_CLOCK,
      names: new MicrosoftGraphClient(connection.clients),
    }).explain(EVERYTHING);
  });
  after(async () => {
    connection.dispose();
    person.close();
    await emulator.close();
  });

  it('of a delegated workspace names the provider by its groups, and says what it does not see', () => {
    const { ways, readers, notVisible, protectedTables } = at('law-contoso');
    assert.deepEqual(
      ways.map(({ path, state }) => [path, state]),
      [['lighthouse', 'works']],
    );
    const operations = readers.find(({ name }) => name === 'Operations')!;
    assert.deepEqual([operations.side, operations.kind, operations.role], ['provider', 'group', 'Contributor']);
    assert.match(operations.from, /^Azure Lighthouse offer ".*" on subscription Contoso, to tenant Provider by member/);
    // Its members are the provider's to see.
    assert.deepEqual(operations.members, {
      state: 'known',
      people: [{ name: `${engineer.displayName} (engineer@provider.example)`, kind: 'user', side: 'provider' }],
      more: 0,
    });
    assert.match(operations.limit, /protected tables Audit_CL/);
    assert.deepEqual(protectedTables, ['Audit_CL']);
    // The owner is there, and hidden: nobody of the customer is told, and that is said.
    assert.equal(readers.filter(({ side }) => side === 'customer').length, 0);
    assert.deepEqual(
      notVisible.map(({ what }) => what),
      [
        "The customer's own role assignments",
        "Members of the customer's groups",
        'Who may activate membership of a group',
        "The customer's conditional access policies",
      ],
    );
  });

  it('of a workspace entered as a guest names people, groups and guests, and tells whose they are', () => {
    const { readers, notVisible, ways } = at('law-fabrikam');
    assert.equal(ways[0]!.path, 'guest');
    const find = (part: string) => readers.find(({ name }) => name?.includes(part))!;
    assert.deepEqual([find('ada@').side, find('ada@').kind], ['customer', 'user']);
    assert.match(find('ada@').from, /^Role assignment on subscription Fabrikam in tenant Fabrikam$/);
    const data = find('Auditors');
    assert.deepEqual([data.kind, data.by], ['group', 'dataActions']);
    assert.match(data.from, /on the workspace itself .* by membership of the group$/);
    assert.equal(find('#EXT#').side, 'provider');
    // Nested groups are looked into, in a circle too, and do not stand among the people.
    assert.ok(data.members?.state === 'known');
    assert.deepEqual(
      data.members.people.map(({ name, side }) => [/#EXT#|ada@/.exec(name)?.[0], side]),
      [
        ['ada@', 'customer'],
        ['#EXT#', 'provider'],
      ],
    );
    const waiting = readers.find(({ role, kind }) => role === 'Contributor' && kind === 'group')!;
    // A tenant without a licence for it has nobody who could activate anything: that is known.
    assert.ok(![...notVisible, ...at('law-provider').notVisible].some(({ what }) => what.startsWith('Roles that')));
    assert.match(waiting.limit, /^Only while it is activated\./);
    const key = readers.find(({ by }) => by === 'sharedKey')!;
    assert.deepEqual([key.kind, key.limit], ['key', 'Sends logs in its name; a key reads none.']);
    assert.ok(!notVisible.some(({ what }) => what.includes('role assignments')));
  });

  it('of a workspace of the provider itself counts its people as its own', () => {
    const { readers } = at('law-provider');
    const inside = readers.filter(({ by, principal }) => by === 'role' && principal !== undefined);
    assert.ok(inside.length > 0);
    assert.deepEqual([...new Set(inside.map(({ side }) => side))], ['provider']);
  });

  it('tells who reads the text of queries, also those it cannot see', () => {
    const { audit } = at('law-contoso');
    assert.ok(audit.state === 'kept');
    assert.deepEqual(audit.places, ['law-contoso']);
    assert.ok(audit.readers.some((one) => one.startsWith("The customer's own readers")));
    const known = at('law-fabrikam').audit;
    assert.ok(known.state === 'kept' && known.readers.some((one) => one.includes('ada@fabrikam.example')));
    assert.ok(known.readers.some((one) => /ada@.*, in Auditors/.test(one)));
    assert.ok(!known.readers.some((one) => one.startsWith("The customer's own readers")));
    assert.equal(at('law-provider').audit.state, 'off');
  });

  it('tells a conditional access block from a missing sign-in, and what the customer has to do', () => {
    const [closed] = report.closed;
    assert.deepEqual([report.closed.length, closed!.tenantName, closed!.state], [1, 'Tailspin', 'conditionalAccess']);
    const asked = new Map(report.requests.map((one) => [one.customerName, one]));
    assert.deepEqual([...asked.keys()].sort(), ['Contoso', 'Tailspin']);
    assert.equal(asked.get('Tailspin')!.contact, 'it@tailspin.example');
    assert.match(
      asked.get('Tailspin')!.text,
      /1\. A conditional access policy of tenant Tailspin .* refuses our sign-in/,
    );
    const { text } = asked.get('Contoso')!;
    assert.match(text, /Audit_CL are protected.*Azure Lighthouse cannot pass on/s);
    assert.match(text, /az role assignment list --scope \S+law-contoso --include-inherited/);
    // Nobody else is named.
    for (const other of ['Tailspin', 'Fabrikam', 'fabrikam']) assert.ok(!text.includes(other));
  });

  it('as a document keeps the names of others as they are written', () => {
    const text = accessMarkdown(report);
    assert.match(text, /Auditors \\\*of\\\* Fabrikam/);
    assert.match(text, /\| Member of Auditors \\\*of/);
    assert.match(text, /Nothing of tenant `\S+` is visible: blocked by conditional access \(AADSTS53003\)\./);
    assert.match(text, /- The customer's own role assignments: Azure Lighthouse does not show it/);
  });
});
