import { BadAnswer } from '../errors/badAnswer.ts';

/**
 * Bytes of one answer, opened where it was packed. The query API itself cuts an answer at some 100 MB, and no list or
 * metadata comes near: what goes on past this is broken or means ill (3 MB of gzip open to 3 GB).
 */
export const MOST_ANSWER_BYTES = 256_000_000;
/** Past this an answer gives way where all that are being read take too much together. */
const LARGE_BYTES = 128_000_000;
const MOST_TOGETHER_BYTES = 512_000_000;

/** The answers that one client reads at a time: each has a bound, and all of them together. */
export class Readings {
  private bytes = 0;
  private readonly mostTogether: number;
  private readonly large: number;

  constructor(mostTogether = MOST_TOGETHER_BYTES, large = LARGE_BYTES) {
    this.mostTogether = mostTogether;
    this.large = large;
  }

  /**
   * The pieces of one answer as they come. Throws a BadAnswer where it goes on past its bound, or where it is a large
   * one and all together are past theirs: whoever leaves the loop ends the stream, and the connection with it.
   */
  async *read(source: AsyncIterable<string | Buffer>): AsyncGenerator<Buffer> {
    let bytes = 0;
    try {
      for await (const piece of source) {
        bytes += piece.length;
        this.bytes += piece.length;
        if (bytes > MOST_ANSWER_BYTES)
          throw tooLarge(MOST_ANSWER_BYTES, 'more than the service ever sends, and was not read further.');
        if (bytes > this.large && this.bytes > this.mostTogether)
          throw tooLarge(this.large, 'and others were read beside it: together more than fits into memory.');
        yield piece as Buffer;
      }
    } finally {
      this.bytes -= bytes;
    }
  }
}

function tooLarge(most: number, why: string): BadAnswer {
  return new BadAnswer(
    'service.tooLarge',
    `goes on past ${most / 1e6} MB, ${why} Narrow the question, or look what stands between here and the service.`,
    { most },
  );
}
