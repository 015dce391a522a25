import type { CancelSignal } from '../base/cancel.ts';

/** What an address answered. */
export interface WebhookAnswer {
  readonly status: number;
  /** It asked to be left alone for so long. */
  readonly retryAfterMs?: number;
}

/** Posts to addresses that are nobody's service of ours: no token goes along, and no redirect is followed. */
export interface WebhookPort {
  /** Rejects with `network.*` where nobody answered. */
  post(
    url: string,
    body: string,
    headers: Readonly<Record<string, string>>,
    signal: CancelSignal,
  ): Promise<WebhookAnswer>;
}

/** Files that alerts are delivered to, in a folder that the person chose, and templates beside the definitions. */
export interface AlertFilesPort {
  /** Appends a line, unless the file has one with this id already; `-` is standard output. */
  appendLine(file: string, id: string, line: string): Promise<void>;
  /** Writes a file of this name whole, in the place of one that is there. */
  writeTicket(file: string, text: string): Promise<void>;
  /** The text of a template. Rejects with `input.file` where there is none. */
  template(name: string): Promise<string>;
}
