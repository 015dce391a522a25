import type { WorkspaceKey } from '../model/ids.ts';
import type { Issuer } from './issuer.ts';
import type { WorkspaceSchema } from './logs.ts';

/**
 * Where the tables of workspaces are kept from one session to the next, each as one token saw them. Never rejects: what
 * cannot be read or written is not kept.
 */
export interface SchemaShelf {
  find(issuer: Issuer, workspace: WorkspaceKey): Promise<WorkspaceSchema | undefined>;
  keep(issuer: Issuer, workspace: WorkspaceKey, schema: WorkspaceSchema): void;
}
