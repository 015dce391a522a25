import { AppError } from '../../base/errors.ts';
import type { Cloud } from '../../model/cloud.ts';

/** A cluster as its cloud has it. All of it is said by the cloud's constants, none by a file but the cluster's name. */
export interface KustoService {
  /** https origin of queries and commands. */
  readonly cluster: string;
  /** Of the ingestion service (data management); a cluster of a custom cloud has both at one address. */
  readonly ingest: string;
  /** What tokens for clusters are made for. */
  readonly audience: string;
  /** What the SDK takes for the cluster's sign-in service, which it compares and never calls. */
  readonly authority: string;
  /** Whether the service purges: Eventhouses do not (DX kusto/concepts/data-purge.md is of Data Explorer alone). */
  readonly purges: boolean;
}

/** Suffixes of clusters, the audience of their tokens (`KustoServiceResourceId`), and suffixes of what they lend. */
interface KustoCloud {
  readonly clusters: readonly string[];
  readonly audience: string;
  readonly storage: readonly string[];
}

/** As the SDK's own list of trusted endpoints has them (wellKnownKustoEndpoints of azure-kusto-data). */
const CLOUDS: Readonly<Record<string, KustoCloud>> = {
  public: {
    clusters: ['.kusto.windows.net', '.kusto.fabric.microsoft.com'],
    audience: 'https://kusto.kusto.windows.net',
    storage: ['.core.windows.net', '.storage.azure.net', '.fabric.microsoft.com'],
  },
  usGovernment: {
    clusters: ['.kusto.usgovcloudapi.net'],
    audience: 'https://kusto.kusto.usgovcloudapi.net',
    storage: ['.core.usgovcloudapi.net'],
  },
  china: {
    clusters: ['.kusto.chinacloudapi.cn'],
    audience: 'https://kusto.kusto.chinacloudapi.cn',
    storage: ['.core.chinacloudapi.cn'],
  },
};
const FABRIC = '.kusto.fabric.microsoft.com';

/**
 * A cluster by its address. Rejects with `input.centreAddress` what is no address of a cluster of this cloud: no token
 * and no row goes anywhere else. Of a custom cloud it is one of the cloud's own origins.
 */
export function kustoService(cloud: Cloud, address: string): KustoService {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const known = cloudOf(cloud);
  const isOwn = isOwnAddress(cloud, url, known?.clusters ?? []);
  if (!url || !isOwn || url.origin !== address.replace(/\/$/, ''))
    throw new AppError(
      'input.centreAddress',
      `${address} is no cluster of the ${cloud.name} cloud. Give its query address, such as https://NAME.REGION.kusto.windows.net.`,
    );
  const { origin, hostname } = url;
  if (hostname.startsWith('ingest-'))
    throw new AppError(
      'input.centreAddress',
      `${address} is the cluster's ingestion address. Give it without ingest-.`,
    );
  return {
    cluster: origin,
    ingest: known ? origin.replace('https://', 'https://ingest-') : origin,
    audience: known?.audience ?? CLOUDS['public']!.audience,
    authority: cloud.authority,
    purges: !hostname.endsWith(FABRIC),
  };
}

/** Whether an address that a cluster named for what is to be ingested is the cloud's storage: rows go nowhere else. */
export function isLentStorage(cloud: Cloud, address: string): boolean {
  return isOwnAddress(cloud, URL.canParse(address) ? new URL(address) : undefined, cloudOf(cloud)?.storage ?? []);
}

/**
 * https, without a user, and below one of the suffixes; of a custom cloud one of its own origins, which its ready file
 * names.
 */
export function isOwnAddress(cloud: Cloud, url: URL | undefined, suffixes: readonly string[]): boolean {
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') return false;
  if (cloudOf(cloud)) return url.port === '' && suffixes.some((suffix) => isBelow(url.hostname, suffix));
  return [cloud.resourceManager, cloud.logAnalytics].includes(url.origin);
}

/** Undefined for a custom cloud. */
function cloudOf({ name }: Cloud): KustoCloud | undefined {
  return Object.hasOwn(CLOUDS, name) ? CLOUDS[name] : undefined;
}

function isBelow(host: string, suffix: string): boolean {
  return host.endsWith(suffix) && /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/.test(host.slice(0, -suffix.length));
}
