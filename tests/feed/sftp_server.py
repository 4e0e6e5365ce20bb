"""An SFTP server on loopback (asyncssh's own server); a test sets its files and its faults."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh

from tests.support import NOON

USER, PASSWORD = "feed", "very-secret-password-1"
AN_HOUR_AGO = int(NOON.timestamp()) - 3600

HOST_KEY = asyncssh.generate_private_key("ssh-ed25519")
USER_KEY = asyncssh.generate_private_key("ssh-ed25519")


@dataclass
class Mood:
    """The faults of the server, and a record of what it was asked for."""

    entries: list[tuple[bytes, int]] = field(default_factory=list)  # names and sizes that it lists and does not have
    sizes: dict[bytes, int] = field(default_factory=dict)  # what it lists in place of the size of a file that it has
    silent_on: str = ""
    forbidden: str = ""
    on_silence: Callable[[], None] = lambda: None
    on_read: Callable[[int], None] = lambda size: None
    opened: list[str] = field(default_factory=list)
    visits: int = 0


class ServedFolder(asyncssh.SFTPServer):
    def __init__(self, channel: asyncssh.SSHServerChannel, root: Path, mood: Mood) -> None:
        super().__init__(channel, chroot=os.fsencode(root))
        self.mood = mood

    async def answer(self, asked: str) -> None:
        """Answer, or keep silent for ever, whatever else is asked on this connection."""
        if self.mood.silent_on and asked.endswith(self.mood.silent_on):
            self.channel.pause_reading()
            self.mood.on_silence()
            await asyncio.Event().wait()

    async def scandir(self, path: bytes):
        await self.answer("listing")
        async for entry in super().scandir(path):
            entry.attrs.size = self.mood.sizes.get(entry.filename, entry.attrs.size)
            yield entry
        for name, size in self.mood.entries:
            told = asyncssh.SFTPAttrs(size=size, permissions=0o100644, atime=AN_HOUR_AGO, mtime=AN_HOUR_AGO)
            yield asyncssh.SFTPName(name, attrs=told)

    async def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        name = path.decode(errors="replace")
        self.mood.opened.append(name)
        await self.answer(name)
        if self.mood.forbidden and name.endswith(self.mood.forbidden):
            raise asyncssh.SFTPPermissionDenied(f"{PASSWORD} says no")
        return super().open(path, pflags, attrs)

    def read(self, file_obj: object, offset: int, size: int) -> bytes:
        self.mood.on_read(size)
        return super().read(file_obj, offset, size)


class Door(asyncssh.SSHServer):
    def __init__(self, mood: Mood) -> None:
        self.mood = mood

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self.mood.visits += 1

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)


class Server:
    """Serves `root` until it is closed."""

    def __init__(self, root: Path) -> None:
        self.root, self.mood = root, Mood()
        self.outgoing = root / "outgoing"
        self.outgoing.mkdir(parents=True)
        self._loop, self._ready = asyncio.new_event_loop(), threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        self._ready.wait(10)

    def put(self, name: str, content: bytes, changed_at: int = AN_HOUR_AGO) -> Path:
        file = self.outgoing / name
        file.write_bytes(content)
        os.utime(file, (changed_at, changed_at))
        return file

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        listening = self._loop.run_until_complete(self._listen())
        self.port = listening.get_port()
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(self._end(listening))
        self._loop.close()

    async def _listen(self) -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=lambda: Door(self.mood),
            server_host_keys=[HOST_KEY],
            authorized_client_keys=asyncssh.import_authorized_keys(USER_KEY.export_public_key().decode()),
            sftp_factory=lambda channel: ServedFolder(channel, self.root, self.mood),
        )

    async def _end(self, listening: asyncssh.SSHAcceptor) -> None:
        listening.close()
        await listening.wait_closed()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
