/** A change that Resource Manager carried out, as the activity log keeps it. */
export interface ActivityEvent {
  readonly id: string;
  /** ISO time. */
  readonly at: string;
  /** As the request wrote it. */
  readonly resourceId: string;
  /** e.g. `Microsoft.OperationalInsights/workspaces/write`. */
  readonly operation: string;
  readonly method: string;
  /** A person's name, or an application's id. */
  readonly caller: string;
  readonly correlationId: string;
  /** Status of the answer. */
  readonly status: number;
}
