import { AppError, familyOf, toAppError } from '../../../base/errors.ts';
import type { AppErrorData } from '../../../base/errors.ts';
import type { SlicedPart } from '../../../kql/across/remoteQuery.ts';
import { formatDatetime } from '../../../model/values/datetime.ts';
import { targetName } from '../../../model/run.ts';
import type { LogsAnswer } from '../../../ports/logs.ts';
import { fanOut } from '../../fanOut/fanOut.ts';
import { readAnswer } from '../answer.ts';
import { questionTo } from '../asking.ts';
import type { Asking, TargetChange } from '../asking.ts';
import type { AskWorld } from '../askWorld.ts';
import { LARGE_ANSWER_BYTES, storeAnswer } from '../storedAnswer.ts';
import { readTimes, TimeSlices } from './timeSlices.ts';

/** An answer that the service cut: what is there of it, stored already, and what was kept from the caller besides. */
export interface CutAnswer {
  readonly rows: number;
  readonly bytes: number;
  readonly tookMs: number;
  /** The service's word that it was cut. */
  readonly cut: AppErrorData;
  /** What it would lack if it came whole. */
  readonly unread?: AppErrorData | undefined;
}

/** Slices are asked at most so many for each row that may come: wide rows make small ones. */
const ROWS_PER_SLICE = 125_000;
/** However few rows may come. */
const FEWEST_SLICES = 16;
/** So many times more of them while there are fewer rows than the cut answer had. */
const UNTIL_AS_MANY = 4;
/** Rows of one answer at most, by the service's limit: the slice that reaches `maxRows` is stored whole. */
const MOST_OF_ANSWER = 500_000;
/** More slices than the rows of the cut answer ask for: no two of them have the same number of rows. */
const SPARE = 1.1;

/**
 * Asks a target whose answer the service cut for all of it, in slices of time, the newest first; they take the place of
 * the rows that are there. Ends with the target's state: answered, or partial with what is missing and why. Never
 * rejects for what the service says.
 */
export async function askSlices(
  run: Asking,
  index: number,
  whole: CutAnswer,
  world: AskWorld,
  changed: () => void,
): Promise<void> {
  const asking = new SliceAsking(run, index, whole, world, changed);
  let end: TargetChange;
  try {
    end = await asking.end();
  } catch (thrown) {
    end = asking.failed(toAppError(thrown).toData());
  }
  run.update(index, end);
  changed();
}

/** A slice's answer: stored, or that it is more than one answer again, or too much. */
type Got = 'stored' | 'cut' | 'tooMany' | AppErrorData;

class SliceAsking {
  private readonly run: Asking;
  private readonly index: number;
  private readonly whole: CutAnswer;
  private readonly world: AskWorld;
  private readonly changed: () => void;
  private stored = 0;
  private bytes: number;
  private tookMs: number;
  private slices: TimeSlices | undefined;
  /** Slices that are stored; from when on, in ticks. */
  private came = 0;
  private from: bigint | undefined;

  constructor(run: Asking, index: number, whole: CutAnswer, world: AskWorld, changed: () => void) {
    this.run = run;
    this.index = index;
    this.whole = whole;
    this.world = world;
    this.changed = changed;
    this.bytes = whole.bytes;
    this.tookMs = whole.tookMs;
  }

  /** Asks until all is there, or no more is to be had. */
  async end(): Promise<TargetChange> {
    const { run, whole } = this;
    const begun = await this.begin().catch((thrown: unknown) => {
      // Who refuses to plan it, or a text of ours, says nothing of the answer that is there.
      if (run.signal.aborted || toAppError(thrown).family !== 'query') throw thrown;
      return undefined;
    });
    if (!begun) return this.partial(whole.cut);
    const { sliced, slices } = begun;
    if (slices.count < 2) return this.partial(this.ofOneMoment());
    const most = Math.max(FEWEST_SLICES, Math.ceil(run.maxRows / ROWS_PER_SLICE));
    let requests = 0;
    for (let slice = slices.next(); slice; slice = slices.next()) {
      if (this.stored >= run.maxRows) return this.partial(this.enough());
      const allowed = this.stored < whole.rows ? UNTIL_AS_MANY * most : most;
      // Halves of halves are requests, too.
      if (this.came >= allowed || ++requests > 2 * allowed) return this.partial(this.enough());
      this.tell();
      const got = await this.ask(sliced.text(slice), (answer) => this.store(answer));
      if (got === 'cut') {
        if (!slices.again(slice)) return this.partial(this.ofOneMoment());
      } else if (got === 'tooMany') return this.partial(this.enough());
      else if (got !== 'stored') return this.partial(this.said(got));
      else [this.came, this.from] = [this.came + 1, slice.from];
    }
    const { unread } = whole;
    return unread ? this.partial(unread) : this.change(this.stored > 0 ? 'answered' : 'empty');
  }

