import type { ChangeAction } from './changeAction.ts';

/** Forms that a plan is exported in, by the names of the command line. */
export const PLAN_EXPORT_FORMATS = ['arm', 'bicep', 'terraform', 'az', 'powershell'] as const;

/** A form that a plan is exported in. `az` is a script of the Azure CLI, `powershell` one of the Az modules. */
export type PlanExportFormat = (typeof PLAN_EXPORT_FORMATS)[number];

/** Stands in a plan where a secret would: the plan has its name alone. A key of others that looks so has a `$` more. */
export interface SecretMark {
  readonly $secret: string;
}

/** A secret of a plan, given by whoever carries out an export of it. */
export interface PlanSecret {
  /** As a parameter is called, e.g. `serviceUri1`. */
  readonly name: string;
  /** What it is and of which change, for people. */
  readonly what: string;
}

/** A word of a command, in pieces where secrets are in it. */
export type PlanWord = string | readonly (string | SecretMark)[];

/** A request of Resource Manager, for a change that is no resource of a template. */
export interface ArmRequest {
  readonly method: 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  /** From `/subscriptions/...` (or `/providers/...`) on, without a query. */
  readonly path: string;
  readonly apiVersion: string;
  /** What the query says beside the version, e.g. `force=true`. */
  readonly query?: Readonly<Record<string, string>>;
  /** With a `SecretMark` for each secret where it is one of a plan. */
  readonly body?: object;
}

/** A change of a plan that does something, in the three forms from which every export is made. */
export interface PlanStep {
  readonly title: string;
  readonly action: ChangeAction;
  /** ARM id. */
  readonly target: string;
  /** Resources of an ARM template, `dependsOn` with whole ids and a `SecretMark` for each secret. */
  readonly resources: readonly object[];
  /** `az` commands, each as its words. */
  readonly commands: readonly (readonly PlanWord[])[];
  readonly requests: readonly ArmRequest[];
}

/** What exports of a plan are made of. */
export interface PlanSource {
  /** Whose token carries it out. */
  readonly tenant: string;
  /** In the order of the steps. */
  readonly secrets: readonly PlanSecret[];
  readonly steps: readonly PlanStep[];
}

/** One file of an export. `name` has no folder. */
export interface PlanExportFile {
  readonly name: string;
  readonly text: string;
}
