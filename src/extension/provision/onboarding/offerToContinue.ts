import type { ComingRow } from '../../../protocol/onboarding.ts';
import type { App } from '../../platform/app.ts';

/**
 * Offers what a crash interrupted, once for each window, when its estate is there: `go` looks at the customer anew, for
 * what was done stays. `look` gives the customers of the file with how far each is.
 */
export function offerToContinue(
  { store, estate, guard, notify }: Pick<App, 'store' | 'estate' | 'guard' | 'notify'>,
  look: () => Promise<readonly ComingRow[]>,
  go: (key: string) => Promise<void>,
): void {
  let looked = false;
  store.add(
    estate.onDidChange(() => {
      if (looked || estate.state !== 'loaded') return;
      looked = true;
      void guard.quiet('onboarding.interrupted', async () => {
        for (const { customer, interrupted } of await look())
          if (
            interrupted &&
            (await notify.offer(
              `The onboarding of ${customer.name} was interrupted. What was done stays.`,
              `Continue Onboarding of ${customer.name}`,
            ))
          )
            await go(customer.key);
      });
    }),
  );
}
