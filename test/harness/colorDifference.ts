type Triple = readonly [number, number, number];

/**
 * How different two colours look: CIEDE2000 (Sharma, Wu, Dalal 2005). About 2 is just noticed side by side; from 10 on
 * they are plainly two colours.
 */
export function differenceOf(one: string, other: string): number {
  const [l1, a1, b1] = toLab(one),
    [l2, a2, b2] = toLab(other);
  const mean = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2;
  const g = 0.5 * (1 - Math.sqrt(mean ** 7 / (mean ** 7 + 25 ** 7)));
  const [x1, x2] = [a1 * (1 + g), a2 * (1 + g)];
  const [c1, c2] = [Math.hypot(x1, b1), Math.hypot(x2, b2)];
  const [h1, h2] = [hueOf(x1, b1), hueOf(x2, b2)];
  const turn = ((h2 - h1 + 540) % 360) - 180;
  const lightness = (l1 + l2) / 2,
    chroma = (c1 + c2) / 2;
  const hue = (Math.abs(h1 - h2) > 180 ? h1 + h2 + (h1 + h2 < 360 ? 360 : -360) : h1 + h2) / 2;
  const t = 1 - 0.17 * cos(hue - 30) + 0.24 * cos(2 * hue) + 0.32 * cos(3 * hue + 6) - 0.2 * cos(4 * hue - 63);
  const away = (lightness - 50) ** 2;
  const dl = (l2 - l1) / (1 + (0.015 * away) / Math.sqrt(20 + away));
  const dc = (c2 - c1) / (1 + 0.045 * chroma);
  const dh = (2 * Math.sqrt(c1 * c2) * sin(turn / 2)) / (1 + 0.015 * chroma * t);
  const rotation =
    -2 * Math.sqrt(chroma ** 7 / (chroma ** 7 + 25 ** 7)) * sin(60 * Math.exp(-(((hue - 275) / 25) ** 2)));
  return Math.sqrt(dl ** 2 + dc ** 2 + dh ** 2 + rotation * dc * dh);
}

/** Machado, Oliveira, Fernandes 2009, at full severity, on linear light. */
const SIGHTS = {
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
} as const;

/** The colour as somebody sees it who lacks the sense for red (protan) or green (deutan). */
export function seenBy(sight: keyof typeof SIGHTS, color: string): string {
  const light = toLinear(color);
  const seen = SIGHTS[sight].map((row) => row[0] * light[0] + row[1] * light[1] + row[2] * light[2]);
  return `#${seen
    .map((part) => Math.min(1, Math.max(0, part)))
    .map((part) => (part <= 0.0031308 ? 12.92 * part : 1.055 * part ** (1 / 2.4) - 0.055))
    .map((part) =>
      Math.round(255 * part)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}

function toLinear(color: string): Triple {
  return [1, 3, 5].map((at) => {
    const share = parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Triple;
}
function toLab(color: string): Triple {
  const [r, g, b] = toLinear(color);
  const f = (t: number): number => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = f(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = f((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
function hueOf(a: number, b: number): number {
  return ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360;
}
function cos(degrees: number): number {
  return Math.cos((degrees * Math.PI) / 180);
}
function sin(degrees: number): number {
  return Math.sin((degrees * Math.PI) / 180);
}
