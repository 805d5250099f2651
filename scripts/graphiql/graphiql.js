// The page at /graphiql: GraphiQL on this server's own endpoint, with the session cookie of the browser.
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import 'graphiql/style.css';

const defaultQuery = `# Sign in at /{account}/sign-in in another tab: this page uses the same session.
# Or put a token under "Headers" below: {"authorization": "Bearer roster_s_…"}
# Ctrl-Enter runs, Ctrl-Space completes, the book on the left explains everything.

query Me {
  viewer {
    user {
      email
      role
    }
    account {
      name
    }
  }
}
`;

const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
const fetcher = createGraphiQLFetcher({
  url: '/graphql',
  subscriptionUrl: `${scheme}://${location.host}/graphql`,
  enableIncrementalDelivery: false,
});

createRoot(document.getElementById('graphiql')).render(createElement(GraphiQL, { fetcher, defaultQuery }));
