import type { BaselineSection } from './baselineSection.ts';
import type { Drift, SettingPlace } from './drift.ts';

const NOUNS: Readonly<Record<BaselineSection, string>> = {
  workspace: '',
  tags: '',
  tables: 'table ',
  functions: 'function ',
  savedQueries: 'saved query ',
  collectionRules: 'collection rule ',
  diagnosticSettings: 'diagnostic setting ',
  actionGroups: 'action group ',
  alerts: 'alert ',
  delegations: 'delegation ',
  locks: 'lock ',
};

/** A setting with what it is: `table Syslog`. */
export function settingText({ section, name }: Pick<SettingPlace, 'section' | 'name'>): string {
  return `${NOUNS[section]}${name}`;
}

/** What differs, in a line: `Retention: 30 days instead of 90 days`. */
export function differenceText({ title, differences, missing, blocked }: Drift): string {
  if (blocked !== undefined) return blocked.replace(/\.$/, '');
  if (missing) return ['missing', ...differences.map(({ name, after }) => `${name}: ${after ?? 'none'}`)].join('; ');
  if (differences.length === 0) return title;
  return differences
    .map(({ name, before, after }) => `${name}: ${before ?? 'none'} instead of ${after ?? 'none'}`)
    .join('; ');
}

/** When and by whom it was changed last; empty where nobody asked. */
export function changedText({ since }: Drift): string {
  switch (since?.state) {
    case 'known':
      return `Last changed ${since.at.slice(0, 16).replace('T', ' ')} UTC by ${since.by}`;
    case 'notSeen':
      return `Not changed in the last ${since.days} days`;
    case 'unknown':
      return `When it was changed is not known: ${since.reason}`;
    case undefined:
      return '';
  }
}