  /** How it stands where no more can be had: what is stored stays. */
  failed(error: AppErrorData): TargetChange {
    if (familyOf(error.code) === 'cancelled') return this.change('cancelled');
    // A store that failed has let the rows go.
    if (familyOf(error.code) === 'engine') return { state: 'failed', rows: 0, tookMs: this.tookMs, error };
    return this.partial(this.said(error));
  }

  /** How it is cut, into as many slices as its rows ask for; undefined where it cannot be. */
  private async begin(): Promise<{ readonly sliced: SlicedPart; readonly slices: TimeSlices } | undefined> {
    const sliced = await this.run.sliced(this.index, this.world.across);
    let times: ReturnType<typeof readTimes>;
    if (sliced)
      await this.ask(sliced.times, (answer) => {
        times = readTimes(answer);
        return Promise.resolve('stored');
      });
    if (!sliced || !times) return undefined;
    const wanted = Math.ceil((times.rows * SPARE) / Math.max(1, this.whole.rows));
    const slices = new TimeSlices(times, Math.max(2, Math.min(wanted, times.cuts.length + 1)));
    this.slices = slices;
    return { sliced, slices };
  }

  /** One request within the quota, with retries. What comes of it is done before its place is given to another. */
  private async ask(query: string, then: (answer: LogsAnswer) => Promise<Got>): Promise<Got> {
    const { run, index, world } = this;
    let got: Got = 'stored';
    const began = world.clock.now();
    const [one] = await fanOut({
      name: run.id,
      targets: [query],
      credentialOf: () => run.way(index).issuer.account,
      placeOf: () => run.key(index),
      quota: world.scheduler,
      retry: world.retry,
      random: world.random,
      signal: run.signal,
      work: (text, { signal }) => world.logs.query(questionTo(run, index, text), signal),
      keepsPlace: ({ bytes }) => bytes > LARGE_ANSWER_BYTES,
      finish: async (answer) => {
        got = await then(answer);
      },
    });
    this.tookMs += world.clock.now() - began;
    if (one?.outcome.ok === false) throw AppError.fromData(one.outcome.error);
    return got;
  }

  /** Puts a slice after those that are stored; nothing of one that came in part, or is too much. */
  private async store(answer: LogsAnswer): Promise<Got> {
    const { run, index } = this;
    const { table, partial } = readAnswer(answer);
    this.bytes += answer.bytes;
    if (partial) return partial.code === 'query.truncated' ? 'cut' : partial;
    const rows = table?.rows.length ?? 0;
    const room = run.maxRows + MOST_OF_ANSWER;
    if (this.stored + rows > room) return 'tooMany';
    await storeAnswer(run, index, table, () => undefined, this.came === 0 ? { room } : 'after');
    this.stored += rows;
    return 'stored';
  }

  private tell(): void {
    this.run.update(this.index, this.change('running'));
    this.changed();
  }
  private change(state: TargetChange['state']): TargetChange {
    const { slices, whole, stored, bytes, tookMs, came } = this;
    return {
      state,
      rows: came > 0 ? stored : whole.rows,
      bytes,
      tookMs,
      ...(slices && slices.number > 0 ? { slices: { number: slices.number, count: slices.count } } : {}),
    };
  }
  private partial(error: AppErrorData): TargetChange {
    return { ...this.change('partial'), error };
  }

  /** Why no more slices are asked though there are some: so many rows, or so many slices, are there. */
  private enough(): AppErrorData {
    const { run, index, stored, came } = this;
    const asked =
      stored >= run.maxRows
        ? `slices of time are asked until a workspace gave ${number(run.maxRows)}`
        : `${came} slices of time are as many as are asked for ${number(run.maxRows)}`;
    return this.lacking(
      `${targetName(run.target(index))} has more rows of it than the ${number(stored)} that came: ${asked}.`,
      'Raise the setting tenantscope.query.maxRowsPerWorkspace (on the command line --max-rows) and run it again, narrow the time range, project fewer columns or summarize.',
    );
  }
  private ofOneMoment(): AppErrorData {
    return this.lacking(
      `${targetName(this.run.target(this.index))} has more rows of one moment than the service gives in one answer.`,
      'Add a condition, project fewer columns or summarize.',
    );
  }
  /** What came and what did not, between why and what to do. */
  private lacking(why: string, next: string): AppErrorData {
    const { whole, from } = this;
    const there =
      this.came === 0
        ? `The ${number(whole.rows)} rows that are here are some of them.`
        : `Those before ${from === undefined ? 'all time' : formatDatetime(from)} are missing.`;
    return { ...whole.cut, message: `${why} ${there} ${next}` };
  }
  private said(error: AppErrorData): AppErrorData {
    const { slices, came } = this;
    if (!slices) return error;
    return { ...error, message: `${came} of ${slices.count} slices of time came. ${error.message}` };
  }
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
