import { AppError } from '../base/errors.ts';
import type { Cloud, SampleAccount } from './cloud.ts';

/**
 * A custom cloud as its JSON file tells it: the endpoints of `Cloud` at the top level, and sample accounts where it is
 * an emulator's.
 */
export interface CloudFile {
  readonly cloud: Cloud;
  readonly sampleAccounts: readonly SampleAccount[];
  /** Path of the customers file that belongs to the sample estate. */
  readonly customersFile?: string;
}

const ORIGINS = ['authority', 'resourceManager', 'logAnalytics'] as const;

/**
 * Reads a cloud file. Endpoints must be https origins (tokens are never sent in the clear); audiences default to their
 * endpoint, the portal to Azure's. Throws `input.cloudFile` naming `label` and what is wrong; values are not quoted, a
 * file may hold secrets.
 */
export function parseCloudFile(text: string, label: string): CloudFile {
  const fail = (what: string): never => {
    throw new AppError(
      'input.cloudFile',
      `The cloud file ${label} ${what}. Print a fresh one with "tenantscope emulator" or mend it.`,
    );
  };
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return fail('is not valid JSON');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return fail('is not a JSON object');
  const file = json as Record<string, unknown>;
  const origins = Object.fromEntries(
    ORIGINS.map((name) => [
      name,
      readOrigin(file[name]) ?? fail(`needs "${name}", an https origin such as https://localhost:8443`),
    ]),
  ) as Record<(typeof ORIGINS)[number], string>;
  const optional = (name: string, otherwise: string): string => {
    const value = file[name] ?? otherwise;
    return typeof value === 'string' && value !== ''
      ? value.replace(/\/+$/, '')
      : fail(`has a "${name}" that is not text`);
  };
  if (
    file['ca'] !== undefined &&
    (typeof file['ca'] !== 'string' || !file['ca'].includes('-----BEGIN CERTIFICATE-----'))
  )
    fail('has a "ca" that is not a PEM certificate');
  const accounts = file['sampleAccounts'] ?? [];
  if (!Array.isArray(accounts)) return fail('has "sampleAccounts" that are not a list');
  const { customersFile } = file;
  return {
    ...(typeof customersFile === 'string' && customersFile !== '' ? { customersFile } : {}),
    cloud: {
      name: optional('name', 'custom'),
      ...origins,
      resourceManagerAudience: optional('resourceManagerAudience', origins.resourceManager),
      logAnalyticsAudience: optional('logAnalyticsAudience', origins.logAnalytics),
      portal: optional('portal', 'https://portal.azure.com'),
      ...readIngestion(file['ingestion'], fail),
      ...readGraph(file['microsoftGraph'], fail),
      ...(typeof file['ca'] === 'string' ? { ca: file['ca'] } : {}),
    },
    sampleAccounts: accounts.map(
      (account, at) =>
        readAccount(account) ??
        fail(`has a sample account (number ${at + 1}) without tenantId, clientId and clientSecret`),
    ),
  };
}

/** `{ "audience": "https://monitor.azure.com", "hosts": "https://localhost:8443" }`: one origin, as of all services. */
function readIngestion(value: unknown, fail: (what: string) => never): Pick<Cloud, 'ingestion'> {
  if (value === undefined) return {};
  const { audience, hosts } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const origin = readOrigin(hosts);
  if (typeof audience !== 'string' || audience === '' || origin === undefined)
    return fail('has an "ingestion" without an audience and "hosts", an https origin');
  return { ingestion: { audience: audience.replace(/\/+$/, ''), hosts: origin } };
}

/** `{ "audience": "https://graph.microsoft.com", "origin": "https://localhost:8443" }`. */
function readGraph(value: unknown, fail: (what: string) => never): Pick<Cloud, 'microsoftGraph'> {
  if (value === undefined) return {};
  const { audience, origin: given } = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  const origin = readOrigin(given);
  if (typeof audience !== 'string' || audience === '' || origin === undefined)
    return fail('has a "microsoftGraph" without an audience and an "origin", an https origin');
  return { microsoftGraph: { audience: audience.replace(/\/+$/, ''), origin } };
}

function readOrigin(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const origin = value.replace(/\/+$/, '');
  return /^https:\/\/[^/?#\s@]+$/i.test(origin) ? origin : undefined;
}

function readAccount(value: unknown): SampleAccount | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { tenantId, clientId, clientSecret, username } = value as Record<string, unknown>;
  if (typeof tenantId !== 'string' || typeof clientId !== 'string' || typeof clientSecret !== 'string')
    return undefined;
  return { tenantId, clientId, clientSecret, ...(typeof username === 'string' ? { username } : {}) };
}
