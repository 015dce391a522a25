import { NOTHING, toProxyUrl } from './systemProxy.ts';
import type { SystemProxy } from './systemProxy.ts';

/**
 * Reads what `scutil --proxy` prints: a dictionary, a `Name : value` a line, `ExceptionsList` an array within. What it
 * says of single interfaces (`__SCOPED__`) is nested and left out: nothing is bound to one here.
 */
export function parseScutil(output: string): SystemProxy {
  const values = new Map<string, string>();
  const exempt: string[] = [];
  const open: string[] = [];
  for (const line of output.split(/\r?\n/)) {
    const [, name = '', value = ''] = /^\s*(\S+) : (.*?)\s*$/.exec(line) ?? [];
    if (/<(?:dictionary|array)> \{\s*$/.test(line)) open.push(name);
    else if (/^\s*\}\s*$/.test(line)) open.pop();
    else if (open.length === 1 && name !== '') values.set(name, value);
    else if (open.length === 2 && open[1] === 'ExceptionsList' && value !== '') exempt.push(value);
  }
  const on = (name: string): boolean => values.get(name) === '1';
  const pac = on('ProxyAutoConfigEnable') ? values.get('ProxyAutoConfigURLString') : undefined;
  const proxy = on('HTTPSEnable') ? toProxyUrl(values.get('HTTPSProxy'), values.get('HTTPSPort')) : undefined;
  return {
    ...NOTHING,
    ...(pac ? { pac } : {}),
    ...(proxy === undefined ? {} : { proxy, exempt: on('ExcludeSimpleHostnames') ? [...exempt, '<local>'] : exempt }),
  };
}
