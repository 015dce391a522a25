import type { ExportFormat } from '../model/exportFormat.ts';
import type { RunId } from '../model/ids.ts';
import type {
  ChartData,
  ChartRequest,
  ColumnStatistics,
  RowFilter,
  RowFindAnswer,
  RowFindRequest,
  RowGroups,
  RowGroupsRequest,
  RowSort,
  RowWindow,
  RowWindowRequest,
} from '../model/rows.ts';
import type { ComparisonKeys, EarlierResult, NamedResult, QueryReaders, Run, RunRequest } from '../model/run.ts';
import { MINUTE } from './deadlines.ts';
import type { Deadlines } from './deadlines.ts';

/** Runs and their rows: started, watched, read in windows, written to files. */
export type RunsContract = {
  requests: {
    /** The first snapshot: who will be asked. Nothing was sent where it rejects. */
    'runs.start': { input: RunRequest; output: Run };
    /**
     * What a run would send to whom, and what is done with what comes; sends nothing but questions for tables. `count`:
     * also for how many rows each part brings, a request for each part and target.
     */
    'runs.explain': { input: RunRequest & { readonly count?: boolean }; output: { markdown: string } };
    /** Who would be able to read the text of the query: one call of Resource Manager for each that is not known yet. */
    'runs.readers': { input: RunRequest; output: QueryReaders };
    /**
     * Asks the rows of ended runs, each a table, and nobody else; the ended run of the answer, or why there is none.
     */
    'runs.askResult': { input: { results: readonly NamedResult[]; query: string }; output: Run };
    /** What two ended runs can be compared by. */
    'runs.comparisonKeys': { input: { before: RunId; after: RunId }; output: ComparisonKeys };
    /** What changed from one run to another: the ended run of it. By the suggested columns unless others are named. */
    'runs.compare': { input: { before: RunId; after: RunId; key?: readonly string[] }; output: Run };
    /** What a run is called from now on; without a label, by its query. */
    'runs.label': { input: { run: RunId; label?: string }; output: Run };
    /** Asks the rows of the results that the query names as tables, and nobody else; else as `runs.start`. */
    'runs.startWith': { input: RunRequest & { results: readonly EarlierResult[] }; output: Run };
    'runs.cancel': { input: { run: RunId }; output: null };
    /** `scan`: the person agreed to searches of Basic and Auxiliary tables, which are charged. */
    'runs.retry': { input: { run: RunId; scan?: boolean }; output: null };
    'runs.rows': { input: { run: RunId } & RowWindowRequest; output: RowWindow };
    'runs.statistics': {
      input: { run: RunId; column: string; filters?: readonly RowFilter[]; search?: string };
      output: ColumnStatistics;
    };
    'runs.groups': { input: { run: RunId } & RowGroupsRequest; output: RowGroups };
    'runs.find': { input: { run: RunId } & RowFindRequest; output: RowFindAnswer };
    'runs.chart': { input: { run: RunId } & ChartRequest; output: ChartData };
    'runs.export': {
      input: {
        run: RunId;
        path: string;
        format: ExportFormat;
        /** Then `path` is a folder, for a file of each customer. */
        perCustomer?: true;
        sort?: readonly RowSort[];
        filters?: readonly RowFilter[];
        search?: string;
      };
      /** Rows and files of rows; `notes` say what could not be kept, `incomplete` counts customers. */
      output: { rows: number; files: number; notes: readonly string[]; incomplete?: number };
    };
    /** Loads what the first run needs (parser, database, SDKs), and asks nobody anything. Twice is once. */
    'runs.prepare': { input: null; output: null };
    'runs.list': { input: null; output: Run[] };
    'runs.discard': { input: { run: RunId }; output: null };
  };
  events: {
    /** A full snapshot, at most every 100 ms a run, and always the last one. */
    'run.changed': Run;
    /** How far an export to `path` is: rows written, and the part of the whole, from 0 to 1. */
    'run.exporting': { run: RunId; path: string; rows: number; fraction: number };
  };
};

/** Milliseconds each of the contract's requests may take; an export takes what it takes. */
export const RUNS_DEADLINES: Deadlines<RunsContract> = {
  'runs.start': 10 * MINUTE,
  'runs.explain': 10 * MINUTE,
  'runs.readers': 10 * MINUTE,
  'runs.askResult': 10 * MINUTE,
  'runs.comparisonKeys': 10 * MINUTE,
  'runs.compare': 10 * MINUTE,
  'runs.label': MINUTE,
  'runs.startWith': 10 * MINUTE,
  'runs.cancel': MINUTE,
  'runs.retry': MINUTE,
  'runs.rows': 2 * MINUTE,
  'runs.statistics': 2 * MINUTE,
  'runs.groups': 2 * MINUTE,
  'runs.find': 2 * MINUTE,
  'runs.chart': 2 * MINUTE,
  'runs.export': Infinity,
  'runs.prepare': MINUTE,
  'runs.list': MINUTE,
  'runs.discard': MINUTE,
};
