import { window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { visibleText } from '../../base/visibleText.ts';
import type { LiteralValue } from '../../kql/literal.ts';
import { takes, valueFor, valueText } from '../../kql/queryFiles/parameters.ts';
import type { QueryParameter } from '../../kql/queryFiles/queryFile.ts';
import { plainLabel } from '../platform/plainLabel.ts';
import { plainMessage } from '../platform/plainMessage.ts';

/** What was last given for the parameters of each document, as typed; for as long as the window is open. */
export type GivenValues = Map<string, ReadonlyMap<string, string>>;

/**
 * Asks for the value of each parameter of a query, one box each: the value last given for the document stands ready,
 * else the default. Undefined where a box was dismissed.
 */
export async function askParameters(
  uri: string,
  parameters: readonly QueryParameter[],
  given: GivenValues,
): Promise<ReadonlyMap<string, LiteralValue> | undefined> {
  const texts = new Map(given.get(uri));
  const values = new Map<string, LiteralValue>();
  for (const [at, parameter] of parameters.entries()) {
    const title = plainLabel(
      `${parameter.name}${parameters.length > 1 ? ` (${at + 1} of ${parameters.length})` : ''}: value for this run`,
    );
    const text = await askOne(title, parameter, readyText(parameter, texts.get(parameter.name)));
    const value = text === undefined ? undefined : valueFor(parameter, text);
    if (text === undefined || value === undefined) return undefined;
    texts.set(parameter.name, text);
    values.set(parameter.name, value);
  }
  given.set(uri, texts);
  return values;
}

/** What stands in the box: what was given last, where it still is a value; else the default; else nothing. */
export function readyText(parameter: QueryParameter, last: string | undefined): string | undefined {
  if (last !== undefined && valueFor(parameter, last) !== undefined) return last;
  return parameter.fallback === undefined ? undefined : valueText(parameter.type, parameter.fallback);
}

async function askOne(
  title: string,
  parameter: QueryParameter,
  ready: string | undefined,
): Promise<string | undefined> {
  const { type, description } = parameter;
  const choices = parameter.choices ?? (type === 'bool' ? [true, false] : undefined);
  const about = description === undefined ? '' : `${visibleText(description)}. `;
  if (choices) {
    const texts = choices.map((one) => valueText(type, one));
    const items = texts.map((text): QuickPickItem & { readonly text: string } => ({
      label: plainLabel(text) || '(empty)',
      text,
      ...(text === ready ? { description: 'as it stands' } : {}),
    }));
    // The line that stands first is the one that Enter takes.
    const inOrder = [...items.filter(({ text }) => text === ready), ...items.filter(({ text }) => text !== ready)];
    const placeHolder = plainMessage(`${about}Choose its value`);
    return (await window.showQuickPick(inOrder, { title, placeHolder, ignoreFocusOut: true }))?.text;
  }
  return window.showInputBox({
    title,
    prompt: plainMessage(`${about}It takes ${takes(parameter)}`),
    ...(ready === undefined ? {} : { value: ready }),
    ignoreFocusOut: true,
    validateInput: (text) => (valueFor(parameter, text) === undefined ? `It takes ${takes(parameter)}.` : undefined),
  });
}
