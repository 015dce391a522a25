/** What a summary rule of a workspace is told: a query whose answer over each bin is kept in a table of its own. */
export interface SummaryRuleBody {
  readonly description: string;
  readonly query: string;
  /** Minutes of `TimeGenerated` that are put together at once. */
  readonly binMinutes: number;
  /** Minutes after its end until a bin is computed; what comes later is never counted. */
  readonly delayMinutes?: number;
  /** Where the first bin begins (ISO); the service takes whole hours, one bin ago at the earliest. */
  readonly start?: string;
  /** The custom table (`..._CL`) of the results, which the service makes. */
  readonly table: string;
}

/** A summary rule as the service tells it. */
export interface SummaryRule extends SummaryRuleBody {
  readonly armId: string;
  readonly name: string;
  readonly active: boolean;
  /** Who stopped it: a person, or eight bins that failed one after the other. */
  readonly stopped?: 'UserAction' | 'DataPlaneError';
}
