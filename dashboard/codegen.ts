import type { CodegenConfig } from '@graphql-codegen/cli';

// Typed documents from the schema that the server commits. What comes out is not committed: `npm run codegen` makes it.
const config: CodegenConfig = {
  schema: '../api/schema.graphql',
  documents: ['src/**/*.{ts,tsx}', '!src/gql/**'],
  generates: {
    'src/gql/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: { enumType: 'const', useTypeImports: true, scalars: { DateTime: 'string' } },
    },
  },
};

export default config;
