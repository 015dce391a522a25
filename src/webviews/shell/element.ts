type Attributes = Record<string, string | number | boolean | undefined | ((event: Event) => void)>;

/**
 * Makes one element. `on*` attributes are listeners, `true` a bare attribute, `false` and undefined are left out;
 * children are nodes or text, and text is only ever text: nothing here parses HTML.
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string | undefined)[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, '');
    else if (value !== undefined && value !== false) node.setAttribute(name, String(value));
  }
  node.append(...children.filter((child) => child !== undefined));
  return node;
}

/** Replaces all children. */
export function fill(parent: Element, ...children: readonly (Node | string | undefined)[]): void {
  parent.replaceChildren(...children.filter((child) => child !== undefined));
}

/** A codicon: decoration only, its meaning stands in text or a label beside it. */
export function icon(name: string): HTMLElement {
  return element('span', { class: `codicon codicon-${name}`, 'aria-hidden': 'true' });
}

export function button(
  label: string,
  iconName: string,
  onclick: () => void,
  options: { text?: boolean; key?: string } = {},
): HTMLButtonElement {
  return element(
    'button',
    {
      type: 'button',
      class: options.text ? 'text' : 'icon',
      title: options.key ? `${label} (${options.key})` : label,
      'aria-label': label,
      onclick,
    },
    icon(iconName),
    options.text ? label : undefined,
  );
}
