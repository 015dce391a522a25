/** The forms in which the rows of a run are written to files, by the ending of the file. */
export const EXPORT_FORMATS = ['csv', 'json', 'parquet', 'xlsx', 'md'] as const;
/** One of `EXPORT_FORMATS`. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Whether files of a form are text that a screen or a pipe can take. */
export function isTextFormat(format: ExportFormat): boolean {
  return format !== 'parquet' && format !== 'xlsx';
}
