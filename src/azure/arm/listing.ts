import { createHash } from 'node:crypto';
import { RestError } from '@azure/core-rest-pipeline';
import { BadAnswer } from '../errors/badAnswer.ts';

/** A paged list of the SDKs. */
interface Paged<T> {
  byPage(): AsyncIterable<readonly T[]>;
}

/** Pages of one list. A page has up to a thousand items, and nobody has a million workspaces. */
export const MOST_PAGES = 1_000;

/**
 * The items of an SDK's paged list. The generated code takes a success without a `value` for a page and fails on it
 * with a TypeError, or with a RestError of no answer; only SDK code runs in here, so that is what these mean, and they
 * become the error of an unreadable answer. A list that comes back to a page it had, or has no end, is refused with
 * `service.endlessList`: the SDK follows any nextLink for ever. `signal` ends it between pages too.
 */
export async function* itemsOf<T>(list: Paged<T>, signal?: AbortSignal): AsyncGenerator<T, void, undefined> {
  const iterator = list.byPage()[Symbol.asyncIterator]();
  const seen = new Set<string>();
  for (let pages = 1; ; pages++) {
    signal?.throwIfAborted();
    let next: IteratorResult<unknown, unknown>;
    try {
      next = await iterator.next();
    } catch (error) {
      throw isNoPage(error) ? new SyntaxError('A list without its items.') : error;
    }
    if (next.done) return;
    if (!Array.isArray(next.value)) throw new SyntaxError('A list without its items.');
    const page = next.value as readonly T[];
    if (page.length > 0) {
      const mark = createHash('sha256').update(JSON.stringify(page)).digest('base64');
      if (seen.has(mark)) throw endless(pages);
      seen.add(mark);
    }
    if (pages > MOST_PAGES) throw endless(pages);
    yield* page;
  }
}

/** The error of a list whose pages do not end, after so many of them. */
export function endless(pages: number): BadAnswer {
  return new BadAnswer(
    'service.endlessList',
    `is a list without an end: after ${pages} pages it comes back to one of them, or still goes on. Nothing of it is used; try again later.`,
    { pages },
  );
}

function isNoPage(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof RestError && !error.response && !error.code);
}
