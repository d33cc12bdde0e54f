"""The demo's two mail servers, on loopback ports of this machine: a mailbox read over IMAP, and the exchanger before it.

pymap (IMAP, in memory) and aiosmtpd (SMTP) are wrapped here and in the exchanger; nothing else knows them.
"""

from __future__ import annotations

import asyncio
from argparse import Namespace
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from imapclient import IMAPClient

from recado.demo.exchanger import MailExchanger, MailStore, Reception
from recado.demo.loop_thread import LOOPBACK_HOST, Clients, serving
from recado.model.address import domain_of

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from recado.demo.sender_checks import AuthorisedHosts
    from recado.model.practice import Practice

_SECONDS = 30


@dataclass(frozen=True, slots=True)
class DemoServers:
    """Where the two servers listen, both on 127.0.0.1."""

    imap_port: int
    smtp_port: int
    host: str = LOOPBACK_HOST


@contextmanager
def demo_servers(
    practice: Practice, password: str, reception: Reception, *, imap_port: int = 0, smtp_port: int = 0
) -> Iterator[DemoServers]:
    """Run the mailbox of `practice` and the exchanger that fills it until the block is left.

    The mailbox has the practice's user and folders, this password, and no mail. Port 0 takes a free one. Raises WorkError
    where a port is taken.
    """
    mailbox = practice.mailbox
    with imap_server(mailbox.user, password, port=imap_port) as imap:
        store = MailStore(LOOPBACK_HOST, imap, mailbox.user, password, mailbox.inbox)
        if mailbox.sent:
            _make_folder(store, mailbox.sent)
        with smtp_server(MailExchanger(store, reception), port=smtp_port) as smtp:
            yield DemoServers(imap, smtp)


def reception_of(practice: Practice, authorised: AuthorisedHosts, arrival: Callable[[bytes], datetime]) -> Reception:
    """Say how a practice receives mail: for its request address, under the name it trusts, up to the size it takes."""
    mailbox = practice.mailbox
    trusted = mailbox.trust.authserv_id if mailbox.trust else None
    name = trusted or f"mx.{domain_of(mailbox.address)}"
    return Reception(mailbox.address, name, authorised, arrival, largest=mailbox.max_message)


@contextmanager
def imap_server(user: str, password: str, *, port: int = 0) -> Iterator[int]:
    """Run an empty mailbox in memory for one user; give its port."""

    async def start(listener: socket.socket, clients: Clients) -> asyncio.Server:
        from proxyprotocol.reader import ProxyProtocolReader  # noqa: PLC0415 (late: half a second that only the demo needs)
        from pymap.backend.dict import DictBackend  # noqa: PLC0415 (late: as above)
        from pymap.concurrent import Subsystem  # noqa: PLC0415 (late: as above)
        from pymap.imap import IMAPServer  # noqa: PLC0415 (late: as above)
        from pysasl.hashing import Cleartext  # noqa: PLC0415 (late: as above)

        # The password lives and dies with this process: hashed, each login would take a quarter of a second, in a pool of
        # threads that pymap never ends.
        options = _pymap_options(user, password)
        backend, config = await DictBackend.init(options, hash_context=Cleartext(), cpu_subsystem=Subsystem.for_asyncio())
        config.apply_context()
        answer = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(backend.login, config))

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            clients.add(writer.transport)
            await answer(reader, writer)

        return await asyncio.start_server(connected, sock=listener)

    with serving(start, port=port, name="demo-imap") as taken:
        yield taken


@contextmanager
def smtp_server(exchanger: MailExchanger, *, port: int = 0) -> Iterator[int]:
    """Run a mail exchanger; give its port."""

    async def start(listener: socket.socket, clients: Clients) -> asyncio.Server:
        from aiosmtpd.smtp import SMTP  # noqa: PLC0415 (late: only the demo needs it)

        loop = asyncio.get_running_loop()
        reception = exchanger.reception

        class Session(SMTP):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                clients.add(transport)
                super().connection_made(transport)

        def session() -> asyncio.Protocol:
            talk: asyncio.Protocol = Session(
                exchanger,
                hostname=reception.authserv_id,
                ident="Recado demo",
                data_size_limit=reception.largest,
                enable_SMTPUTF8=True,
                loop=loop,
            )
            return talk

        return await loop.create_server(session, sock=listener)

    with serving(start, port=port, name="demo-smtp") as taken:
        yield taken


def _make_folder(store: MailStore, folder: str) -> None:
    with IMAPClient(store.host, port=store.port, ssl=False, timeout=_SECONDS) as client:
        client.login(store.user, store.password)
        if not client.folder_exists(folder):
            client.create_folder(folder)


def _pymap_options(user: str, password: str) -> Namespace:
    """Give pymap what its command line would have; host and port are ours, for the socket is."""
    return Namespace(
        host=[LOOPBACK_HOST],
        port="0",
        debug=False,
        cert=None,
        key=None,
        tls=False,
        proxy_protocol=None,
        passlib_cfg=None,
        demo_data=False,
        demo_user=user,
        demo_password=password,
    )
