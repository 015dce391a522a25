import { AppError } from '../../base/errors.ts';
import type { BlobState, Centre } from '../../model/centre.ts';
import type { Cloud } from '../../model/cloud.ts';

/** How hosts of clusters and of storage accounts end, by the names of the clouds that have one. */
const SUFFIXES: Readonly<Record<string, { readonly clusters: readonly string[]; readonly blobs: readonly string[] }>> =
  {
    public: {
      clusters: ['.kusto.windows.net', '.kusto.fabric.microsoft.com', '.kusto.data.microsoft.com'],
      blobs: ['.blob.core.windows.net'],
    },
    usGovernment: { clusters: ['.kusto.usgovcloudapi.net'], blobs: ['.blob.core.usgovcloudapi.net'] },
    china: { clusters: ['.kusto.chinacloudapi.cn'], blobs: ['.blob.core.chinacloudapi.cn'] },
  };

/**
 * Where rows or state go, whole: what a person approves, and another text means that nobody has. Azure takes no notice
 * of case in ids of resources and names of hosts; in names of databases it does.
 */
export function addressOf(where: Centre | BlobState): string {
  if (!('kind' in where)) return `${where.container.toLowerCase()} (tenant ${where.tenant})`;
  switch (where.kind) {
    case 'lake':
      return where.folder;
    case 'logAnalytics':
      return `${where.workspace.toLowerCase()} (tenant ${where.tenant})`;
    case 'dataExplorer':
      return `${where.cluster.toLowerCase()}/${where.database} (tenant ${where.tenant})`;
  }
}

/**
 * Throws `input.centre` where a host is none of the cloud's: no token goes there, whoever approved it. A custom cloud
 * has the hosts of its own endpoints.
 */
export function checkHost(where: Centre | BlobState, cloud: Cloud): void {
  const [address, kind] =
    'kind' in where
      ? [where.kind === 'dataExplorer' ? where.cluster : undefined, 'clusters' as const]
      : [where.container, 'blobs' as const];
  if (address === undefined) return;
  const hostname = hostOf(address);
  const suffixes = SUFFIXES[cloud.name]?.[kind];
  const own = [cloud.resourceManager, cloud.logAnalytics].map(hostOf);
  // A host that is nothing but the suffix is nobody's.
  if (
    suffixes ? suffixes.some((end) => hostname.endsWith(end) && hostname.length > end.length) : own.includes(hostname)
  )
    return;
  const ends = suffixes?.join(' or ') ?? own[0]!;
  throw new AppError(
    'input.centre',
    `${hostname} is no host of this cloud, whose ${kind === 'blobs' ? 'storage accounts' : 'clusters'} end in ${ends}. Nothing was sent there.`,
  );
}

/** Of an https origin or address whose host is nothing but letters, digits, `.` and `-`; else a text that is no host. */
function hostOf(address: string): string {
  return (/^https:\/\/([a-z0-9.-]+)(?::\d+)?(?:\/|$)/i.exec(address)?.[1] ?? address).toLowerCase();
}
