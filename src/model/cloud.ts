/**
 * Where a cloud's services live. Origins without a trailing slash; audiences are resources, the clients append
 * `/.default`.
 */
export interface Cloud {
  readonly name: string;
  /** e.g. https://login.microsoftonline.com */
  readonly authority: string;
  /** e.g. https://management.azure.com */
  readonly resourceManager: string;
  readonly resourceManagerAudience: string;
  /** Query API origin, e.g. https://api.loganalytics.azure.com (no /v1). */
  readonly logAnalytics: string;
  readonly logAnalyticsAudience: string;
  readonly portal: string;
  /** The Logs Ingestion API; absent where nothing is sent to it. */
  readonly ingestion?: IngestionService;
  /** Microsoft Graph; absent where there is none. */
  readonly microsoftGraph?: MicrosoftGraphService;
  /** PEM text of the authority that signed the endpoints' certificates; a custom cloud only. */
  readonly ca?: string;
}

/** Where data collection rules take rows: each has a host of its own. */
export interface IngestionService {
  readonly audience: string;
  /** How their hosts end (`.ingest.monitor.azure.com`); of a custom cloud the one origin that stands for them all. */
  readonly hosts: string;
}

/** Where directories are read: an origin without /v1.0, and the audience of its tokens. */
export interface MicrosoftGraphService {
  readonly audience: string;
  readonly origin: string;
}

/** Azure as most know it. */
export const PUBLIC_CLOUD: Cloud = {
  name: 'public',
  authority: 'https://login.microsoftonline.com',
  resourceManager: 'https://management.azure.com',
  resourceManagerAudience: 'https://management.azure.com',
  logAnalytics: 'https://api.loganalytics.azure.com',
  logAnalyticsAudience: 'https://api.loganalytics.io',
  portal: 'https://portal.azure.com',
  ingestion: { audience: 'https://monitor.azure.com', hosts: '.ingest.monitor.azure.com' },
  microsoftGraph: { audience: 'https://graph.microsoft.com', origin: 'https://graph.microsoft.com' },
};

/** Azure for the US Government. */
export const US_GOVERNMENT_CLOUD: Cloud = {
  name: 'usGovernment',
  authority: 'https://login.microsoftonline.us',
  resourceManager: 'https://management.usgovcloudapi.net',
  resourceManagerAudience: 'https://management.usgovcloudapi.net',
  logAnalytics: 'https://api.loganalytics.us',
  logAnalyticsAudience: 'https://api.loganalytics.us',
  portal: 'https://portal.azure.us',
  ingestion: { audience: 'https://monitor.azure.us', hosts: '.ingest.monitor.azure.us' },
  microsoftGraph: { audience: 'https://graph.microsoft.us', origin: 'https://graph.microsoft.us' },
};

/** Azure in China, operated by 21Vianet. */
export const CHINA_CLOUD: Cloud = {
  name: 'china',
  authority: 'https://login.chinacloudapi.cn',
  resourceManager: 'https://management.chinacloudapi.cn',
  resourceManagerAudience: 'https://management.chinacloudapi.cn',
  logAnalytics: 'https://api.loganalytics.azure.cn',
  logAnalyticsAudience: 'https://api.loganalytics.azure.cn',
  portal: 'https://portal.azure.cn',
  ingestion: { audience: 'https://monitor.azure.cn', hosts: '.ingest.monitor.azure.cn' },
  microsoftGraph: {
    audience: 'https://microsoftgraph.chinacloudapi.cn',
    origin: 'https://microsoftgraph.chinacloudapi.cn',
  },
};

/** A signing-in way a custom cloud's ready file may bring for its sample identities (never for a real cloud). */
export interface SampleAccount {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly username?: string;
}
