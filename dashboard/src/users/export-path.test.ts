import { expect, test } from 'vitest';
import { usersExportPath } from './export-path';
import { START } from './list-state';

test('an export has the filters and the order of the page, but all pages', () => {
  const path = usersExportPath({
    ...START,
    search: ' ada ',
    status: ['ACTIVE', 'INACTIVE'],
    methods: ['google'],
    after: 'a-cursor',
  });
  expect(path).toBe(
    '/users/export?search=ada&status=ACTIVE&status=INACTIVE&authMethod=google&orderBy=RELEVANCE&direction=ASC&bom=true&separator=comma',
  );
});
