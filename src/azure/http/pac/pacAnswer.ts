import { AppError } from '../../../base/errors.ts';

/** One way that a script names: the address of a proxy, or undefined for none. */
export type Hop = string | undefined;

/**
 * Reads what `FindProxyForURL` returned: `PROXY host:port; HTTPS host:port; DIRECT`, to be tried in their order.
 * Nothing at all means direct, as browsers have it. Proxies of another kind (SOCKS) are passed over where the script
 * names a further way; throws `network.proxyScript` where it does not, and for what is no answer.
 */
export function parsePacAnswer(answer: unknown): readonly Hop[] {
  if (typeof answer !== 'string') throw unusable('does not return a text');
  const entries = answer.split(';').flatMap((entry) => entry.trim() || []);
  if (entries.length === 0) return [undefined];
  const hops: Hop[] = [];
  let socks = false;
  for (const entry of entries) {
    const [, kind = '', place = ''] = /^([a-z0-9]+)(?:\s+(\S+))?$/i.exec(entry) ?? [];
    switch (kind.toUpperCase()) {
      case 'DIRECT':
        hops.push(undefined);
        break;
      case 'PROXY':
      case 'HTTP':
        hops.push(addressOf('http', place));
        break;
      case 'HTTPS':
        hops.push(addressOf('https', place));
        break;
      case 'SOCKS':
      case 'SOCKS4':
      case 'SOCKS5':
        socks = true;
        break;
      default:
        throw unusable('returns what is no list of proxies');
    }
  }
  if (hops.length === 0 && socks) throw unusable('names SOCKS proxies alone, which are not supported');
  return hops;
}

function addressOf(scheme: 'http' | 'https', place: string): string {
  const address = `${scheme}://${place}`;
  // Nothing but a host and a port: a script names no user, and no password.
  const plain = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.test(place) && URL.canParse(address);
  if (!plain) throw unusable('names a proxy by what is no host and port');
  return address;
}

function unusable(what: string): AppError {
  return new AppError('network.proxyScript', `It ${what}.`);
}
