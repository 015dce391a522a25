import { Agent } from 'node:https';
import tls, { createSecureContext } from 'node:tls';
import type { SecureContext } from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';
import type { NetworkSettings } from '../../model/network.ts';
import { checkProxy, proxyFor } from './proxy.ts';

/** Kept connections: those that go straight to a service, and those through the company's proxy. */
export class Agents {
  /**
   * What every connection to a service is checked with; handed to each request, for the proxy's agent drops its own.
   */
  readonly secureContext: SecureContext;
  private readonly network: NetworkSettings;
  private readonly options: { readonly keepAlive: true; readonly maxSockets: number };
  private direct: Agent | undefined;
  private proxied: HttpsProxyAgent<string> | undefined;

  /**
   * Throws `input.proxy`. `ca`: PEM of the only authority to trust; the usual ones and the system's where it is left
   * out.
   */
  constructor(network: NetworkSettings, ca: string | undefined, maxSockets: number) {
    if (network.proxy !== undefined) checkProxy(network.proxy);
    this.network = network;
    this.options = { keepAlive: true, maxSockets };
    const trusted = ca ?? (network.systemCertificates ? usualAndSystemAuthorities() : undefined);
    this.secureContext = createSecureContext(trusted === undefined ? {} : { ca: trusted });
  }

  /** The agent for an address. Making one opens nothing. */
  for(url: string): Agent {
    const proxy = proxyFor(url, this.network);
    if (proxy === undefined) return (this.direct ??= new Agent(this.options));
    const { proxyAuthorization, strictProxyCertificate } = this.network;
    this.proxied ??= new HttpsProxyAgent(proxy, {
      ...this.options,
      ...(proxyAuthorization === undefined ? {} : { headers: { 'Proxy-Authorization': proxyAuthorization } }),
    });
    // Of the connection to the proxy alone: the service behind it is checked by the options of the agent.
    if (!strictProxyCertificate) Object.assign(this.proxied.connectOpts, { rejectUnauthorized: false });
    return this.proxied as unknown as Agent;
  }

  /** `host:port` of the proxy that stands between here and an address; undefined where none does. */
  proxyHost(url: string): string | undefined {
    const proxy = proxyFor(url, this.network);
    return proxy === undefined ? undefined : new URL(proxy).host;
  }

  /** Closes what is kept. */
  dispose(): void {
    this.direct?.destroy();
    this.proxied?.destroy();
  }
}

/** Node's own authorities (with NODE_EXTRA_CA_CERTS) and the system's; undefined where this Node cannot read those. */
export function usualAndSystemAuthorities(): string[] | undefined {
  const { getCACertificates } = tls as { getCACertificates?: (kind: 'default' | 'system') => string[] };
  if (!getCACertificates) return undefined;
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
}
