import { join } from 'node:path';
import { AssessmentFolder } from '../app/assessmentShelf.ts';
import type { CspWorld } from '../core/access/cspCustomers.ts';
import type { ReportWish } from '../app/reports.ts';
import { openAssessments } from '../app/assessments.ts';
import { openRuns } from '../app/runs.ts';
import type { OpenedRuns } from '../app/runs.ts';
import { SchemaFolder } from '../app/schemaFolder.ts';
import { Services } from '../app/services.ts';
import type { CancelSignal } from '../base/cancel.ts';
import type { Log } from '../base/log.ts';
import type { AssessmentService } from '../core/assess/assessmentService.ts';
import type { CustomersSource } from '../core/customers/customersSource.ts';
import { customersOf } from '../core/customers/customersTexts.ts';
import type { SchemaQuestion } from '../core/runs/schemaRun.ts';
import type { RunService } from '../core/runs/runService.ts';
import { isWhole } from '../report/summary/summaryWords.ts';
import { SYSTEM_CLOCK } from '../engine/runtime/systemClock.ts';
import { KEEP_LIMITS } from '../model/keepLimits.ts';
import type { KeepLimits } from '../model/keepLimits.ts';
import type { ReportFormat } from '../model/report.ts';
import type { Run } from '../model/run.ts';
import type { TokenSource } from '../ports/accounts.ts';
import type { WorkerSettings } from '../protocol/settings.ts';
import { OffboardingDesk } from './offboardingDesk.ts';
import { OnboardingDesk } from './onboardingDesk.ts';
import { RollupCentres } from './rollupCentres.ts';
import { RollupDesk } from './rollupDesk.ts';
import { RollupLook } from './rollupLook.ts';

/**
 * Everything that lives as long as one cloud and one storage folder do: the services with the worker's own ends, which
 * are the extension's settings.
 */
export class Session {
  readonly logs: Services['logs'];
  readonly estate: Services['estate'];
  readonly schemas: Services['schemas'];
  readonly scheduler: Services['scheduler'];
  readonly provisioning: Services['provisioning'];
  readonly savedQueries: Services['savedQueries'];
  readonly firedAlerts: Services['firedAlerts'];
  readonly doctor: Services['doctor'];
  readonly access: Services['access'];
  readonly tenants: Services['onboarding']['tenants'];
  readonly onboardings: OnboardingDesk;
  readonly offboardings: OffboardingDesk;
  readonly baseline: Services['baseline'];
  /** What tells the customers of a partner. */
  readonly partner: Pick<CspWorld, 'estate' | 'customers' | 'graph'>;
  readonly assessments: AssessmentService;
  readonly runs: RunService;
  readonly version: string;
  /** Every place the customers are read from, replaced as a whole when settings change. */
  customers: WorkerSettings['customersFiles'];
  /** Where roll-ups are stored. */
  lake: string;
  readonly desk: RollupDesk;
  readonly look: RollupLook;
  /** How much of ended runs is kept. */
  keepLimits: KeepLimits;
  /** Tokens are this process's own business: by the Azure CLI or secrets, not by the extension host. */
  private readonly signsInItself: boolean;
  readonly cloud: WorkerSettings['cloud'];
  readonly azure: Pick<Services, 'centres' | 'runners' | 'estate'>;
  private readonly services: Services;
  private readonly shelf: SchemaFolder | undefined;
  private readonly opened: OpenedRuns;

