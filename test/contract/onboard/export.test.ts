/** Onboarding as one file for other hands: carried out there, the customer is as the plan and the baseline want it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Services } from '../../../src/app/services.ts';
import { exportOnboarding } from '../../../src/cli/commands/onboardExport.ts';
import type { Terminal } from '../../../src/cli/output/terminal.ts';
import { parseBaseline } from '../../../src/core/baseline/parseBaseline.ts';
import { DEFAULT_PATTERNS } from '../../../src/core/onboard/names.ts';
import { NO_CUSTOMERS } from '../../../src/core/customers/customersFile.ts';
import { prepareAll } from '../../../src/core/onboard/onboardAll.ts';
import type { PlanExportFormat } from '../../../src/model/planExport.ts';
import { readBicep } from '../../harness/formats/readBicep.ts';
import { readPowershell } from '../../harness/formats/readPowershell.ts';
import { inLastOrder } from '../../harness/formats/written.ts';
import { signedIn } from '../azure/connect.ts';
import { ask, userToken } from '../emulator/smallEstate.ts';
import { MemoryFolder } from './memoryFolder.ts';
import { openOnboardEstate } from './onboardEstate.ts';
import type { EmptyCustomer } from './emptyCustomer.ts';
import type { OpenedOnboarding } from './onboardEstate.ts';

const HOOK = 'https://hooks.example/in?sig=cr3tcr3tcr3t';
const { baseline } = parseBaseline(
  JSON.stringify({
    provider: {
      workspace: { retentionDays: 120, features: { workspaceKeys: false } },
      tables: { Heartbeat: { totalRetentionDays: 365 } },
      functions: { Silent: { query: 'Heartbeat | take 1' } },
      collectionRules: { 'dcr-agents': { syslog: { facilities: ['auth'], levels: ['Error'] } } },
      diagnosticSettings: {
        audit: { on: 'workspace', categories: ['Audit'] },
        activity: { on: 'subscription', categories: ['Administrative'] },
      },
      actionGroups: { desk: { shortName: 'desk', webhooks: { tickets: HOOK } } },
      alerts: { Silence: { query: 'Usage', threshold: 1, actionGroups: ['desk'], identity: true } },
      locks: { keep: { on: 'workspace', level: 'CanNotDelete' } },
    },
  }),
  'baseline.json',
);

let opened: OpenedOnboarding, customer: EmptyCustomer;
const ends: (() => void)[] = [];
before(async () => {
  opened = await openOnboardEstate();
  customer = opened.add('Tailspin');
});
after(async () => {
  for (const end of ends) end();
  await opened.close();
});

/** A program's life. */
function start(): Services {
  const { emulator, estate } = opened;
  const tokens = signedIn(emulator, estate.engineer, 'pass');
  const azure = new Services({
    cloud: emulator.cloud,
    version: '0.0.0-test',
    tokens,
    customers: { load: () => Promise.resolve(NO_CUSTOMERS) },
  });
  ends.push(
    () => azure.dispose(),
    () => tokens.close(),
  );
  return azure;
}

/** What `onboard --export FORMAT` writes, and says. */
async function exported(format: PlanExportFormat): Promise<{ files: Map<string, string>; said: string }> {
  const azure = start();
  const unsaid = { defaults: {}, patterns: DEFAULT_PATTERNS, problems: [] };
  const file = { offer: opened.offer, customers: [customer.coming], ...unsaid };
  const folder = new MemoryFolder();
  const said: string[] = [];
  const prepared = await prepareAll(file, azure.onboarding, { folderOf: () => folder });
  const terminal = { say: (text: string) => said.push(text) } as unknown as Terminal;
  const where = { out: 'out', folderOf: () => folder, terminal };
  await exportOnboarding(prepared, { format, file, baseline, azure, ...where });
  return { files: folder.files, said: said.join('\n') };
}

test('who is not let in gets the offer, who is the workspace and the baseline, and nothing differs then', async () => {
  const { subscription, coming } = customer;
  const offer = await readBicep(
    [{ name: 'onboarding.bicep', text: (await exported('bicep')).files.get('onboarding.bicep')! }],
    subscription.subscriptionId,
  );
  assert.deepEqual(
    offer.map(({ id }) => id.split('/').at(-2)),
    ['registrationDefinitions', 'registrationAssignments'],
  );
  const template = (await exported('arm')).files.get('onboarding.json')!;
  await customer.consent({ text: () => template });

  const files = [...(await exported('bicep')).files].map(([name, text]) => ({ name, text }));
  const bicep = files.filter(({ name }) => name.endsWith('.bicep'));
  const order = inLastOrder(await readBicep(bicep, subscription.subscriptionId)).map(({ id }) => id.toLowerCase());
  const workspace = order.findIndex((id) => id.endsWith(`/workspaces/${coming.workspace}`));
  assert.ok(
    order.every((id, at) => !/savedsearches|datacollectionrules|diagnosticsettings/.test(id) || at > workspace),
    'the workspace comes first, in whatever order the rest is made',
  );

  const { files: scripts, said } = await exported('powershell');
  assert.match(said, /Tailspin: not in the export: There is no table Heartbeat in workspace law-tailspin/);
  assert.match(said, /Tailspin: not in the export: .*[Ll]ock/);
  const script = scripts.get('onboarding.ps1')!;
  assert.doesNotMatch(script, /cr3t/);
  const names = ['Send-Change', 'New-AzResourceGroup', 'Register-AzResourceProvider'];
  const { emulator, estate } = opened;
  const { access_token: token } = await userToken(emulator, estate.engineer.username!, estate.provider.tenantId);
  const at = `/subscriptions/${subscription.subscriptionId}`;
  for (const { name, words } of await readPowershell(script, names, { serviceUri1: HOOK })) {
    const [first, second, third, last] = words as string[];
    const [method, path, body] =
      name === 'New-AzResourceGroup'
        ? ['PUT', `${at}/resourceGroups/${second!}?api-version=2025-04-01`, { location: last }]
        : name === 'Register-AzResourceProvider'
          ? ['POST', `${at}/providers/${second!}/register?api-version=2025-04-01`, {}]
          : [first!, second!, JSON.parse(third ?? '{}') as object];
    const { status, text } = await ask(emulator, path, { method, token, body });
    assert.ok(status < 300, `${method} ${path}: ${status} ${text}`);
    // Register-AzResourceProvider and WaitForCompletion wait; here it takes no longer than this.
    await new Promise((resolve) => setTimeout(resolve, 80));
  }
  const checked = await start().baseline.check({
    file: baseline,
    scope: { include: [{ kind: 'tenant', value: coming.tenant }], except: [] },
    untimed: true,
  });
  assert.deepEqual(
    checked.report.drift.map(({ section, name }) => [section, name]),
    [
      ['tables', 'Heartbeat'],
      ['locks', 'keep'],
    ],
    'what was said to be left out, and nothing else',
  );
});
