import { readableOn, luminanceOf } from './contrast.ts';

/**
 * Ten colours each that differ from one another for every kind of sight we can compute (a test holds them to it), in an
 * order that keeps neighbours far apart. The theme's own chart colours are seven, and two of them nearly one.
 */
const ON_DARK = [
  '#a5cafb',
  '#f0d03c',
  '#bb7c77',
  '#508fae',
  '#badea9',
  '#7d9034',
  '#d671ed',
  '#23b095',
  '#ee9f65',
  '#febccf',
];
const ON_LIGHT = [
  '#1983fb',
  '#ee560c',
  '#bc71ab',
  '#599576',
  '#684014',
  '#7d37bd',
  '#f04b64',
  '#16707b',
  '#7b2748',
  '#2c4b75',
];
const ON_LIGHT_HIGH_CONTRAST = [
  '#2973d0',
  '#5a5418',
  '#bb4271',
  '#381ea7',
  '#104625',
  '#9f6700',
  '#706295',
  '#5f2f4d',
  '#935b48',
  '#237a78',
];

/** Least contrast of a mark that means something: WCAG 1.4.11, and more where the theme promises more. */
const LEAST = { normal: 3, high: 4.5 };

/** The colours of series on a background (any CSS hex or rgb colour), each readable on it. */
export function paletteFor(background: string, highContrast: boolean): readonly string[] {
  const dark = luminanceOf(background) < 0.18;
  const colors = dark ? ON_DARK : highContrast ? ON_LIGHT_HIGH_CONTRAST : ON_LIGHT;
  return colors.map((color) => readableOn(color, background, highContrast ? LEAST.high : LEAST.normal));
}
