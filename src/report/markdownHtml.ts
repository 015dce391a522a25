import MarkdownIt from 'markdown-it';

/**
 * Markdown of anybody as HTML: no markup of its own (it is shown as text), no script in a link, and no picture from
 * elsewhere, which becomes a link that says so. The one door to markdown-it.
 */
export function markdownHtml(text: string): string {
  return RENDERER.render(text);
}

const RENDERER = makeRenderer();

function makeRenderer(): InstanceType<typeof MarkdownIt> {
  const made = new MarkdownIt('default', { html: false, linkify: false, typographer: false });
  const drawImage = made.renderer.rules.image!;
  made.renderer.rules.image = (tokens, index, options, env, renderer) => {
    const token = tokens[index]!;
    const source = String(token.attrGet('src') ?? '');
    if (/^data:image\/(?:png|gif|jpeg|webp);/i.test(source)) return drawImage(tokens, index, options, env, renderer);
    const { escapeHtml } = made.utils;
    return `<a href="${escapeHtml(source)}">${escapeHtml(`picture: ${token.content || source}`)}</a>`;
  };
  return made;
}
