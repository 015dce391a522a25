/** Text files the product keeps: customers, history. Paths are the composition root's business. */
export interface TextFile {
  read(): Promise<string | undefined>;
  write(text: string): Promise<void>;
}
