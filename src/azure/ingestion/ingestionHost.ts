import type { Cloud } from '../../model/cloud.ts';

/**
 * Whether an address is one where data collection rules of this cloud take rows, and so may hear a token for them: a
 * host that ends as theirs do (`https://x-5kyl.eastus-1.ingest.monitor.azure.com`), or a custom cloud's one origin.
 * False for what is no address.
 */
export function isIngestionHost(address: string, { ingestion }: Pick<Cloud, 'ingestion'>): boolean {
  if (!ingestion || !URL.canParse(address)) return false;
  const to = new URL(address);
  // A name in front of the host's is a user's, which nobody but a liar writes.
  if (to.protocol !== 'https:' || to.username !== '' || to.password !== '') return false;
  if (!ingestion.hosts.startsWith('.')) return to.origin === new URL(ingestion.hosts).origin;
  if (to.port !== '' || !to.hostname.endsWith(ingestion.hosts)) return false;
  return /^[a-z0-9-]+(\.[a-z0-9-]+)?$/.test(to.hostname.slice(0, -ingestion.hosts.length));
}
