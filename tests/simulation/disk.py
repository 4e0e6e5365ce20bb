"""A disk that fails where a story wants it: system calls of the very SQLite that the `sqlite3` module uses.

SQLite lets its own tests put other functions in place of the system calls of its file layer (`xSetSystemCall` of
`sqlite3_vfs`, https://www.sqlite.org/c3ref/vfs.html). Here that is reached through `ctypes`: nothing is compiled,
nothing of the product is patched, and the files are ordinary ones. `apsw` brings a second SQLite of its own, and what
is registered there the `sqlite3` module never sees.

A killed process writes nothing any more. So *killed at the n-th write* is: that write and all later ones are refused,
also those that cut or remove a file, until everything that was open is closed. What came before stays as it was.
The power is never cut: `fsync` is not among the calls that can be replaced, and what of a file would be lost without it
is SQLite's promise, not ours.
"""

from __future__ import annotations

import _sqlite3  # the library that it is linked with is the one to be found
import ctypes
import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any


class Damage(StrEnum):
    """What happens at the chosen write, and after it."""

    FULL = "full"  # no space: no file grows; what is written over still can be
    BROKEN = "broken"  # every write is an I/O error
    KILLED = "killed"  # the process is dead: nothing is written, cut or removed
    TORN = "torn"  # as KILLED, but half of the chosen write still arrived


_NAMES = "xOpen xDelete xAccess xFullPathname xDlOpen xDlError xDlSym xDlClose xRandomness xSleep xCurrentTime"


class _Vfs(ctypes.Structure):
    """`sqlite3_vfs`, version 3, up to the methods that are called here."""

    _fields_ = (
        ("iVersion", ctypes.c_int),
        ("szOsFile", ctypes.c_int),
        ("mxPathname", ctypes.c_int),
        ("pNext", ctypes.c_void_p),
        ("zName", ctypes.c_char_p),
        ("pAppData", ctypes.c_void_p),
        *((name, ctypes.c_void_p) for name in _NAMES.split()),
        ("xGetLastError", ctypes.c_void_p),
        ("xCurrentTimeInt64", ctypes.c_void_p),
        ("xSetSystemCall", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)),
        ("xGetSystemCall", ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p)),
    )


def _call(result: Any, *arguments: Any) -> Any:
    return ctypes.CFUNCTYPE(result, *arguments, use_errno=True)


_INT, _SIZE, _OFFSET, _POINTER = ctypes.c_int, ctypes.c_size_t, ctypes.c_int64, ctypes.c_void_p
_WRITE = _call(ctypes.c_ssize_t, _INT, _POINTER, _SIZE, _OFFSET)
_CUT = _call(_INT, _INT, _OFFSET)
_REMOVE = _call(_INT, ctypes.c_char_p)


class NoSuchDoor(Exception):
    """This Python's SQLite cannot be reached, so no disk can be made to fail."""


class Disk:
    """The disk below SQLite, in this process. It works as ever until `fails` names a write; `well` ends that.

    `writes` counts those to files in `folder` while a story listens.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = os.fspath(folder.resolve()).encode() + b"/"
        self.writes = 0
        self._damage: Damage | None = None
        self._from, self._times = 0, 0
        self._aside = False

    @property
    def killed(self) -> bool:
        """Whether the write was reached at which the process dies."""
        return self._damage in (Damage.KILLED, Damage.TORN) and self.writes >= self._from

    @property
    def armed(self) -> bool:
        """Whether a write was chosen and the disk is not well again."""
        return self._damage is not None

    @property
    def struck(self) -> bool:
        """Whether the chosen write was reached."""
        return self._damage is not None and self.writes >= self._from

    def fails(self, damage: Damage, after: int, times: int = 1) -> None:
        """Let so many writes pass from now on; then so many are refused, or all where the process is killed."""
        self._damage, self._from, self._times, self.writes = damage, after + 1, times, 0

    def well(self) -> None:
        """Let it work as ever."""
        self._damage = None

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Step aside for the length of a block: whoever looks at the files from outside meets no failing disk.

        Blocks may lie in each other.
        """
        before, self._aside = self._aside, True
        try:
            yield
        finally:
            self._aside = before

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Stand between SQLite and the disk for the length of a block.

        Raises:
            NoSuchDoor: this Python's SQLite has no such door.
        """
        doors = _Doors()
        written = next((name for name in (b"pwrite64", b"pwrite") if doors.has(name)), None)
        if written is None:
            raise NoSuchDoor("this SQLite writes with another call than pwrite")
        with (
            doors.replaced(written, _WRITE, self._write),
            doors.replaced(b"ftruncate", _CUT, self._cut),
            doors.replaced(b"unlink", _REMOVE, self._remove),
        ):
            yield

    def _write(self, real: Callable[..., int], file: int, data: int, size: int, at: int) -> int:
        if self._aside or not self._is_ours(file):
            return real(file, data, size, at)
        self.writes += 1
        match self._now():
            case None:
                return real(file, data, size, at)
            case Damage.TORN if self.writes == self._from:
                real(file, data, size // 2, at)
            case Damage.FULL:
                if at + size <= os.fstat(file).st_size:
                    return real(file, data, size, at)
                return _refused(errno.ENOSPC)
        return _refused(errno.EIO)

    def _cut(self, real: Callable[..., int], file: int, size: int) -> int:
        return _refused(errno.EIO) if self.killed and self._is_ours(file) else real(file, size)

    def _remove(self, real: Callable[..., int], path: bytes) -> int:
        return _refused(errno.EIO) if self.killed and path.startswith(self._folder) else real(path)

    def _now(self) -> Damage | None:
        if self._damage is None or self.writes < self._from:
            return None
        if self.killed or self.writes < self._from + self._times:
            return self._damage
        return None

    def _is_ours(self, file: int) -> bool:
        path = os.readlink(f"/proc/self/fd/{file}")  # noqa: PTH115 - thousands of times
        return path.encode().startswith(self._folder)


class _Doors:
    """The system calls of SQLite's file layer that can be replaced."""

    def __init__(self) -> None:
        try:
            find = ctypes.CDLL(_sqlite3.__file__).sqlite3_vfs_find
        except (OSError, AttributeError) as error:
            raise NoSuchDoor(str(error)) from error
        find.restype, find.argtypes = ctypes.POINTER(_Vfs), [ctypes.c_char_p]
        self._vfs = find(None)
        if self._vfs.contents.iVersion < 3:
            raise NoSuchDoor("this SQLite's file layer has no system calls to replace")

    def has(self, name: bytes) -> bool:
        return bool(self._vfs.contents.xGetSystemCall(self._vfs, name))

    @contextmanager
    def replaced(self, name: bytes, kind: Any, by: Callable[..., int]) -> Iterator[None]:
        """Let a function answer a call for the length of a block; it is given the real one first."""
        place = self._vfs.contents.xGetSystemCall(self._vfs, name)
        real = kind(place)
        instead = kind(lambda *given: by(real, *given))
        self._vfs.contents.xSetSystemCall(self._vfs, name, ctypes.cast(instead, ctypes.c_void_p))
        try:
            yield
        finally:
            self._vfs.contents.xSetSystemCall(self._vfs, name, place)


def _refused(code: int) -> int:
    ctypes.set_errno(code)
    return -1
