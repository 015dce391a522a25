import type { Handlers } from '../base/rpc.ts';
import type { SchemaContract } from '../protocol/schema.ts';
import type { CurrentSession } from './currentSession.ts';
import { toScopeSchema } from './scopeSchema.ts';

/** What the language service is to know of a scope. */
export function schemaHandlers(current: CurrentSession): Handlers<SchemaContract> {
  return {
    'schema.show': async (question, signal) => {
      await current.live.ready();
      return current.live.schemaRun(question, signal);
    },
    'schema.forScope': async ({ workspaces }, signal) =>
      toScopeSchema(await current.live.schemas.forScope(workspaces, signal)),
  };
}
