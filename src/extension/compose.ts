import { ConfigurationTarget, ExtensionMode, Uri, authentication, commands, workspace } from 'vscode';
import type { ExtensionContext } from 'vscode';
import { DisposableStore } from '../base/disposable.ts';
import type { Cloud } from '../model/cloud.ts';
import { PUBLIC_CLOUD } from '../model/cloud.ts';
import type { HostContract } from '../protocol/host.ts';
import type { WorkerSettings } from '../protocol/settings.ts';
import type { Handlers } from '../base/rpc.ts';
import { LanguageClient } from '../kql/language/client.ts';
import { startWorker } from '../worker/client.ts';
import { registerAgents } from './agents/register.ts';
import { registerAccess } from './access/register.ts';
import { registerAlerts } from './alerts/register.ts';
import { registerAssess } from './assess/register.ts';
import { registerBaseline } from './baseline/register.ts';
import { CustomersFiles } from './customers/customersFiles.ts';
import { readInRepository } from './session/repositoryFiles.ts';
import { registerCustomers } from './customers/register.ts';
import { registerDoctor } from './doctor/register.ts';
import { registerEditor } from './editor/register.ts';
import { registerEstateTree } from './estateTree/register.ts';
import type { App } from './platform/app.ts';
import { VsCodeAccounts } from './platform/auth.ts';
import { findAccountProvider, loadCloud, loadSignIn } from './platform/cloud.ts';
import { registerCommands } from './platform/commands.ts';
import { DataWorker, untrusted } from './platform/dataWorker.ts';
import { Guard } from './platform/guard.ts';
import { inspectFlags } from './platform/inspect.ts';
import { OutputLog } from './platform/log.ts';
import { Notifier } from './platform/notify.ts';
import { Secrets } from './platform/secrets.ts';
import { onNetworkChanged, readNetwork } from './platform/network.ts';
import { lakeFolder, onSettingsChanged, readSetting } from './platform/settings.ts';
import { StateValue } from './platform/state.ts';
import { VirtualDocuments } from './platform/virtualDocuments.ts';
import { registerNotebooks } from './notebooks/register.ts';
import { registerProvision } from './provision/register.ts';
import { registerQueries } from './queries/register.ts';
import { registerReports } from './reports/register.ts';
import { registerResults } from './results/register.ts';
import { registerRollups } from './rollups/register.ts';
import { registerRuns } from './runs/register.ts';
import { registerSchema } from './schema/register.ts';
import { registerScope } from './scope/register.ts';
import { ActiveQuery } from './session/activeQuery.ts';
import { AssessmentBook } from './session/assessmentBook.ts';
import type { AssessmentFiles } from './session/assessmentBook.ts';
import { CurrentScope } from './session/currentScope.ts';
import { EstateModel } from './session/estateModel.ts';
import { QueriesInside } from './session/queriesInside.ts';
import { CellRuns } from './session/notebookCells.ts';
import { QueryBlocks } from './session/queryBlocks.ts';
import { PreparedWorker } from './session/preparedWorker.ts';
import { RunBook } from './session/runBook.ts';
import { LayoutBook, isSavedLayouts } from './session/layoutBook.ts';
import { ScopeBook, isSavedScopes } from './session/scopeBook.ts';
import { registerSignIn, signIn } from './signIn/register.ts';
import { SovereignCloud } from './signIn/sovereignCloud.ts';

/**
 * The composition root: every long-lived object is made here, in the order of what needs what, and handed to the
 * features. Nothing starts.
 */
