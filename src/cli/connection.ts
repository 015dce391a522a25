import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { AppError } from '../base/errors.ts';
import type { CustomersText } from '../core/customers/customersTexts.ts';
import { decodeText } from '../base/decodeText.ts';
import { CHINA_CLOUD, PUBLIC_CLOUD, US_GOVERNMENT_CLOUD } from '../model/cloud.ts';
import { networkOfEnvironment } from '../model/network.ts';
import { parseCloudFile } from '../model/cloudFile.ts';
import type { Cloud } from '../model/cloud.ts';
import type { CloudFile } from '../model/cloudFile.ts';
import { findCustomers } from './customersFile.ts';
import { textOf } from './command.ts';
import type { Values } from './command.ts';
import type { TokenSource } from '../ports/accounts.ts';

/** Options of every command that speaks to Azure. */
export const CONNECTION_OPTIONS = {
  cloud: { type: 'string' },
  customers: { type: 'string' },
  'environment-secret': { type: 'boolean' },
} as const;
/** What `--help` says of `CONNECTION_OPTIONS` and of who signs in. */
export const CONNECTION_HELP = `  --cloud FILE|NAME      a custom cloud's file, e.g. the emulator's, or public, usGovernment, china
                         (default: $TENANTSCOPE_CLOUD, else public)
  --customers FILE       the customers file (default: your own .tenantscope/customers.json here, or
                         above in the same repository)
  --environment-secret   send $AZURE_CLIENT_SECRET to the authority that a custom cloud's file names

Sign-in: the sample application of an emulator's file; else $AZURE_CLIENT_ID with $AZURE_CLIENT_SECRET and
$AZURE_TENANT_ID; else whoever "az login" signed in.

Network: the proxy auto-configuration file at $TENANTSCOPE_PROXY_SCRIPT (http, https or file:///); else $HTTPS_PROXY or
$ALL_PROXY; else what the operating system says. Hosts of $NO_PROXY (* for all) are reached directly.`;

const NAMED: Readonly<Record<string, CloudFile>> = {
  public: { cloud: PUBLIC_CLOUD, sampleAccounts: [] },
  usGovernment: { cloud: US_GOVERNMENT_CLOUD, sampleAccounts: [] },
  china: { cloud: CHINA_CLOUD, sampleAccounts: [] },
};

/** Which cloud is asked, and the customers file where there is one. */
export interface Connection {
  readonly file: CloudFile;
  /** Path of a custom cloud's file; absent for a cloud of Microsoft's. */
  readonly cloudPath?: string;
  /** The person's word that a custom cloud's authority may have the secret of the environment. */
  readonly environmentSecret: boolean;
  readonly customers: CustomersText | undefined;
  /** Nobody named the customers file: it lies in the folder in use, or above it in its repository. */
  readonly foundCustomers?: true;
  /** They are those of the sample estate, which an emulator keeps. */
  readonly sampleCustomers?: true;
}

/** The cloud and the customers a command line means. Rejects with `input.*`. */
export async function readConnection(values: Values, env: NodeJS.ProcessEnv): Promise<Connection> {
  const wanted = textOf(values, 'cloud') ?? (env['TENANTSCOPE_CLOUD'] || 'public');
  const named = NAMED[wanted];
  const text = named ? undefined : await readNamed(wanted, 'cloud');
  const file = named ?? parseCloudFile(text!, wanted);
  const cloud = {
    file,
    environmentSecret: values['environment-secret'] === true,
    ...(named ? {} : { cloudPath: wanted }),
  };
  const path = textOf(values, 'customers') ?? env['TENANTSCOPE_CUSTOMERS'];
  if (path) return { ...cloud, customers: { label: path, text: await readNamed(path, 'customers') } };
  const found = await findCustomers(process.cwd());
  if (found) return { ...cloud, customers: found, foundCustomers: true };
  const customers = text === undefined ? undefined : await customersOf(text, wanted);
  return { ...cloud, customers, ...(customers ? { sampleCustomers: true } : {}) };
}

