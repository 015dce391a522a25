/** The languages of files that may have KQL in them, and the ending of each where a name does not tell. */
export const OUTER_LANGUAGES: Readonly<Record<string, string>> = {
  markdown: 'md',
  yaml: 'yaml',
  json: 'json',
  jsonc: 'json',
};
