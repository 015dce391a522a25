/** How complete an answer is, at a glance. */
export type AnswerStanding = 'complete' | 'incomplete' | 'failed';

/** What became of one query: the rows that are in the report, and everything that has to be known of them. */
export interface ReportedAnswer {
  readonly standing: AnswerStanding;
  /** The completeness of the answer, or why there is none; one sentence. */
  readonly sentence: string;
  /** How the answer is to be read, and who is missing from it and why; a sentence each. */
  readonly notes: readonly string[];
  readonly columns: readonly { readonly name: string; readonly isNumber: boolean }[];
  /** As many rows as the report takes, a text for each cell. */
  readonly rows: readonly (readonly string[])[];
  readonly rowCount: number;
  readonly took: string;
}

/** One cell of a notebook as a report has it: text as HTML that `markdownHtml` made, or a query with its answer. */
export type ReportedCell =
  | { readonly kind: 'text'; readonly html: string }
  | {
      readonly kind: 'query';
      readonly name?: string;
      readonly query: string;
      /** Whom and when it asked, in words; absent where it asked earlier cells. */
      readonly asked: string;
      readonly answer: ReportedAnswer;
    };

/** A notebook that was run, for one document. */
export interface NotebookReport {
  readonly title: string;
  /** When, as an ISO time. */
  readonly at: string;
  readonly cells: readonly ReportedCell[];
}
