/** Rules of a definition in each workspace: planned, carried out, kept as they are, and what drifts. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Services } from '../../../src/app/services.ts';
import { customersOf } from '../../../src/core/customers/customersTexts.ts';
import type { ActionGroup, ScheduledQueryRule } from '../../../src/emulator/alerting.ts';
import { readAlertFile } from '../../../src/kql/queryFiles/alertFile.ts';
import type { AlertDefinition } from '../../../src/model/alert.ts';
import type { Plan, PlanResult } from '../../../src/model/plan.ts';
import { signedIn } from '../azure/connect.ts';
import { ask, userToken } from '../emulator/smallEstate.ts';
import { MINUTE, startAlertsEstate } from './alertsEstate.ts';
import type { AlertsEstate } from './alertsEstate.ts';

let estate: AlertsEstate, person: ReturnType<typeof signedIn>, services: Services;
const signal = new AbortController().signal;

const define = async (more = ''): Promise<AlertDefinition> => {
  const { definition, problems } = await readAlertFile(
    'Beats.kql',
    `// @severity 1
// @condition count > 1
// @dimension Computer
// @deliver webhook ${estate.address('provider')}
// @deliver webhook ${estate.address('contoso')} for Contoso
${more}
Heartbeat | where Computer != "none"`,
  );
  assert.deepEqual(problems, []);
  return definition!;
};
const apply = async (plans: readonly Plan[]): Promise<PlanResult[]> => {
  const results: PlanResult[] = [];
  for (const plan of plans) results.push(await services.provisioning.apply(plan.id, () => undefined));
  return results;
};
const records = <K extends 'rule' | 'group'>(kind: K): (K extends 'rule' ? ScheduledQueryRule : ActionGroup)[] =>
  [...estate.small.world.alerting.values()].filter((one) => one.kind === kind) as never[];

before(async () => {
  estate = await startAlertsEstate(Date.now());
  person = signedIn(estate.emulator, estate.small.engineer, 'pass');
  services = new Services({
    cloud: estate.emulator.cloud,
    version: '0.0.0-test',
    tokens: person,
    customers: customersOf([]),
  });
});
beforeEach(() => {
  estate.small.world.alerting.clear();
  estate.emulator.inbox.clear();
});
after(async () => {
  services.dispose();
  person.close();
  await estate.emulator.close();
});

test('a plan for each subscription: group and rule, readable, with commands and a template; then nothing is to do', async () => {
  const definition = await define();
  const { plans, missing } = await services.alertRules.plan(definition, signal);
  assert.deepEqual(missing, []);
  assert.equal(plans.length, 3);
  assert.equal(records('rule').length, 0, 'nothing but looked at');
  const contoso = plans.find(({ title }) => title.includes('Contoso'))!;
  const told = (who: string, at: number): string => {
    const address = estate.address(who);
    return `webhook${at + 1} at ${new URL(address).host} (secret, ${address.length} characters, SHA...)`;
  };
  assert.deepEqual(
    contoso.changes.map(
      ({ action, title, detail }) => `${action}: ${title}. ${detail.replaceAll(/SHA-256 \w+/g, 'SHA')}`,
    ),
    [
      `create: Create action group tenantscope-Beats. It calls ${['provider', 'contoso'].map(told).join(', ')}`,
      'create: Create alert rule Beats-law-contoso. In law-contoso: count > 1, every 5 minutes over 5 minutes',
    ],
  );
  assert.match(contoso.warnings.join('\n'), /reads with the rights of engineer@provider\.example/);
  // `az` has no option for the display name of a rule, so the whole rule goes as a request.
  const rule = contoso.commands.find((command) => command.includes('/scheduledQueryRules/Beats-law-contoso?'))!;
  const { properties } = JSON.parse(/ --body '(.*)'$/.exec(rule)![1]!) as {
    properties: { displayName: string; criteria: { allOf: { threshold: number; dimensions: { name: string }[] }[] } };
  };
  const [{ threshold, dimensions }] = properties.criteria.allOf as [(typeof properties.criteria.allOf)[number]];
  assert.deepEqual([properties.displayName, threshold, dimensions.map(({ name }) => name)], ['Beats', 1, ['Computer']]);
  const { resources } = JSON.parse(contoso.template) as { resources: { type: string; dependsOn?: string[] }[] };
  assert.deepEqual(resources[1]!.dependsOn, [contoso.changes[0]!.target], 'a template has no order of its own');
  assert.deepEqual(
    resources.map(({ type }) => type),
    ['Microsoft.Insights/actionGroups', 'Microsoft.Insights/scheduledQueryRules'],
  );
  for (const { ok, error } of await apply(plans)) assert.equal(ok, true, error?.message);
  const again = await services.alertRules.plan(definition, signal);
  assert.deepEqual([...new Set(again.plans.flatMap(({ changes }) => changes.map(({ action }) => action)))], ['none']);
});

test('the role of an identity over a delegation: who gives it is said before, and the service refuses us', async () => {
  const { plans } = await services.alertRules.plan(await define('// @identity yes'), signal);
  const warned = (name: string): string =>
    plans
      .find(({ title }) => title.includes(name))!
      .warnings.filter((one) => one.includes('OBJECT-ID'))
      .join();
  assert.match(
    warned('Contoso'),
    /^law-contoso: It works only for who is delegated User Access Administrator .* Else an Owner of the customer's own tenant runs az role assignment create --role 73c42c96-\S+ --scope \S+law-contoso /,
  );
  assert.equal(warned('Provider'), '');
  // The command that the warning names, by us: as the service answers it.
  const { access_token: token } = await userToken(estate.emulator, 'engineer@provider.example');
  const path = `${estate.scopes.contoso}/providers/Microsoft.Authorization/roleAssignments/3f2504e0-4f89-11d3-9a0c-0305e82c3301?api-version=2022-04-01`;
  const properties = {
    roleDefinitionId: '/providers/Microsoft.Authorization/roleDefinitions/73c42c96-874c-492b-b04d-ab87d138a893',
    principalId: estate.small.app.objectId,
  };
  const refused = await ask(estate.emulator, path, { method: 'PUT', token, body: { properties } });
  assert.equal(refused.status, 403);
  assert.match(refused.text, /does not have authorization to perform action '.*roleAssignments\/write' over scope/);
});

test("a customer's address is called for that customer alone; the provider's own for everybody", async () => {
  await apply((await services.alertRules.plan(await define(), signal)).plans);
  const calls = Object.fromEntries(
    records('group').map(({ id, properties }) => [
      /subscriptions\/([^/]+)/.exec(id)![1],
      properties.webhookReceivers!.map(({ serviceUri }) => serviceUri.split('/').at(-1)),
    ]),
  );
  const { delegated, foreign, home } = estate.small;
  assert.deepEqual(calls[delegated.subscriptionId], ['provider', 'contoso']);
  assert.deepEqual(calls[foreign.subscriptionId], ['provider']);
  assert.deepEqual(calls[home.subscriptionId], ['provider']);
  const at = estate.clock.now();
  for (const list of [estate.beats.contoso, estate.beats.fabrikam])
    list.push({ at: at + MINUTE, computer: 'web' }, { at: at + 2 * MINUTE, computer: 'web' });
  assert.equal((await estate.pass(5)).fired, 2);
  const targets = (inbox: string): string[] =>
    estate.emulator.inbox.at(inbox).map(({ body }) => /workspaces\/([\w-]+)/.exec(body)![1]!);
  assert.deepEqual(targets('provider').sort(), ['law-contoso', 'law-fabrikam']);
  assert.deepEqual(targets('contoso'), ['law-contoso']);
});

test('what somebody changed is drift, told setting by setting, and goes back; what we say nothing about stays', async () => {
  const definition = await define('// @scope customer:Contoso');
  await apply((await services.alertRules.plan(definition, signal)).plans);
  const [rule] = records('rule');
  Object.assign(rule!.properties, { severity: 4, enabled: false, muteActionsDuration: 'PT30M' });
  rule!.tags['cost-center'] = '12';
  const [group] = records('group');
  Object.assign(group!.properties, { emailReceivers: [{ name: 'night', emailAddress: 'night@contoso.example' }] });
  estate.small.world.touch();
  const drifted = await services.alertRules.plan(definition, signal);
  assert.deepEqual(
    drifted.plans[0]!.changes.map(({ action, differences }) => [action, differences]),
    [
      ['none', []],
      [
        'update',
        [
          { name: 'Severity', before: '4 (Verbose)', after: '1 (Error)' },
          { name: 'Enabled', before: 'no', after: 'yes' },
        ],
      ],
    ],
  );
  await apply(drifted.plans);
  const [now] = records('rule');
  assert.equal(now!.properties.severity, 1);
  assert.equal(now!.properties.muteActionsDuration, 'PT30M', "another's setting");
  assert.deepEqual(now!.tags, { 'cost-center': '12', 'tenantscope-alert': 'Beats' });
  // A group that changes keeps the receivers that are not ours.
  await apply(
    (
      await services.alertRules.plan(
        await define('// @scope customer:Contoso\n// @deliver webhook https://third.example/in'),
        signal,
      )
    ).plans,
  );
  assert.deepEqual(records('group')[0]!.properties['emailReceivers'], [
    { name: 'night', emailAddress: 'night@contoso.example' },
  ]);
});

test('a rule that the scope does not want any more is found', async () => {
  await apply((await services.alertRules.plan(await define(), signal)).plans);
  const narrow = await define('// @scope customer:Contoso');
  const wanted = await services.alertRules.plan(narrow, signal);
  const left = await services.alertRules.leftBehind(narrow, wanted, signal);
  assert.deepEqual(left.map(({ customerName, armId }) => `${customerName}: ${armId.split('/').at(-1)}`).sort(), [
    'Fabrikam: Beats-law-fabrikam',
    'Provider: Beats-law-provider',
  ]);
});

test('a delivery for nobody, or a rule that is too large, is refused before anything is read', async () => {
  await assert.rejects(
    async () => services.alertRules.plan(await define('// @deliver webhook https://x.example/ for Nobody'), signal),
    { code: 'input.alert', message: /for "Nobody", and there is no such customer/ },
  );
  const definition = await define();
  await assert.rejects(services.alertRules.plan({ ...definition, query: `T // ${'é'.repeat(33_000)}` }, signal), {
    code: 'input.alert',
    message: /the service takes 64 KB/,
  });
});

test('a test fire asks the service to call the webhooks that are there', async () => {
  const definition = await define('// @scope customer:Contoso');
  const [unmade] = await services.alertRules.test(definition, signal);
  assert.match(unmade!.error!.message, /apply the alert first/);
  await apply((await services.alertRules.plan(definition, signal)).plans);
  estate.emulator.inbox.answerWith('contoso', 500);
  const [test] = await services.alertRules.test(definition, signal);
  assert.deepEqual(
    test!.outcomes.map(({ receiver, ok, detail }) => [receiver, ok, detail]),
    [
      ['webhook1', true, 'Completed'],
      ['webhook2', false, 'HTTP 500'],
    ],
  );
  assert.match(estate.emulator.inbox.at('provider')[0]!.body, /test-logAlertRule-V2/);
});

test('fired alerts of all customers are one list; one is acknowledged with the token of its customer', async () => {
  await apply((await services.alertRules.plan(await define(), signal)).plans);
  const at = estate.clock.now();
  for (const list of [estate.beats.contoso, estate.beats.fabrikam])
    list.push({ at: at + MINUTE, computer: 'db' }, { at: at + 2 * MINUTE, computer: 'db' });
  await estate.pass(5);
  const { alerts, missing } = await services.firedAlerts.list({ include: 'all', except: [] }, signal);
  assert.deepEqual(missing, []);
  assert.deepEqual(alerts.map(({ customerName }) => customerName).sort(), ['Contoso', 'Fabrikam']);
  const [one] = alerts.filter(({ customerName }) => customerName === 'Fabrikam');
  assert.deepEqual(
    { name: one!.name, severity: one!.severity, state: one!.state, condition: one!.condition, query: one!.query },
    { name: 'Beats', severity: 1, state: 'New', condition: 'Fired', query: 'Heartbeat | where Computer != "none"' },
  );
  estate.emulator.calls.clear();
  const changed = await services.firedAlerts.change(one!.guid, 'Acknowledged', 'on it', signal);
  assert.equal(changed.state, 'Acknowledged');
  const posts = estate.emulator.calls.list({ path: '/changestate' });
  assert.deepEqual(
    posts.map(({ status, tenant }) => [status, tenant]),
    [[200, estate.small.fabrikam.tenantId]],
  );
  await assert.rejects(
    services.firedAlerts.change('11111111-1111-1111-1111-111111111111', 'Closed', undefined, signal),
    {
      code: 'input.alert',
    },
  );
});
