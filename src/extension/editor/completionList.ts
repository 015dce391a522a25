import type { CancellationToken, CompletionItem as ShownItem, Range } from 'vscode';
import type { CancelSignal } from '../../base/cancel.ts';
import type { AtOffset, CompletionItem, LanguageService } from '../../kql/language/face.ts';
import type { App } from '../platform/app.ts';
import { toSignal } from '../platform/cancel.ts';
import { toCompletion, toMarkdown } from './convert.ts';

/** A question to the language service that shows nothing where it fails or is cancelled. */
export type AskLanguage = <T>(
  feature: string,
  token: CancellationToken,
  question: (service: LanguageService, signal: CancelSignal) => Promise<T>,
) => Promise<T | undefined>;

/** Such questions; `name` is what the log calls them. */
export function languageAsker(app: App, name: string): AskLanguage {
  return (feature, token, question) =>
    app.guard.quiet(`${name}.${feature}`, async () => question(await app.language(), toSignal(token)));
}

/** Names that are offered, each told of more when it is looked at. */
export class CompletionList {
  /** What each item would be asked with. */
  private readonly asked = new WeakMap<ShownItem, Parameters<LanguageService['describe']>[0]>();
  private readonly ask: AskLanguage;

  constructor(ask: AskLanguage) {
    this.ask = ask;
  }

  /** `items` as VS Code shows them, to be written over `range`; `written` makes one fit for where it stands. */
  show(
    items: readonly CompletionItem[],
    question: AtOffset,
    range: Range,
    written: (item: CompletionItem) => CompletionItem = (item) => item,
  ): ShownItem[] {
    return items.map((item) => {
      const shown = toCompletion(written(item), range);
      this.asked.set(shown, { ...question, kind: item.kind, name: item.filterText });
      return shown;
    });
  }

  /** The item with what is said of it. */
  async describe(item: ShownItem, token: CancellationToken): Promise<ShownItem> {
    const question = this.asked.get(item);
    const about =
      question && (await this.ask('describe', token, (service, signal) => service.describe(question, signal)));
    if (about) item.documentation = toMarkdown(about);
    return item;
  }
}
