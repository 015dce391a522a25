import type { ActivationFunction, RendererContext } from 'vscode-notebook-renderer';

/**
 * What stands for the page of a notebook's outputs: it imports the renderer as VS Code does, gives it messages, and
 * draws what the test posts as `{draw: id, view}`, each into an element of its own, beside text of another extension.
 */
declare function acquireVsCodeApi(): { postMessage(message: unknown): void };

const api = acquireVsCodeApi();
const context = {
  postMessage: (message: unknown) => {
    api.postMessage(message);
  },
  onDidReceiveMessage: (listener: (message: unknown) => void) => {
    window.addEventListener('message', ({ data }) => {
      listener(data);
    });
    return { dispose: () => undefined };
  },
} as unknown as RendererContext<void>;

// VS Code's page of outputs has the editor's colours.
document.body.style.background = 'var(--vscode-editor-background)';
document.body.style.color = 'var(--vscode-foreground)';
document.body.innerHTML = '<main><h1>Outputs</h1><button id="foreign">Foreign</button></main>';
const address = new URL('notebook.js', document.baseURI).href;
const renderer = import(address).then(({ activate }: { activate: ActivationFunction }) => activate(context));
window.addEventListener('message', ({ data }) => {
  const { draw: output, view } = data as { draw?: string; view?: unknown };
  if (output === undefined) return;
  let element = document.getElementById(output);
  if (!element) {
    element = document.createElement('div');
    element.id = output;
    document.querySelector('main')!.append(element);
  }
  const into = element;
  void renderer.then((made) =>
    made?.renderOutputItem({ id: output, json: () => view } as never, into, undefined as never),
  );
});
