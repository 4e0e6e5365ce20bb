"""Requests to one host, and pictures from any public host. The only module that knows httpx.

A `Wire` belongs to one base address. Forms and JSON go there and follow no redirect, because they carry secrets. The
addresses of pictures come from outside, so `aexdash.http.addresses` checks each before anything is fetched.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar, Self, TypeVar
from urllib.parse import urlencode

import httpx

from aexdash.http.addresses import Resolve, is_loopback, public_addresses, resolve_host
from aexdash.http.errors import (
    BrokenAnswer,
    HostUnreachable,
    InvalidAddress,
    PictureNotServed,
    PictureRefused,
    PictureTooLarge,
    PictureUnreachable,
    causes_of,
)

Respond = Callable[[str, str, dict[str, str], bytes], tuple[int, dict[str, str], bytes]]
"""A function that answers in place of a host: method, URL, headers and body to status, headers and body."""

Got = TypeVar("Got")

LARGEST_ANSWER = 64 * 1024 * 1024
MAX_REDIRECTS = 2
PICTURE_SILENCE, PICTURE_SECONDS = 10.0, 20.0
"""The longest silence of a picture's host, and the longest time for one picture: none is worth more."""
PATIENCE = 4
"""A whole answer may take this many time-outs; else a host that sends a byte now and then would block us for ever."""

SIZE = re.compile(r"[0-9]{1,15}")
CONTENT_RANGE = re.compile(r"bytes (?P<start>[0-9]{1,15})-[0-9]{1,15}/(?P<size>[0-9]{1,15}|\*)", re.IGNORECASE)

FORM = {
    "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
    "Accept": "application/json,text/javascript,text/plain",
    "User-Agent": "aexdash",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its status, its bytes, and its headers by name in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str]


