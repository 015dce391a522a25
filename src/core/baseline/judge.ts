import { AppError, toAppError } from '../../base/errors.ts';
import type { Outcome } from '../../base/outcome.ts';
import type { Drift, DriftSeverity, SettingPlace, UnknownSetting } from '../../model/drift.ts';
import type { Difference } from '../../model/plan.ts';
import type { ChangeHandler } from '../changes/changeHandler.ts';
import { DELEGATION_JUDGE } from './handlers/delegationJudge.ts';
import { locate } from './locate.ts';
import type { ListAnswer } from './readLists.ts';
import type { Setting } from './setting.ts';

/** What a setting came out as; `setting` has the target of what is there. */
export type Judged =
  | { readonly state: 'kept' }
  | { readonly state: 'drift'; readonly drift: Drift; readonly setting: Setting }
  | { readonly state: 'unknown'; readonly unknown: UnknownSetting };

/**
 * Compares one setting with what its list shows, by the same handler that a plan would change it with: what is a
 * difference here is a change there, and the other way round.
 */
export function judge(
  setting: Setting,
  list: Outcome<ListAnswer> | undefined,
  handlers: readonly Pick<ChangeHandler, 'resource' | 'diff'>[],
): Judged {
  try {
    if (!list?.ok) throw list ? AppError.fromData(list.error) : new AppError('bug.noList', 'A list was not read.');
    const { intent, now } = locate(setting, list.value);
    const handler = [...handlers, DELEGATION_JUDGE].find(({ resource }) => resource === intent.resource);
    if (!handler) throw new AppError('bug.noHandler', `Nothing compares a "${intent.resource}".`);
    const at = { ...setting, intent, target: intent.target };
    return compare(at, handler, now);
  } catch (thrown) {
    return { state: 'unknown', unknown: { ...placeOf(setting), error: toAppError(thrown).toData() } };
  }
}

function compare(setting: Setting, handler: Pick<ChangeHandler, 'diff'>, now: unknown): Judged {
  const place = placeOf(setting);
  try {
    const { action, title, differences } = handler.diff(setting.intent, now, []);
    if (action === 'none') return { state: 'kept' };
    return {
      state: 'drift',
      setting,
      drift: { ...place, severity: severityOf(setting, differences), title, differences, missing: action === 'create' },
    };
  } catch (thrown) {
    // What the service or the way in would refuse is a difference all the same: it is not as the baseline says.
    const error = toAppError(thrown);
    if (error.family !== 'input' && error.family !== 'access') throw error;
    return {
      state: 'drift',
      setting,
      drift: {
        ...place,
        severity: severityOf(setting, []),
        title: `${setting.name} of ${setting.where} is not as the baseline says`,
        differences: [],
        missing: now === undefined,
        blocked: error.message,
      },
    };
  }
}

function placeOf({ customer, customerName, section, name, where, target }: Setting): SettingPlace {
  return { customer, customerName, section, name, where, target };
}

/** What costs evidence or lets somebody in is high; what makes work is medium; what only looks untidy is low. */
function severityOf({ section, name }: Setting, differences: readonly Difference[]): DriftSeverity {
  if (section === 'savedQueries' || section === 'tags') return 'low';
  if (section === 'functions') return 'medium';
  if (section !== 'workspace' || name === 'features') return 'high';
  if (differences.some((one) => one.name === 'Retention')) return 'high';
  return differences.every((one) => one.name.startsWith('Tag ')) ? 'low' : 'medium';
}
