"""An SMTP server for tests: `smtp_server.py '{...}'`. Prints its port, then each mail it takes, as one JSON line each.

Options, all optional: tls ("starttls" or "implicit") with certificate and key; auth (["user", "password"], demanded then);
rcpt and data (replies to the first recipients and mails, before all is well; "hang" never answers, "late 550 no" answers when the
next mail is offered on any connection, or after three seconds). Ends with its standard input.
"""

import asyncio
import base64
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

options = json.loads(sys.argv[1])
offered = asyncio.Event()


def say(**line):
    print(json.dumps(line), flush=True)


async def scripted(replies):
    reply = replies.pop(0) if replies else None
    if reply == "hang":
        await asyncio.Event().wait()
    if reply and reply.startswith("late "):
        offered.clear()
        try:
            await asyncio.wait_for(offered.wait(), 3)
        except asyncio.TimeoutError:
            pass
        return reply.removeprefix("late ")
    return reply


class Handler:
    async def handle_MAIL(self, server, session, envelope, address, options_):
        offered.set()
        envelope.mail_from = address
        return "250 2.1.0 Sender taken"

    async def handle_RCPT(self, server, session, envelope, address, options_):
        reply = await scripted(options.get("rcpt", []))
        if reply:
            return reply
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Recipient taken"

    async def handle_DATA(self, server, session, envelope):
        reply = await scripted(options.get("data", []))
        if reply:
            return reply
        say(
            mail=base64.b64encode(envelope.original_content).decode(),
            sender=envelope.mail_from,
            recipients=envelope.rcpt_tos,
            greeting=session.host_name,
            encrypted=session.ssl is not None or options.get("tls") == "implicit",
            connection=session.peer[1],
        )
        return "250 2.0.0 Queued as 4711"


def authenticate(server, session, envelope, mechanism, data):
    given = [data.login.decode(), data.password.decode()]
    return AuthResult(success=given == options["auth"], handled=False)


async def main():
    context = None
    if options.get("tls"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options["certificate"], options["key"])
    starttls = options.get("tls") == "starttls"
    settings = dict(hostname="mail.test", tls_context=context if starttls else None, require_starttls=starttls)
    if options.get("auth"):
        settings.update(authenticator=authenticate, auth_required=True, auth_require_tls=False)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(Handler(), **settings), "127.0.0.1", 0, ssl=None if starttls else context
    )
    say(port=server.sockets[0].getsockname()[1])
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
