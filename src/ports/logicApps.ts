import type { CancelSignal } from '../base/cancel.ts';
import type { Issuer } from './issuer.ts';

/** What a workflow is told to do, as `Microsoft.Logic/workflows` has it in its properties. */
export interface WorkflowProperties {
  readonly state: 'Enabled' | 'Disabled';
  readonly definition: object;
  readonly parameters: Readonly<Record<string, { readonly value?: unknown }>>;
}

/** A Logic App (Consumption) as Resource Manager shows it. */
export interface LogicAppNow {
  readonly armId: string;
  readonly name: string;
  readonly region: string;
  /** Object ID (guid) of its system-assigned identity, where it has one. */
  readonly principalId?: string;
  readonly properties: WorkflowProperties;
}

/** Logic Apps, by their ARM ids. */
export interface LogicAppsPort {
  /** Undefined where there is none. */
  logicApp(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<LogicAppNow | undefined>;
  /** Makes or replaces one, with an identity of its own. */
  putLogicApp(
    issuer: Issuer,
    armId: string,
    body: { readonly region: string; readonly properties: WorkflowProperties },
    signal?: CancelSignal,
  ): Promise<void>;
}
