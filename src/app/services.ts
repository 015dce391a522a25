import { randomUUID } from 'node:crypto';
import { AlertsClient } from '../azure/arm/alerts/alertsClient.ts';
import { AssessClient } from '../azure/arm/assess/assessClient.ts';
import { BaselineClient } from '../azure/arm/baseline/baselineClient.ts';
import { TagsClient } from '../azure/arm/baseline/tagsClient.ts';
import { CentreClient } from '../azure/arm/centre/centreClient.ts';
import { Directory } from '../azure/arm/directory.ts';
import { LogicAppsClient } from '../azure/arm/logicApps.ts';
import { ProvisionClient } from '../azure/arm/provisionClient.ts';
import { SavedQueriesClient } from '../azure/arm/savedQueries.ts';
import { SummaryRulesClient } from '../azure/arm/summaryRules.ts';
import { AzureClients } from '../azure/clients.ts';
import { Connection } from '../azure/connection.ts';
import { VerifiedTokens } from '../azure/identity/verifiedTokens.ts';
import { MicrosoftGraphClient } from '../azure/graphApi/microsoftGraphClient.ts';
import { GraphClient } from '../azure/graph/graphClient.ts';
import { Webhooks } from '../azure/http/webhooks.ts';
import { LogsClient } from '../azure/logs/logsClient.ts';
import type { CancelSignal } from '../base/cancel.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Log } from '../base/log.ts';
import { Central } from '../core/central/central.ts';
import { AlertRules } from '../core/alerts/alertRules.ts';
import { FiredAlertsService } from '../core/alerts/firedAlerts.ts';
import { BaselineService } from '../core/baseline/baselineService.ts';
import { CustomerBlocks } from '../core/access/block/customerBlocks.ts';
import { AccessXray } from '../core/access/explainAccess.ts';
import { ChangeService } from '../core/changes/changeService.ts';
import type { CustomersFile } from '../core/customers/customersFile.ts';
import { Doctor } from '../core/doctor/doctor.ts';
import { EstateService } from '../core/estate/estateService.ts';
import { Provisioning } from '../core/provision/provisioning.ts';
import { SavedQueries } from '../core/queryPacks/savedQueries.ts';
import { SummaryRules } from '../core/runners/summaryRule/summaryRules.ts';
import { QuotaScheduler } from '../core/fanOut/quotaScheduler.ts';
import { SchemaService } from '../core/schema/schemaService.ts';
import { TableCatalog } from '../core/schema/tableCatalog.ts';
import { SYSTEM_CLOCK } from '../engine/runtime/systemClock.ts';
import { collectGarbage } from '../engine/store/collectGarbage.ts';
import type { Cloud } from '../model/cloud.ts';
import type { Estate } from '../model/estate.ts';
import type { NetworkSettings } from '../model/network.ts';
import type { TokenSource } from '../ports/accounts.ts';
import type { AssessPort } from '../ports/assess.ts';
import type { GraphPort } from '../ports/graph.ts';
import type { MicrosoftGraphPort } from '../ports/microsoftGraph.ts';
import type { DirectoryPort } from '../ports/directory.ts';
import type { WebhookPort } from '../ports/alertDelivery.ts';
import type { LogsPort } from '../ports/logs.ts';
import type { SchemaShelf } from '../ports/schemaShelf.ts';
import { AzureCentres } from './centres.ts';
import { changeHandlers } from './changeHandlers.ts';
import { blockSenders, openOnboarding } from './onboarding.ts';
import type { Onboarding } from './onboarding.ts';
import { AzureRunners } from './runners.ts';

/** What a program brings along: where it asks, as whom, whose customers these are, and where it says what it does. */
export interface ServiceEnds {
  readonly cloud: Cloud;
  /** The product's version, for the user agent. */
  readonly version: string;
  /** Where tokens come from; each is verified before it is used. */
  readonly tokens: TokenSource;
  readonly customers: { load(): Promise<CustomersFile> };
  readonly log?: Log;
  /** Where tables of workspaces outlive the program; nowhere unless given. */
  readonly shelf?: SchemaShelf;
  /** Proxy and certificates; no proxy unless given. */
  readonly network?: NetworkSettings;
}

/**
 * The use cases over Azure, put together once for every program: what lives as long as one cloud and one set of
 * accounts do. Runs are opened beside it (`openRuns`), because their rows need a folder and DuckDB.
 */
