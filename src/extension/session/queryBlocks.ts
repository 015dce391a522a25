import type { TextDocument } from 'vscode';
import type { LanguageService, QueryBlock } from '../../kql/language/face.ts';

/** The queries of a document, asked for once per version of its text. */
export class QueryBlocks {
  private readonly cache = new WeakMap<
    TextDocument,
    { readonly version: number; readonly blocks: Promise<readonly QueryBlock[]> }
  >();
  private readonly language: () => Promise<LanguageService>;

  constructor(language: () => Promise<LanguageService>) {
    this.language = language;
  }

  async of(document: TextDocument): Promise<readonly QueryBlock[]> {
    const known = this.cache.get(document);
    if (known?.version === document.version) return known.blocks;
    const blocks = this.language().then((service) => service.blocks({ text: document.getText() }));
    this.cache.set(document, { version: document.version, blocks });
    try {
      return await blocks;
    } catch (error) {
      this.cache.delete(document);
      throw error;
    }
  }

  /** The query at an offset; in the blank lines after one, that one. */
  async at(document: TextDocument, offset: number): Promise<QueryBlock | undefined> {
    return blockAt(await this.of(document), offset);
  }
}

/** The runnable block that holds `offset`, else the last one before it, else the first. */
export function blockAt(blocks: readonly QueryBlock[], offset: number): QueryBlock | undefined {
  const queries = blocks.filter((block) => block.kind === 'query' || block.kind === 'command');
  return (
    queries.find((block) => block.start <= offset && offset <= block.end) ??
    queries.filter((block) => block.end < offset).at(-1) ??
    queries[0]
  );
}
