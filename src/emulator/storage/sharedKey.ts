import type { World } from '../state.ts';

/** The query of a shared access signature for what an ingestion service lends out, the same for all of it. */
export function lentSignature(world: World): string {
  return `sv=2024-05-04&sp=rw&sig=${world.guid('shared access signature')}`;
}

/** Whether a request brings that signature. */
export function isLent(world: World, queries: ReadonlyMap<string, string>): boolean {
  return queries.get('sig') === world.guid('shared access signature');
}
