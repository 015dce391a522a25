import type { SourceSchema } from '../../kql/scopeSchema.ts';
import type { Way } from './plannedTarget.ts';

/** The tables of a workspace as this way leads to them: of one that is shared with whose rows may be asked for. */
export function asAsked(schema: SourceSchema, way: Way): SourceSchema {
  return 'only' in way && way.only ? { ...schema, only: way.only } : schema;
}
