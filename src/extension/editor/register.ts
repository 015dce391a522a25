import { languages, workspace } from 'vscode';
import type { App } from '../platform/app.ts';
import type { CommandsOf } from '../platform/commands.ts';
import { openNewQuery } from '../platform/openQuery.ts';
import { onSettingsChanged } from '../platform/settings.ts';
import { OUTER_LANGUAGES } from '../session/outerLanguages.ts';
import { QueryLenses } from './codeLens.ts';
import { QueryDiagnostics } from './diagnostics.ts';
import { watchInside } from './insideKey.ts';
import { InsideLenses } from './insideLenses.ts';
import { registerInsideProviders } from './insideProviders.ts';
import { registerProviders } from './providers.ts';
import { SchemaFeed } from './schemaFeed.ts';

/** Everything that helps to write a query. Nothing starts before a query document is open. */
export function registerEditor(app: App): CommandsOf<'tenantscope.query.new'> {
  const feed = app.store.add(new SchemaFeed(app));
  app.store.add(
    app.estate.onDidChange(() => {
      if (app.estate.state === 'loading') feed.reset();
    }),
  );
  app.store.add(new QueryDiagnostics(app, feed));
  for (const provider of registerProviders(app, feed)) app.store.add(provider);

  const lenses = app.store.add(new QueryLenses(app));
  app.store.add(languages.registerCodeLensProvider({ language: 'kusto' }, lenses));
  app.store.add(
    app.estate.onDidChange(() => {
      lenses.refresh();
    }),
  );
  app.store.add(
    onSettingsChanged('query.codeLens')(() => {
      lenses.refresh();
    }),
  );
  const insideLenses = app.store.add(new InsideLenses(app));
  const outer = Object.keys(OUTER_LANGUAGES).map((language) => ({ language }));
  app.store.add(languages.registerCodeLensProvider(outer, insideLenses));
  for (const provider of registerInsideProviders(app, feed)) app.store.add(provider);
  app.store.add(watchInside(app));
  const redraw = (): void => {
    insideLenses.refresh();
  };
  app.store.add(app.estate.onDidChange(redraw));
  app.store.add(app.scope.onDidChange(redraw));
  app.store.add(onSettingsChanged('query.codeLens', 'query.inOtherFiles')(redraw));
  let drawn = '';
  app.store.add(
    app.scope.onDidChange(() => {
      const now = JSON.stringify(app.scope.of(app.active.document));
      if (now !== drawn) {
        drawn = now;
        lenses.refresh();
      }
    }),
  );
  // A query saved under its first name keeps its scope.
  app.store.add(
    workspace.onDidRenameFiles(({ files }) => {
      for (const { oldUri, newUri } of files)
        app.guard.background('editor.rename', () => app.scope.move(oldUri.toString(), newUri.toString()));
    }),
  );
  return { 'tenantscope.query.new': () => openNewQuery('') };
}
