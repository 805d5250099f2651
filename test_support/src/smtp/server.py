"""A mail server for one test: takes mail, refuses it, or asks to come back.

Prints one JSON object a line: first {"port": N}, then a line for each mail and each refusal. Ends when its input ends, that is,
with the process that started it. The local part of a recipient, up to a plus sign, says how it is treated; see smtp/mod.rs.
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


def say(**line):
    print(json.dumps(line), flush=True)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        deed = address.split("@")[0].split("+")[0].lower()
        if deed == "refuse":
            return self.refuse(address, 550, "5.1.1 no such mailbox")
        if deed == "greylist" and address not in GREYLISTED:
            GREYLISTED.add(address)
            return self.refuse(address, 451, "4.7.1 greylisted, come back later")
        if deed == "busy":
            return self.refuse(address, 451, "4.3.2 always busy")
        if deed == "silent":
            say(refused=address, code=0)
            await asyncio.sleep(3600)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        for address in envelope.rcpt_tos:
            if address.startswith("spam"):
                return self.refuse(address, 554, "5.7.1 the content is not wanted")
        say(sender=envelope.mail_from, to=envelope.rcpt_tos, raw=envelope.original_content.decode("latin-1"))
        return "250 2.0.0 accepted"

    @staticmethod
    def refuse(address, code, text):
        say(refused=address, code=code)
        return f"{code} {text}"


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
    server = await loop.create_server(lambda: SMTP(Handler(), loop=loop, **settings), "127.0.0.1", 0, ssl=implicit)
    say(port=server.sockets[0].getsockname()[1])
    await loop.run_in_executor(None, sys.stdin.buffer.read)
    os._exit(0)


warnings.simplefilter("ignore")
logging.getLogger("mail.log").setLevel(logging.ERROR)
asyncio.run(main())
