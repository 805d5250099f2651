import './ui/mantine.css';
import './ui/tokens.css';
import './ui/theme.css';
import './ui/frame.css';
import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Provider } from 'urql';
import { createClient } from './api/client';
import { App } from './app';
import { sessionHasChanged, sessionIsOver } from './session/session-state';
import { theme } from './ui/theme';
import { Toaster } from './ui/toaster';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

const client = createClient({ onSessionOver: sessionIsOver, onSessionChanged: sessionHasChanged });

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <Toaster />
      <Provider value={client}>
        <App />
      </Provider>
    </MantineProvider>
  </StrictMode>,
);
