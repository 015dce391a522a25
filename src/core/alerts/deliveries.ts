import { AppError } from '../../base/errors.ts';
import type { AlertDefinition, AlertDelivery } from '../../model/alert.ts';
import type { Estate } from '../../model/estate.ts';
import type { CustomerKey } from '../../model/ids.ts';

/** A delivery, and the one customer it hears of; the provider's own where there is none. */
export interface BoundDelivery {
  readonly delivery: AlertDelivery;
  readonly customer?: CustomerKey;
}

/**
 * The deliveries of a definition with the customers that they are bound to. Throws `input.alert` where a name is
 * nobody's or several customers': then nothing goes anywhere.
 */
export function boundDeliveries({ name, deliveries }: AlertDefinition, estate: Estate): readonly BoundDelivery[] {
  return deliveries.map((delivery) => {
    if (delivery.customer === undefined) return { delivery };
    const wanted = delivery.customer.toLowerCase();
    const byKey = estate.customers.filter(({ key }) => key.toLowerCase() === wanted);
    const found = byKey.length > 0 ? byKey : estate.customers.filter((one) => one.name.toLowerCase() === wanted);
    if (found.length === 1) return { delivery, customer: found[0]!.key };
    throw new AppError(
      'input.alert',
      found.length === 0
        ? `A delivery of ${name} is for "${delivery.customer}", and there is no such customer in your estate.`
        : `A delivery of ${name} is for "${delivery.customer}", and several customers are called so. Give the customer's key.`,
    );
  });
}

/**
 * Whether a delivery hears of what fired: the provider's own of everything, a customer's of that customer's alone.
 * What fired over all customers together is nobody's but the provider's.
 */
export function hears({ customer }: BoundDelivery, of: CustomerKey | undefined): boolean {
  return customer === undefined || customer === of;
}

/** The host of an https address, in lower case: what a person knows and approves. */
export function hostOf(address: string): string {
  return /^https:\/\/(?:[^/?#]*@)?([^/?#]+)/i.exec(address)?.[1]?.toLowerCase() ?? '';
}

/** A delivery in a few words, without the part of an address that may be a secret. */
export function deliveryText(delivery: AlertDelivery): string {
  switch (delivery.kind) {
    case 'webhook':
      return `webhook at ${hostOf(delivery.url)}`;
    case 'jsonLines':
      return delivery.file === '-' ? 'standard output' : delivery.file;
    case 'ticket':
      return `ticket of ${delivery.template}`;
  }
}
