import { askWith } from '../../../src/webviews/shell/ask.ts';
import { Completeness } from '../../../src/webviews/shell/completeness.tsx';
import { openMenu } from '../../../src/webviews/shell/menu.tsx';
import { Button, Note, Progress, Welcome } from '../../../src/webviews/shell/parts.tsx';
import type { PageProps } from '../../../src/webviews/shell/start.tsx';
import { TabPanel, Tabs } from '../../../src/webviews/shell/tabs.tsx';
import { useEffect, useState } from '../../../src/webviews/shell/view.ts';
import type { FitHost, FitView } from './contract.ts';

/** A page that is not of the product, made of the shell's parts alone and a style sheet of one line. */
export function FitPage({ host, say }: PageProps<FitHost>) {
  const [fit, setFit] = useState<FitView | null>(null);
  const [tab, setTab] = useState<'checks' | 'about'>(host.readState()['tab'] === 'about' ? 'about' : 'checks');
  const [complaint, complain] = useState<string>();
  const ask = askWith(complain);
  useEffect(() => {
    host.channel.on('fit', setFit);
    void ask(host.channel.request('ready', { version: 1 }).then(setFit));
  }, []);
  useEffect(() => {
    host.writeState({ tab });
  }, [tab]);
  if (!fit)
    return (
      <main>
        <Welcome what="Nothing was checked yet." next="Check the estate." />
      </main>
    );
  const more = (button: HTMLElement): void => {
    openMenu(button, 'More', [
      { label: 'Say it', icon: 'megaphone', run: () => say(`${fit.checks.length} checks.`) },
      'separator',
      { label: 'Sorted', checked: true, run: () => undefined },
    ]);
  };
  const all = fit.checks.length;
  return (
    <>
      <header class="head">
        {fit.done < all && <Progress label="Checks done" done={fit.done} all={all} />}
        <div class="bar-row">
          <Tabs
            label="Fit"
            tabs={[
              { id: 'checks', label: 'Checks', count: String(all) },
              { id: 'about', label: 'About' },
            ]}
            chosen={tab}
            onChoose={setTab}
          />
          <Completeness
            standing={fit.done < all ? 'running' : 'complete'}
            sentence={`${fit.done} of ${all} checks done`}
            details=""
            elapsedMs={1500}
            scope="2 workspaces"
          />
          <span class="spring" />
          <Button text menu label="More" icon="ellipsis" onClick={more} />
        </div>
        {complaint !== undefined && (
          <Note icon="error" alert>
            {complaint}
          </Note>
        )}
      </header>
      <main>
        <TabPanel id="checks" chosen={tab} class="checks" tabIndex={0}>
          <table class="list" aria-label="Checks">
            <thead>
              <tr>
                <th scope="col">Check</th>
                <th scope="col">Verdict</th>
              </tr>
            </thead>
            <tbody>
              {fit.checks.map(({ name, verdict }) => (
                <tr key={name}>
                  <td>
                    <Button
                      text
                      label={name}
                      icon="checklist"
                      onClick={() => void ask(host.channel.request('open', { check: name }))}
                    />
                  </td>
                  <td>{verdict}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TabPanel>
        <TabPanel id="about" chosen={tab} class="checks" tabIndex={0}>
          <p class="empty">Nothing to say.</p>
        </TabPanel>
      </main>
    </>
  );
}
