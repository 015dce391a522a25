import type { SettingName } from './rollupSettings.ts';
import type { SettingWords } from './settingLine.ts';

/** What is said of each setting where somebody writes it; `media/rollup.schema.json` says the same of YAML. */
export const SETTING_WORDS: Readonly<Record<SettingName, SettingWords>> = {
  name: {
    about: 'The name of the roll-up and of its table in the centre. The name of the file unless given.',
    values: [],
  },
  description: { about: 'What it is for, in words. More lines of it go on.', values: [] },
  scope: {
    about: 'The workspaces that are read, as in the @scope line of a query. All unless given.',
    values: ['all'],
  },
  window: {
    about: 'How much is read at once, by the time it was ingested: a part of a day of which a day is whole ones.',
    values: ['15m', '1h', '6h', '1d'],
  },
  lateness: {
    about: 'How long after its end a window is read, so that what came in it can be seen by then.',
    values: ['10m', '30m', '1h'],
  },
  recheck: {
    about:
      'How far back windows that are stored are looked at again, for rows that came to be seen late. Not at all unless given.',
    values: ['6h', '24h'],
  },
  schedule: {
    about: 'How often runners look for windows that are over ("rollup run --due"). Nothing runs by itself here.',
    values: ['every 15m', 'every 1h', 'every 6h', 'every 1d'],
  },
  sinks: { about: 'The centres that rows are stored in, by their names.', values: ['lake'] },
  limit: {
    about: 'How many rows a window of a workspace may have. One with more is a gap, with the reason.',
    values: ['200000 rows', '1000000 rows'],
  },
  owner: { about: 'Who answers for it.', values: [] },
  key: { about: 'Columns that tell the rows of a window apart. All of them unless given.', values: [] },
  since: { about: 'Where it begins. The last window that is over at its first run unless given.', values: [] },
};
