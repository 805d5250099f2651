// A real OpenID Connect provider (npm oidc-provider) on a port of 127.0.0.1. The users who may sign in come on stdin, one a line:
// {"id": "ada", "claims": {"email": …}}, and every line is answered by one. Ends when stdin closes.

import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { once } from "node:events";
import Provider from "oidc-provider";

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const people = new Map();

const server = createServer();
server.listen(0, "127.0.0.1");
await once(server, "listening");
const issuer = `http://127.0.0.1:${server.address().port}`;

console.info = console.warn = () => {};
const provider = new Provider(issuer, {
    clients: [
        {
            client_id: "roster",
            client_secret: "a secret of 32 characters or more",
            redirect_uris: ["http://127.0.0.1/replaced-below"],
        },
        { client_id: "another", client_secret: "b", redirect_uris: ["http://127.0.0.1/replaced-below"] },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    pkce: { required: () => true },
    cookies: { keys: ["only for tests"] },
    findAccount: (_, id) => people.has(id) && { accountId: id, claims: () => ({ sub: id, ...people.get(id) }) },
    // Every user consents.
    loadExistingGrant: async ({ oidc }) => {
        const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
        grant.addOIDCScope("openid email profile");
        await grant.save();
        return grant;
    },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
});
// A test knows the port of its Roster only later.
const allowed = /^http:\/\/127\.0\.0\.1:\d+\/sign-in\/callback\/[a-z0-9-]+$/;
provider.Client.prototype.redirectUriAllowed = (uri) => allowed.test(uri);

const body = async (request) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    return new URLSearchParams(text);
};

const interact = async (request, response) => {
    if (request.method === "GET") {
        response.setHeader("content-type", "text/html");
        response.end('<form method="post"><input name="login"><button>Sign in</button><button name="cancel" value="1">Cancel</button></form>');
        return;
    }
    const form = await body(request);
    const cancelled = { error: "access_denied", error_description: "They went away" };
    const result = form.has("cancel") ? cancelled : { login: { accountId: form.get("login") } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
};

const answer = provider.callback();
server.on("request", (request, response) => {
    if (!request.url.startsWith("/interaction/")) return answer(request, response);
    interact(request, response).catch((error) => {
        response.statusCode = 400;
        response.end(String(error));
    });
});

say({ issuer });
for await (const line of createInterface({ input: process.stdin })) {
    const { id, claims } = JSON.parse(line);
    people.set(id, claims);
    say({ done: true });
}
process.exit(0);
