/** A query that is kept in Azure: a saved search of a workspace, or a query of a query pack. */
export interface SavedQuery {
  /** ARM id, in the service's writing. */
  readonly armId: string;
  /** What people call it. */
  readonly name: string;
  /** KQL. */
  readonly text: string;
  readonly description?: string;
  readonly category?: string;
  readonly tags: readonly string[];
  /** A saved search with an alias is a function of its workspace. */
  readonly functionAlias?: string;
  /** What that function takes, as KQL between its brackets: `age:timespan = 1h`. */
  readonly functionParameters?: string;
}

/** What is to be kept of a query in Azure: without an alias, what is a function there stays the function it is. */
export type SavedQueryBody = Omit<SavedQuery, 'armId'>;

/** A query pack (`Microsoft.OperationalInsights/queryPacks`). */
export interface QueryPack {
  readonly armId: string;
  readonly name: string;
  readonly resourceGroup: string;
  readonly region: string;
}
