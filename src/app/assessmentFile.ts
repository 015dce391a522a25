import { readFile } from 'node:fs/promises';
import { decodeText } from '../base/decodeText.ts';
import type { Assessment } from '../model/assessment/assessment.ts';
import { SEVERITIES } from '../model/assessment/findings.ts';

/** Reads an assessment from a file; undefined where it is none of this version, or not whole. Never rejects. */
export async function readAssessment(path: string): Promise<Assessment | undefined> {
  try {
    const value: unknown = JSON.parse(decodeText(await readFile(path)));
    return isAssessment(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The parts that comparing, listing and drawing stand on: a file that somebody cut or wrote by hand has not all. */
function isAssessment(value: unknown): value is Assessment {
  const { version, id, at, cloud, scope, numbers, customers, weights } = fieldsOf(value);
  return (
    version === 1 &&
    [id, at, cloud, scope].every(isText) &&
    Number.isFinite(Date.parse(at as string)) &&
    isObject(numbers) &&
    isObject(weights) &&
    isListOf(customers, isCustomer)
  );
}

function isCustomer(value: unknown): boolean {
  const { key, name, sentence, assessed, today, fit, findings, checks, pictures } = fieldsOf(value);
  return (
    [key, name, sentence].every(isText) &&
    typeof assessed === 'boolean' &&
    isText(fieldsOf(today)['state']) &&
    isListOf(fieldsOf(fit)['criteria'], isObject) &&
    isObject(fieldsOf(pictures)['today']) &&
    isListOf(findings, isFinding) &&
    isListOf(checks, isOutcome)
  );
}

function isFinding(value: unknown): boolean {
  const { check, title, severity, subject, evidence, actions } = fieldsOf(value);
  return (
    [check, title].every(isText) &&
    SEVERITIES.some((one) => one === severity) &&
    isSubject(subject) &&
    isListOf(evidence, isObject) &&
    isListOf(actions, isObject)
  );
}

function isOutcome(value: unknown): boolean {
  const { check, unknown } = fieldsOf(value);
  return isText(check) && isListOf(unknown, (one) => isSubject(fieldsOf(one)['subject']));
}

function isSubject(value: unknown): boolean {
  const { kind, name } = fieldsOf(value);
  return isText(kind) && isText(name);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

function isListOf(value: unknown, test: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(test);
}
