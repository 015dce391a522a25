import { AppError } from '../../base/errors.ts';
import type { ErrorCode } from '../../base/errors.ts';

/** Node's and OpenSSL's codes by what went wrong between here and the service. */
const CODES: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>([
  ...codes('network.nameNotFound', ['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL']),
  ...codes('network.refused', ['ECONNREFUSED']),
  ...codes('network.reset', ['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_SOCKET_CLOSED', 'ERR_STREAM_DESTROYED']),
  ...codes('network.timeout', [
    'ETIMEDOUT',
    'ESOCKETTIMEDOUT',
    'UND_ERR_CONNECT_TIMEOUT',
    'ERR_SOCKET_CONNECTION_TIMEOUT',
  ]),
  ...codes('network.unreachable', ['ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL']),
  ...codes('network.untrustedCertificate', [
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'CERT_UNTRUSTED',
    'CERT_SIGNATURE_FAILURE',
  ]),
  ...codes('network.badCertificate', [
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'CERT_REVOKED',
    'HOSTNAME_MISMATCH',
  ]),
  // The answer began and did not end: the service's fault or a proxy's, and worth another try.
  ...codes('service.unavailable', [
    'ERR_STREAM_PREMATURE_CLOSE',
    'Z_BUF_ERROR',
    'Z_DATA_ERROR',
    'HPE_INVALID_CONSTANT',
    'PARSE_ERROR',
    'HPE_INVALID_EOF_STATE',
  ]),
]);

function codes(code: ErrorCode, names: readonly string[]): (readonly [string, ErrorCode])[] {
  return names.map((name) => [name, code] as const);
}

/**
 * The failure of a connection, found by code along the chain of causes; undefined for an error that is none. `proxy` is
 * `host:port` of the proxy that stood between, `scriptProblem` why the system's script did not choose one.
 */
export function fromNetwork(
  error: Error,
  host: string,
  { proxy, scriptProblem }: { readonly proxy?: string; readonly scriptProblem?: string } = {},
): AppError | undefined {
  const found = findCode(error);
  return (
    found &&
    new AppError(
      found.code,
      `${describe(found.code, host)}${through(proxy)}${scriptProblem === undefined ? '' : ` ${scriptProblem}`}`,
      {
        retryable: found.code !== 'network.untrustedCertificate' && found.code !== 'network.badCertificate',
        data: { host, errno: found.errno, ...(proxy === undefined ? {} : { proxy }) },
        cause: error,
      },
    )
  );
}

function through(proxy: string | undefined): string {
  return proxy === undefined
    ? ''
    : ` The connection goes through the proxy ${proxy}: check that it is the right one and may be used.`;
}

function findCode(error: Error): { code: ErrorCode; errno: string } | undefined {
  for (
    let current: unknown = error, depth = 0;
    current instanceof Error && depth < 5;
    current = current.cause, depth++
  ) {
    const { code, message } = current as { code?: unknown; message: string };
    // MSAL and the pipeline keep the code of a failed connection in the text alone.
    const names = [
      ...(typeof code === 'string' ? [code] : []),
      ...(message.slice(0, 500).match(/\b(?:E[A-Z_]{4,}|[A-Z]+_[A-Z_]*CERT[A-Z_]*|CERT_[A-Z_]+|Z_[A-Z_]+)\b/g) ?? []),
    ];
    for (const name of names) {
      const known = CODES.get(name);
      if (known) return { code: known, errno: name };
    }
    if (
      /self[- ]signed certificate|unable to verify the first certificate|unable to get (?:local )?issuer certificate/i.test(
        message,
      )
    )
      return { code: 'network.untrustedCertificate', errno: 'TLS' };
    if (/^aborted$|premature close|unexpected end of (?:file|json input)/i.test(message))
      return { code: 'service.unavailable', errno: 'CUT_OFF' };
    if (/socket hang up/i.test(message)) return { code: 'network.reset', errno: 'ECONNRESET' };
  }
  return undefined;
}

function describe(code: ErrorCode, host: string): string {
  switch (code) {
    case 'network.nameNotFound':
      return `The name ${host} cannot be found from here. Check the network, the proxy and the cloud's endpoints.`;
    case 'network.refused':
      return `Nothing answers at ${host}. Check the cloud's endpoints, or start the emulator they point to.`;
    case 'network.reset':
      return `The connection to ${host} was cut. Try again.`;
    case 'network.timeout':
      return `${host} did not answer in time. Check the network or try again.`;
    case 'network.unreachable':
      return `${host} cannot be reached from this network. Check the connection, VPN or proxy.`;
    case 'network.untrustedCertificate':
      return `The certificate of ${host} is signed by an authority this machine does not trust, often a company's TLS proxy. Add the authority's certificate to the system's trusted ones, to NODE_EXTRA_CA_CERTS, or to the custom cloud (CA file).`;
    case 'network.badCertificate':
      return `The certificate of ${host} has expired, is not valid yet or names another host. Check this machine's clock and the endpoint.`;
    default:
      return `The answer of ${host} broke off before its end. Try again.`;
  }
}
