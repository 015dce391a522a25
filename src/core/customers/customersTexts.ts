import { CustomersSource } from './customersSource.ts';

/** A customers file that was read already, and where it came from. */
export interface CustomersText {
  readonly label: string;
  readonly text: string;
}

/** The customers of texts, from weakest to strongest; nothing is written back. */
export function customersOf(texts: readonly CustomersText[]): CustomersSource {
  return new CustomersSource(
    texts.map(({ label, text }) => ({
      name: label,
      file: { read: async () => text, write: async () => undefined },
    })),
  );
}
