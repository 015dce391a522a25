import type { CancelSignal } from '../base/cancel.ts';
import type { DataTable } from '../model/kqlType.ts';

/** A centre of roll-ups as reports ask it. */
export interface ReportCentrePort {
  /** As people name it: `lake`. */
  readonly name: string;
  /** Rejects with an AppError of the query or engine family. */
  query(text: string, signal: CancelSignal): Promise<DataTable>;
}

/** KQL over tables that are handed along. Rejects with an AppError of the query or engine family. */
export interface LocalKqlPort {
  answer(
    text: string,
    tables: readonly (DataTable & { readonly name: string })[],
    signal: CancelSignal,
  ): Promise<DataTable>;
}
