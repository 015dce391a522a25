/** The Alerts view: what a row says, in which order, and what its commands ask of the worker. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DisposableStore } from '../../../src/base/disposable.ts';
import { groupAlerts, messageOf, textsOfAlert, tooltipOfAlert } from '../../../src/extension/alerts/alertTexts.ts';
import { ALERT_SETTINGS } from '../../../src/kql/queryFiles/alertSettings.ts';
import type { App } from '../../../src/extension/platform/app.ts';
import type { FiredAlertView } from '../../../src/model/firedAlert.ts';
import { toCustomerKey, toSubscriptionId, toTenantId } from '../../../src/model/ids.ts';
import { HOSTILE_TEXTS, UNSEEN } from '../../fixtures/hostileTexts.ts';
import { completers, useFakeVscode, views } from '../../harness/fakeVscode.ts';
import { sampleEstate } from './sampleEstate.ts';

useFakeVscode();
const { registerAlerts } = await import('../../../src/extension/alerts/register.ts');
const { AlertsTree } = await import('../../../src/extension/alerts/alertsTree.ts');

/** What is offered at the end of a line of an alert's file. */
function offeredIn(line: string): string[] {
  const provider = completers.get('**/.tenantscope/alerts/*') as {
    provideCompletionItems(document: object, position: object): { readonly label: string }[];
  };
  const document = { lineAt: () => ({ text: line }) };
  return provider.provideCompletionItems(document, { line: 0, character: line.length }).map(({ label }) => label);
}
const clock = (iso: string): string => iso.slice(11, 16);
const alert = (more: Partial<FiredAlertView> = {}): FiredAlertView => ({
  id: '/subscriptions/s/alerts/1',
  guid: '1',
  name: 'Silent servers',
  description: '',
  customer: toCustomerKey('contoso'),
  customerName: 'Contoso',
  tenant: toTenantId('00000000-0000-4000-8000-000000000001'),
  subscription: toSubscriptionId('00000000-0000-4000-8000-000000000002'),
  severity: 1,
  state: 'New',
  condition: 'Fired',
  service: 'Log Alerts V2',
  rule: 'rule',
  target: '/subscriptions/s/workspaces/law-contoso',
  firedAt: '2026-03-02T10:15:00.000Z',
  changedAt: '2026-03-02T10:15:00.000Z',
  ...more,
});

test('a row says what fired, when, where and how it stands, and a screen reader how bad it is', () => {
  assert.deepEqual(textsOfAlert(alert(), clock), {
    label: 'Silent servers',
    description: '10:15 · law-contoso',
    spoken: 'Error, Silent servers, 10:15, law-contoso',
    icon: { id: 'error', colour: 'list.errorForeground' },
    contextValue: 'alert.new',
  });
  const resolved = textsOfAlert(alert({ condition: 'Resolved', state: 'Acknowledged' }), clock);
  assert.deepEqual(
    [resolved.description, resolved.icon.id, resolved.contextValue],
    ['10:15 · law-contoso · resolved · acknowledged', 'pass', 'alert.acknowledged'],
  );
});

test('the customer with the worst open alert comes first, what is closed last', () => {
  const groups = groupAlerts([
    alert({ id: 'a', severity: 3 }),
    alert({ id: 'b', severity: 0, state: 'Closed' }),
    alert({ id: 'c', severity: 2, customer: toCustomerKey('fabrikam'), customerName: 'Fabrikam' }),
  ]);
  assert.deepEqual(
    groups.map(({ label, description, alerts }) => [label, description, alerts.map(({ id }) => id)]),
    [
      ['Fabrikam', '1 open of 1', ['c']],
      ['Contoso', '1 open of 2', ['a', 'b']],
    ],
  );
});

