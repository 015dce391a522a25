import { AppError } from '../../base/errors.ts';
import type { ErrorSubject } from './subject.ts';

/** The longest origin that goes into a message whole. */
const MOST_CHARS = 120;
const WHOSE = "If this stays, somebody answers in the service's place: check the cloud's endpoints and the proxy.";

/** The refusal to send a token for the service at `endpoint` to an address of another: `network.foreignOrigin`. */
export function foreignOrigin(address: string, endpoint: string): AppError {
  const [to, own] = [originOf(address), originOf(endpoint)];
  return new AppError(
    'network.foreignOrigin',
    `An answer of ${own} leads on to ${to}, which is not part of that service. Nothing was sent there, and what it was to do is not known to be done. ${WHOSE}`,
    { data: { origin: to, endpoint: own } },
  );
}

/** A redirect that was not followed, because it leads to another origin or nowhere: `network.redirected`. */
export function fromRedirect(status: number, location: string | undefined, { what }: ErrorSubject): AppError {
  const to = location === undefined ? undefined : originOf(location);
  return new AppError(
    'network.redirected',
    `The request for the ${what} was sent on (${status})${to === undefined ? ' without saying where' : ` to ${to}`}. It was not followed, and nothing was sent there. ${WHOSE}`,
    { data: { status, ...(to === undefined ? {} : { origin: to }) } },
  );
}

/** What of an address a message may name: the origin, never the path. */
function originOf(address: string): string {
  const origin = URL.canParse(address) ? new URL(address).origin : 'an address of its own';
  return origin.length > MOST_CHARS ? `${origin.slice(0, MOST_CHARS)}…` : origin;
}
