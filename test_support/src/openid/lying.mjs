// An OpenID Connect provider on a port of 127.0.0.1 that asks for nothing, and lies as stdin says, one lie a line; every
// line is answered by one. What is not told is true. Ends when stdin closes.
//
// claims, userInfo: replace claims of the ID token and of user info; null takes one away. signature: "other" (a key that no one has), "none",
// "secret" (HS256 with the client's secret), "rotated" (a new key that is published from now on). iss: what the answer says of its
// issuer; null for nothing. metadata: replaces what is published. accessToken: what the ID token's at_hash is made of.
// query: replaces what the browser comes back with. error: what the token endpoint answers. status: what every answer's status is.

import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { once } from "node:events";
import { SignJWT, UnsecuredJWT, exportJWK, generateKeyPair } from "jose";

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const CLIENT = { id: "roster", secret: "a secret of 32 characters or more" };
const now = () => Math.floor(Date.now() / 1000);

const newKey = async (kid) => ({ kid, ...(await generateKeyPair("ES256")) });
const other = await newKey("first");
let keys = [await newKey("first")];
let lie = {};
let serial = 0;
const codes = new Map();
const tokens = new Map();

const server = createServer();
server.listen(0, "127.0.0.1");
await once(server, "listening");
const issuer = `http://127.0.0.1:${server.address().port}`;

const without = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
const person = { sub: "liar", email: "ada@acme.example", email_verified: true, name: "Ada" };

const metadata = () => ({
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["ES256", "HS256", "none"],
    authorization_response_iss_parameter_supported: true,
    ...lie.metadata,
});

const publish = async () => ({ keys: await Promise.all(keys.map(async ({ kid, publicKey }) => ({ ...(await exportJWK(publicKey)), kid, use: "sig", alg: "ES256" }))) });

const authorize = (asked) => {
    const code = `code-${++serial}`;
    codes.set(code, { nonce: asked.get("nonce"), challenge: asked.get("code_challenge"), redirect: asked.get("redirect_uri") });
    const back = new URL(asked.get("redirect_uri"));
    const query = { code, state: asked.get("state"), iss: "iss" in lie ? lie.iss : issuer, ...lie.query };
    for (const [name, value] of Object.entries(without(query))) back.searchParams.set(name, value);
    return back.href;
};

const sign = async (claims) => {
    const jwt = new SignJWT(claims);
    const key = keys.at(-1);
    switch (lie.signature) {
        case "none":
            return new UnsecuredJWT(claims).encode();
        case "secret":
            return jwt.setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode(CLIENT.secret));
        case "other":
            return jwt.setProtectedHeader({ alg: "ES256", kid: key.kid }).sign(other.privateKey);
        default:
            return jwt.setProtectedHeader({ alg: "ES256", kid: key.kid }).sign(key.privateKey);
    }
};

const exchange = async (form) => {
    if (lie.error) return [400, { error: lie.error }];
    const known = codes.get(form.get("code"));
    codes.delete(form.get("code"));
    const challenge = createHash("sha256").update(form.get("code_verifier") ?? "").digest("base64url");
    if (!known || known.redirect !== form.get("redirect_uri") || known.challenge !== challenge) return [400, { error: "invalid_grant" }];
    const accessToken = `access-${serial}`;
    const hash = createHash("sha256").update(lie.accessToken ?? accessToken).digest().subarray(0, 16).toString("base64url");
    const claims = { ...person, iss: issuer, aud: CLIENT.id, iat: now(), exp: now() + 600, nonce: known.nonce, at_hash: hash, ...lie.claims };
    tokens.set(accessToken, { ...person, ...lie.userInfo });
    const answer = { access_token: accessToken, token_type: "Bearer", expires_in: 600, id_token: await sign(without(claims)) };
    return [200, without({ ...answer, ...lie.tokens })];
};

const body = async (request) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    return new URLSearchParams(text);
};

const route = async (request, response) => {
    const url = new URL(request.url, issuer);
    const json = (status, value) => {
        response.writeHead(lie.status ?? status, { "content-type": "application/json" });
        response.end(JSON.stringify(value));
    };
    switch (url.pathname) {
        case "/.well-known/openid-configuration":
            if (lie.redirect) {
                response.writeHead(302, { location: lie.redirect });
                return response.end();
            }
            return json(200, lie.padding ? { ...metadata(), padding: "x".repeat(lie.padding) } : metadata());
        case "/jwks":
            return json(200, await publish());
        case "/auth":
            response.writeHead(303, { location: authorize(url.searchParams) });
            return response.end();
        case "/token":
            return json(...(await exchange(await body(request))));
        case "/userinfo": {
            const info = tokens.get((request.headers.authorization ?? "").replace(/^Bearer /, ""));
            return info ? json(200, without(info)) : json(401, { error: "invalid_token" });
        }
        default:
            return json(404, {});
    }
};

server.on("request", (request, response) => {
    route(request, response).catch((error) => {
        response.statusCode = 500;
        response.end(String(error));
    });
});

say({ issuer });
for await (const line of createInterface({ input: process.stdin })) {
    lie = JSON.parse(line);
    if (lie.signature === "rotated") keys = [await newKey(`key-${++serial}`)];
    say({ done: true });
}
process.exit(0);
