import { ACCESS_DEADLINES } from './access.ts';
import type { AccessContract } from './access.ts';
import { AGENTS_DEADLINES } from './agents.ts';
import type { AgentsContract } from './agents.ts';
import { ALERTS_DEADLINES } from './alerts.ts';
import type { AlertsContract } from './alerts.ts';
import { ASSESS_DEADLINES } from './assess.ts';
import type { AssessContract } from './assess.ts';
import { CENTRES_DEADLINES } from './centres.ts';
import type { CentresContract } from './centres.ts';
import { BASELINE_DEADLINES } from './baseline.ts';
import type { BaselineContract } from './baseline.ts';
import type { Deadlines } from './deadlines.ts';
import { DOCTOR_DEADLINES } from './doctor.ts';
import type { DoctorContract } from './doctor.ts';
import { ESTATE_DEADLINES } from './estate.ts';
import type { EstateContract } from './estate.ts';
import { ONBOARDING_DEADLINES } from './onboarding.ts';
import type { OnboardingContract } from './onboarding.ts';
import { PROVISION_DEADLINES } from './provision.ts';
import type { ProvisionContract } from './provision.ts';
import { REPORTS_DEADLINES } from './reports.ts';
import type { ReportsContract } from './reports.ts';
import { ROLLUPS_DEADLINES } from './rollups.ts';
import type { RollupsContract } from './rollups.ts';
import { RUNS_DEADLINES } from './runs.ts';
import type { RunsContract } from './runs.ts';
import { SAVED_QUERIES_DEADLINES } from './savedQueries.ts';
import type { SavedQueriesContract } from './savedQueries.ts';
import { SCHEMA_DEADLINES } from './schema.ts';
import type { SchemaContract } from './schema.ts';
import { SETTINGS_DEADLINES } from './settings.ts';
import type { SettingsContract } from './settings.ts';

/**
 * What the extension host asks of the data worker: the same use cases the CLI calls in its own process, one contract
 * per feature. A further feature is one more file beside this one, named here.
 */
export type WorkerContract = {
  requests: SettingsContract['requests'] &
    EstateContract['requests'] &
    SchemaContract['requests'] &
    RunsContract['requests'] &
    AgentsContract['requests'] &
    DoctorContract['requests'] &
    AccessContract['requests'] &
    AssessContract['requests'] &
    BaselineContract['requests'] &
    ReportsContract['requests'] &
    ProvisionContract['requests'] &
    OnboardingContract['requests'] &
    SavedQueriesContract['requests'] &
    AlertsContract['requests'] &
    RollupsContract['requests'] &
    CentresContract['requests'];
  events: EstateContract['events'] &
    AssessContract['events'] &
    BaselineContract['events'] &
    ReportsContract['events'] &
    RunsContract['events'] &
    RollupsContract['events'] &
    OnboardingContract['events'] &
    ProvisionContract['events'] & {
      log: { level: 'debug' | 'info' | 'warn'; message: string };
    };
};

/** How long each request to the worker may take, milliseconds. */
export const WORKER_DEADLINES: Deadlines<WorkerContract> = {
  ...SETTINGS_DEADLINES,
  ...ESTATE_DEADLINES,
  ...SCHEMA_DEADLINES,
  ...RUNS_DEADLINES,
  ...AGENTS_DEADLINES,
  ...DOCTOR_DEADLINES,
  ...ACCESS_DEADLINES,
  ...ASSESS_DEADLINES,
  ...BASELINE_DEADLINES,
  ...REPORTS_DEADLINES,
  ...PROVISION_DEADLINES,
  ...ONBOARDING_DEADLINES,
  ...SAVED_QUERIES_DEADLINES,
  ...ALERTS_DEADLINES,
  ...ROLLUPS_DEADLINES,
  ...CENTRES_DEADLINES,
};
