import { request } from 'node:https';
import { durationMs } from './duration.ts';
import { TemplateFault } from './expression.ts';
import type { Json } from '../expressionReader.ts';

/** What calls of a run go through. */
export interface HttpWorld {
  /** The emulator's own address and the authority of its certificate: Logic Apps reach nothing else. */
  readonly own: { readonly url: string; readonly ca: string };
  /** A token of the workflow's identity for a resource; undefined where it has none, or nobody serves that. */
  readonly token: (audience: string) => string | undefined;
  /** Milliseconds that only grow, as the emulator's clock has them. */
  readonly elapsed: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly signal: AbortSignal;
}

interface HttpInputs {
  readonly method: string;
  readonly uri: string;
  readonly headers?: Readonly<Record<string, Json>>;
  readonly queries?: Readonly<Record<string, Json>>;
  readonly body?: Json;
  readonly authentication?: { readonly type: string; readonly audience?: string };
  readonly retryPolicy?: {
    readonly type: string;
    readonly count?: number;
    readonly interval?: string;
    readonly maximumInterval?: string;
  };
}

interface Answer {
  readonly statusCode: number;
  readonly headers: Record<string, Json>;
  readonly body: Buffer;
}

/** An outbound call ends after two minutes; a message has 100 MB (logic-apps-limits-and-config.md, HTTP limits). */
const LONGEST_CALL_MS = 120_000;
const LARGEST_MESSAGE = 104_857_600;

/** How an Http action came out: its outputs are status, headers and body, also where the status says that it failed. */
interface HttpOutcome {
  readonly status: 'Succeeded' | 'Failed' | 'TimedOut' | 'Cancelled';
  readonly code?: string;
  readonly outputs?: Json;
  readonly error?: { readonly code: string; readonly message: string };
}

/** Sends what an Http action says, again by its retry policy. Throws TemplateFault for inputs that are not clear. */
export async function sendHttp(given: Json, world: HttpWorld): Promise<HttpOutcome> {
  const inputs = given as unknown as HttpInputs;
  const { retryPolicy = { type: 'exponential', count: 4, interval: 'PT7S' } } = inputs;
  const most = retryPolicy.type.toLowerCase() === 'none' ? 0 : (retryPolicy.count ?? 4);
  for (let tried = 0; ; tried++) {
    const outcome = await sendOnce(inputs, world);
    const { outputs } = outcome;
    const status = (outputs as { readonly statusCode?: number } | undefined)?.statusCode ?? 0;
    const again = outcome.status !== 'Succeeded' && (status === 0 || status === 408 || status === 429 || status >= 500);
    if (!again || tried >= most || world.signal.aborted) return outcome;
    await world.sleep(pause(retryPolicy, tried, outputs));
  }
}

function pause(policy: NonNullable<HttpInputs['retryPolicy']>, tried: number, outputs: Json | undefined): number {
  const after = Number((outputs as { readonly headers?: Record<string, Json> } | undefined)?.headers?.['Retry-After']);
  if (after > 0) return after * 1_000;
  const interval = durationMs(policy.interval ?? 'PT7S');
  const longest = durationMs(policy.maximumInterval ?? 'PT1H');
  return Math.min(longest, policy.type.toLowerCase() === 'fixed' ? interval : interval * 2 ** tried);
}

