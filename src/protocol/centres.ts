import type { Plan } from '../model/plan.ts';
import { MINUTE } from './deadlines.ts';
import type { Deadlines } from './deadlines.ts';
import type { RollupText } from './rollups.ts';

/** A person's word that roll-ups of a repository may use exactly this address, by that name of that file. */
export interface CentreApproval {
  /** Absolute path of the file of centres. */
  readonly file: string;
  readonly name: string;
  readonly address: string;
}

/** The data of `input.notApproved`: what is to be approved before anything is sent, and what would happen then. */
export interface NotApproved {
  readonly places: readonly CentreApproval[];
  readonly question: string;
}

/** Whose role on its rule a centre is prepared with: the person who is signed in, an object ID, or nobody's. */
export type CentreWriterWish = 'me' | { readonly objectId: string } | 'nobody';

/** What runs roll-ups without anybody's machine. */
export type RunnerKind = 'github' | 'containerApps' | 'logicApp';

/** Where roll-ups of a repository are stored: what the person approved, and what is made for it or over it. */
export type CentresContract = {
  requests: {
    /** Rejects with `input.centre` where the file says another address by now. */
    'centres.approve': { input: CentreApproval; output: null };
    /** The centres that a roll-up's file names beside the lake, by name. Nobody is asked anything. */
    'centres.of': { input: RollupText; output: readonly { readonly name: string; readonly kind: string }[] };
    /** The plan of what each Log Analytics centre of a roll-up lacks; for others there is nothing to make. */
    'centres.plan': {
      input: RollupText & { readonly writer: CentreWriterWish };
      output: readonly { readonly centre: string; readonly plan?: Plan }[];
    };
    /**
     * Writes a Power BI project over what these roll-ups stored in a centre to a folder: this one where it is empty,
     * else a new one in it. Rejects with `input.exportPath` and `input.rollup`.
     */
    'centres.powerBi': {
      input: { readonly files: readonly RollupText[]; readonly centre: string; readonly folder: string };
      output: { readonly folder: string; readonly notes: readonly string[] };
    };
    /** The text of what runs these roll-ups, and what it cannot do. Rejects with `input.runner`. */
    'centres.runner': {
      input: { readonly files: readonly RollupText[]; readonly all: boolean; readonly kind: RunnerKind };
      output: { readonly text: string; readonly notes: readonly string[] };
    };
  };
  events: Record<never, never>;
};

/** How long each request may take. */
export const CENTRES_DEADLINES: Deadlines<CentresContract> = {
  'centres.approve': MINUTE,
  'centres.of': MINUTE,
  'centres.plan': 10 * MINUTE,
  'centres.powerBi': 10 * MINUTE,
  'centres.runner': 10 * MINUTE,
};
