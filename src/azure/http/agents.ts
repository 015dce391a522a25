import { Agent } from 'node:https';
import tls, { createSecureContext } from 'node:tls';
import type { SecureContext } from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';
import type { NetworkSettings } from '../../model/network.ts';
import { Router } from './routes.ts';
import type { RouterEnds, Routes } from './routes.ts';

/** A way that is tried for one request. */
export interface Passage {
  readonly agent: Agent;
  /** `host:port` of the proxy; undefined where there is none. */
  readonly proxy: string | undefined;
}

/** Kept connections: those that go straight to a service, and those through a company's proxies. */
export class Agents {
  /**
   * What every connection to a service is checked with; handed to each request, for the proxy's agent drops its own.
   */
  readonly secureContext: SecureContext;
  readonly router: Router;
  private readonly network: NetworkSettings;
  private readonly options: { readonly keepAlive: true; readonly maxSockets: number };
  private direct: Agent | undefined;
  private readonly proxied = new Map<string, HttpsProxyAgent<string>>();

  /**
   * Throws `input.proxy`. `ca`: PEM of the only authority to trust; the usual ones and the system's where it is left
   * out. `readSystem`: what the operating system says of proxies, this machine's unless given.
   */
  constructor(
    network: NetworkSettings,
    ca: string | undefined,
    maxSockets: number,
    ends: Pick<RouterEnds, 'readSystem'> = {},
  ) {
    this.network = network;
    this.options = { keepAlive: true, maxSockets };
    const usual = network.systemCertificates ? usualAndSystemAuthorities() : undefined;
    const trusting = (authorities: string | string[] | undefined): SecureContext =>
      createSecureContext(authorities === undefined ? {} : { ca: authorities });
    this.secureContext = trusting(ca ?? usual);
    // A custom cloud's authority signs its services, not the company's web server that has the script.
    this.router = new Router(network, { ...ends, scriptAuthorities: () => trusting(usual) });
  }

  /**
   * The ways to an address, in the order they are tried: never none. Opens no connection to it. Rejects as
   * `Router.to`.
   */
  async ways(url: string): Promise<{ readonly routes: Routes; readonly ways: readonly Passage[] }> {
    const routes = await this.router.to(url);
    return { routes, ways: routes.hops.map((hop) => this.way(hop, routes.trusted)) };
  }

  /** Closes what is kept. */
  dispose(): void {
    this.direct?.destroy();
    for (const agent of this.proxied.values()) agent.destroy();
  }

  private way(proxy: string | undefined, trusted: boolean): Passage {
    if (proxy === undefined) return { agent: (this.direct ??= new Agent(this.options)), proxy };
    const key = `${trusted} ${proxy}`;
    let agent = this.proxied.get(key);
    if (!agent) {
      const { proxyAuthorization, strictProxyCertificate } = this.network;
      agent = new HttpsProxyAgent(proxy, {
        ...this.options,
        ...(proxyAuthorization === undefined || !trusted
          ? {}
          : { headers: { 'Proxy-Authorization': proxyAuthorization } }),
      });
      // Of the connection to the proxy alone: the service behind it is checked by the options of the agent.
      if (!strictProxyCertificate) Object.assign(agent.connectOpts, { rejectUnauthorized: false });
      this.proxied.set(key, agent);
    }
    return { agent: agent as unknown as Agent, proxy: new URL(proxy).host };
  }
}

/** Node's own authorities (with NODE_EXTRA_CA_CERTS) and the system's; undefined where this Node cannot read those. */
export function usualAndSystemAuthorities(): string[] | undefined {
  const { getCACertificates } = tls as { getCACertificates?: (kind: 'default' | 'system') => string[] };
  if (!getCACertificates) return undefined;
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
}
