/** Which machine a data collection rule or endpoint is for. */
export interface CollectionAssociation {
  readonly name: string;
  /** ARM id of the machine or other resource. */
  readonly resourceId: string;
  readonly ruleId?: string;
  readonly endpointId?: string;
  readonly description?: string;
  /** ms since 1970: when a request made it; absent where it was there from the beginning. */
  readonly since?: number;
}

/** A data export rule of a workspace: which tables flow to which storage account or event hub namespace. */
export interface DataExport {
  readonly name: string;
  dataExportId: string;
  tableNames: string[];
  destination: { resourceId: string; type: 'StorageAccount' | 'EventHub'; eventHubName?: string };
  enable: boolean;
  createdDate: string;
  lastModifiedDate: string;
}

/** A summary rule of a workspace: a query whose answer over each bin is kept in a table of the same workspace. */
export interface SummaryRule {
  readonly name: string;
  displayName?: string;
  description?: string;
  isActive: boolean;
  /** Why the service stopped it, where it did. */
  statusCode?: 'UserAction' | 'DataPlaneError';
  /** `binSize` and `binDelay` in minutes. */
  ruleDefinition: {
    query: string;
    binSize: number;
    destinationTable: string;
    binDelay?: number;
    binStartTime?: string;
    timeSelector: 'TimeGenerated';
  };
  /** How far a rule that is run is: one of the sample estate is not. */
  progress?: SummaryRuleProgress;
}

/** Which bins of a rule were computed. Times in epoch milliseconds. */
export interface SummaryRuleProgress {
  /** Where the next bin begins. */
  next: number;
  /** Tries of the next one that came to nothing, and the last of them. */
  tried?: { times: number; at: number };
  /** Where bins begin that were given up. */
  failed: number[];
  /** How many of them one after the other. */
  inARow: number;
  /** ISO time of the last change of the rule. */
  changed: string;
}
