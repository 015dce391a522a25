import { RestError } from '@azure/core-rest-pipeline';

/**
 * The items of an SDK's paged list. The generated code takes a success without a `value` for a page and fails on it
 * with a TypeError, or with a RestError of no answer; only SDK code runs in here, so that is what these mean, and they
 * become the error of an unreadable answer.
 */
export async function* itemsOf<T>(list: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  const iterator = list[Symbol.asyncIterator]();
  for (;;) {
    let next: IteratorResult<T, unknown>;
    try {
      next = await iterator.next();
    } catch (error) {
      throw isNoPage(error) ? new SyntaxError('A list without its items.') : error;
    }
    if (next.done) return;
    yield next.value;
  }
}

function isNoPage(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof RestError && !error.response && !error.code);
}
