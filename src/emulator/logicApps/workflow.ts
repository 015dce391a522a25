import type { Json } from '../expressionReader.ts';

/** JSON with named values. */
export type JsonObject = Record<string, Json>;

/** How an action, a run or a trigger ended, or that it has not. */
export type WorkflowStatus = 'Running' | 'Succeeded' | 'Failed' | 'Skipped' | 'TimedOut' | 'Cancelled' | 'Waiting';

/** An action as a definition writes it; what belongs to its type alone is read by that. */
export interface ActionDefinition {
  readonly type: string;
  readonly inputs?: Json;
  readonly runAfter?: Readonly<Record<string, readonly WorkflowStatus[]>>;
  readonly actions?: Actions;
  readonly else?: { readonly actions?: Actions };
  readonly default?: { readonly actions?: Actions };
  readonly cases?: Readonly<Record<string, { readonly case: Json; readonly actions?: Actions }>>;
  readonly expression?: Json;
  readonly foreach?: Json;
  readonly limit?: { readonly count?: number; readonly timeout?: string };
  readonly operationOptions?: string;
  readonly runtimeConfiguration?: {
    readonly concurrency?: { readonly repetitions?: number };
    readonly secureData?: { readonly properties: readonly string[] };
  };
}

/** Actions by name. */
export type Actions = Readonly<Record<string, ActionDefinition>>;

/** A trigger: of these the emulator has Recurrence alone. */
export interface TriggerDefinition {
  readonly type: string;
  readonly recurrence?: { readonly frequency: string; readonly interval: number; readonly startTime?: string };
  readonly runtimeConfiguration?: { readonly concurrency?: { readonly runs?: number } };
}

/** A workflow definition. */
export interface WorkflowDefinition {
  readonly $schema?: string;
  readonly contentVersion?: string;
  readonly parameters?: Readonly<Record<string, { readonly type: string; readonly defaultValue?: Json }>>;
  readonly triggers?: Readonly<Record<string, TriggerDefinition>>;
  readonly actions?: Actions;
  readonly outputs?: JsonObject;
}

/** What became of an action of a run, by its name; of one inside a loop, of its last repetition. */
export interface ActionRecord {
  readonly name: string;
  readonly status: WorkflowStatus;
  readonly code: string;
  readonly startTime: string;
  readonly endTime: string;
  readonly error?: { readonly code: string; readonly message: string };
  /** How often a loop went round. */
  readonly repetitions?: number;
}

/** A run as it is kept: what its actions sent and got is not. */
export interface WorkflowRun {
  readonly name: string;
  readonly trigger: { readonly name: string; readonly scheduledTime?: string };
  readonly startTime: string;
  endTime?: string;
  status: WorkflowStatus;
  error?: { readonly code: string; readonly message: string };
  actions: ActionRecord[];
}

/** A Logic App (Consumption) with its identity and the latest runs. */
export interface LogicApp {
  readonly id: string;
  readonly name: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly location: string;
  tags: Record<string, string>;
  /** Object id of its system-assigned identity, where it has one. */
  principalId?: string;
  state: 'Enabled' | 'Disabled';
  version: string;
  readonly createdTime: string;
  changedTime: string;
  definition: WorkflowDefinition;
  parameters: Readonly<Record<string, { readonly value?: Json }>>;
  /** When its recurrence was looked at last (epoch milliseconds): what lies before is not made up for. */
  lookedAt: number;
  runs: WorkflowRun[];
}
