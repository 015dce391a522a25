import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { contrastOf } from '../../../src/webviews/chart/contrast.ts';
import { paletteFor } from '../../../src/webviews/chart/palette.ts';
import { differenceOf, seenBy } from '../../harness/colorDifference.ts';
import { THEMES } from '../../harness/themes.ts';
import type { ThemeName } from '../../harness/themes.ts';

/** Backgrounds of themes that many people use, light, dark and coloured. */
const OTHERS = {
  'Solarized Dark': '#002b36',
  'Solarized Light': '#fdf6e3',
  Monokai: '#272822',
  Abyss: '#000c18',
  Red: '#390000',
  'Tomorrow Night Blue': '#002451',
  'Kimbie Dark': '#221a0f',
  'Quiet Light': '#f5f5f5',
  Dracula: '#282a36',
  'One Dark': '#282c34',
  Nord: '#2e3440',
  'GitHub Light': '#fff',
  'as rgba': 'rgba(30, 30, 30, 1)',
};

describe("the palette of a chart's series", () => {
  for (const theme of Object.keys(THEMES) as ThemeName[]) {
    const { kind, variables } = THEMES[theme];
    const high = kind.includes('high-contrast');
    for (const place of ['panel-background', 'editor-background'])
      it(`can be read and told apart in ${theme} on ${place}`, () => {
        const background = variables[place]!;
        const palette = paletteFor(background, high);
        assert.equal(palette.length, 10);
        for (const color of palette)
          assert.ok(contrastOf(color, background) >= (high ? 4.5 : 3), `${color} on ${background}`);
        palette.forEach((color, index) => {
          for (const other of palette.slice(index + 1))
            assert.ok(differenceOf(color, other) >= 17, `${color} and ${other} are alike`);
          const next = palette[index + 1];
          if (next) assert.ok(differenceOf(color, next) >= 19, `the neighbours ${color} and ${next} are alike`);
        });
      });

    it(`can be told apart in ${theme} by who sees no red or no green`, () => {
      const palette = paletteFor(variables['panel-background']!, high);
      for (const sight of ['protan', 'deutan'] as const)
        palette.forEach((color, index) => {
          for (const other of palette.slice(index + 1))
            assert.ok(
              differenceOf(seenBy(sight, color), seenBy(sight, other)) >= 9,
              `${color} and ${other} are alike to ${sight}`,
            );
        });
    });
  }

  it('can be read and told apart on the background of any theme', () => {
    for (const [theme, background] of Object.entries(OTHERS)) {
      const palette = paletteFor(background, false);
      palette.forEach((color, index) => {
        assert.ok(contrastOf(color, background) >= 3, `${color} on ${background} (${theme})`);
        for (const other of palette.slice(index + 1))
          assert.ok(differenceOf(color, other) >= 15, `${color} and ${other} are alike (${theme})`);
      });
    }
  });
});
