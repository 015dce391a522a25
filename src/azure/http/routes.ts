import { createSecureContext } from 'node:tls';
import type { SecureContext } from 'node:tls';
import { AppError } from '../../base/errors.ts';
import type { NetworkSettings, RouteSource } from '../../model/network.ts';
import { checkPac, loadPac, placeOfPac } from './pac/loadPac.ts';
import { parsePacAnswer } from './pac/pacAnswer.ts';
import type { Hop } from './pac/pacAnswer.ts';
import type { PacScript } from './pac/pacScript.ts';
import { checkProxy, isExempt, isLoopback, destinationOf } from './proxy.ts';
import type { Destination } from './proxy.ts';
import { isExemptBySystem } from './system/isExempt.ts';
import { readSystemProxy } from './system/readSystemProxy.ts';
import type { SystemProxy } from './system/systemProxy.ts';

/** So long what the system and a script say holds, and what could not be had; and so long it is not asked again. */
const HOLDS_MS = 5 * 60_000;
const FAILURE_HOLDS_MS = 30_000;
const FRESH_MS = 10_000;

/** The ways to an address in the order they are tried, and who says so. */
export interface Routes {
  readonly by: RouteSource;
  readonly hops: readonly Hop[];
  /** Whether the proxies may hear the user's name for the proxy: not those of a script that anybody could have sent. */
  readonly trusted: boolean;
  /** Why the system's script does not count. */
  readonly problem?: AppError;
}

/** What a router is made with beside the settings; this machine's own where left out. */
export interface RouterEnds {
  readonly readSystem?: () => Promise<SystemProxy>;
  readonly now?: () => number;
  /** Which authorities a script's https address is checked with. */
  readonly scriptAuthorities?: () => SecureContext;
}

/**
 * Says through what each address is reached. In this order: this machine and exempt hosts directly; the script a person
 * named; the proxy that settings or environment name; what the operating system says.
 *
 * A script that cannot be read, fails, or gives no answer: browsers then go on to the system's fixed proxy and at last
 * connect directly, unless a policy makes the script mandatory (Chromium: ProxyPacMandatory). So it is here: the
 * system's script is as the browser has it, and the problem stays with the route, for errors and the doctor to tell;
 * one that a person named for Tenantscope is mandatory, and without it nothing is sent.
 */
export class Router {
  private readonly network: NetworkSettings;
  private readonly ends: RouterEnds;
  private readonly now: () => number;
  private readonly kept = new Map<string, Kept<unknown>>();

  /** Throws `input.proxy` for an address of a proxy or a script that cannot be used. */
  constructor(network: NetworkSettings, ends: RouterEnds = {}) {
    if (network.proxyScript !== undefined) checkPac(network.proxyScript);
    else if (network.proxy !== undefined) checkProxy(network.proxy);
    this.network = network;
    this.ends = ends;
    this.now = ends.now ?? Date.now;
  }

  /** The ways to an address. Rejects with `network.proxyScript` where a script that a person named does not say. */
  async to(url: string): Promise<Routes> {
    const { proxyScript, proxy, proxyBy, noProxy, systemProxy } = this.network;
    const place = destinationOf(url);
    if (isLoopback(place) || noProxy.some((entry) => isExempt(entry, place))) return DIRECTLY;
    if (proxyScript !== undefined) return this.byScript(proxyScript, url, 'script');
    if (proxy !== undefined) return { by: proxyBy ?? 'settings', hops: [proxy], trusted: true };
    return systemProxy ? this.bySystem(url, place) : DIRECTLY;
  }

  /** Forgets what was learned, unless that was a moment ago: this machine may be in another network by now. */
  forget(): void {
    for (const [key, { since }] of this.kept) if (this.now() - since > FRESH_MS) this.kept.delete(key);
  }

  private async bySystem(url: string, place: Destination): Promise<Routes> {
    const { pac, proxy, exempt } = await this.once('system', this.ends.readSystem ?? readSystemProxy);
    let problem: AppError | undefined;
    if (pac !== undefined)
      try {
        return await this.byScript(pac, url, 'systemScript');
      } catch (error) {
        problem = error as AppError;
      }
    const told = problem ? { problem } : {};
    if (proxy === undefined || exempt.some((entry) => isExemptBySystem(entry, place.host, place.port)))
      return { ...DIRECTLY, ...told };
    return { by: 'system', hops: [checkProxy(proxy)], trusted: true, ...told };
  }

  private async byScript(address: string, url: string, by: RouteSource): Promise<Routes> {
    try {
      const script = await this.once(`script ${address}`, () => this.load(address));
      // As browsers ask: where to, and nothing of what is asked there.
      const origin = `${new URL(url).origin}/`;
      const hops = await this.once(`answer ${address} ${origin}`, async () =>
        parsePacAnswer(await script.find(origin)),
      );
      return { by, hops, trusted: !address.toLowerCase().startsWith('http:') };
    } catch (error) {
      throw scriptError(address, by, error as Error);
    }
  }

  private async load(address: string): Promise<PacScript> {
    const authorities = this.ends.scriptAuthorities ?? createSecureContext;
    const [text, { compilePac }] = await Promise.all([loadPac(address, authorities()), import('./pac/pacScript.ts')]);
    return compilePac(text);
  }

  /** What is learned at a time, once for everybody who asks meanwhile. */
  private once<T>(key: string, learn: () => Promise<T>): Promise<T> {
    const known = this.kept.get(key) as Kept<T> | undefined;
    if (known && this.now() - known.since <= (known.failed ? FAILURE_HOLDS_MS : HOLDS_MS)) return known.value;
    const kept: Kept<T> = { since: this.now(), value: learn() };
    kept.value.catch(() => {
      kept.failed = true;
    });
    this.kept.set(key, kept);
    return kept.value;
  }
}

interface Kept<T> {
  readonly since: number;
  readonly value: Promise<T>;
  failed?: boolean;
}

const DIRECTLY: Routes = { by: 'none', hops: [undefined], trusted: true };

function scriptError(address: string, by: RouteSource, cause: Error): AppError {
  const whose = by === 'systemScript' ? 'that the system names' : 'that Tenantscope is told to use';
  const next =
    by === 'systemScript'
      ? "Mend the system's setting, or name a proxy (http.proxy, HTTPS_PROXY)."
      : 'Nothing was sent. Mend tenantscope.network.proxyScript (or TENANTSCOPE_PROXY_SCRIPT), or take it away.';
  const said = (cause.message || String((cause as NodeJS.ErrnoException).code))
    .replace(/\s+/g, ' ')
    .slice(0, 200)
    .replace(/\.$/, '');
  return new AppError(
    'network.proxyScript',
    `The proxy auto-configuration file ${placeOfPac(address)}, ${whose}, does not say how to reach the service: ${said}. ${next}`,
    { cause },
  );
}
