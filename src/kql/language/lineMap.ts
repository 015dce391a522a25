/** Offsets to lines and back: line breaks are CRLF, LF and a lone CR, as VS Code counts them. */
export class LineMap {
  private readonly starts: number[] = [0];

  constructor(text: string) {
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) this.starts.push(i + 1);
    }
  }

  /** Zero-based. */
  lineAt(offset: number): number {
    let low = 0,
      high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  startOf(line: number): number {
    return this.starts[line] ?? this.starts.at(-1)!;
  }
}
