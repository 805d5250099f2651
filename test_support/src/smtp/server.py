"""A mail server for tests: takes mail, refuses it, asks to come back, or fails as a whole for as long as it is told to.

Prints one JSON object a line: first {"port": N}, then a line for each connection, mail and refusal. Reads one JSON object a line that
says how to behave, and ends when its input ends, that is, with the process that started it. How the local part of a recipient and a
behaviour are treated says smtp/mod.rs.
"""

import argparse
import asyncio
import json
import logging
import os
import ssl
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

GREYLISTED = set()
REFUSALS = {
    "refuse": (550, "5.1.1 no such mailbox"),
    "bounce": (550, "5.1.1 <bounce@acme.example>: Recipient address rejected: User unknown in virtual mailbox table"),
    "busy": (451, "4.3.2 always busy"),
}
RECIPIENTS = {"refusing": (550, "5.1.1 <{address}>: user unknown"), "greylisting": (451, "4.7.1 greylisted, come back later")}
SENDERS = {
    "refusing-senders": "550 5.7.1 not a sender of ours",
    "demanding-starttls": "530 5.7.0 Must issue a STARTTLS command first",
    "demanding-auth": "530 5.7.0 Authentication required",
}
CONTENTS = {
    "limiting": "550 5.4.5 the sending limit of the day is reached",
    "refusing-contents": "554 message rejected: the sender is not verified",
}


class Behaviour:
    name = "healthy"
    seconds = 0.0


class Connection(SMTP):
    """A connection that behaves as the server is told to at the moment."""

    open = {}
    accepted = 0

    def connection_made(self, transport):
        if self.transport is None:
            Connection.accepted += 1
            Connection.open[self] = transport
            say(connections=Connection.accepted, open=len(Connection.open))
        super().connection_made(transport)

    def connection_lost(self, error):
        Connection.open.pop(self, None)
        super().connection_lost(error)

    async def push(self, status):
        if Behaviour.name == "hanging":
            await forever()
        await super().push(status)

    async def smtp_DATA(self, arg):
        if Behaviour.name == "dropping-mid-data":
            await self.push("354 go on")
            await self._reader.readline()
            await self.drop()
        await super().smtp_DATA(arg)

    async def drop(self):
        self.transport.abort()
        await forever()


class Handler:
    async def handle_MAIL(self, server, session, envelope, address, options):
        if Behaviour.name in SENDERS:
            return SENDERS[Behaviour.name]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        command = address.split("@")[0].split("+")[0].lower()
        refusal = RECIPIENTS.get(Behaviour.name) or REFUSALS.get(command)
        if command == "greylist" and address not in GREYLISTED:
            GREYLISTED.add(address)
            refusal = RECIPIENTS["greylisting"]
        if refusal:
            return refuse(address, refusal[0], refusal[1].format(address=address))
        if command == "silent":
            say(refused=address, code=0)
            await forever()
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        for address in envelope.rcpt_tos:
            if address.startswith("spam"):
                return refuse(address, 554, "5.7.1 the content is not wanted")
        if Behaviour.name in CONTENTS:
            return CONTENTS[Behaviour.name]
        await asyncio.sleep(Behaviour.seconds)
        if Behaviour.name != "dropping":
            say(sender=envelope.mail_from, to=envelope.rcpt_tos, raw=envelope.original_content.decode("latin-1"))
        if Behaviour.name in ("dropping", "dropping-after-keeping"):
            await server.drop()
        return "250 2.0.0 accepted"


def say(**line):
    print(json.dumps(line), flush=True)


def refuse(address, code, text):
    say(refused=address, code=code)
    return f"{code} {text}"


async def forever():
    await asyncio.Event().wait()


def authenticate(options):
    def check(server, session, envelope, mechanism, data):
        given = (data.login, data.password)
        right = (options.user.encode(), options.password.encode())
        if given == right:
            return AuthResult(success=True)
        say(refused=data.login.decode(errors="replace"), code=535)
        return AuthResult(success=False, handled=False)

    return check


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--tls", choices=["none", "starttls", "implicit"], default="none")
    parser.add_argument("--user")
    parser.add_argument("--password")
    options = parser.parse_args()

    context = None
    if options.tls != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.certificate, options.key)
    settings = {"hostname": "localhost", "enable_SMTPUTF8": True}
    if options.tls == "starttls":
        settings.update(tls_context=context, require_starttls=True)
    if options.user:
        # aiosmtpd does not know that an implicit channel is encrypted.
        settings.update(auth_required=True, auth_require_tls=options.tls == "starttls", authenticator=authenticate(options))

    loop = asyncio.get_running_loop()
    implicit = context if options.tls == "implicit" else None

    async def listen(port):
        return await loop.create_server(lambda: Connection(Handler(), loop=loop, **settings), "127.0.0.1", port, ssl=implicit)

    server = await listen(0)
    port = server.sockets[0].getsockname()[1]
    say(port=port)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        told = json.loads(line)
        Behaviour.name, Behaviour.seconds = told["behave"], told["seconds"]
        if Behaviour.name == "down":
            server.close()
            for transport in list(Connection.open.values()):
                transport.abort()
        elif not server.is_serving():
            server = await listen(port)
        say(behaves=Behaviour.name)
    os._exit(0)


warnings.simplefilter("ignore")
logging.getLogger("mail.log").setLevel(logging.CRITICAL)
asyncio.run(main())
