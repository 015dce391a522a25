/** Where roll-ups are stored, by the name that definitions give a sink. */
export type Centre = LakeCentre | LogAnalyticsCentre | DataExplorerCentre;

/** A folder of Parquet files on this machine. */
export interface LakeCentre {
  readonly kind: 'lake';
  readonly name: string;
  readonly folder: string;
}

/** A Log Analytics workspace of the provider, which is written through the Logs Ingestion API. */
export interface LogAnalyticsCentre {
  readonly kind: 'logAnalytics';
  readonly name: string;
  /** The tenant whose token writes and reads (guid): that of the workspace, of its rule and of the writer. */
  readonly tenant: string;
  /** ARM id of the workspace; its data collection rules lie in its resource group. */
  readonly workspace: string;
}

/** A database of Azure Data Explorer, or of an Eventhouse. */
export interface DataExplorerCentre {
  readonly kind: 'dataExplorer';
  readonly name: string;
  readonly tenant: string;
  /** https origin of the cluster, whose host ends as the cloud's clusters do. */
  readonly cluster: string;
  readonly database: string;
  /** Queued ingestion takes any amount within minutes; streaming 4 MB a request within seconds. */
  readonly ingestion: 'queued' | 'streaming';
}

/** Where the state of roll-ups is kept that run on machines without a folder in common: a container of blobs. */
export interface BlobState {
  readonly tenant: string;
  /** https address of the container, whose host ends as the cloud's storage accounts do. */
  readonly container: string;
}

/**
 * `.tenantscope/centres.json`, read. It is a file of a repository: what it names gets rows of customers only after the
 * person who runs it approved exactly that address.
 */
export interface Centres {
  readonly centres: readonly Centre[];
  /** Absent where the state lies in the lake. */
  readonly state?: BlobState;
}
