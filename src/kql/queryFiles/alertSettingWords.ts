import type { AlertSettingName } from './alertSettings.ts';
import type { SettingWords } from './settingLine.ts';

/** What is said of each setting where somebody writes it; `media/alert.schema.json` says the same of YAML. */
export const ALERT_SETTING_WORDS: Readonly<Record<AlertSettingName, SettingWords>> = {
  name: { about: 'What it and its rules are called. The name of the file unless given.', values: [] },
  description: { about: 'For people; it goes with every alert. More lines of it go on.', values: [] },
  scope: { about: 'Whom it looks at, as in the @scope line of a query. All unless given.', values: ['all'] },
  frequency: { about: 'How often it is evaluated. Every 5 minutes unless given.', values: ['5m', '15m', '1h', '1d'] },
  window: {
    about: 'How far each evaluation looks back. The frequency unless given.',
    values: ['5m', '15m', '1h', '1d'],
  },
  lateness: {
    about:
      'Where it is evaluated here: how long after its end a window is looked at, so that its rows can be seen by then. 5 minutes unless given.',
    values: ['0m', '5m', '15m', '1h'],
  },
  lookback: {
    about: 'Of a rule: how far its query may look back, where that is not all its windows.',
    values: ['1h', '1d', '2d'],
  },
  severity: {
    about: 'How bad it is. Informational unless given.',
    values: ['critical', 'error', 'warning', 'informational', 'verbose'],
  },
  condition: {
    about: 'When it fires: how many rows there are, or an aggregate of a column.',
    values: ['count > 0', 'average(Value) >= 90', 'maximum(Value) > 100'],
  },
  failing: { about: 'In how many of how many windows, of six at most. 1 of 1 unless given.', values: ['2 of 3'] },
  dimension: {
    about: 'A column whose every value is an alert of its own.',
    values: ['Computer', 'Computer = web01, web02', 'Computer != web01'],
  },
  autoResolve: { about: 'Whether it is resolved when the condition is not met any more.', values: ['yes', 'no'] },
  identity: {
    about: 'Of a rule: whether it has an identity of its own. Without one it keeps the rights of who edited it last.',
    values: ['yes', 'no'],
  },
  actionGroup: { about: 'The resource id of an action group that is there.', values: [] },
  deliver: {
    about: 'Where what fires is told, with "for CUSTOMER" where it is one customer\'s.',
    values: ['webhook https://hooks.example/in', 'jsonLines alerts.jsonl', 'ticket ticket.md'],
  },
  owner: { about: 'Who is asked about it.', values: [] },
};
