import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { rootCertificates } from 'node:tls';

/** Sends a JSON body to an address; resolves to the status, 0 where nobody answered. */
export type PostWebhook = (address: string, body: object) => Promise<number>;

/** How long an action group waits for an answer (learn.microsoft.com, Action groups: ten seconds). */
const TIMEOUT_MS = 10_000;

/** Posts as an action group does: http and https, no redirects. Trusts the emulator's own authority, too. */
export function webhookPoster(ca: string): PostWebhook {
  return (address, body) =>
    new Promise((resolve) => {
      if (!URL.canParse(address)) {
        resolve(0);
        return;
      }
      const text = JSON.stringify(body);
      const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(text) };
      const options = { method: 'POST', headers, timeout: TIMEOUT_MS };
      const sent = address.startsWith('http:')
        ? httpRequest(address, options)
        : httpsRequest(address, { ...options, ca: [ca, ...rootCertificates] });
      sent.on('response', (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      sent.on('timeout', () => sent.destroy());
      sent.on('error', () => {
        resolve(0);
      });
      sent.end(text);
    });
}
