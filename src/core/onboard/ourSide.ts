import { AppError } from '../../base/errors.ts';
import type { Estate } from '../../model/estate.ts';
import type { ComingCustomer, ManagedOffer } from '../../model/onboarding.ts';

/**
 * A customer whom nobody reaches has to let us in, unless it is we who could not enter: our own tenant, where a
 * delegation would show; or theirs, where a guest or an application has to sign in once more. Throws that error then.
 */
export function checkOurSide(
  { access, tenant }: Pick<ComingCustomer, 'access' | 'tenant'>,
  offer: Pick<ManagedOffer, 'managedBy'> | undefined,
  { tenants }: Pick<Estate, 'tenants'>,
): void {
  const managing = access === 'lighthouse' ? offer?.managedBy : undefined;
  const from = tenants.find(({ id }) => id === (managing ?? tenant));
  if (managing && !from)
    throw new AppError(
      'auth.signInRequired',
      `Nobody who is signed in is of tenant ${managing}, which the offer lets in: whether the customer has accepted it cannot be seen. Sign in with an account of that tenant.`,
    );
  if (!from || from.state === 'entered') return;
  // That a tenant does not know us, or refuses us, is for its administrator; of our own it is for us.
  if (managing || from.state !== 'noAccess')
    throw from.error
      ? AppError.fromData(from.error)
      : new AppError('auth.signInRequired', `Tenant ${from.name} could not be entered.`);
}
