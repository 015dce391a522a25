import type { CancelSignal } from '../base/cancel.ts';
import type { SummaryRule, SummaryRuleBody } from '../model/summaryRule.ts';
import type { Issuer } from './issuer.ts';

/** Summary rules of workspaces, by their ARM ids. */
export interface SummaryRulesPort {
  /** The rules of a workspace (an ARM id), by name. */
  rules(issuer: Issuer, workspace: string, signal?: CancelSignal): Promise<readonly SummaryRule[]>;
  /** One rule; undefined where there is none. */
  rule(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<SummaryRule | undefined>;
  /** Makes or changes one. It begins, or goes on, by itself. */
  putRule(issuer: Issuer, armId: string, body: SummaryRuleBody, signal?: CancelSignal): Promise<void>;
  /** Starts one that was stopped: from the next whole hour on; what was missed stays missed. */
  startRule(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<void>;
  /** Removes one; its table of results stays. */
  deleteRule(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<void>;
}
