/** The languages of files that may have KQL in them, and how files of each are called where their name does not tell. */
export const OUTER_LANGUAGES: Readonly<Record<string, string>> = {
  markdown: 'md',
  yaml: 'yaml',
  json: 'json',
  jsonc: 'json',
};
