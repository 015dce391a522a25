type Rgb = readonly [red: number, green: number, blue: number];

/** The relative luminance of a CSS hex or rgb colour, 0 to 1, as WCAG defines it; of what is neither, that of black. */
export function luminanceOf(color: string): number {
  const [red, green, blue] = parse(color).map(linear) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG's contrast of two colours, 1 to 21. */
export function contrastOf(one: string, other: string): number {
  const [darker, lighter] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

/** The colour, or the nearest to it towards white or black that has at least this contrast on the background. */
export function readableOn(color: string, background: string, least: number): string {
  const end: Rgb = contrastOf('#ffffff', background) >= contrastOf('#000000', background) ? [255, 255, 255] : [0, 0, 0];
  const from = parse(color);
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = hex(from.map((part, i) => part + (end[i]! - part) * share) as unknown as Rgb);
    if (contrastOf(mixed, background) >= least) return mixed;
  }
  return hex(end);
}

function parse(color: string): Rgb {
  const short = /^#([\da-f])([\da-f])([\da-f])[\da-f]?$/i.exec(color.trim());
  const long = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})(?:[\da-f]{2})?$/i.exec(color.trim());
  const rgb = /^rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)/i.exec(color.trim());
  const parts = short
    ? short.slice(1, 4).map((digit) => parseInt(digit + digit, 16))
    : long
      ? long.slice(1, 4).map((digits) => parseInt(digits, 16))
      : rgb
        ? rgb.slice(1, 4).map(Number)
        : [0, 0, 0];
  return parts as unknown as Rgb;
}
function hex(parts: Rgb): string {
  return `#${parts.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}
function linear(part: number): number {
  const share = part / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
