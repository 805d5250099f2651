// Runs the published GraphQL-over-HTTP audit against a URL: node scripts/graphql-http-audit.mjs http://127.0.0.1:8080/graphql
// All audits must pass, including the optional ones. The package must be in target/test-tools/audit. To install it:
//   npm install --prefix target/test-tools/audit graphql-http@1.23.1 graphql@16
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const url = process.argv[2];
if (!url) {
  console.error('usage: node scripts/graphql-http-audit.mjs URL');
  process.exit(2);
}

const beside = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'target', 'test-tools', 'audit');
const tools = process.env.AUDIT_TOOLS ?? beside;
const { auditServer } = createRequire(path.join(tools, 'package.json'))('graphql-http');

const results = await auditServer({ url });
const failures = results.filter((result) => result.status !== 'ok');
for (const { id, name, reason, response } of failures) {
  console.log(`${id} ${name}: ${reason} (status ${response?.status})`);
}
console.log(`${results.length - failures.length} of ${results.length} audits are ok`);
process.exit(failures.length === 0 && results.length > 0 ? 0 : 1);
