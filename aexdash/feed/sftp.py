"""Lists a folder of an SFTP server and fetches files from it, by asyncssh.

The host key is verified before anything secret travels. No name of the server becomes a path of this machine: a file
is written where its receiver says. Words of the server are not repeated, because it knows the password.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TypeVar

import asyncssh

from aexdash.config.sections.sftp import HOST_KEY, KEY_FILE, PASSWORD, SftpFolder
from aexdash.feed.remote import NotFetched, Receiver, RemoteFile, ToldToStop, VisitLimits, cannot_keep

BLOCK = 256 * 1024
"""Bytes of one read; each must arrive within the time for one answer."""

LOOK_FOR_STOP = 0.2

NO_CERTIFICATES = "-*-cert-*"
"""Excludes signed host keys when known_hosts has no authority that could verify them."""

T = TypeVar("T")


class SftpServer:
    """A server and a folder on it. Made anew for each visit, because it signs in once.

    Every method raises NotFetched.
    """

    def __init__(self, place: SftpFolder, limits: VisitLimits, known_hosts: Path) -> None:
        self._place, self._limits, self._known_hosts = place, limits, known_hosts
        self._folder = place.folder.encode()
        self._connection: asyncssh.SSHClientConnection | None = None
        self._late = False

    def list_files(self) -> list[RemoteFile]:
        """List the plain files of the folder, and bring none."""

        async def listed() -> list[RemoteFile]:
            async with self._signed_in() as client:
                return await self._list(client)

        return self._bounded(listed(), threading.Event())

    def fetch(self, receiver: Receiver, stop: threading.Event) -> None:
        """Bring the files that the receiver chooses, one after the other; what it kept before an error is kept.

        Raises:
            ToldToStop: `stop` was set meanwhile.
        """

        async def fetched() -> None:
            async with self._signed_in() as client:
                for file in receiver.choose(await self._list(client)):
                    await self._bring_to(receiver, client, file)

        self._bounded(fetched(), stop)

    def _bounded(self, visit: Coroutine[None, None, T], stop: threading.Event) -> T:
        """Run a visit to its end, its time limit or the stop, whichever comes first."""

        async def watched() -> T:
            visiting, stopping = asyncio.create_task(visit), asyncio.create_task(_stopped(stop))
            both = {visiting, stopping}
            try:
                await asyncio.wait(both, timeout=self._limits.whole, return_when=asyncio.FIRST_COMPLETED)
                if visiting.done():
                    return visiting.result()
                if stopping.done():
                    raise ToldToStop
                raise NotFetched(f"{self._place.server} is slow: after {self._limits.whole:g} seconds it was left.")
            finally:
                self._cut()
                visiting.cancel()
                stopping.cancel()
                await asyncio.gather(visiting, stopping, return_exceptions=True)

        return asyncio.run(watched())

    def _cut(self) -> None:
        """Abort the connection, which ends every wait; a regular close would ask the server once more."""
        if self._connection:
            self._connection.abort()

    async def _answered(self, answer: Awaitable[T]) -> T:
        """Wait for an answer; abort the connection when it is late."""

        def give_up() -> None:
            self._late = True
            self._cut()

        late = asyncio.get_running_loop().call_later(self._limits.answer, give_up)
        try:
            return await answer
        finally:
            late.cancel()

    @asynccontextmanager
    async def _signed_in(self) -> AsyncIterator[asyncssh.SFTPClient]:
        """Sign in for a `with` block; errors in it are raised as NotFetched."""
        caller, known = _Caller(self._place.host_key), _known(self._place, self._known_hosts)
        try:
            async with asyncio.timeout(self._limits.answer):
                self._connection = await _connect(self._place, caller, known)
            yield await self._answered(self._connection.start_sftp_client())
        except asyncssh.HostKeyNotVerifiable as error:
            raise NotFetched(_not_trusted(self._place, caller.shown, known)) from error
        except (asyncssh.Error, ValueError, OSError) as error:
            late = self._late or isinstance(error, TimeoutError)
            raise NotFetched(self._silence() if late else _refusal(self._place, error, known)) from error
        finally:
            await self._hang_up()

    def _silence(self) -> str:
        return f"{self._place.server} did not answer within {self._limits.answer:g} seconds."

    async def _hang_up(self) -> None:
        if self._connection:
            self._connection.abort()
            await self._connection.wait_closed()

    async def _list(self, client: asyncssh.SFTPClient) -> list[RemoteFile]:
        """List the plain files; entries without a size are left out."""
        found: list[RemoteFile] = []
        entries = client.scandir(self._folder)
        for _ in range(self._limits.entries):
            entry = await self._answered(anext(entries, None))
            if entry is None:
                return found
            name, told = entry.filename, entry.attrs
            if isinstance(name, bytes) and told.type == asyncssh.FILEXFER_TYPE_REGULAR and told.size is not None:
                found.append(RemoteFile(name, told.size, told.mtime or 0))
        raise NotFetched(
            f"{self._place.server} lists {self._limits.entries:,} entries or more in {self._place.folder}: "
            f"name a folder for the feed alone as sftp under {self._place.heading}."
        )

    async def _bring_to(self, receiver: Receiver, client: asyncssh.SFTPClient, file: RemoteFile) -> None:
        try:
            if await self._bring(client, file, receiver.beside):
                receiver.keep(file)
        except (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection):
            raise
        except asyncssh.SFTPNoSuchFile:
            return  # gone since it was listed
        except asyncssh.SFTPError:
            receiver.miss(file, f"{self._place.server} does not let {self._place.user} read {file.shown}.")
        finally:
            receiver.beside.unlink(missing_ok=True)

    async def _bring(self, client: asyncssh.SFTPClient, file: RemoteFile, beside: Path) -> bool:
        """Write a file to `beside`; return False when it has changed since it was listed: it is still being written."""
        path = self._folder.rstrip(b"/") + b"/" + file.name
        remote: asyncssh.SFTPClientFile = await self._answered(client.open(path, asyncssh.FXF_READ, encoding=None))
        at = 0
        with _writing(beside) as write:
            while at <= file.size and (block := await self._answered(_block(remote, at))):
                write(block)
                at += len(block)
        await self._answered(remote.close())
        told = await self._answered(client.lstat(path))
        return (at, told.size, told.mtime or 0) == (file.size, file.size, file.changed_at)


async def _block(file: asyncssh.SFTPClientFile, at: int) -> bytes:
    block: bytes = await file.read(BLOCK, at)
    return block


async def _stopped(stop: threading.Event) -> None:
    while not stop.is_set():
        await asyncio.sleep(LOOK_FOR_STOP)


@contextmanager
def _writing(beside: Path) -> Iterator[Callable[[bytes], int]]:
    """Open a file for writing in a `with` block; errors of the disk are raised apart from those of the network."""
    try:
        file = beside.open("wb")
    except OSError as error:
        raise cannot_keep(beside.parent, error) from error

    def write(block: bytes) -> int:
        try:
            return file.write(block)
        except OSError as error:
            raise cannot_keep(beside.parent, error) from error

    with file:
        yield write


class _Caller(asyncssh.SSHClient):
    """Accepts only the host key that the settings name, and remembers a different one for the error message."""

    def __init__(self, host_key: str) -> None:
        self.host_key, self.shown = host_key, ""

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        self.shown = key.get_fingerprint()
        return self.shown == self.host_key


async def _connect(place: SftpFolder, caller: _Caller, known: asyncssh.SSHKnownHosts) -> asyncssh.SSHClientConnection:
    """Connect with what the settings say and nothing of ~/.ssh: no configuration, no agent, no other keys."""
    key, password = _key(place), place.password.get_secret_value()
    if not (key or password):
        raise NotFetched(
            f"secrets.toml has neither {PASSWORD} nor {KEY_FILE} under {place.heading}: write one of them."
        )
    return await asyncssh.connect(
        place.host,
        place.port,
        config=None,
        client_factory=lambda: caller,
        username=place.user,
        password=password or None,
        client_keys=[key] if key else None,
        agent_path=None,
        gss_kex=False,
        gss_auth=False,
        x509_trusted_certs=None,
        known_hosts=known,
        server_host_key_algs=() if _known_keys(place, known)[1] else NO_CERTIFICATES,
    )


def _key(place: SftpFolder) -> asyncssh.SSHKey | None:
    if place.key_file is None:
        return None
    try:
        return asyncssh.read_private_key(place.key_file)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no private key, or one with a passphrase"
        raise NotFetched(f"The {KEY_FILE} under {place.heading} cannot be used ({reason}): name another.") from error


def _known(place: SftpFolder, known_hosts: Path) -> asyncssh.SSHKnownHosts:
    """Return the keys of known_hosts; none when the settings name the one valid key."""
    if place.host_key:
        return asyncssh.import_known_hosts("")
    try:
        return asyncssh.read_known_hosts(str(known_hosts.expanduser()))
    except (FileNotFoundError, RuntimeError):
        return asyncssh.import_known_hosts("")
    except (OSError, ValueError) as error:
        raise NotFetched(
            f"{known_hosts} cannot be read: mend it, or write {HOST_KEY} under {place.heading}."
        ) from error


def _known_keys(place: SftpFolder, known: asyncssh.SSHKnownHosts) -> tuple[bool, bool]:
    """Whether known_hosts has keys of the server, and whether it has an authority for it."""
    keys, authorities, *_ = known.match(place.host, "", None if place.port == 22 else place.port)
    return bool(keys), bool(authorities)


def _not_trusted(place: SftpFolder, shown: str, known: asyncssh.SSHKnownHosts) -> str:
    if not shown:
        return f"The host key of {place.server} is revoked in known_hosts, or its certificate is not valid."
    if place.host_key or any(_known_keys(place, known)):
        named = f"{HOST_KEY} under {place.heading}" if place.host_key else "known_hosts"
        return (
            f"The host key of {place.server} is {shown} and not the one in {named}: somebody may listen in; "
            "ask its owner before you change it."
        )
    return (
        f"The host key of {place.server} is not known: if its owner confirms {shown}, write "
        f'{HOST_KEY} = "{shown}" under {place.heading} of aexdash.toml.'
    )


def _refusal(place: SftpFolder, error: Exception, known: asyncssh.SSHKnownHosts) -> str:
    if isinstance(error, asyncssh.PermissionDenied):
        given = KEY_FILE if place.key_file else PASSWORD
        return f"{place.server} does not let {place.user} in: check {given} under {place.heading} of secrets.toml."
    if isinstance(error, asyncssh.SFTPError) and not isinstance(error, asyncssh.SFTPConnectionLost):
        return f"{place.server} does not show its folder {place.folder}: check sftp under {place.heading}."
    if isinstance(error, OSError):
        number = error.errno or 0  # below 0 where its name could not be resolved
        reason = os.strerror(number) if number > 0 else error.strerror or "no address of it answers"
        return f"{place.server} cannot be reached ({reason}): check sftp under {place.heading} of aexdash.toml."
    if isinstance(error, asyncssh.KeyExchangeFailed) and _known_keys(place, known)[0]:
        return f"{place.server} has no host key of the kind that known_hosts lists for it: ask its owner."
    return f"{place.server} ended the connection or does not speak SFTP ({type(error).__name__})."
