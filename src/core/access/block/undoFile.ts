import { AppError } from '../../../base/errors.ts';

/** An association as it was before it was removed: all that is needed to make it again. */
export interface RemovedAssociation {
  /** ARM id. */
  readonly id: string;
  /** ARM id of the data collection rule. */
  readonly rule: string;
  readonly description?: string;
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
}

const ASSOCIATION =
  /^\/subscriptions\/[\da-f-]{36}\/resourcegroups\/[^/]+\/providers\/.+\/providers\/microsoft\.insights\/datacollectionruleassociations\/[^/?#]+$/i;
const RULE =
  /^\/subscriptions\/[\da-f-]{36}\/resourcegroups\/[^/]+\/providers\/microsoft\.insights\/datacollectionrules\/[^/?#]+$/i;

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
    if (typeof id !== 'string' || !ASSOCIATION.test(id))
      return wrong(`has an association (number ${at + 1}) whose "id" is none`);
    if (typeof rule !== 'string' || !RULE.test(rule))
      return wrong(`has an association (number ${at + 1}) whose "rule" is no data collection rule`);
    return { id, rule, ...(typeof description === 'string' ? { description } : {}) };
  });
  return {
    version: 1,
    at: word('at'),
    cloud: word('cloud'),
    customer: word('customer'),
    customerName: word('customerName'),
    workspace: word('workspace'),
    associations,
  };
}