/** An emulator's file names the customers of its sample estate. */
async function customersOf(cloudText: string, cloudPath: string): Promise<Connection['customers']> {
  const { customersFile } = JSON.parse(cloudText) as { customersFile?: unknown };
  if (typeof customersFile !== 'string') return undefined;
  const path = resolve(dirname(cloudPath), customersFile);
  const text = await readFile(path).then(decodeText, () => undefined);
  return text === undefined ? undefined : { label: path, text };
}

async function readNamed(path: string, what: 'cloud' | 'customers'): Promise<string> {
  try {
    return decodeText(await readFile(path));
  } catch (cause) {
    const names = what === 'cloud' ? ' A cloud is a file or one of public, usGovernment, china.' : '';
    throw new AppError(
      what === 'cloud' ? 'input.cloudFile' : 'input.customersFile',
      `The ${what} file ${path} cannot be read.${names}`,
      { cause },
    );
  }
}

/**
 * Whose tokens are used. A secret of the environment goes to a custom cloud's authority only with the person's word,
 * never where the file brings identities of its own; and nobody's token for a service of Microsoft's goes to a host
 * that a file names in its place. Rejects with `input.usage` and `input.cloudFile`.
 */
export async function findTokens(
  { file, cloudPath, environmentSecret }: Omit<Connection, 'customers'>,
  env: NodeJS.ProcessEnv,
): Promise<TokenSource> {
  const { cloud, sampleAccounts } = file;
  const { cliTokens, secretTokens } = await import('../app/tokens.ts');
  const network = networkOfEnvironment(env);
  if (sampleAccounts.length > 0) return secretTokens(cloud, sampleAccounts, network);
  if (cloudPath !== undefined) checkAudiences(cloud, cloudPath);
  const [clientId, clientSecret, tenantId] = [
    env['AZURE_CLIENT_ID'],
    env['AZURE_CLIENT_SECRET'],
    env['AZURE_TENANT_ID'],
  ];
  if (!clientId || !clientSecret) return cliTokens(cloud);
  if (cloudPath !== undefined && !environmentSecret)
    throw new AppError(
      'input.usage',
      `AZURE_CLIENT_SECRET is set, and the cloud file ${cloudPath} names ${cloud.authority} as the authority that would get it. Nothing was sent. Add --environment-secret to send it there, or unset AZURE_CLIENT_ID to sign in with "az login".`,
    );
  if (!tenantId)
    throw new AppError(
      'input.usage',
      'AZURE_CLIENT_ID and AZURE_CLIENT_SECRET are set, but AZURE_TENANT_ID is not. Set it to the home tenant of the application.',
    );
  return secretTokens(cloud, [{ tenantId, clientId, clientSecret }], network);
}

const OF_MICROSOFT = [PUBLIC_CLOUD, US_GOVERNMENT_CLOUD, CHINA_CLOUD];

/** Refuses a custom cloud that would have a token made for one of Microsoft's services sent to a host of its own. */
function checkAudiences(cloud: Cloud, path: string): void {
  for (const [service, audience] of [
    ['resourceManager', 'resourceManagerAudience'],
    ['logAnalytics', 'logAnalyticsAudience'],
  ] as const) {
    const theirs = OF_MICROSOFT.filter((known) => hostOf(known[audience]) === hostOf(cloud[audience]));
    if (theirs.length > 0 && !theirs.some((known) => hostOf(known[service]) === hostOf(cloud[service])))
      throw sentElsewhere(path, cloud[audience], cloud[service], audience);
  }
  const { ingestion } = cloud;
  const theirs = OF_MICROSOFT.filter(
    (known) => hostOf(known.ingestion!.audience) === hostOf(ingestion?.audience ?? ''),
  );
  if (
    ingestion &&
    theirs.length > 0 &&
    !theirs.some((known) => hostOf(ingestion.hosts).endsWith(known.ingestion!.hosts))
  )
    throw sentElsewhere(path, ingestion.audience, ingestion.hosts, 'ingestion.audience');
}

function sentElsewhere(path: string, audience: string, service: string, field: string): AppError {
  return new AppError(
    'input.cloudFile',
    `The cloud file ${path} would have a token for ${audience} sent to ${service}. Nothing was sent. Give it the audience of its own service ("${field}").`,
  );
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host.toLowerCase() : address.toLowerCase();
}
