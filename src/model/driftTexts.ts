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

/** What differs, in a line: `Retention: 30 days instead of 90 days; Tag owner missing (ops)`. */
export function differenceText({ title, differences, missing, blocked }: Drift): string {
  if (blocked !== undefined) return blocked.replace(/\.$/, '');
  if (missing)
    return ['missing', ...differences.map(({ name, after }) => `${name}: ${nameOf(after ?? 'none')}`)].join('; ');
  if (differences.length === 0) return title;
  return differences
    .map(({ name, before, after = 'none' }) => {
      if (before === undefined) return after === 'none' ? `${name} missing` : `${name} missing (${nameOf(after)})`;
      const [short, wanted] = [nameOf(before), nameOf(after)];
      // Of two resources that are called the same only the ids tell which is meant.
      return short === wanted ? `${name}: ${before} instead of ${after}` : `${name}: ${short} instead of ${wanted}`;
    })
    .join('; ');
}

/** The name of a resource in place of its id, which is as long as a line; any other text as it is. */
function nameOf(value: string): string {
  return /^\/subscriptions\/\S+\/([^/\s]+)$/i.exec(value)?.[1] ?? value;
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

/** The same for a column: `>89 d`, `2026-11-02 by ann@contoso.example`; why it is not known the caller says. */
export function sinceText({ since }: Drift): string {
  switch (since?.state) {
    case 'known':
      return `${since.at.slice(0, 10)} by ${since.by}`;
    case 'notSeen':
      return `>${since.days} d`;
    case 'unknown':
      return 'not known';
    case undefined:
      return '';
  }
}
