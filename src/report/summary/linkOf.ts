import type { CustomerKey } from '../../model/ids.ts';

/** Where a customer's own file is, from the estate's. */
export type LinkOf = (customer: CustomerKey) => string;
