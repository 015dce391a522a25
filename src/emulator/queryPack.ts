/** A query pack: queries that are kept beside workspaces, for all who may read the pack. */
export interface QueryPack {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  readonly location: string;
  tags: Record<string, string>;
  queryPackId: string;
  timeCreated: string;
  timeModified: string;
  /** By id, a GUID in lower case. */
  queries: Map<string, PackQuery>;
}

/** A query of a query pack, as it was written. */
export interface PackQuery {
  readonly id: string;
  /** Object id of who wrote it. */
  author: string;
  timeCreated: string;
  timeModified: string;
  properties: {
    displayName: string;
    body: string;
    description?: string;
    related?: object;
    tags?: Record<string, string[]>;
    properties?: unknown;
  };
}