export class Services implements Disposable {
  readonly directory: DirectoryPort;
  /** The customers as the program's file declares them. */
  readonly customers: ServiceEnds['customers'];
  readonly logs: LogsPort;
  /** Resource Graph as runs ask it. */
  readonly graph: GraphPort;
  /** What an assessment reads beside rows. */
  readonly assessment: AssessPort;
  readonly estate: EstateService;
  readonly schemas: SchemaService;
  /** The tables of workspaces as Resource Manager lists them, one cache for everything that asks. */
  readonly catalog: TableCatalog;
  readonly provisioning: Provisioning;
  /** Where roll-ups are stored in Azure; its plans are carried out by `provisioning`. */
  readonly centres: AzureCentres;
  /** Saved searches and query packs; its plans are carried out by `provisioning`. */
  readonly savedQueries: SavedQueries;
  /** What runs roll-ups in Azure; its plans are carried out by `provisioning`. */
  readonly runners: AzureRunners;
  /** Summary rules in customers' workspaces; its plans are carried out by `provisioning`. */
  readonly summaryRules: SummaryRules;
  /** What was agreed with customers; its plans are carried out by `provisioning`. */
  readonly baseline: BaselineService;
  /** What onboarding a customer, and letting one go, stands on. */
  readonly onboarding: Onboarding;
  readonly doctor: Doctor;
  /** Alert rules in workspaces; their plans are carried out by `provisioning`. */
  readonly alertRules: AlertRules;
  /** Posts to addresses of others; no token goes along. */
  readonly webhooks: WebhookPort;
  /** What has fired, at all customers. */
  readonly firedAlerts: FiredAlertsService;
  /** Who can read what. */
  readonly access: AccessXray;
  /** One customer shut out of a shared workspace; its plans are carried out by `provisioning`. */
  readonly blocks: CustomerBlocks;
  /** Workspaces that several customers send to; its plans are carried out by `provisioning`. */
  readonly central: Central;
  /** Names of people, and the customers of a partner. */
  readonly microsoftGraph: MicrosoftGraphPort;
  /** The query API's quota, one for everything that asks it. */
  readonly scheduler = new QuotaScheduler(SYSTEM_CLOCK);
  private readonly clients: AzureClients;

  constructor({ cloud, version, tokens, customers, log, shelf, network }: ServiceEnds) {
    this.customers = customers;
    const accounts = new VerifiedTokens(tokens);
    this.clients = new AzureClients(accounts, {
      cloud,
      version,
      freeMemory: collectGarbage,
      ...(network ? { network } : {}),
    });
    this.directory = new Directory(this.clients);
    this.logs = new LogsClient(this.clients);
    this.graph = new GraphClient(this.clients);
    this.assessment = new AssessClient(this.clients);
    this.estate = new EstateService({
      accounts,
      directory: this.directory,
      customers,
      clock: SYSTEM_CLOCK,
      cloud: cloud.name,
      ...(log ? { log } : {}),
    });
    this.catalog = new TableCatalog(this.directory, SYSTEM_CLOCK);
    this.schemas = new SchemaService({
      logs: this.logs,
      catalog: this.catalog,
      estate: () => this.estate.load(),
      quota: this.scheduler,
      ...(shelf ? { shelf } : {}),
    });
    const handlers = changeHandlers(this.clients);
    const changes = new ChangeService({
      handlers,
      estate: this.estate,
      clock: SYSTEM_CLOCK,
      newId: randomUUID,
    });
    this.provisioning = new Provisioning({
      port: new ProvisionClient(this.clients),
      directory: this.directory,
      estate: this.estate,
      changes,
    });
    this.savedQueries = new SavedQueries({
      port: new SavedQueriesClient(this.clients),
      estate: this.estate,
      changes,
      newId: randomUUID,
    });
    const { clients, logs, estate } = this;
    this.centres = new AzureCentres({ clients, logs, quota: this.scheduler, estate, changes, tokens: accounts });
    this.runners = new AzureRunners({
      cloud,
      centres: this.centres,
      changes,
      port: new LogicAppsClient(this.clients),
    });
    this.summaryRules = new SummaryRules({
      port: new SummaryRulesClient(this.clients),
      estate: this.estate,
      changes,
      clock: SYSTEM_CLOCK,
    });
    this.onboarding = openOnboarding({
      ...{ clients, estate, changes, logs },
      directory: this.directory,
      savedQueries: this.savedQueries,
      provisioning: this.provisioning,
    });
    this.webhooks = new Webhooks(this.clients.settings);
    const alerts = new AlertsClient(this.clients);
    const wholeEstate = (signal: CancelSignal): Promise<Estate> => this.estate.load({ signal });
    this.alertRules = new AlertRules({ changes, estate: wholeEstate, graph: this.graph, port: alerts });
    this.firedAlerts = new FiredAlertsService({ graph: this.graph, port: alerts, estate: wholeEstate });
    this.baseline = new BaselineService({
      assess: this.assessment,
      savedQueries: new SavedQueriesClient(this.clients),
      baseline: new BaselineClient(this.clients),
      tags: new TagsClient(this.clients),
      handlers,
      clock: SYSTEM_CLOCK,
      estate: this.estate,
      changes,
    });
    this.microsoftGraph = new MicrosoftGraphClient(this.clients);
    this.access = new AccessXray({
      estate: this.estate,
      customers,
      assess: this.assessment,
      clock: SYSTEM_CLOCK,
      names: this.microsoftGraph,
    });
    const { schemas, catalog, scheduler: quota } = this;
    this.central = new Central({
      ...{ estate, customers, logs, schemas, catalog, quota, changes },
      savedQueries: this.savedQueries,
      roles: new CentreClient(this.clients),
      features: new BaselineClient(this.clients),
      newId: randomUUID,
    });
    this.blocks = new CustomerBlocks({
      estate: this.estate,
      customers,
      assess: this.assessment,
      logs: this.logs,
      quota: this.scheduler,
      changes,
      clock: SYSTEM_CLOCK,
      senders: blockSenders(clients),
    });
    this.doctor = new Doctor({
      cloud,
      version,
      tokens: accounts,
      connection: new Connection(this.clients),
      directory: this.directory,
      logs: this.logs,
      customers,
      clock: SYSTEM_CLOCK,
      quota: this.scheduler,
    });
  }

  /** Loads the SDKs that the first run needs. Nobody is asked anything. */
  load(): Promise<void> {
    return this.clients.load();
  }

  /** Closes the kept connections. */
  dispose(): void {
    this.clients.dispose();
  }
}
