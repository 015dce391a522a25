import { ServiceError } from '../router.ts';

/** A failure as blob and queue storage write it: XML, and the code in a header. */
export function storageError(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): ServiceError {
  return new ServiceError(
    {
      status,
      headers: { 'x-ms-error-code': code, ...headers },
      contentType: 'application/xml',
      body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${toXml(message)}</Message></Error>`,
    },
    message,
  );
}

const SIGNS: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&apos;',
};

/** A text as the content of an element. */
export function toXml(text: string): string {
  return text.replaceAll(/[<>&"']/g, (sign) => SIGNS[sign]!);
}