async function sendOnce(inputs: HttpInputs, world: HttpWorld): Promise<HttpOutcome> {
  const { method, uri, headers = {}, body, authentication } = inputs;
  if (typeof uri !== 'string' || !URL.canParse(uri)) throw new TemplateFault(`The 'uri' of the action is not valid.`);
  const url = new URL(uri);
  if (url.origin !== new URL(world.own.url).origin)
    return failed(
      'NotEmulated',
      `The emulator's Logic Apps reach the emulator alone (${world.own.url}), not ${url.origin}.`,
    );
  const sent: Record<string, string> = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, String(value)]),
  );
  if (authentication) {
    if (authentication.type !== 'ManagedServiceIdentity')
      return failed(
        'NotEmulated',
        `The emulator's Logic Apps sign in as a managed identity alone, not '${authentication.type}'.`,
      );
    const token = world.token(authentication.audience ?? 'https://management.azure.com/');
    if (token === undefined)
      return failed(
        'ManagedIdentityCredentialFailed',
        `The workflow has no managed identity, or nobody serves '${authentication.audience}'.`,
      );
    sent['Authorization'] = `Bearer ${token}`;
  }
  const content = body === undefined || body === null ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  if (Buffer.byteLength(content) > LARGEST_MESSAGE) return tooLarge();
  let answer: Answer | 'tooLarge' | 'timeout' | Error;
  try {
    answer = await exchange(url, method, sent, content, world);
  } catch (error) {
    answer = error as Error;
  }
  if (answer === 'tooLarge') return tooLarge();
  if (answer === 'timeout')
    return { status: 'TimedOut', code: 'ActionTimedOut', error: { code: 'ActionTimedOut', message: TIMED_OUT } };
  if (answer instanceof Error)
    return world.signal.aborted
      ? { status: 'Cancelled' }
      : failed('BadRequest', `Http request failed: ${answer.message}.`);
  const outputs: Json = {
    statusCode: answer.statusCode,
    headers: answer.headers,
    ...(answer.body.length > 0 ? { body: bodyOf(answer) } : {}),
  };
  return answer.statusCode < 400
    ? { status: 'Succeeded', outputs }
    : {
        status: 'Failed',
        outputs,
        error: { code: STATUS[answer.statusCode] ?? 'Failed', message: `Http status ${answer.statusCode}.` },
      };
}

const TIMED_OUT = "The execution of template action has timed out: the outbound request took longer than '00:02:00'.";
const STATUS: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  413: 'RequestEntityTooLarge',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  503: 'ServiceUnavailable',
};

function failed(code: string, message: string): HttpOutcome {
  return { status: 'Failed', code, error: { code, message } };
}

function tooLarge(): HttpOutcome {
  return failed(
    'BadRequest',
    `Http request failed as there is an error: 'Cannot write more bytes to the buffer than the configured maximum buffer size: ${LARGEST_MESSAGE}.'.`,
  );
}

/** JSON as a value, everything else as text. */
function bodyOf({ headers, body }: Answer): Json {
  const text = body.toString();
  if (!/[/+]json\b/i.test(String(headers['Content-Type'] ?? ''))) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function exchange(
  url: URL,
  method: string,
  headers: Record<string, string>,
  content: string,
  { own, signal }: HttpWorld,
): Promise<Answer | 'tooLarge' | 'timeout'> {
  return new Promise((resolve, reject) => {
    const length = Buffer.byteLength(content);
    const call = request(
      url,
      {
        method,
        ca: own.ca,
        signal,
        agent: false,
        headers: { ...headers, ...(length > 0 ? { 'Content-Length': length } : {}) },
      },
      (response) => {
        const chunks: Uint8Array[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > LARGEST_MESSAGE) {
            resolve('tooLarge');
            call.destroy();
          } else chunks.push(Uint8Array.from(chunk));
        });
        response.on('error', reject);
        response.on('end', () => {
          clearTimeout(timer);
          resolve({
            statusCode: response.statusCode ?? 0,
            headers: named(response.headers),
            body: Buffer.concat(chunks),
          });
        });
      },
    );
    const timer = setTimeout(() => {
      resolve('timeout');
      call.destroy();
    }, LONGEST_CALL_MS);
    call.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    call.end(content);
  });
}

/** Names as the service shows them: `Retry-After`, whatever came. */
function named(headers: Readonly<Record<string, string | readonly string[] | undefined>>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()),
      Array.isArray(value) ? value.join(', ') : ((value as string | undefined) ?? null),
    ]),
  );
}
