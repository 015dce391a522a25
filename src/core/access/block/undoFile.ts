import { AppError } from '../../../base/errors.ts';
import type { SettingBody } from '../../../ports/leaving.ts';

/** An association as it was before it was removed: all that is needed to make it again. */
export interface RemovedAssociation {
  /** ARM id. */
  readonly id: string;
  /** ARM id of the data collection rule. */
  readonly rule: string;
  readonly description?: string;
}

/** A diagnostic setting as it sent to the workspace before that was ended. */
export interface RemovedSetting extends SettingBody {
  /** ARM id. */
  readonly id: string;
}

/** What was done to block a customer, so that it can be undone. It holds no secret. */
export interface BlockUndo {
  readonly version: 1;
  /** ISO. */
  readonly at: string;
  readonly cloud: string;
  /** Key of the customer in the estate. */
  readonly customer: string;
  readonly customerName: string;
  /** ARM id of the workspace. */
  readonly workspace: string;
  readonly associations: readonly RemovedAssociation[];
  /** Where diagnostic settings were ended, too. */
  readonly settings?: readonly RemovedSetting[];
}

const ASSOCIATION =
  /^\/subscriptions\/[\da-f-]{36}\/resourcegroups\/[^/]+\/providers\/.+\/providers\/microsoft\.insights\/datacollectionruleassociations\/[^/?#]+$/i;
const RULE =
  /^\/subscriptions\/[\da-f-]{36}\/resourcegroups\/[^/]+\/providers\/microsoft\.insights\/datacollectionrules\/[^/?#]+$/i;

/** What makes another address of one: steps upwards, also written out, the begin of a query, and what splits lines. */
// eslint-disable-next-line no-control-regex
const TURNS = /(?:^|\/)\.{1,2}(?:\/|$)|[%?#\\\u0000-\u001f]/;

const SETTING =
  /^\/subscriptions\/[\da-f-]{36}(?:\/resourcegroups\/[^?#]+)?\/providers\/microsoft\.insights\/diagnosticsettings\/[^/?#]+$/i;

/**
 * Whether a file that is there already puts back all that is to be removed now: of the same customer and workspace,
 * with the same things in it, as they are now, or more. A block that was cut off goes on with it, and it stays as it
 * is.
 */
export function coversUndo(earlier: BlockUndo, now: BlockUndo): boolean {
  const same = (['cloud', 'customer', 'workspace'] as const).every(
    (name) => earlier[name].toLowerCase() === now[name].toLowerCase(),
  );
  const kept = new Set([...earlier.associations.map(associationText), ...(earlier.settings ?? []).map(settingText)]);
  return (
    same &&
    [...now.associations.map(associationText), ...(now.settings ?? []).map(settingText)].every((one) => kept.has(one))
  );
}

/** With all that it is: what follows another rule since an earlier block would else be put back as before that. */
function associationText({ id, rule, description = '' }: RemovedAssociation): string {
  return JSON.stringify([id.toLowerCase(), rule.toLowerCase(), description]);
}

function settingText({ id, logs, metrics, dedicated }: RemovedSetting): string {
  return JSON.stringify([id.toLowerCase(), [...logs].sort(), [...metrics].sort(), dedicated === true]);
}

/** The text of an undo file. */
export function printUndo(undo: BlockUndo): string {
  return `${JSON.stringify(undo, undefined, 2)}\n`;
}

/**
 * Reads an undo file; it may have been anybody's since, so that nothing but associations with rules is taken of it.
 * Throws `input.undoFile`, naming the file and what is wrong.
 */
export function parseUndo(text: string, label: string): BlockUndo {
  const wrong = (what: string): never => {
    throw new AppError('input.undoFile', `The undo file ${label} ${what}. Nothing was sent.`);
  };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return wrong('is no valid JSON');
  }
  const file = (typeof json === 'object' && json !== null ? json : {}) as Partial<Record<keyof BlockUndo, unknown>>;
  if (file.version !== 1) return wrong('is none of "customer block", or of a later version');
  const word = (name: 'at' | 'cloud' | 'customer' | 'customerName' | 'workspace'): string => {
    const value = file[name];
    return typeof value === 'string' && value !== '' ? value : wrong(`has no "${name}"`);
  };
  const items: unknown = file.associations;
  if (!Array.isArray(items)) return wrong('has no list "associations"');
  const associations = (items as readonly unknown[]).map((item, at): RemovedAssociation => {
    const { id, rule, description } = (item ?? {}) as Partial<Record<keyof RemovedAssociation, unknown>>;
    if (typeof id !== 'string' || !ASSOCIATION.test(id) || TURNS.test(id))
      return wrong(`has an association (number ${at + 1}) whose "id" is none`);
    if (typeof rule !== 'string' || !RULE.test(rule) || TURNS.test(rule))
      return wrong(`has an association (number ${at + 1}) whose "rule" is no data collection rule`);
    return { id, rule, ...(typeof description === 'string' ? { description } : {}) };
  });
  const given: unknown = file.settings ?? [];
  if (!Array.isArray(given)) return wrong('has "settings" that are no list');
  const settings = (given as readonly unknown[]).map((item, at): RemovedSetting => {
    const { id, logs, metrics, dedicated } = (item ?? {}) as Partial<Record<keyof RemovedSetting, unknown>>;
    if (typeof id !== 'string' || !SETTING.test(id) || TURNS.test(id))
      return wrong(`has a setting (number ${at + 1}) whose "id" is none`);
    if (!isTexts(logs) || !isTexts(metrics)) return wrong(`has a setting (number ${at + 1}) without its categories`);
    return { id, logs, metrics, ...(dedicated === true ? { dedicated } : {}) };
  });
  return {
    version: 1,
    at: word('at'),
    cloud: word('cloud'),
    customer: word('customer'),
    customerName: word('customerName'),
    workspace: word('workspace'),
    associations,
    ...(settings.length > 0 ? { settings } : {}),
  };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
