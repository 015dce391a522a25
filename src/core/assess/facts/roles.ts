import type { RoleFact } from '../../../model/assessment/facts.ts';
import type { ListFact } from './listFact.ts';

/**
 * Role assignments on a subscription and below: one call of Resource Manager. Over Lighthouse the customer's own are
 * not among them.
 */
export const roles: ListFact<'roles', RoleFact> = {
  name: 'roles',
  key: ({ principalId, roleId, scope }) => `${scope} ${roleId} ${principalId}`,
};
