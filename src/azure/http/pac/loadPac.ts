import { readFile } from 'node:fs/promises';
import { request as requestPlain } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as requestTls } from 'node:https';
import type { SecureContext } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../../base/errors.ts';
import { decodeText } from '../../../base/decodeText.ts';

/** Chromium's bound, too: such a file is a page of rules. */
const MOST_BYTES = 1024 * 1024;
const DEADLINE_MS = 10_000;
const REDIRECTS = 5;

/**
 * The address of a proxy auto-configuration file that somebody named, once it is one that can be used. Throws
 * `input.proxy`, which never repeats it: it may hold a password.
 */
export function checkPac(address: string): string {
  if (schemeOf(address) !== undefined) return address;
  throw new AppError(
    'input.proxy',
    'The address of the proxy auto-configuration file cannot be used. Write http://, https:// or file:/// and its place (tenantscope.network.proxyScript, TENANTSCOPE_PROXY_SCRIPT).',
  );
}

/** Where a file lies, in words without a user, a password or a query. */
export function placeOfPac(address: string): string {
  if (schemeOf(address) === undefined) return 'an address that is not http, https or file';
  const { protocol, host, pathname } = new URL(address);
  return `${protocol}//${host}${pathname}`;
}

/**
 * The text of such a file, read past every proxy. `secureContext` says which authorities an https address is checked
 * with. Rejects with an error in words that end a sentence, or with Node's own.
 */
export async function loadPac(address: string, secureContext: SecureContext): Promise<string> {
  if (schemeOf(address) === 'file:') return decodeText(await readFile(fileURLToPath(address)));
  const signal = AbortSignal.timeout(DEADLINE_MS);
  let url = address;
  for (let hop = 0; hop <= REDIRECTS; hop++) {
    const scheme = schemeOf(url);
    if (scheme === undefined || scheme === 'file:') throw new Error('it is neither http, https nor file');
    if (scheme === 'http:' && address.toLowerCase().startsWith('https:'))
      throw new Error('it redirects from https to http');
    const response = await open(url, secureContext, signal);
    const { statusCode = 0, headers } = response;
    if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
      response.resume();
      url = new URL(headers.location, url).href;
      continue;
    }
    if (statusCode !== 200) {
      response.resume();
      throw new Error(`the answer is ${statusCode}`);
    }
    return decodeText(await bodyOf(response));
  }
  throw new Error(`it redirects more than ${REDIRECTS} times`);
}

function open(url: string, secureContext: SecureContext, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options = { agent: false as const, signal, headers: { accept: '*/*' }, secureContext };
    const sent = (url.startsWith('https:') ? requestTls : requestPlain)(url, options, resolve);
    sent.once('error', (error) => {
      reject(signal.aborted ? new Error('nothing came in time') : error);
    });
    sent.end();
  });
}

async function bodyOf(response: IncomingMessage): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of response) {
    pieces.push(piece as Buffer);
    size += (piece as Buffer).length;
    if (size > MOST_BYTES) throw new Error('it is larger than 1 MB');
  }
  return Buffer.concat(pieces);
}

function schemeOf(address: string): 'http:' | 'https:' | 'file:' | undefined {
  const protocol = URL.canParse(address) ? new URL(address).protocol : undefined;
  return protocol === 'http:' || protocol === 'https:' || protocol === 'file:' ? protocol : undefined;
}
