"""A server of asyncio's in a thread of this process, on a loopback port, stopped cleanly however the block is left."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING
from weakref import WeakSet

from recado.errors import WorkError
from recado.speech import _

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOPBACK_HOST = "127.0.0.1"
Clients = WeakSet[asyncio.BaseTransport]
StartServer = Callable[[socket.socket, Clients], Awaitable[asyncio.Server]]
_PATIENCE = 10.0


@contextmanager
def serving(start: StartServer, *, port: int, name: str) -> Iterator[int]:
    """Run what `start` makes of a listening socket until the block is left; give the port.

    `start` is given the listening socket, and a set into which it puts the transport of each client that connects: those that
    never say goodbye are cut off at the end. `port` 0 takes a free one. Raises WorkError where the port is taken, and whatever
    `start` raises.
    """
    with _listening(port) as listener:
        server = _ServerThread(start, listener, name)
        try:
            server.begin()
            yield listener.getsockname()[1]
        finally:
            server.end()


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    try:
        listener = socket.create_server((LOOPBACK_HOST, port), backlog=64)
    except OSError as error:
        text = _("Port {port} on this machine cannot be used ({reason}). End the program that has it, or choose another port.")
        raise WorkError(text.format(port=port, reason=error.strerror or error)) from error
    with listener:
        # Its connections inherit this. asyncio sets it on sockets it made itself alone, and each answer would wait 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield listener


class _ServerThread:
    """One thread, one loop, one server. What it left running when it is told to end is cancelled by `asyncio.run`."""

    def __init__(self, start: StartServer, listener: socket.socket, name: str) -> None:
        self._start, self._listener = start, listener
        self._started = threading.Event()
        self._failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Event | None = None
        # A daemon: a second Ctrl-C, while this one is being ended, still ends the process.
        self._clients: Clients = WeakSet()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def begin(self) -> None:
        self._thread.start()
        self._started.wait()
        if self._failure is not None:
            self._thread.join(_PATIENCE)
            raise self._failure

    def end(self) -> None:
        loop, ended = self._loop, self._ended
        if loop is not None and ended is not None and not loop.is_closed():
            loop.call_soon_threadsafe(ended.set)
        self._thread.join(_PATIENCE)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001 (handed to the thread that waits in begin)
            self._failure = error
        finally:
            self._started.set()

    async def _serve(self) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        self._loop.set_exception_handler(_ignore_broken_connections)
        server = await self._start(self._listener, self._clients)
        self._started.set()
        try:
            await self._ended.wait()
        finally:
            await self._cut_off(server)

    async def _cut_off(self, server: asyncio.Server) -> None:
        """End what the server was doing. Not by `wait_closed`: since Python 3.12 it waits for clients that may never leave."""
        # A connection that was accepted a moment ago takes some turns of the loop to be made, and needs an open server for it;
        # only then can it be closed.
        asyncio.get_running_loop().remove_reader(self._listener)
        await _some_turns()
        server.close()
        for client in self._clients:
            if isinstance(client, asyncio.WriteTransport):
                client.abort()
        await _some_turns()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await _some_turns()


async def _some_turns() -> None:
    for _turn in range(8):
        await asyncio.sleep(0)


def _ignore_broken_connections(loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    """Keep quiet about clients that went away; everything else is told as usual."""
    if not isinstance(context.get("exception"), ConnectionError | asyncio.IncompleteReadError):
        loop.default_exception_handler(context)