  constructor(settings: WorkerSettings, tokens: TokenSource, log: Log, version: string) {
    this.customers = settings.customersFiles;
    this.keepLimits = settings.keepLimits ?? KEEP_LIMITS;
    this.version = version;
    this.lake = lakeOf(settings);
    this.signsInItself = (settings.signIn ?? { kind: 'host' }).kind !== 'host';
    if (settings.persistRuns)
      this.shelf = new SchemaFolder(join(settings.storageDirectory, 'schemas'), settings.cloud.name);
    this.services = new Services({
      cloud: settings.cloud,
      version,
      tokens,
      log,
      ...(settings.network ? { network: settings.network } : {}),
      ...(this.shelf ? { shelf: this.shelf } : {}),
      customers: { load: () => this.customersSource().load() },
    });
    this.opened = openRuns(this.services, {
      directory: join(settings.storageDirectory, 'runs'),
      memoryLimitMb: settings.memoryLimitMb,
      persist: settings.persistRuns,
      limits: () => this.keepLimits,
      lake: () => this.lake,
      log,
    });
    this.runs = this.opened.runs;
    this.assessments = openAssessments(
      this.services,
      settings.persistRuns
        ? new AssessmentFolder(join(settings.storageDirectory, 'assessments'), settings.cloud.name)
        : undefined,
    );
    this.cloud = settings.cloud;
    this.azure = this.services;
    this.desk = new RollupDesk(this.services, () => this.lake, new RollupCentres(settings.cloud));
    this.look = new RollupLook(this.services, this.desk);
    this.logs = this.services.logs;
    this.estate = this.services.estate;
    this.schemas = this.services.schemas;
    this.scheduler = this.services.scheduler;
    this.provisioning = this.services.provisioning;
    this.savedQueries = this.services.savedQueries;
    this.firedAlerts = this.services.firedAlerts;
    this.doctor = this.services.doctor;
    this.access = this.services.access;
    this.tenants = this.services.onboarding.tenants;
    this.onboardings = new OnboardingDesk(this.services);
    this.offboardings = new OffboardingDesk(this.services, this.desk);
    this.baseline = this.services.baseline;
    const { estate, customers: declared, microsoftGraph: graph } = this.services;
    this.partner = { estate, customers: declared, graph };
  }

  /** The customers as the settings name them now. */
  customersSource(): CustomersSource {
    return customersOf(this.customers);
  }

  /** What tables and columns the workspaces of a scope have, as a run. */
  schemaRun(question: SchemaQuestion, signal: CancelSignal): Promise<Run> {
    return this.opened.schema(question, signal);
  }

  /** Makes a report of what is over by now and writes its files. Rejects as `createReport` and `writeReport` do. */
  async report(
    wish: Omit<ReportWish, 'now'>,
    folder: string,
    formats: readonly ReportFormat[],
  ): Promise<{ readonly estate: readonly string[]; readonly customers: number; readonly whole: boolean }> {
    const { createReport } = await import('../app/reports.ts');
    const { writeReport } = await import('../app/reportFiles.ts');
    const made = await createReport(this.services, { ...wish, now: SYSTEM_CLOCK.now() });
    const { estate, customers } = await writeReport(made, folder, formats);
    return { estate, customers, whole: isWhole(made.report) };
  }

  /** Resolves when the runs of earlier sessions are known. */
  ready(): Promise<void> {
    return this.opened.ready();
  }

  /**
   * Resolves when the first run finds parser, database and SDKs ready; nobody is asked anything. Rejects with
   * `engine.*`.
   */
  async prepare(): Promise<void> {
    await Promise.all([
      this.opened.prepare(),
      this.services.load(),
      ...(this.signsInItself ? [import('../app/tokens.ts')] : []),
    ]);
  }

  /** Ends what runs, then closes the store and the connections. */
  async close(): Promise<void> {
    // First, and to its end: what a plan has begun is told by its result, over connections that are still there.
    this.assessments.cancel();
    await Promise.all([this.onboardings.book.close(), this.offboardings.book.close()]);
    await this.provisioning.close();
    await this.desk.close();
    await this.opened.close();
    await this.shelf?.flush();
    this.services.dispose();
  }
}

/** The folder of the lake that the settings name, else one beside the runs. */
export function lakeOf({ lakeDirectory, storageDirectory }: WorkerSettings): string {
  return lakeDirectory ?? join(storageDirectory, 'lake');
}
