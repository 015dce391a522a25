import type { LanguageService } from './face.ts';

type Asked<F> = F extends (input: infer I, ...rest: never[]) => Promise<infer O>
  ? { readonly input: I; readonly output: O }
  : never;

/** The face as a channel's contract: one request per method, the same input and output. */
export type LanguageContract = {
  requests: { [K in keyof LanguageService]: Asked<LanguageService[K]> };
  events: { ready: Record<string, never> };
};

/** Every method by name. The compiler holds the list against the face. */
export const LANGUAGE_METHODS = [
  'setSchema',
  'dropSchema',
  'setScopeNames',
  'warm',
  'completion',
  'describe',
  'hover',
  'signatureHelp',
  'diagnostics',
  'format',
  'prepareRename',
  'rename',
  'definition',
  'references',
  'folding',
  'semanticTokens',
  'codeActions',
  'blocks',
  'queries',
  'reads',
  'importNotebook',
] as const satisfies readonly (keyof LanguageService)[];
