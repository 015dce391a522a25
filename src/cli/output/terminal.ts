import { once, setMaxListeners } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { CancelSignal } from '../../base/cancel.ts';
import { cancelled } from '../../base/errors.ts';
import { decodeText } from '../../base/decodeText.ts';
import { EXIT } from '../exitCodes.ts';

/**
 * Where a command writes and whom it may ask: standard output for answers, standard error for everything about them.
 */
export interface Terminal {
  readonly colours: boolean;
  /** Columns of the screen; undefined where the output is no screen. */
  readonly width: number | undefined;
  /** Whether a person sits at both ends. */
  readonly interactive: boolean;
  readonly errorIsScreen: boolean;
  /** Where keys come from and where prompts go, for a person at both ends. */
  readonly keyboard: NodeJS.ReadableStream;
  readonly screen: NodeJS.WritableStream;
  /** Fires at the first Ctrl+C; the second one ends the program. */
  readonly signal: CancelSignal;
  /** What to end with where standard output does not take any more: it was told already, or nobody wants to know. */
  readonly outputEnded?: number | undefined;
  write(text: string): Promise<void>;
  writeBytes(bytes: Uint8Array): Promise<void>;
  say(text: string): void;
  /** Replaces the last line of the screen's error output; empty to clear it. */
  status(text: string): void;
  ask(question: string): Promise<string>;
  /** All of standard input, without a byte order mark. */
  readInput(): Promise<string>;
}

/** How long a command may take to tidy up once nobody reads it any more. */
const TIDY_MS = 3_000;

/**
 * The process's own streams. A reader that goes away (`| head`) ends the program quietly, as it should: by its signal,
 * so that it tidies up.
 */
export function processTerminal(): Terminal {
  const { stdout, stderr, stdin } = process;
  const abort = new AbortController();
  // Every workspace that is asked listens to it: that is no leak worth a warning on somebody's terminal.
  setMaxListeners(0, abort.signal);
  process.on('SIGINT', () => {
    if (abort.signal.aborted) process.exit(130);
    abort.abort();
  });
  let outputEnded: number | undefined;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (outputEnded !== undefined) return;
    outputEnded = error.code === 'EPIPE' ? EXIT.complete : EXIT.engine;
    if (outputEnded !== EXIT.complete)
      stderr.write(
        `tenantscope: The answer could not be written in full: ${error.code === 'ENOSPC' ? 'the disk is full' : error.message}. Free some space or write elsewhere, then run it again.\n`,
      );
    process.exitCode = outputEnded;
    abort.abort();
    setTimeout(() => {
      process.exit(outputEnded);
    }, TIDY_MS).unref();
  });
  // Nobody hears what is said about the answer: no reason to lose the answer.
  stderr.on('error', () => undefined);
  let status = '';
  const clear = (): void => {
    if (status !== '') {
      stderr.write('\r\u001b[2K');
      status = '';
    }
  };
  const put = async (chunk: string | Uint8Array): Promise<void> => {
    clear();
    if (outputEnded !== undefined) throw cancelled();
    if (!stdout.write(chunk)) await once(stdout, 'drain');
  };
  return {
    colours: stdout.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb',
    // Some terminals say that they have no columns.
    width: stdout.isTTY && stdout.columns > 0 ? stdout.columns : undefined,
    interactive: stdin.isTTY === true && stderr.isTTY === true,
    errorIsScreen: stderr.isTTY === true,
    keyboard: stdin,
    screen: stderr,
    signal: abort.signal,
    get outputEnded() {
      return outputEnded;
    },
    write: put,
    writeBytes: put,
    say: (text) => {
      clear();
      stderr.write(`${text}\n`);
    },
    status: (text) => {
      if (!stderr.isTTY) return;
      clear();
      status = text.slice(0, Math.max(20, (stderr.columns ?? 80) - 1));
      stderr.write(status);
    },
    ask: async (question) => {
      clear();
      const reader = createInterface({ input: stdin, output: stderr });
      try {
        return await reader.question(question, { signal: abort.signal });
      } finally {
        reader.close();
      }
    },
    readInput: async () => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of stdin) chunks.push(chunk as Uint8Array);
      return decodeText(Buffer.concat(chunks));
    },
  };
}
