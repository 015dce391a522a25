import type { TokenClaims } from '../identity/bearer.ts';
import type { RequestContext } from '../router.ts';
import type { World } from '../state.ts';
import type { KustoDatabase, KustoTable } from '../stores.ts';
import { NAME } from './commandText.ts';
import type { Ingestion } from './ingestion.ts';
import { entityNotFound } from './kustoError.ts';
import type { TableRows } from './tableRows.ts';

/** A command on its way: who asks what of which database. */
export interface Asked {
  readonly ctx: RequestContext;
  readonly world: World;
  readonly claims: TokenClaims;
  readonly database: KustoDatabase;
  readonly rows: TableRows;
  readonly ingestion: Ingestion;
}

/** A command: how it is written, what its caller must be allowed, and its answer in version 1. */
export interface Command {
  readonly pattern: RegExp;
  readonly needs: 'query' | 'ingest' | 'define' | 'remove';
  run(asked: Asked, parts: readonly string[]): string | Promise<string>;
}

/** A pattern over a whole command; a blank stands for any, `NAME` for a name. */
export function pattern(source: string): RegExp {
  return new RegExp(`^${source.replaceAll(' ', String.raw`\s+`).replaceAll('NAME', NAME)}$`, 'is');
}

/** A table of the database; 400 where there is none. */
export function tableOf({ ctx, database }: Asked, name: string): KustoTable {
  const table = database.tables.get(name);
  if (!table) throw entityNotFound(ctx, 'Table', name);
  return table;
}
