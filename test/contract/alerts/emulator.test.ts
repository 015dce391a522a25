/** Azure Monitor alerts of the emulator, on the wire: what it takes, refuses, fires and sends. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { addUser, assignRole } from '../../../src/emulator/populate.ts';
import type { RuleProperties } from '../../../src/emulator/alerting.ts';
import { appToken, ask, userToken } from '../emulator/smallEstate.ts';
import type { RawAnswer } from '../emulator/smallEstate.ts';
import { BEGIN, MINUTE, startAlertsEstate } from './alertsEstate.ts';
import type { AlertsEstate } from './alertsEstate.ts';

const VERSION = 'api-version=2025-01-01-preview';
let estate: AlertsEstate, token: string, group: string, rule: string;

const send = (method: string, path: string, body?: object, as = token): Promise<RawAnswer> =>
  ask(estate.emulator, path, { method, token: as, ...(body ? { body } : {}) });

const properties = (more: Partial<RuleProperties> = {}): RuleProperties => ({
  severity: 2,
  enabled: true,
  evaluationFrequency: 'PT5M',
  windowSize: 'PT5M',
  scopes: [estate.scopes.contoso],
  criteria: {
    allOf: [
      {
        query: 'Heartbeat',
        timeAggregation: 'Count',
        operator: 'GreaterThan',
        threshold: 1,
        dimensions: [{ name: 'Computer', operator: 'Include', values: ['*'] }],
        failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
      },
    ],
  },
  actions: { actionGroups: [group], customProperties: { customer: 'Contoso' } },
  ...more,
});
const putRule = (more: Partial<RuleProperties> = {}, as = token): Promise<RawAnswer> =>
  send('PUT', `${rule}?${VERSION}`, { location: 'northeurope', properties: properties(more) }, as);
const condition = (query: string): Partial<RuleProperties> => ({
  criteria: { allOf: [{ query, timeAggregation: 'Count', operator: 'GreaterThan', threshold: 0 }] },
});

before(async () => {
  estate = await startAlertsEstate();
  const providers = estate.scopes.contoso.replace(/Microsoft\.OperationalInsights.*$/, 'Microsoft.Insights');
  group = `${providers}/actionGroups/soc`;
  rule = `${providers}/scheduledQueryRules/beats`;
});
beforeEach(async () => {
  // Tokens last an hour, and these tests do not.
  estate.clock.set(BEGIN);
  token = await appToken(estate.emulator, estate.small, estate.small.provider);
  estate.small.world.alerting.clear();
  estate.emulator.inbox.clear();
  for (const list of Object.values(estate.beats)) list.length = 0;
  const made = await send('PUT', `${group}?api-version=2023-01-01`, {
    location: 'Global',
    properties: {
      groupShortName: 'soc',
      webhookReceivers: [{ name: 'siem', serviceUri: estate.address('siem'), useCommonAlertSchema: true }],
    },
  });
  assert.equal(made.status, 201, made.text);
});
after(() => estate.emulator.close());

test('a rule is put, read, listed and deleted, with what the service adds', async () => {
  assert.equal((await putRule()).status, 201);
  const read = (await send('GET', `${rule}?${VERSION}`)).json<{ type: string; properties: RuleProperties }>();
  assert.equal(read.type, 'microsoft.insights/scheduledqueryrules');
  assert.deepEqual(read.properties.scopes, [estate.scopes.contoso]);
  assert.equal(read.properties.autoMitigate, true, 'what is not said is so');
  assert.equal((await putRule({ severity: 1 })).status, 200);
  const listed = await send('GET', `${rule.replace(/\/beats$/, '')}?${VERSION}`);
  assert.equal(listed.json<{ value: object[] }>().value.length, 1);
  assert.equal((await send('DELETE', `${rule}?${VERSION}`)).status, 200);
  assert.equal((await send('GET', `${rule}?${VERSION}`)).status, 404);
});

test('a list holds what its reader may see: who may read one rule of a group gets that one', async () => {
  const { world, provider } = estate.small;
  const rules = estate.scopes.provider.replace(
    /Microsoft\.OperationalInsights.*$/,
    'Microsoft.Insights/scheduledQueryRules',
  );
  const body = { location: 'northeurope', properties: properties({ scopes: [estate.scopes.provider], actions: {} }) };
  for (const name of ['beats', 'others'])
    assert.equal((await send('PUT', `${rules}/${name}?${VERSION}`, body)).status, 201);
  const { objectId } = addUser(world, { tenant: provider, username: 'one.rule@provider.example', password: 'pass' });
  assignRole(world, { scope: `${rules}/others`, principalId: objectId, role: 'Reader' });
  world.touch();
  const { access_token: reader } = await userToken(estate.emulator, 'one.rule@provider.example');
  const inSubscription = rules.replace(/\/resourceGroups\/[^/]+/, '');
  const namesIn = async (list: string, as?: string): Promise<string[]> =>
    (await send('GET', `${list}?${VERSION}`, undefined, as))
      .json<{ value: { name: string }[] }>()
      .value.map(({ name }) => name);
  assert.deepEqual(await namesIn(inSubscription), ['beats', 'others']);
  assert.deepEqual(await namesIn(rules, reader), ['others']);
});

test('it fires on its clock, once while it lasts, calls the webhook, and resolves after three quiet evaluations', async () => {
  await putRule();
  const now = estate.clock.now();
  for (const at of [1, 2, 3]) estate.beats.contoso.push({ at: now + at * MINUTE, computer: 'web01' });
  for (const at of [6, 7]) estate.beats.contoso.push({ at: now + at * MINUTE, computer: 'web01' });
  estate.beats.contoso.push({ at: now + 2 * MINUTE, computer: 'web02' });
  assert.deepEqual(await estate.pass(5), { evaluated: 1, fired: 1, resolved: 0 });
  assert.deepEqual(await estate.pass(1), { evaluated: 0, fired: 0, resolved: 0 }, 'it is not due');
  assert.deepEqual(await estate.pass(4), { evaluated: 1, fired: 0, resolved: 0 }, 'it lasts');
  assert.deepEqual(await estate.pass(5), { evaluated: 1, fired: 0, resolved: 0 }, 'quiet once');
  await estate.pass(5);
  assert.deepEqual(await estate.pass(5), { evaluated: 1, fired: 0, resolved: 1 });
  const [fired, resolved, ...more] = estate.emulator.inbox
    .at('siem')
    .map(({ body }) => JSON.parse(body) as Record<string, never>) as unknown as {
    schemaId: string;
    data: { essentials: Record<string, unknown>; alertContext: { condition: { allOf: object[] } } };
  }[];
  assert.equal(more.length, 0);
  assert.equal(fired!.schemaId, 'azureMonitorCommonAlertSchema');
  const { essentials, alertContext } = fired!.data;
  assert.equal(essentials['monitorCondition'], 'Fired');
  assert.equal(essentials['severity'], 'Sev2');
  assert.deepEqual(essentials['alertTargetIDs'], [estate.scopes.contoso.toLowerCase()]);
  assert.deepEqual(essentials['configurationItems'], ['web01']);
  assert.deepEqual(alertContext.condition.allOf[0], {
    searchQuery: 'Heartbeat',
    metricMeasureColumn: null,
    targetResourceTypes: "['Microsoft.OperationalInsights/workspaces']",
    operator: 'GreaterThan',
    threshold: '1',
    timeAggregation: 'Count',
    dimensions: [{ name: 'Computer', value: 'web01' }],
    metricValue: 3,
    failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
  });
  assert.equal(resolved!.data.essentials['monitorCondition'], 'Resolved');
  assert.equal(resolved!.data.essentials['alertId'], essentials['alertId']);
});

test('what fired is listed, changed by hand, and in Resource Graph', async () => {
  await putRule();
  for (const at of [1, 2]) estate.beats.contoso.push({ at: estate.clock.now() + at * MINUTE, computer: 'web01' });
  await estate.pass(5);
  const alerts = '/providers/Microsoft.AlertsManagement/alerts';
  const of = `/subscriptions/${estate.small.delegated.subscriptionId}`;
  const version = 'api-version=2025-05-25-preview';
  type Alert = { id: string; properties: { essentials: Record<string, string> } };
  const list = async (query = ''): Promise<Alert[]> =>
    (await send('GET', `${of}${alerts}?${version}${query}`)).json<{ value: Alert[] }>().value;
  const [alert] = await list();
  assert.equal(alert!.properties.essentials['alertState'], 'New');
  assert.equal(alert!.properties.essentials['monitorService'], 'Log Alerts V2');
  const changed = await send('POST', `${alert!.id}/changestate?${version}&newState=Acknowledged`, { comment: 'mine' });
  assert.equal(changed.json<Alert>().properties.essentials['alertState'], 'Acknowledged');
  assert.equal((await list('&alertState=New')).length, 0);
  assert.equal((await send('POST', `${alert!.id}/changestate?${version}&newState=Done`)).status, 400);
  const asked = await send('POST', '/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01', {
    query: 'alertsmanagementresources | project id, state = tostring(properties.essentials.alertState)',
  });
  assert.deepEqual(asked.json<{ data: object[] }>().data, [{ id: alert!.id, state: 'Acknowledged' }]);
  estate.clock.advance(2 * 24 * 60 * MINUTE);
  token = await appToken(estate.emulator, estate.small, estate.small.provider);
  assert.equal((await list()).length, 0, 'a day unless asked for more');
  assert.equal((await list('&timeRange=7d')).length, 1);
});

test('what the service refuses of a rule', async () => {
  const refusals: [Partial<RuleProperties>, RegExp][] = [
    [{ scopes: [estate.scopes.contoso, estate.scopes.provider] }, /exactly one resource id/],
    [{ evaluationFrequency: 'PT7M' }, /not one of the supported values/],
    [{ evaluationFrequency: 'PT1H' }, /window size must be equal/],
    [condition('Heartbeat | evaluate pivot(Computer)'), /'pivot', which is not supported/],
    [condition('search "x"'), /'search'/],
    [condition('union Heartbeat, Audit_CL'), /'union'/],
    [condition('let d = 1h; Heartbeat | where TimeGenerated > ago(d)'), /not a literal/],
    [condition('Nonsense'), /query validation failed/],
    [condition('Heartbeat |'), /query validation failed/],
    [{ criteria: { allOf: [{ ...properties().criteria!.allOf![0]!, threshold: 'many' as never }] } }, /threshold/],
  ];
  for (const [more, words] of refusals) {
    const { status, text } = await putRule(more);
    assert.equal(status, 400, text);
    assert.match(text, words);
  }
  const { access_token: reader } = await userToken(estate.emulator, 'reader@provider.example');
  assert.equal((await putRule({}, reader)).status, 403, 'who may not write');
});

test('without an identity it keeps the rights of who edited it, as they were', async () => {
  await putRule();
  const [delegation] = estate.small.world.delegations.splice(0, 1);
  estate.small.world.touch();
  for (const at of [1, 2]) estate.beats.contoso.push({ at: estate.clock.now() + at * MINUTE, computer: 'web01' });
  try {
    assert.deepEqual(await estate.pass(5), { evaluated: 1, fired: 1, resolved: 0 });
  } finally {
    estate.small.world.delegations.push(delegation!);
    estate.small.world.touch();
  }
});

test('with an identity it reads nothing until that has a role; a part of it changes by PATCH', async () => {
  const { status, text } = await send('PUT', `${rule}?${VERSION}`, {
    location: 'northeurope',
    identity: { type: 'SystemAssigned' },
    properties: properties(),
  });
  assert.equal(status, 201, text);
  const { identity } = JSON.parse(text) as { identity: { principalId: string } };
  const beat = (): void => {
    for (const at of [1, 2]) estate.beats.contoso.push({ at: estate.clock.now() + at * MINUTE, computer: 'web01' });
  };
  beat();
  assert.deepEqual(await estate.pass(5), { evaluated: 1, fired: 0, resolved: 0 });
  const role = {
    scope: estate.scopes.contoso,
    principalId: identity.principalId,
    role: 'Log Analytics Reader',
  } as const;
  const assignment = assignRole(estate.small.world, role);
  beat();
  assert.deepEqual(await estate.pass(5), { evaluated: 1, fired: 1, resolved: 0 });
  const patched = await send('PATCH', `${rule}?${VERSION}`, { properties: { enabled: false } });
  assert.equal(patched.json<{ properties: RuleProperties }>().properties.severity, 2, 'the rest stays');
  assert.deepEqual(await estate.pass(5), { evaluated: 0, fired: 0, resolved: 0 });
  estate.small.world.roleAssignments.splice(estate.small.world.roleAssignments.indexOf(assignment), 1);
  estate.small.world.touch();
});

test('an action group is tested: each receiver gets a made-up alert, and the status tells of each', async () => {
  estate.emulator.inbox.answerWith('down', 503);
  const { status, headers } = await send('POST', `${group}/createNotifications?api-version=2023-01-01`, {
    alertType: 'logalertv2',
    webhookReceivers: ['siem', 'down'].map((name) => ({ name, serviceUri: estate.address(name) })),
  });
  assert.equal(status, 202);
  const told = (await send('GET', headers['location'] as string)).json<{
    state: string;
    actionDetails: { Name: string; Status: string; Detail: string | null }[];
  }>();
  assert.deepEqual(
    told.actionDetails.map(({ Name, Status, Detail }) => [Name, Status, Detail]),
    [
      ['siem', 'Completed', null],
      ['down', 'Failed', 'HTTP 503'],
    ],
  );
  assert.match(estate.emulator.inbox.at('siem')[0]!.body, /"alertRule":"test-logAlertRule-V2"/);
});
