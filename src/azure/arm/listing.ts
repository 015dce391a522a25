/**
 * The items of an SDK's paged list. The generated code takes a success without a `value` for a page and fails on it
 * with a TypeError; only SDK code runs in here, so that is what a TypeError means, and it becomes the error of an
 * unreadable answer.
 */
export async function* itemsOf<T>(list: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  const iterator = list[Symbol.asyncIterator]();
  for (;;) {
    let next: IteratorResult<T, unknown>;
    try {
      next = await iterator.next();
    } catch (error) {
      throw error instanceof TypeError ? new SyntaxError('A list without its items.') : error;
    }
    if (next.done) return;
    yield next.value;
  }
}
