import { lookup } from 'node:dns/promises';
import { createSocket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { isIPv4 } from 'node:net';
import { sandbox } from 'pac-resolver';
import { QuickJS } from 'quickjs-wasi';
import type { JSValueHandle } from 'quickjs-wasi';

/** So long a script may compute, and so much memory it may take. */
const RUN_MS = 2_000;
const MEMORY_BYTES = 32 * 1024 * 1024;
/** So long one name may take to be found, and so many names one address may ask for. */
const NAME_MS = 5_000;
const NAMES = 20;

/** A proxy auto-configuration file, ready to be asked. */
export interface PacScript {
  /** What `FindProxyForURL` returns for an address. Rejects with what the script throws, or that it ran too long. */
  find(url: string): Promise<unknown>;
}

/**
 * Compiles a file in a sandbox of its own (QuickJS in WebAssembly): it sees no Node, no file and no network, only the
 * functions that such files have by custom. The one door to both packages. Rejects with the error of its syntax.
 */
export async function compilePac(text: string): Promise<PacScript> {
  let deadline = Infinity;
  const vm = await QuickJS.create({
    wasm: await quickJs(),
    memoryLimit: MEMORY_BYTES,
    interruptHandler: () => Date.now() > deadline,
  });
  const names = new Map<string, string | null>();
  const unknown = new Set<string>();
  let self = '127.0.0.1';
  // Answered at once: pac-resolver's own compiler makes functions that wait return promises, and so
  // `hosts.some(function (h) { return isInNet(host, h, mask); })` true for everything. What is not known yet is noted,
  // and the script runs again when it is, as Chromium does.
  const resolve = (host: unknown): string | null => {
    const name = String(host);
    if (isIPv4(name)) return name;
    const known = names.get(name);
    if (known === undefined) unknown.add(name);
    return known ?? null;
  };
  const given: Readonly<Record<string, (...args: never[]) => unknown>> = {
    ...sandbox,
    alert: () => undefined,
    myIpAddress: () => self,
    dnsResolve: resolve,
    isResolvable: (host: unknown) => resolve(host) !== null,
    isInNet: (host: unknown, base: unknown, mask: unknown) => isInNet(resolve(host), String(base), String(mask)),
  };
  for (const [name, work] of Object.entries(given))
    vm.setProp(
      vm.global,
      name,
      vm.newFunction(name, (...args) => toGuest(vm, work(...(args.map((arg) => toHost(vm, arg)) as never[])))),
    );
  const within = <T>(work: () => T): T => {
    deadline = Date.now() + RUN_MS;
    try {
      return work();
    } finally {
      deadline = Infinity;
    }
  };
  vm.evalCode(SHELL_PATTERNS);
  const entry = within(() => vm.evalCode(`${text}\n;FindProxyForURL`, 'proxy.pac'));
  if (vm.typeof(entry) !== 'function') throw new Error('It has no function FindProxyForURL.');
  const call = (url: string): unknown =>
    within(() => toHost(vm, vm.callFunction(entry, vm.undefined, toGuest(vm, url), toGuest(vm, hostOf(url)))));

  async function run(url: string): Promise<unknown> {
    names.clear();
    self = await ownAddress();
    for (;;) {
      unknown.clear();
      try {
        const answer = call(url);
        if (unknown.size === 0) return answer;
      } catch (error) {
        // What it made of a name that was not known yet does not count.
        if (unknown.size === 0) throw error;
      }
      if (names.size + unknown.size > NAMES) throw new Error(`It looks up more than ${NAMES} names.`);
      await Promise.all(
        [...unknown].map(async (name) => {
          names.set(name, await addressOf(name));
        }),
      );
    }
  }
  // One after the other: a script may keep something from one call to the next.
  let last: Promise<unknown> = Promise.resolve();
  return {
    find: (url) => {
      const next = last.then(() => run(url));
      last = next.catch(() => undefined);
      return next;
    },
  };
}

/** In the sandbox itself, where the time it takes is counted: a pattern with many stars may take long. */
const SHELL_PATTERNS = String.raw`function shExpMatch(text, pattern) {
  var source = String(pattern).replace(/[.+^$()|[\]{}\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.');
  return new RegExp('^' + source + '$').test(String(text));
}`;

/** A value of the script. Nothing but texts, numbers and the like leaves the sandbox, or enters it. */
function toHost(vm: QuickJS, handle: JSValueHandle): unknown {
  const kind = vm.typeof(handle);
  return kind === 'object' || kind === 'function' || kind === 'symbol' ? null : vm.dump(handle);
}

function toGuest(vm: QuickJS, value: unknown): JSValueHandle {
  if (typeof value === 'string') return vm.newString(value);
  if (typeof value === 'number') return vm.newNumber(value);
  if (typeof value === 'boolean') return value ? vm.true : vm.false;
  return value === null ? vm.null : vm.undefined;
}

function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}

/** The sandbox's machine: beside the bundle, or in its package where the sources run. */
function quickJs(): Promise<Buffer> {
  return readFile(new URL('quickjs.wasm', import.meta.url)).catch(() =>
    readFile(createRequire(import.meta.url).resolve('quickjs-wasi/quickjs.wasm')),
  );
}

async function addressOf(name: string): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, NAME_MS, null);
  });
  try {
    return await Promise.race([lookup(name, { family: 4 }).then(({ address }) => address), late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** The address that this machine has towards the internet. Connecting a datagram socket sends nothing. */
function ownAddress(): Promise<string> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const end = (address: string): void => {
      socket.close();
      resolve(address);
    };
    socket.once('error', () => {
      end('127.0.0.1');
    });
    socket.connect(53, '8.8.8.8', () => {
      end(socket.address().address);
    });
  });
}

/** Whether an address is that of a network, by a mask such as 255.255.0.0. */
function isInNet(address: string | null, base: string, mask: string): boolean {
  if (address === null || !isIPv4(base) || !isIPv4(mask)) return false;
  const numberOf = (text: string): number => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) | 0;
  return (numberOf(address) & numberOf(mask)) === (numberOf(base) & numberOf(mask));
}
