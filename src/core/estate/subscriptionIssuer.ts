import { AppError } from '../../base/errors.ts';
import type { Subscription } from '../../model/estate.ts';
import type { Issuer } from '../../ports/issuer.ts';
import { comparePaths } from './path.ts';

/** Whose token asks a subscription. Throws `access.noPath` where no signed-in account reaches it. */
export function subscriptionIssuer({ paths, name }: Subscription): Issuer {
  const [path] = [...paths].sort(comparePaths);
  if (!path) throw new AppError('access.noPath', `No signed-in account reaches subscription ${name}.`);
  return { account: path.account, tenant: path.issuer };
}
