import { reportPages } from './reportPages.ts';
import type { Fact } from './facts.ts';
import { visualJson } from './visuals.ts';

const SCHEMAS = 'https://developer.microsoft.com/json-schemas/fabric/item/report';

/** The files of the folder of a report on a semantic model beside it (`model` is its folder), by their paths in it. */
export function reportFiles(facts: readonly Fact[], model: string): Map<string, string> {
  const pages = reportPages(facts);
  const files = new Map<string, string>([
    [
      'definition.pbir',
      json('definitionProperties/2.0.0', { version: '4.0', datasetReference: { byPath: { path: `../${model}` } } }),
    ],
    ['definition/version.json', json('definition/versionMetadata/1.0.0', { version: '2.0.0' })],
    ['definition/report.json', json('definition/report/3.3.0', { themeCollection: {} })],
    [
      'definition/pages/pages.json',
      json('definition/pagesMetadata/1.1.0', {
        pageOrder: pages.map(({ name }) => name),
        activePageName: pages[0]!.name,
      }),
    ],
  ]);
  for (const { name, title, width, height, visuals } of pages) {
    const folder = `definition/pages/${name}`;
    const page = { name, displayName: title, displayOption: height > 720 ? 'FitToWidth' : 'FitToPage', height, width };
    files.set(`${folder}/page.json`, json('definition/page/2.1.0', page));
    for (const [i, visual] of visuals.entries()) {
      const own = `${name}${String(i + 1).padStart(2, '0')}`;
      files.set(`${folder}/visuals/${own}/visual.json`, text(visualJson(own, visual, i)));
    }
  }
  return files;
}

function json(schema: string, content: object): string {
  return text({ $schema: `${SCHEMAS}/${schema}/schema.json`, ...content });
}

function text(content: unknown): string {
  return `${JSON.stringify(content, undefined, 2)}\n`;
}
