import type { AppErrorData } from '../base/errors.ts';

/** How to reach services from this network: what a company's proxy and certificates ask for. */
export interface NetworkSettings {
  /**
   * Address (http, https, file) of a proxy auto-configuration file that a person named; it goes before `proxy`. Where
   * it cannot be read or fails, nothing is sent.
   */
  readonly proxyScript?: string;
  /** `http://host:port` or `https://host:port`, with user and password where the proxy wants them; absent for none. */
  readonly proxy?: string;
  /** Who named `proxy`: settings of VS Code where absent. */
  readonly proxyBy?: 'environment';
  /** Whether the operating system's own settings are asked, where neither a file nor a proxy is named. */
  readonly systemProxy: boolean;
  /** Hosts that are reached without it, as NO_PROXY names them: `host`, `.suffix`, `host:port`, `*`. */
  readonly noProxy: readonly string[];
  /** Value of a Proxy-Authorization header, where one is set. */
  readonly proxyAuthorization?: string;
  /** Whether the operating system's certificate authorities are trusted beside Node's own. */
  readonly systemCertificates: boolean;
  /** False where somebody switched the check of the proxy's certificate off. Services are always checked. */
  readonly strictProxyCertificate: boolean;
}

/** No proxy, whatever the system says, and the authorities the operating system trusts. */
export const DIRECT: NetworkSettings = {
  systemProxy: false,
  noProxy: [],
  systemCertificates: true,
  strictProxyCertificate: true,
};

/**
 * Who says how a service is reached: a person's auto-configuration file, VS Code's settings, the environment, a file
 * that the operating system names, the system itself, or nobody (`none`: it is reached directly).
 */
export type RouteSource = 'script' | 'settings' | 'environment' | 'systemScript' | 'system' | 'none';

/** How a service is reached from here. */
export interface Route {
  readonly by: RouteSource;
  /** `host:port` of the proxy that is tried first; absent where it is reached directly. */
  readonly proxy?: string;
  /** Why the system's auto-configuration file does not count: as browsers do, its other settings are used instead. */
  readonly problem?: AppErrorData;
}

/**
 * The settings that a terminal's environment means: TENANTSCOPE_PROXY_SCRIPT, HTTPS_PROXY, else ALL_PROXY, and
 * NO_PROXY, in either case. Where none of them names a way, the system is asked.
 */
export function networkOfEnvironment(env: Readonly<Record<string, string | undefined>>): NetworkSettings {
  const read = (name: string): string => (env[name.toLowerCase()] || env[name] || '').trim();
  const script = read('TENANTSCOPE_PROXY_SCRIPT');
  const proxy = read('HTTPS_PROXY') || read('ALL_PROXY');
  return {
    ...DIRECT,
    systemProxy: true,
    ...(script === '' ? {} : { proxyScript: script }),
    ...(proxy === ''
      ? {}
      : { proxy: /^[a-z]+:\/\//i.test(proxy) ? proxy : `http://${proxy}`, proxyBy: 'environment' as const }),
    noProxy: read('NO_PROXY')
      .split(/[\s,]+/)
      .filter((entry) => entry !== ''),
  };
}
