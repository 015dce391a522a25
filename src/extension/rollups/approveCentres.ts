import { AppError, toAppError } from '../../base/errors.ts';
import type { NotApproved } from '../../protocol/centres.ts';
import type { App } from '../platform/app.ts';

/**
 * Does what may use addresses of a repository's file. Where one is refused because nobody approved it the person is
 * asked, by a modal question that shows it whole; their word is kept for exactly that address, and the work is done
 * again. Rejects with `cancelled.byUser` where they say no; nothing was sent then.
 */
export async function withApproval<T>({ notify, worker }: App, work: () => Promise<T>): Promise<T> {
  for (;;)
    try {
      return await work();
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code !== 'input.notApproved') throw thrown;
      const { places, question } = error.data as unknown as NotApproved;
      const named = places.map(({ name, address }) => `${name}: ${address}`).join('\n');
      const rests = `${places[0]!.file} says so, a file of this repository. Your word is kept for exactly this; another address asks again.`;
      if (!(await notify.confirm(question, `${named}\n\n${rests}`, 'Approve')))
        throw new AppError('cancelled.byUser', 'Nothing was sent.');
      for (const place of places) await worker.request('centres.approve', place);
    }
}
