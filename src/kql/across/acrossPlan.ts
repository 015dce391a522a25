import type { Column } from '../../model/kqlType.ts';
import type { RenderSpec } from '../../model/render.ts';
import type { Expr, Rel } from '../plan.ts';
import type { RemoteLanguage } from './remoteLanguage.ts';

/**
 * A query that targets are sent, and what it brings. Each target's rows are collected, with its attribution columns
 * before them, in the table `name` of the local part.
 */
export interface RemotePart {
  readonly name: string;
  /** What comes back, without attribution. */
  readonly columns: readonly Column[];
  /** Tables it reads, of which a target may lack some. */
  readonly tables: readonly string[];
  readonly rel: Rel;
  /** Rows that a target answers it with at most, whatever its tables hold; absent where they decide. */
  readonly most?: number;
  /** The true names, by table, of columns that go by another because theirs tells of a customer and not all have it. */
  readonly hidden?: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Conditions on the attribution columns, where the query itself leaves some targets out (see `isAsked`). */
  readonly only?: readonly Expr[];
}

/** What an across answer promises. */
export type AcrossPromise =
  | { readonly kind: 'exact' }
  /** `error` says, for people, what is estimated and how far it may be off. */
  | { readonly kind: 'approximate'; readonly error: string };

/**
 * How a query over many workspaces becomes the answer one workspace with everybody's rows would give: what is sent,
 * and what is done with what comes back.
 */
export interface AcrossPlan {
  readonly parts: readonly RemotePart[];
  /**
   * KQL over the tables of the parts (with `_Customer`, `_Tenant`, `_Workspace`), to be run by the local engine.
   * Undefined where the answer is the rows of the only part, one target's under the other's.
   */
  readonly local?: string;
  /** Where in the query as written an offset of `local` stands; absent, or undefined, for what is a text of ours. */
  readonly writtenAt?: (offset: number) => number | undefined;
  readonly columns: readonly Column[];
  readonly render?: RenderSpec;
  readonly promise: AcrossPromise;
  /** What makes it another answer than everybody's own, in words (`constructsApart`); empty where it is none. */
  readonly apart: readonly string[];
}

/** What a plan is made for. */
export interface AcrossOptions {
  /** The one instant `now()` and `ago()` stand for: ticks of 100 ns since year 1. */
  readonly now: bigint;
  /** The local part is asked again and again: `now()` and `ago()` stay calls in it. */
  readonly standing?: true;
  /**
   * Whether a text of the query must not leave for workspaces: it names a customer of the estate. What contains one is
   * looked at here, over the rows collected without it.
   */
  readonly isConfidential?: (text: string) => boolean;
  /** What the targets take, where they are no workspaces. */
  readonly language?: RemoteLanguage;
}
