import { BlockList, isIP } from 'node:net';

/**
 * Whether an entry of a system's list of exceptions means a host (lower case, IPv6 without brackets): a name with `*`
 * for anything, `.suffix`, each with `:port` where it means only that one, a network (`10.0.0.0/8`, macOS writes
 * `169.254/16`), or `<local>` for names without a dot.
 */
export function isExemptBySystem(entry: string, host: string, port: string): boolean {
  const written = entry
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '');
  if (written === '' || written === '<-loopback>') return false;
  if (written === '<local>') return !host.includes('.') && isIP(host) === 0;
  const network = /^([0-9a-f.:]+)\/(\d{1,3})$/.exec(written);
  if (network) return isIP(host) !== 0 && isWithin(host, network[1]!, Number(network[2]));
  const [, name = written, only = port] = /^([^:]*):(\d+)$/.exec(written) ?? [];
  if (only !== port) return false;
  if (name.startsWith('.')) return host.endsWith(name) || host === name.slice(1);
  const pattern = name.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`).test(host);
}

function isWithin(host: string, base: string, bits: number): boolean {
  const six = base.includes(':');
  const whole = six ? base : [...base.split('.'), '0', '0', '0'].slice(0, 4).join('.');
  if (isIP(whole) !== isIP(host) || bits > (six ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(whole, bits, six ? 'ipv6' : 'ipv4');
  return list.check(host, six ? 'ipv6' : 'ipv4');
}
