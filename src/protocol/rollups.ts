import type { AppErrorData } from '../base/errors.ts';
import type { CustomerKey } from '../model/ids.ts';
import type { Column } from '../model/kqlType.ts';
import type { EraseReceipt, RollupDefinition, RollupKind, TimeWindow } from '../model/rollup.ts';
import type { Scope } from '../model/scope.ts';
import { MINUTE } from './deadlines.ts';
import type { Deadlines } from './deadlines.ts';

/** A roll-up's file as it stands now: its address, whose ending tells the form, and its text. */
export interface RollupText {
  readonly path: string;
  readonly text: string;
}

/** Something wrong with a roll-up's file: UTF-16 offsets of the file. */
export interface RollupProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/** A roll-up's file, read. `definition` and `id` (of the version it means) are absent where problems leave it open. */
export interface RollupInFile {
  readonly path: string;
  readonly definition?: RollupDefinition;
  readonly id?: string;
  readonly problems: readonly RollupProblem[];
}

/** Windows that are not stored, and why: epoch milliseconds. */
export type RollupGapView = TimeWindow & { readonly reason: string };

/** How far a roll-up is in one workspace for one sink. Times are epoch milliseconds. */
export interface RollupLine {
  /** Of the version: the roll-up's name and eight hexadecimal digits. */
  readonly rollup: string;
  readonly sink: string;
  /** The workspace's ID (guid). */
  readonly workspace: string;
  readonly workspaceName: string;
  readonly customer: CustomerKey;
  readonly customerName: string;
  /** Nothing of the customer is read or stored. */
  readonly off: boolean;
  readonly since?: number;
  /** Every window before it is stored, or one of `gaps`; absent where nothing was begun. */
  readonly until?: number;
  readonly gaps: readonly RollupGapView[];
  readonly last?: TimeWindow & { readonly rows: number; readonly bytes: number; readonly at: number };
  readonly ranAt?: number;
  /** Why it does not go on, until that is mended. */
  readonly stopped?: AppErrorData;
}

/** What queries over the centre call the stored rows of a version, and the answer made of them. */
export interface RollupNames {
  readonly id: string;
  readonly kind: RollupKind;
  readonly rows: string;
  readonly answer: string;
  readonly columns: readonly Column[];
  readonly answerColumns: readonly Column[];
}

/** Everything the Roll-ups view shows: the files, what is stored, and what is paused (names of roll-ups). */
export interface RollupsPicture {
  readonly files: readonly RollupInFile[];
  readonly lines: readonly RollupLine[];
  readonly names: readonly RollupNames[];
  readonly paused: readonly string[];
  /** The folder where rows and state lie. */
  readonly lake: string;
  /** What is not in this picture, and what is wrong with files of centres: sentences. */
  readonly notes: readonly string[];
}

/** A dry run, and all it tells as Markdown: rows, size and cost by customer, columns, and what is stored before. */
export interface RollupDryRun {
  readonly run: RollupOutcomes;
  readonly document: string;
}

/** What became of one workspace in a run. */
export interface RollupOutcome {
  readonly customer: string;
  readonly workspace: string;
  readonly sink: string;
  readonly state: 'current' | 'stored' | 'notDue' | 'busy' | 'off' | 'stopped' | 'failed';
  readonly windows: number;
  readonly rows: number;
  readonly bytes: number;
  readonly gaps: readonly RollupGapView[];
  readonly error?: AppErrorData;
}

/** What became of a run; `error` where it could not begin. `missing`: tenants that could not be entered. */
export interface RollupRun extends RollupOutcomes {
  readonly sentence: string;
  /** Who lacks what, and why, as Markdown; absent where nobody lacks anything. */
  readonly document?: string;
}

/** The outcomes of a run. */
export interface RollupOutcomes {
  readonly rollup: string;
  readonly error?: AppErrorData;
  readonly workspaces: readonly RollupOutcome[];
  readonly missing: readonly { readonly customer: string; readonly tenant: string }[];
}

/** What a definition brings, over the tables of its scope; or what is wrong with it. */
export interface RollupCheck {
  readonly problems: readonly RollupProblem[];
  readonly kind?: RollupKind;
  /** Columns of the answer that the centre gives. */
  readonly columns?: readonly Column[];
}

/** A query that brings the rows which a stored row was made of, and whom it asks. */
export interface RollupOrigin {
  readonly rollup: string;
  readonly query: string;
  readonly scope: Scope;
}

/** Roll-ups in the editor: what there is, runs of one at a time, switches, and where a row comes from. */
export type RollupsContract = {
  requests: {
    /** Nobody is asked anything but where the person approved that state is, once the estate is loaded. */
    'rollups.look': { input: { readonly files: readonly RollupText[] }; output: RollupsPicture };
    /**
     * Plans one definition over the tables of its scope. Without `plan` only the file is read, and nobody is asked.
     */
    'rollups.check': { input: RollupText & { readonly plan: boolean }; output: RollupCheck };
    /**
     * Stores what is over, and the windows of `backfill` again. One at a time: rejects with `input.rollupBusy` while
     * another goes on, with `input.rollup` for a file with a problem, and with `input.notApproved` (its data are
     * `NotApproved`) before anything is sent to an address that nobody approved.
     */
    'rollups.run': { input: RollupText & { readonly backfill?: TimeWindow }; output: RollupRun };
    /** Reads the last window of each workspace and stores nothing; no centre is asked anything. Rejects as a run. */
    'rollups.dryRun': { input: RollupText; output: RollupDryRun };
    /** `path`: the address of its file, where it has one. */
    'rollups.pause': {
      input: { readonly rollup: string; readonly paused: boolean; readonly path?: string };
      output: null;
    };
    /** The kill switch of a customer, in every state that files of these addresses have. */
    'rollups.switch': {
      input: { readonly customer: CustomerKey; readonly on: boolean; readonly paths: readonly string[] };
      output: null;
    };
    'rollups.erase': {
      input: { readonly customer: CustomerKey; readonly name: string; readonly paths: readonly string[] };
      /** The receipts, and as Markdown. */
      output: { readonly receipts: readonly EraseReceipt[]; readonly document: string };
    };
    /** The gaps of these lines as Markdown, below a name. */
    'rollups.describeGaps': {
      input: { readonly name: string; readonly lines: readonly RollupLine[] };
      output: string;
    };
    /**
     * The customer's rows behind a stored row. Rejects with `input.rollup` where the centre does not know the version.
     */
    'rollups.origin': {
      input: {
        readonly id: string;
        readonly customer: string;
        readonly workspace: string;
        /** ISO texts, as the row has them. */
        readonly from: string;
        readonly to: string;
        /** Addresses of files whose state may know the version, too. */
        readonly paths: readonly string[];
      };
      output: RollupOrigin;
    };
  };
  events: {
    /** One more workspace of a run is done with. */
    'rollups.progress': { readonly rollup: string; readonly done: number; readonly total: number };
  };
};

/** How long each request may take; a run takes what its windows take. */
export const ROLLUPS_DEADLINES: Deadlines<RollupsContract> = {
  'rollups.look': MINUTE,
  'rollups.check': 5 * MINUTE,
  'rollups.run': Infinity,
  'rollups.dryRun': Infinity,
  'rollups.pause': MINUTE,
  'rollups.switch': MINUTE,
  'rollups.erase': 10 * MINUTE,
  'rollups.describeGaps': MINUTE,
  'rollups.origin': MINUTE,
};
