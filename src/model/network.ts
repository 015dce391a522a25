/** How to reach services from this network: what a company's proxy and certificates ask for. */
export interface NetworkSettings {
  /** `http://host:port` or `https://host:port`, with user and password where the proxy wants them; absent for none. */
  readonly proxy?: string;
  /** Hosts that are reached without it, as NO_PROXY names them: `host`, `.suffix`, `host:port`, `*`. */
  readonly noProxy: readonly string[];
  /** Value of a Proxy-Authorization header, where one is set. */
  readonly proxyAuthorization?: string;
  /** Whether the operating system's certificate authorities are trusted beside Node's own. */
  readonly systemCertificates: boolean;
  /** False where somebody switched the check of the proxy's certificate off. Services are always checked. */
  readonly strictProxyCertificate: boolean;
}

/** No proxy, and the authorities the operating system trusts. */
export const DIRECT: NetworkSettings = { noProxy: [], systemCertificates: true, strictProxyCertificate: true };

/** The settings that a terminal's environment means: HTTPS_PROXY, else ALL_PROXY, and NO_PROXY, in either case. */
export function networkOfEnvironment(env: Readonly<Record<string, string | undefined>>): NetworkSettings {
  const read = (name: string): string => (env[name.toLowerCase()] || env[name] || '').trim();
  const proxy = read('HTTPS_PROXY') || read('ALL_PROXY');
  return {
    ...DIRECT,
    ...(proxy === '' ? {} : { proxy: /^[a-z]+:\/\//i.test(proxy) ? proxy : `http://${proxy}` }),
    noProxy: read('NO_PROXY')
      .split(/[\s,]+/)
      .filter((entry) => entry !== ''),
  };
}
