import type { AskedAudited, Confidentiality, SharedRequests } from '../../model/run.ts';

const AUDITED: Readonly<Record<AskedAudited, string>> = {
  allow: '',
  ask: ' You are asked before a query goes to a workspace that keeps its text.',
  refuse: ' No query goes to a workspace that keeps its text.',
};
const SHARED: Readonly<Record<SharedRequests, string>> = {
  never: '',
  sameCustomer: " Workspaces of one customer may be asked together, and see each other's ids.",
  everyone: " Workspaces may be asked together, across customers, and see each other's ids.",
};

/** What the settings say of who may learn what by a query, behind what a scope is; empty where it is as by default. */
export function confidentialWords({ audited, shared }: Required<Confidentiality>): string {
  return `${AUDITED[audited]}${SHARED[shared]}`;
}
