// Queries that got no answer are asked again once the server can be reached: what could not be shown appears by itself.
import { type Exchange, mapExchange, type Operation } from 'urql';
import { whenReachable } from './connection';

/** The exchange. It comes before the cache. */
export const recoveryExchange: Exchange = (input) => {
  const failed = new Map<number, Operation>();
  whenReachable(() => {
    const operations = [...failed.values()];
    failed.clear();
    for (const operation of operations) {
      const context = { ...operation.context, requestPolicy: 'network-only' as const };
      input.client.reexecuteOperation(input.client.createRequestOperation('query', operation, context));
    }
  });
  return mapExchange({
    onOperation: (operation) => {
      // No one waits for it any more.
      if (operation.kind === 'teardown') failed.delete(operation.key);
    },
    onResult: ({ operation, error }) => {
      if (operation.kind !== 'query') return;
      if (error?.networkError) failed.set(operation.key, operation);
      else failed.delete(operation.key);
    },
  })(input);
};
