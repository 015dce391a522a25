import { fork } from 'node:child_process';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeCertificates } from '../src/emulator/certificates.ts';
import { toAccountId, toTenantId } from '../src/model/ids.ts';
import { startWorker } from '../src/worker/client.ts';
import type { WorkerProcess } from '../src/worker/client.ts';
import { ROOT } from '../scripts/tools.mjs';
import { makeBody, MEMORY_LIMIT_MB } from './answerBody.ts';

const SELF = fileURLToPath(import.meta.url);
const [TENANT, SUBSCRIPTION, WORKSPACE] = ['1', '2', '3'].map(
  (digit) => `00000000-0000-4000-8000-0000000000${digit}0`,
) as [string, string, string];

/** The Azure of some workspaces, each with the largest answer the service gives. */
export interface AnswerService {
  readonly url: string;
  readonly ca: string;
  /** Bytes of one answer. */
  readonly bytes: number;
  /** When the last byte of an answer was handed to the network, as `now` tells it. */
  lastByteAt: number;
  /** Hears of each query before its answer begins. */
  onAsked: () => void;
  close(): void;
}

/** One clock for all processes. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

/** Starts the service in a process of its own. Rejects where it ends. */
export function startAnswerService(workspaces = 1): Promise<AnswerService> {
  const child = fork(SELF, [String(workspaces)], { execArgv: process.execArgv });
  return new Promise((resolve, reject) => {
    let service: AnswerService | undefined;
    child.once('exit', (code) => {
      reject(new Error(`The server ended with ${code}.`));
    });
    child.on(
      'message',
      (message: {
        readonly lastByteAt?: number;
        readonly asked?: true;
        readonly url: string;
        readonly ca: string;
        readonly bytes: number;
      }) => {
        if (!service)
          resolve(
            (service = {
              ...message,
              lastByteAt: 0,
              onAsked: () => undefined,
              close: () => {
                child.kill();
              },
            }),
          );
        else if (message.asked) service.onAsked();
        else service.lastByteAt = message.lastByteAt!;
      },
    );
  });
}

async function serve(count: number): Promise<void> {
  const { ca, cert, key } = await makeCertificates([]);
  const body = makeBody();
  const workspaces = Array.from({ length: count }, (_, at) => ({
    id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law${at}`,
    name: `law${at}`,
    tenantId: TENANT,
    location: 'westeurope',
    guid: `${WORKSPACE.slice(0, -2)}${String(at).padStart(2, '0')}`,
    sku: 'PerGB2018',
    retention: 30,
  }));
  const lists: readonly (readonly [RegExp, object])[] = [
    [/^\/tenants/, { value: [{ tenantId: TENANT, displayName: 'Bench', tenantCategory: 'Home' }] }],
    [
      /^\/subscriptions/,
      { value: [{ subscriptionId: SUBSCRIPTION, displayName: 'Bench', state: 'Enabled', tenantId: TENANT }] },
    ],
    [/ResourceGraph/, { totalRecords: count, count, resultTruncated: 'false', facets: [], data: workspaces }],
  ];
  const server = createServer({ key, cert: `${cert}${ca}` }, (request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json');
    const list = lists.find(([path]) => path.test(request.url ?? ''))?.[1];
    if (list) {
      response.end(JSON.stringify(list));
      return;
    }
    response.setHeader('content-length', body.length);
    // The first byte waits until the other side has looked at what the worker holds.
    process.send!({ asked: true }, () => {
      setTimeout(() => {
        response.end(body, () => {
          process.send!({ lastByteAt: now() });
        });
      }, 200);
    });
  });
  server.listen(0, '127.0.0.1', () => {
    process.send!({ url: `https://localhost:${(server.address() as AddressInfo).port}`, ca, bytes: body.length });
  });
}

/** The built data worker as the extension starts it, with rows in `directory`, and the estate read. */
export async function openAnswerWorker(service: AnswerService, directory: string): Promise<WorkerProcess> {
  const audience = service.url,
    token = [
      'e30',
      Buffer.from(JSON.stringify({ tid: TENANT, exp: Math.floor(Date.now() / 1000) + 3_600 })).toString('base64url'),
      '',
    ].join('.');
  const worker = startWorker({
    entry: join(ROOT, 'dist', 'worker.cjs'),
    host: {
      accounts: async () => [{ id: toAccountId('bench'), label: 'bench', homeTenant: toTenantId(TENANT) }],
      token: async () => ({ token, expiresOn: 0 }),
    },
  });
  try {
    const cloud = {
      name: 'bench',
      authority: service.url,
      resourceManager: service.url,
      resourceManagerAudience: audience,
      logAnalytics: service.url,
      logAnalyticsAudience: audience,
      portal: service.url,
      ca: service.ca,
    };
    await worker.request('configure', {
      cloud,
      customersFiles: [],
      storageDirectory: directory,
      memoryLimitMb: MEMORY_LIMIT_MB,
      persistRuns: false,
    });
    await worker.request('estate.load', { refresh: false });
  } catch (error) {
    worker.dispose();
    throw error;
  }
  return worker;
}

if (process.argv[1] === SELF) await serve(Number(process.argv[2]));
