/** What `render` asked for, in the words of the query API's `render` object (only what is set). */
export interface RenderSpec {
  readonly visualization: string;
  readonly title?: string;
  readonly kind?: string;
  readonly legend?: string;
  readonly xColumn?: string;
  readonly yColumns?: readonly string[];
  readonly series?: readonly string[];
  readonly anomalyColumns?: readonly string[];
  readonly xTitle?: string;
  readonly yTitle?: string;
  readonly xAxis?: string;
  readonly yAxis?: string;
  readonly ySplit?: string;
  readonly yMin?: number;
  readonly yMax?: number;
  readonly accumulate?: boolean;
}
