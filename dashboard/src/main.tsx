import './ui/mantine.css';
import './ui/tokens.css';
import './ui/theme.css';
import './ui/frame.css';
import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { DirectionProvider, MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Provider } from 'urql';
import { createClient } from './api/client';
import { App } from './app';
import { direction, startTexts } from './language/language';
import { sessionHasChanged, sessionIsOver } from './session/session-state';
import { theme } from './ui/theme';
import { Toaster } from './ui/toaster';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

const client = createClient({ onSessionOver: sessionIsOver, onSessionChanged: sessionHasChanged });

const page = createRoot(root);

startTexts().then(
  () =>
    page.render(
      <StrictMode>
        <I18nProvider i18n={i18n}>
          <DirectionProvider initialDirection={direction()} detectDirection={false}>
            <MantineProvider theme={theme()} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
              <Toaster />
              <Provider value={client}>
                <App />
              </Provider>
            </MantineProvider>
          </DirectionProvider>
        </I18nProvider>
      </StrictMode>,
    ),
  (error: unknown) => {
    console.error('the texts could not be loaded', error);
    // There is nothing to say it with in the language of the reader.
    root.textContent = 'Roster could not be loaded. Check your connection, and load the page again.';
  },
);