class Wire:
    """The connection to one host. `timeout` is in seconds, for connecting and for each silence. Safe among threads.

    Environment proxies are used for a host on the internet, never for one on this machine, and never for pictures,
    which we connect to by the very address that was checked.

    Raises:
        InvalidAddress: `base_url` is no http(s) address, or would send secrets to another machine unencrypted.
    """

    ADDRESS: ClassVar = "address"
    """What sentences call `base_url`."""

    def __init__(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        resolve: Resolve = resolve_host,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._base = _base_address(base_url, self.ADDRESS, in_process=transport is not None)
        self._patience = timeout * PATIENCE
        self._picture_patience = min(self._patience, PICTURE_SECONDS)
        self._resolve = resolve
        verify = True if transport else httpx.create_ssl_context()  # reading the certificates takes 20 ms
        self._client = httpx.Client(
            timeout=timeout,
            transport=transport,
            trust_env=not is_loopback(self._base.host),
            verify=verify,
            follow_redirects=False,
        )
        self._pictures = httpx.Client(
            timeout=min(timeout, PICTURE_SILENCE),
            transport=transport,
            trust_env=False,
            verify=verify,
            follow_redirects=False,
            # Connections are pooled by address, and one address serves many names: none may carry another's request.
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    @classmethod
    def in_process(cls, base_url: str, respond: Respond, *, resolve: Resolve | None = None) -> Self:
        """A wire that ends in a function of this process and never touches the network.

        `respond` may raise TimeoutError or ConnectionError to play a host that does not answer. Pictures of other
        hosts are unreachable unless `resolve` names their addresses.
        """
        return cls(base_url, resolve=resolve or _no_names, transport=httpx.MockTransport(_played(respond)))

    @property
    def host(self) -> str:
        """The host, as error sentences name it."""
        return self._base.host

    def post_form(self, path_and_query: str, fields: Mapping[str, str]) -> Reply:
        """Post a form below the base address and return the answer, whatever its status.

        Raises:
            HostUnreachable: no answer: name, connection, TLS or time.
            BrokenAnswer: the answer broke off, is damaged or larger than 64 MB.
        """
        return self._ask("POST", path_and_query, FORM, urlencode(fields).encode())

    def post_json(self, path_and_query: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Post JSON below the base address and return the answer, whatever its status.

        Raises:
            HostUnreachable, BrokenAnswer: as `post_form`.
        """
        own = {"Content-Type": "application/json", "Accept": "*/*", "User-Agent": "aexdash"}
        return self._ask("POST", path_and_query, {**own, **headers}, body)

    def get_json(self, path_and_query: str, headers: Mapping[str, str]) -> Reply:
        """Ask for JSON below the base address and return the answer as it came, whatever its status.

        Raises:
            HostUnreachable, BrokenAnswer: as `post_form`.
        """
        return self._ask("GET", path_and_query, {"Accept": "application/json", "User-Agent": "aexdash", **headers})

    def get_bytes(self, url: str, *, limit_bytes: int) -> bytes:
        """Fetch a whole picture of at most `limit_bytes`.

        Raises:
            PictureRefused: not http(s), with credentials or an unusual port, or not on the public internet (the
                base address' own origin is allowed wherever it is).
            PictureTooLarge: more bytes than the limit.
            PictureUnreachable: no answer, more than two redirects, or a status other than 200 and 206.
        """
        return self._follow(url, {}, lambda response: self._whole(response, url, limit_bytes))

    def get_head(self, url: str, *, first_bytes: int) -> tuple[bytes, int | None]:
        """Fetch the first bytes of a picture, and its size in bytes where the host tells it.

        They are asked for by `Range`; a host that ignores that is left as soon as it has sent enough.

        Raises:
            PictureError: as `get_bytes`, except that no picture is too large.
        """
        wanted = {"Range": f"bytes=0-{first_bytes - 1}"}
        return self._follow(url, wanted, lambda response: self._head(response, url, first_bytes))

    def get_lines(self, url: str, *, longest_bytes: int, seconds: float) -> Iterator[bytes]:
        """Yield the lines of a file, without their ends, as they come; only one line at a time is in memory.

        The address comes from outside, so it is checked as that of a picture. `longest_bytes` is the most for one line,
        `seconds` the most for the whole file.

        Raises:
            PictureError: as `get_bytes`; a line that is longer is PictureTooLarge. Also after some lines have come.
        """
        with self._answer(url, {}) as response:
            _require_plain_bytes(response, url)
            rest = bytearray()
            for chunk in self._in_time(response.iter_raw(), seconds):
                *lines, last = chunk.split(b"\n")
                for line in lines:
                    rest += line
                    yield bytes(rest)
                    rest.clear()
                rest += last
                if len(rest) > longest_bytes:
                    raise PictureTooLarge(f"{_short(url)} has a line of more than {longest_bytes} bytes.")
            if rest:
                yield bytes(rest)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
        self._pictures.close()

    def _ask(self, method: str, path_and_query: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        url = str(self._base).rstrip("/") + path_and_query
        with (
            self._named_failures(),
            self._client.stream(method, url, content=body or None, headers=headers) as response,
        ):
            answer = bytearray()
            for chunk in self._in_time(response.iter_bytes()):
                answer += chunk
                if len(answer) > LARGEST_ANSWER:
                    raise BrokenAnswer(f"{self.host} sent more than {LARGEST_ANSWER} bytes for one answer.")
            return Reply(response.status_code, bytes(answer), dict(response.headers))

    def _follow(self, url: str, headers: Mapping[str, str], read: Callable[[httpx.Response], Got]) -> Got:
        """Return what `read` makes of the answer, after at most two redirects, each checked as the first address."""
        target = url
        for _ in range(MAX_REDIRECTS + 1):
            with self._answer(target, headers) as response:
                if not response.has_redirect_location:
                    return read(response)
                target = str(_picture_address(target).join(response.headers["location"]))
        raise PictureNotServed(f"{_short(url)} redirects more than {MAX_REDIRECTS} times.")

    @contextmanager
    def _answer(self, url: str, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        """Yield a host's answer with its body still to come; closed afterwards, read to its end or not."""
        wanted = _picture_address(url)
        own = {"Host": wanted.netloc.decode("ascii"), "User-Agent": "aexdash", "Accept-Encoding": "identity"}
        # The name goes along for the certificate and the Host header, the connection goes to the address: a second
        # look-up by the client could be answered differently (DNS rebinding).
        request = self._pictures.build_request(
            "GET",
            self._pinned(wanted),
            headers={**own, **headers},
            extensions={"sni_hostname": wanted.raw_host.decode("ascii")},
        )
        try:
            response = self._pictures.send(request, stream=True)
            try:
                yield response
            finally:
                response.close()
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise PictureUnreachable(f"{_short(url)} could not be fetched: {_cause(error)}.") from error

    def _pinned(self, wanted: httpx.URL) -> httpx.URL:
        """The same address with the host replaced by the IP that was looked up and found public."""
        if _origin(wanted) == _origin(self._base):
            return wanted
        if wanted.port not in (None, 80, 443):
            raise PictureRefused(f"{_short(str(wanted))} names port {wanted.port}; pictures are served on 80 and 443.")
        host = wanted.raw_host.decode("ascii")
        return wanted.copy_with(host=public_addresses(host, _port(wanted), self._resolve)[0])

    def _whole(self, response: httpx.Response, url: str, limit_bytes: int) -> bytes:
        _require_plain_bytes(response, url)
        body = bytearray()
        for chunk in self._in_time(response.iter_raw(), self._picture_patience):
            body += chunk
            if len(body) > limit_bytes:
                raise PictureTooLarge(f"{_short(url)} has more than {limit_bytes} bytes.")
        return bytes(body)

    def _head(self, response: httpx.Response, url: str, first_bytes: int) -> tuple[bytes, int | None]:
        _require_plain_bytes(response, url)
        told = _size_told(response, url)
        body = bytearray()
        for chunk in self._in_time(response.iter_raw(), self._picture_patience):
            body += chunk
            if len(body) >= first_bytes:
                return bytes(body[:first_bytes]), told
        ended = len(body) if response.status_code == 200 else None
        return bytes(body), told if told is not None else ended

    def _in_time(self, chunks: Iterator[bytes], seconds: float | None = None) -> Iterator[bytes]:
        # The client's own time-out counts silences only.
        seconds = seconds or self._patience
        ends = time.monotonic() + seconds
        for chunk in chunks:
            yield chunk
            if time.monotonic() > ends:
                raise TimeoutError(f"the answer took longer than {seconds:.0f} seconds")

    @contextmanager
    def _named_failures(self) -> Iterator[None]:
        try:
            yield
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.DecodingError) as error:
            raise BrokenAnswer(f"The answer of {self.host} broke off or is damaged.") from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise HostUnreachable(f"{self.host} could not be reached: {_cause(error)}.") from error


def _played(respond: Respond) -> Callable[[httpx.Request], httpx.Response]:
    """Answer requests by a function instead of a socket."""

    def answer(request: httpx.Request) -> httpx.Response:
        try:
            status, headers, body = respond(request.method, str(request.url), dict(request.headers), request.content)
        except TimeoutError as error:
            raise httpx.ReadTimeout(str(error)) from error
        except ConnectionError as error:
            raise httpx.ConnectError(str(error)) from error
        # As a stream, because httpx would add a Content-Length to `content` that the host did not send.
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))

    return answer


def _base_address(base_url: str, called: str, *, in_process: bool) -> httpx.URL:
    try:
        address = httpx.URL(base_url)
    except httpx.InvalidURL as error:
        raise InvalidAddress(f"The {called} {base_url!r} cannot be read.") from error
    if address.userinfo:
        raise InvalidAddress(f"The {called} carries a user name or password.")
    if address.scheme not in ("http", "https") or not address.host:
        raise InvalidAddress(f"The {called} {base_url!r} is not an http(s) address.")
    if address.scheme == "http" and not in_process and not is_loopback(address.host):
        raise InvalidAddress(f"The {called} {base_url!r} would send secrets unencrypted.")
    return address


def _picture_address(url: str) -> httpx.URL:
    """Read a picture's address; `//host/…` is https, as in the pages such addresses come from."""
    try:
        address = httpx.URL(f"https:{url}" if url.startswith("//") else url)
    except httpx.InvalidURL as error:
        raise PictureRefused(f"{_short(url)} is not an address.") from error
    if address.scheme not in ("http", "https") or not address.host or "\\" in url:
        raise PictureRefused(f"{_short(url)} is not an http(s) address.")
    if address.userinfo:
        raise PictureRefused("The address of the picture carries a user name or password.")
    return address


def _require_plain_bytes(response: httpx.Response, url: str) -> None:
    if response.status_code not in (200, 206):
        raise PictureNotServed(f"{_short(url)} answered with status {response.status_code}.")
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise PictureNotServed(f"{_short(url)} is sent compressed although plain bytes were asked for.")


def _size_told(response: httpx.Response, url: str) -> int | None:
    """The size of the whole picture: after the slash of `Content-Range` in a part, `Content-Length` otherwise."""
    if response.status_code == 200:
        length = response.headers.get("content-length", "")
        return int(length) if SIZE.fullmatch(length) else None
    given = response.headers.get("content-range", "")
    part = CONTENT_RANGE.fullmatch(given.strip())
    if given and (part is None or int(part["start"]) != 0):
        raise PictureNotServed(f"{_short(url)} was sent in another part than its beginning.")
    return int(part["size"]) if part and part["size"] != "*" else None


def _origin(address: httpx.URL) -> tuple[str, str, int]:
    return address.scheme, address.host, _port(address)


def _port(address: httpx.URL) -> int:
    return address.port or (443 if address.scheme == "https" else 80)


def _no_names(host: str, _port: int) -> list[str]:
    raise OSError(f"{host} is not looked up in this process")


def _cause(error: BaseException) -> str:
    """What happened, in our words: those of the system differ from machine to machine."""
    links = tuple(causes_of(error))
    for kind, words in _CAUSES.items():
        if any(isinstance(link, kind) for link in links):
            return words
    return "the connection failed"


_CAUSES: dict[type[BaseException], str] = {
    ssl.SSLCertVerificationError: "its TLS certificate is not to be trusted",
    ssl.SSLError: "the TLS connection failed",
    socket.gaierror: "there is no such host name",
    ConnectionRefusedError: "it refused the connection",
    httpx.ProxyError: "the proxy did not let us through",
    httpx.TimeoutException: "it did not answer in time",
    TimeoutError: "it did not answer in time",
}


def _short(url: str) -> str:
    line = "".join(character if character.isprintable() else " " for character in url)
    return line if len(line) <= 200 else f"{line[:200]}…"
