import type { AcrossOptions, AcrossPlan, RemotePart } from '../../../kql/across/acrossPlan.ts';
import type { TargetAttribution } from '../../../kql/across/isAsked.ts';
import type { SharedQuery, SlicedPart } from '../../../kql/across/remoteQuery.ts';
import type { SourceSchema } from '../../../kql/scopeSchema.ts';
import type { SchemaService } from '../../schema/schemaService.ts';

/** A plan, and what a workspace of a schema is sent for a part; undefined where it has none of the part's tables. */
export interface WrittenPlan {
  readonly plan: AcrossPlan;
  text(part: RemotePart, schema: SourceSchema): string | undefined;
  /** What it is sent together with others; undefined where the part is for each alone. */
  shared(part: RemotePart, schema: SourceSchema): SharedQuery | undefined;
  /** The same in slices of time; undefined where slices do not add up to the part. */
  sliced(part: RemotePart, schema: SourceSchema): SlicedPart | undefined;
  /** False where the query's own conditions on whose rows it wants leave a target out. */
  asks(part: RemotePart, target: TargetAttribution): boolean;
}

/** What a plan is made for, and the tables that the query reads, where it is known to read no others. */
export interface PlanQuestion extends AcrossOptions {
  readonly tables?: readonly string[];
}

/**
 * How a query becomes the answer over all workspaces of these schemas. Throws `query.unsupported` where it cannot be
 * had, `query.semantic` where the query is wrong as far as these schemas tell.
 */
export type PlanAcross = (query: string, schemas: readonly SourceSchema[], question: PlanQuestion) => WrittenPlan;

/** What across answers take beside what every run does. */
export interface AcrossWorld {
  readonly schemas: Pick<SchemaService, 'ofWorkspaces' | 'forget'> & Partial<Pick<SchemaService, 'onDidChange'>>;
  /** Microsoft's binder comes with it, so it is loaded by the first run that needs a plan. */
  readonly planner: () => Promise<PlanAcross>;
}
