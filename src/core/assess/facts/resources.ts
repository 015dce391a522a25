import type { ResourceCount } from '../../../model/assessment/facts.ts';
import type { ListFact } from './listFact.ts';

/** Resources by type and region: one question to Resource Graph per issuer. */
export const resources: ListFact<'resources', ResourceCount> = {
  name: 'resources',
  key: ({ subscription, type, region }) => `${subscription} ${type} ${region}`,
};
