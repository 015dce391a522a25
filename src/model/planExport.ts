import type { ChangeAction } from './changeAction.ts';

/** Forms that a plan is exported in, by the names of the command line. */
export const PLAN_EXPORT_FORMATS = ['arm', 'bicep', 'terraform', 'az', 'powershell'] as const;

/** A form that a plan is exported in. `az` is a script of the Azure CLI, `powershell` one of the Az modules. */
export type PlanExportFormat = (typeof PLAN_EXPORT_FORMATS)[number];

/** A request of Resource Manager, for a change that is no resource of a template. */
export interface ArmRequest {
  readonly method: 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  /** From `/subscriptions/...` (or `/providers/...`) on, without a query. */
  readonly path: string;
  readonly apiVersion: string;
  /** What the query says beside the version, e.g. `force=true`. */
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** A change of a plan that does something, in the three forms from which every export is made. */
export interface PlanStep {
  readonly title: string;
  readonly action: ChangeAction;
  /** ARM id. */
  readonly target: string;
  /** Resources of an ARM template, `dependsOn` with whole ids. */
  readonly resources: readonly object[];
  /** `az` commands, each as its words. */
  readonly commands: readonly (readonly string[])[];
  readonly requests: readonly ArmRequest[];
}

/** What exports of a plan are made of. */
export interface PlanSource {
  /** Whose token carries it out. */
  readonly tenant: string;
  readonly steps: readonly PlanStep[];
}

/** One file of an export. `name` has no folder. */
export interface PlanExportFile {
  readonly name: string;
  readonly text: string;
}
