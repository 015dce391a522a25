import type { App } from '../../platform/app.ts';
import { findOnboardingPlace, readComing } from './onboardingPlace.ts';

/**
 * Offers what a crash interrupted, once for each window, when its estate is there: `go` looks at the customers anew, for
 * what was done stays. Nobody is asked anything where the folder has no customers to come.
 */
export function offerToContinue(app: App, go: (keys: readonly string[]) => Promise<void>): void {
  let looked = false;
  app.store.add(
    app.estate.onDidChange(() => {
      if (looked || app.estate.state !== 'loaded') return;
      looked = true;
      void app.guard.quiet('onboarding.interrupted', async () => {
        const place = await findOnboardingPlace();
        const text = place && (await readComing(place));
        if (!place || !text) return;
        const { customers } = await app.worker.request('onboarding.read', { text, folder: place.onboarding });
        for (const { customer, interrupted } of customers)
          if (
            interrupted &&
            (await app.notify.offer(
              `The onboarding of ${customer.name} was interrupted. What was done stays.`,
              `Continue Onboarding of ${customer.name}`,
            ))
          )
            await go([customer.key]);
      });
    }),
  );
}