test('the list says whose alerts are not in it', () => {
  assert.equal(messageOf({ alerts: [alert()], missing: [] }), undefined);
  assert.equal(messageOf({ alerts: [], missing: [] }), 'Nothing has fired within 30 days.');
  const missing = [
    { who: 'Contoso/main', why: 'No access.' },
    { who: 'Fabrikam/Fabrikam', why: 'Sign in.' },
  ];
  // A short line above; who it is, and why, stands in a row of its own.
  assert.equal(messageOf({ alerts: [], missing }), 'Not all could be asked: those who could not stand last.');
  const tree = new AlertsTree();
  tree.show({ alerts: [alert()], missing });
  const rows = tree.getChildren();
  assert.deepEqual(
    rows.map((row) => tree.getTreeItem(row)).map(({ label, description, tooltip }) => [label, description, tooltip]),
    [
      ['Contoso', '1 open of 1', undefined],
      ['Contoso/main', 'could not be asked', 'No access.'],
      ['Fabrikam', 'could not be asked', 'Sign in.'],
    ],
  );
  assert.deepEqual(tree.getChildren(rows[1]), []);
  tree.dispose();
});

for (const text of HOSTILE_TEXTS)
  test(`texts of others hide nothing and do nothing: ${JSON.stringify(text).slice(0, 40)}`, () => {
    const hostile = alert({
      name: text,
      description: text,
      customerName: text,
      target: text,
      query: text,
      service: text,
    });
    const { label, description, spoken } = textsOfAlert(hostile, clock);
    for (const shown of [label, description, spoken, groupAlerts([hostile])[0]!.label]) {
      assert.doesNotMatch(shown, UNSEEN);
      assert.doesNotMatch(shown, /[\r\n]/);
    }
    // What acts in Markdown, when what is escaped or stands as code is taken away.
    const inert = tooltipOfAlert(hostile, clock).replaceAll(/\\.|(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
    assert.doesNotMatch(inert, /evil\.example|command:|<[a-z!/]|\]\(|!\[/i);
  });

test('commands ask for one alert or for all that are selected, and the rows follow', async () => {
  const asked: unknown[] = [];
  const alerts = [alert({ id: 'a' }), alert({ id: 'b', condition: 'Resolved' })];
  const app = {
    store: new DisposableStore(),
    estate: {
      ensure: () => Promise.resolve(sampleEstate()),
      onDidChange: () => ({ dispose: () => undefined }),
      state: 'loaded',
    },
    guard: { quiet: (_where: string, work: () => unknown) => work() },
    worker: {
      request: (name: string, input: { id?: string; state?: FiredAlertView['state'] }) => {
        asked.push([name, input]);
        return Promise.resolve(
          name === 'alerts.list'
            ? { alerts, missing: [{ who: 'Fabrikam/main', why: 'No access.' }] }
            : { ...alerts.find(({ id }) => id === input.id)!, state: input.state },
        );
      },
    },
  } as unknown as App;
  const commands = registerAlerts(app);
  assert.deepEqual(offeredIn('// @'), ALERT_SETTINGS);
  assert.deepEqual(offeredIn('// @lateness '), ['0m', '5m', '15m', '1h']);
  await commands['tenantscope.alerts.refresh']();
  const view = views.get('tenantscope.alerts')!;
  assert.equal(view.message, 'Not all could be asked: those who could not stand last.');
  assert.deepEqual(view.badge, { value: 1, tooltip: '1 new alert' });
  await commands['tenantscope.alerts.acknowledge'](alerts[0], alerts);
  await commands['tenantscope.alerts.close'](alerts[1], [alerts[0]]);
  assert.deepEqual(asked.slice(1), [
    ['alerts.change', { id: 'a', state: 'Acknowledged' }],
    ['alerts.change', { id: 'b', state: 'Acknowledged' }],
    ['alerts.change', { id: 'b', state: 'Closed' }],
  ]);
  await assert.rejects(async () => commands['tenantscope.alerts.close']({ id: 'unknown' }), { code: 'input.alert' });
  await assert.rejects(async () => commands['tenantscope.alerts.openQuery'](alerts[0]), { code: 'input.noQuery' });
  app.store.dispose();
});

test('the tree gives each row its id, its place and what a screen reader says', () => {
  const tree = new AlertsTree();
  tree.show({ alerts: [alert()], missing: [] });
  const [group] = tree.getChildren();
  const [row] = tree.getChildren(group);
  const item = tree.getTreeItem(row!);
  assert.deepEqual([item.id, item.contextValue], ['/subscriptions/s/alerts/1', 'alert.new']);
  assert.match(item.accessibilityInformation!.label, /^Error, Silent servers, /);
  assert.equal(tree.getParent(row!), group);
});
