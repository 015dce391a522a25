import { visibleText } from '../../base/visibleText.ts';
import type { RowFindAnswer, RowFindRequest } from '../../model/rows.ts';
import type { MergedColumn } from '../../model/run.ts';
import type { CellPlace } from '../grid/selection.ts';

/** What is looked for in the grid; absent where the find box is closed. */
export interface FindState {
  readonly text: string;
  /** Cells that hold it and which of them is the active one; absent until it is known, or where there is no text. */
  readonly answer?: RowFindAnswer;
}

/** What a find needs of the page around it. */
export interface FindSurroundings {
  /** Asks the store among the rows as they are arranged; undefined where it could not be asked, which is said. */
  ask(question: Pick<RowFindRequest, 'text' | 'columns' | 'from' | 'direction'>): Promise<RowFindAnswer | undefined>;
  /** The shown columns, from left to right. */
  columns(): readonly MergedColumn[];
  /** The active cell. */
  active(): CellPlace;
  goTo(place: CellPlace): void;
  changed(state: FindState | undefined): void;
  say(text: string): void;
}

/** `again` asks for the count alone. */
type Look = RowFindRequest['direction'] | 'again';

/**
 * Finds a text in the cells of the grid, from the active one on. One question is out at a time: what was typed or
 * pressed meanwhile is asked when its answer has come.
 */
export class FindControl {
  private state: FindState | undefined;
  private asking = false;
  private waiting: Look | undefined;
  private readonly around: FindSurroundings;

  constructor(around: FindSurroundings) {
    this.around = around;
  }

  /** What is marked in the grid; "" for nothing. */
  get text(): string {
    return this.state?.text ?? '';
  }

  open(): void {
    this.state ??= { text: '' };
    this.around.changed(this.state);
  }

  close(): void {
    this.state = undefined;
    this.around.changed(undefined);
  }

  /** Looks for another text, from the active cell on, which may hold it itself. */
  type(text: string): void {
    if (text === this.text) return;
    this.set({ text });
    void this.look('here');
  }

  /** Goes to the next or the previous cell that holds the text. */
  step(direction: 'next' | 'previous'): void {
    void this.look(direction);
  }

  /** Counts again, where the rows, their order or the columns are others: the active cell stays the one it is. */
  again(): void {
    void this.look('again');
  }

  private set(state: FindState): void {
    this.state = state;
    this.around.changed(state);
  }

  private async look(direction: Look): Promise<void> {
    const { text } = this;
    if (text === '') return;
    if (this.asking) {
      if (direction !== 'again' || !this.waiting) this.waiting = direction;
      return;
    }
    this.asking = true;
    const columns = this.around.columns();
    const { row, column } = this.around.active();
    const answer = await this.around.ask({
      text,
      columns: columns.map(({ name }) => name),
      from: { row: Math.max(0, row), column },
      direction: direction === 'again' ? 'here' : direction,
    });
    this.asking = false;
    const { waiting } = this;
    this.waiting = undefined;
    if (answer && text === this.text && this.state) {
      this.set({ text, answer });
      if (direction !== 'again') this.goTo(answer, columns);
    }
    if (waiting) await this.look(waiting);
  }

  private goTo({ count, found }: RowFindAnswer, columns: readonly MergedColumn[]): void {
    if (!found) {
      this.around.say('No cell holds it.');
      return;
    }
    this.around.goTo(found);
    const [index, all, row] = [found.index + 1, count, found.row + 1].map((number) => number.toLocaleString('en'));
    this.around.say(`${index} of ${all}: ${visibleText(columns[found.column]?.name ?? '')}, row ${row}.`);
  }
}