export function compose(context: ExtensionContext): DisposableStore {
  const store = new DisposableStore();
  const log = store.add(new OutputLog());
  const notify = new Notifier();
  const guard = new Guard(log, notify);
  const secrets = new Secrets(context.secrets);
  const trusted = (): boolean => workspace.isTrusted;
  const inDevelopment = context.extensionMode === ExtensionMode.Development;
  const bundle = (name: string): string => Uri.joinPath(context.extensionUri, 'dist', name).fsPath;

  let cloud: Cloud = PUBLIC_CLOUD;
  const accounts = store.add(new VsCodeAccounts(authentication, () => findAccountProvider(cloud)));
  const sovereign = new SovereignCloud({
    cloudName: () => readSetting('cloud.name'),
    signsInByVsCode: () => ['auto', 'vscode'].includes(readSetting('signIn.method')),
    environment: () => workspace.getConfiguration('microsoft-sovereign-cloud').get<string>('environment'),
    setEnvironment: async (environment) => {
      const section = workspace.getConfiguration('microsoft-sovereign-cloud');
      await section.update('environment', environment, ConfigurationTarget.Global);
    },
    offer: (message, button) => notify.offer(message, button),
  });
  const host: Handlers<HostContract> = {
    accounts: () => {
      guard.background('sovereignCloud', () => sovereign.offer());
      return accounts.accounts();
    },
    token: (request) => accounts.token(request),
  };
  const customers = store.add(new CustomersFiles(context.globalStorageUri));

  const worker = store.add(
    new DataWorker({
      connect: (answers) =>
        startWorker({
          entry: bundle('worker.cjs'),
          host: answers,
          execArgv: inspectFlags(inDevelopment, process.env),
          onStderr: (text) => {
            log.warn(`worker: ${text.trim().slice(0, 2000)}`);
          },
        }),
      host,
      allowed: trusted,
      settings: async (): Promise<WorkerSettings> => {
        const file = await loadCloud();
        cloud = file.cloud;
        const folder = readSetting('results.keep')
          ? (context.storageUri ?? context.globalStorageUri)
          : context.globalStorageUri;
        return {
          cloud,
          network: readNetwork(),
          signIn: await loadSignIn(file, secrets),
          customersFiles: await customers.load(file.customersFile),
          storageDirectory: Uri.joinPath(folder, 'runs').fsPath,
          lakeDirectory: lakeFolder(context.globalStorageUri),
          memoryLimitMb: readSetting('results.memoryLimitMb'),
          persistRuns: readSetting('results.keep'),
          keepLimits: {
            runs: readSetting('results.keepRuns'),
            days: readSetting('results.keepDays'),
            megabytes: readSetting('results.keepMb'),
          },
        };
      },
      onProblems: (problems) => {
        customers.show(problems);
      },
    }),
  );
  store.add(
    worker.on('log', ({ level, message }) => {
      log[level](message);
    }),
  );
  store.add(
    worker.onExit((reason) => {
      log.failure('worker.exit', reason);
      notify.failure(reason);
    }),
  );

  let language: LanguageClient | undefined;
  store.add({
    dispose: () => {
      language?.dispose();
    },
  });
  const languageService: App['language'] = async () => {
    language ??= new LanguageClient({
      entry: bundle('language.cjs'),
      onCrash: (reason, times) => {
        log.warn('language.crashed', { times, reasonLength: reason.length });
      },
    });
    return language.service;
  };

  const estate = store.add(new EstateModel(worker, trusted));
  const active = store.add(new ActiveQuery());
  store.add(new PreparedWorker({ active, worker, allowed: trusted, quiet: (where, work) => guard.quiet(where, work) }));
  const scopeState = new StateValue(context.workspaceState, 'scopes', 1, isSavedScopes);
  const scopes = store.add(
    new ScopeBook(scopeState, () => ({ kind: 'last', minutes: readSetting('query.timeRangeMinutes') })),
  );
  const app: App = {
    store,
    extensionUri: context.extensionUri,
    globalStorageUri: context.globalStorageUri,
    log,
    notify,
    guard,
    worker,
    estate,
    active,
    language: languageService,
    blocks: new QueryBlocks(languageService),
    inside: new QueriesInside(languageService),
    scope: store.add(new CurrentScope(scopes, active)),
    runs: store.add(new RunBook(worker)),
    cells: new CellRuns(),
    layouts: new LayoutBook(new StateValue(context.workspaceState, 'columnLayouts', 1, isSavedLayouts)),
    assessments: store.add(new AssessmentBook(worker, readAssessmentFiles)),
    documents: store.add(new VirtualDocuments()),
    cloud: async () => (await loadCloud()).cloud,
    signIn: async (target) => {
      if (!trusted()) throw untrusted();
      const file = await loadCloud();
      cloud = file.cloud;
      await sovereign.require();
      await signIn(accounts, await loadSignIn(file, secrets), file, target);
    },
  };

  const tree = registerEstateTree(app);
  /** Another cloud or another way to sign in: what was seen belongs to somebody else. */
  const startOver = async (): Promise<void> => {
    estate.reset();
    app.assessments.reset();
    await worker.reconfigure();
  };
  const reread = async (): Promise<void> => {
    await worker.reconfigure();
    if (estate.estate) await estate.load(false);
  };
  const provision = registerProvision({ app, reveal: tree.reveal });
  const rollups = registerRollups(app, provision.lay);
  const features = {
    ...tree.commands,
    ...registerScope(app),
    ...registerEditor(app),
    ...registerResults(app),
    ...registerRuns(app),
    ...registerQueries(app, provision.lay),
    ...rollups.commands,
    ...registerNotebooks(app),
    ...provision.commands,
    ...registerSchema(app),
    ...registerCustomers(customers),
    ...registerSignIn(app, secrets, startOver),
    ...registerDoctor(app),
    ...registerAccess(app),
    ...registerAssess(app),
    ...registerAlerts(app),
    ...registerReports(app),
    ...registerBaseline(app, provision.lay),
    'tenantscope.log.show': () => {
      log.show();
    },
  };
  registerAgents(app);
  for (const registration of registerCommands(features, guard)) store.add(registration);

  store.add(
    onSettingsChanged(
      'cloud',
      'signIn',
    )(() => {
      guard.background('settings', startOver);
      guard.background('sovereignCloud', () => sovereign.offer());
    }),
  );
  store.add(
    onSettingsChanged(
      'results.keep',
      'results.keepRuns',
      'results.keepDays',
      'results.keepMb',
      'results.memoryLimitMb',
    )(() => {
      guard.background('settings', () => worker.reconfigure());
    }),
  );
  store.add(
    onSettingsChanged('rollups')(() => {
      guard.background('settings', async () => {
        await worker.reconfigure();
        rollups.forget();
      });
    }),
  );
  store.add(
    onNetworkChanged(() => {
      guard.background('network', () => worker.reconfigure());
    }),
  );
  store.add(
    customers.onDidChange(() => {
      guard.background('customers', reread);
    }),
  );
  store.add(
    accounts.onDidChange(() => {
      if (estate.estate) void guard.quiet('accounts', () => estate.load(true));
    }),
  );
  store.add(
    workspace.onDidGrantWorkspaceTrust(() => {
      estate.reset();
    }),
  );
  void commands.executeCommand('setContext', 'tenantscope.running', false);
  return store;
}

async function readAssessmentFiles(): Promise<AssessmentFiles> {
  const [weights, baseline] = await Promise.all([readInRepository('fit.json'), readInRepository('baseline.json')]);
  return { ...(weights ? { weights } : {}), ...(baseline ? { baseline } : {}) };
}
