// What answers say about the session. Where the person whom the page shows is not signed in, the answers of queries are kept from the
// pages: what they show stays as it was, with all that is typed, until that person is signed in again. Then the questions are asked again.
import { type AnyVariables, type Client, type Exchange, mapExchange, type Operation, type OperationResult } from 'urql';
import { showsViewer } from '../session/acting-for';
import { whenBack } from '../session/session-state';
import { codeOf } from './problems';

interface Listeners {
  /** An answer says that no one is signed in. */
  onSessionOver: () => void;
  /** An answer says that another person is signed in than the page shows. */
  onSessionChanged: () => void;
}

/** The context of a query that asks who is signed in, and wants the answer whatever it is. */
export const ASKS_WHO = { requestPolicy: 'network-only', asksWho: true } as const;

/** The exchange. It comes before the cache. */
export function sessionExchange({ onSessionOver, onSessionChanged }: Listeners): Exchange {
  return (input) => {
    const kept = new Map<number, Operation>();
    whenBack(() => {
      for (const operation of kept.values()) askAgain(input.client, operation);
      kept.clear();
    });
    return mapExchange({
      onResult: (result) => {
        const code = result.error && codeOf(result.error);
        const isOver = code === 'UNAUTHENTICATED' || hasNoViewer(result);
        if (!isOver && code !== 'SESSION_CHANGED') return undefined;
        const { operation } = result;
        if (operation.context.asksWho) {
          if (code === 'SESSION_CHANGED') onSessionChanged();
          return undefined;
        }
        if (isCached(result)) {
          askAgain(input.client, operation);
          return never();
        }
        if (code === 'SESSION_CHANGED') onSessionChanged();
        else onSessionOver();
        if (operation.kind !== 'query' || !showsViewer()) return undefined;
        kept.set(operation.key, operation);
        return never();
      },
    })(input);
  };
}

/** Whether an answer says that no one is signed in, on a page that shows a viewer. */
function hasNoViewer({ operation, data }: OperationResult): boolean {
  return showsViewer() && operation.kind === 'query' && data?.viewer === null;
}

/** An answer of the time when the session was lost. */
function isCached({ operation }: OperationResult): boolean {
  return operation.context.meta?.cacheOutcome === 'hit';
}

/** Asks once more, where the answer is still waited for. */
function askAgain(client: Client, operation: Operation): void {
  const request = {
    key: operation.key,
    query: operation.query,
    variables: operation.variables,
    extensions: operation.extensions,
  };
  const context = { ...operation.context, requestPolicy: 'network-only' as const };
  setTimeout(() => client.reexecuteOperation(client.createRequestOperation('query', request, context)));
}

/** An answer that never comes. */
function never(): Promise<OperationResult<unknown, AnyVariables>> {
  return new Promise(() => undefined);
}
