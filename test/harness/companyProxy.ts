import { createServer } from 'node:http';
import { createServer as createTlsServer, request as requestTls } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { makeCertificates } from '../../src/emulator/certificates.ts';

/** A company's proxy: it opens TLS with an authority of its own, and passes on what it reads to one origin. */
export interface CompanyProxy {
  readonly url: string;
  /** PEM of the authority that signed what clients see. */
  readonly ca: string;
  /** `host:port` of every tunnel that was asked for. */
  readonly tunnels: readonly string[];
  close(): Promise<void>;
}

/**
 * Starts one for `hosts`. Whatever they ask goes to `origin` (https, its `originCa` trusted). With `password` it wants
 * `Basic user:password`.
 */
export async function startCompanyProxy(options: {
  readonly hosts: readonly string[];
  readonly origin: string;
  readonly originCa: string;
  readonly password?: string;
}): Promise<CompanyProxy> {
  const { ca, cert, key } = await makeCertificates(options.hosts);
  const tunnels: string[] = [];
  const sockets = new Set<Socket>();
  const inside = createTlsServer({ cert, key }, (asked, answer) => {
    const onward = requestTls(
      new URL(asked.url ?? '/', options.origin),
      { method: asked.method, headers: asked.headers, ca: options.originCa, servername: 'localhost' },
      (got) => {
        answer.writeHead(got.statusCode ?? 502, got.headers);
        got.pipe(answer);
      },
    );
    onward.on('error', () => answer.destroy());
    asked.pipe(onward);
  });
  const proxy = createServer();
  proxy.on('connect', (asked, socket: Socket) => {
    sockets.add(socket);
    tunnels.push(asked.url ?? '');
    const wanted = `Basic ${Buffer.from(`user:${options.password}`).toString('base64')}`;
    if (options.password !== undefined && asked.headers['proxy-authorization'] !== wanted) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="it"\r\n\r\n');
      return;
    }
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    inside.emit('connection', socket);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    ca,
    tunnels,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
