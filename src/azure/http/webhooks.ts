import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { CancelSignal } from '../../base/cancel.ts';
import { AppError } from '../../base/errors.ts';
import type { WebhookAnswer, WebhookPort } from '../../ports/alertDelivery.ts';
import { callAzure } from '../calls.ts';
import { userAgent } from '../clientOptions.ts';
import type { ClientSettings } from '../clientOptions.ts';
import { parseRetryAfter } from '../errors/http.ts';

/** How long a receiver may take. */
const DEADLINE_MS = 30_000;

/**
 * Posts to addresses of others through the transport that everything goes through, with its proxies and certificates:
 * no pipeline, so no sign-in, no challenge, no redirect, nothing but what is given.
 */
export class Webhooks implements WebhookPort {
  private readonly settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.settings = settings;
  }

  async post(
    url: string,
    body: string,
    headers: Readonly<Record<string, string>>,
    signal: CancelSignal,
  ): Promise<WebhookAnswer> {
    if (!URL.canParse(url) || new URL(url).protocol !== 'https:')
      throw new AppError('input.alert', 'A webhook is an https address.');
    const subject = { tenant: '', what: `webhook at ${new URL(url).host}`, application: true };
    return callAzure({ subject, signal, deadlineMs: DEADLINE_MS }, async ({ abortSignal }) => {
      const request = createPipelineRequest({
        url,
        method: 'POST',
        body,
        headers: createHttpHeaders({ ...headers, 'user-agent': userAgent(this.settings.version) }),
        abortSignal,
      });
      request.headers.delete('authorization');
      const response = await this.settings.httpClient.sendRequest(request);
      const answer = {
        status: response.status,
        header: (name: string) => response.headers.get(name),
        body: response.bodyAsText ?? '',
      };
      const retryAfterMs = parseRetryAfter(answer, Date.now());
      return { status: response.status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    });
  }
}
