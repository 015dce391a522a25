/** Which emulated service a route belongs to; faults and the call log speak of these. */
export type ServiceName =
  | 'identity'
  | 'arm'
  | 'graph'
  | 'microsoftGraph'
  | 'logs'
  | 'ingestion'
  | 'dataExplorer'
  | 'storage'
  | 'admin';
