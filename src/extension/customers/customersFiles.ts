import { Diagnostic, DiagnosticSeverity, Range, Uri, languages, workspace } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { Emitter } from '../../base/event.ts';
import { decodeText } from '../../base/decodeText.ts';
import type { CustomersProblem } from '../../model/customersProblem.ts';
import type { WorkerSettings } from '../../protocol/settings.ts';

const IN_FOLDER = ['.tenantscope', 'customers.json'] as const;

/**
 * The customers files of this window: the person's own first, then those of the open folders, which win. None of a
 * folder nobody trusts.
 */
export class CustomersFiles implements Disposable {
  /** The person's own file. */
  readonly personal: Uri;
  private readonly diagnostics = languages.createDiagnosticCollection('tenantscope-customers');
  private readonly changed = new Emitter<void>();
  private readonly store = new DisposableStore();
  private read = new Map<string, Uri>();

  readonly onDidChange = this.changed.event;

  constructor(globalStorageUri: Uri) {
    this.personal = Uri.joinPath(globalStorageUri, 'customers.json');
    this.store.add(this.diagnostics);
    this.store.add(this.changed);
    const watcher = this.store.add(workspace.createFileSystemWatcher(`**/${IN_FOLDER.join('/')}`));
    const changed = (): void => {
      this.changed.fire();
    };
    this.store.add(watcher.onDidCreate(changed));
    this.store.add(watcher.onDidChange(changed));
    this.store.add(watcher.onDidDelete(changed));
    this.store.add(workspace.onDidChangeWorkspaceFolders(changed));
    // The file of ours lies outside every folder, where watching is not for extensions.
    this.store.add(
      workspace.onDidSaveTextDocument((document) => {
        if (document.uri.toString() === this.personal.toString()) changed();
      }),
    );
  }

  /** Where the customers file of each open folder is, or would be. */
  get inFolders(): readonly Uri[] {
    return workspace.isTrusted
      ? (workspace.workspaceFolders ?? []).map((folder) => Uri.joinPath(folder.uri, ...IN_FOLDER))
      : [];
  }

  /** Weakest first. `sample` is the path of a cloud file's own customers. */
  async load(sample?: string): Promise<WorkerSettings['customersFiles']> {
    this.read = new Map();
    const files: { label: string; text: string }[] = [];
    for (const uri of [...(sample === undefined ? [] : [Uri.file(sample)]), this.personal, ...this.inFolders]) {
      const text = await workspace.fs.readFile(uri).then(decodeText, () => undefined);
      if (text === undefined) continue;
      const label = uri.scheme === 'file' ? uri.fsPath : uri.toString();
      this.read.set(label, uri);
      files.push({ label, text });
    }
    return files;
  }

  /** Mistakes at their lines; everything else of the file works. */
  show(problems: readonly CustomersProblem[]): void {
    this.diagnostics.clear();
    for (const [label, uri] of this.read) {
      const own = problems.filter((problem) => problem.file === label);
      if (own.length) this.diagnostics.set(uri, own.map(toDiagnostic));
    }
  }

  dispose(): void {
    this.store.dispose();
  }
}

function toDiagnostic({ line, message }: CustomersProblem): Diagnostic {
  const at = Math.max(0, line - 1);
  const diagnostic = new Diagnostic(new Range(at, 0, at, 1000), message, DiagnosticSeverity.Warning);
  diagnostic.source = 'Tenantscope';
  return diagnostic;
}
