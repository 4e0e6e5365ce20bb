import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.http.addresses import is_public
from aexdash.http.errors import PictureError, PictureRefused, PictureTooLarge, PictureUnreachable
from aexdash.http.wire import Wire
from tests.aliexpress.played import HOST
from tests.http.served import send, served

PUBLIC = "47.246.110.1"
PICTURE = b"\xff\xd8" + bytes(range(256)) * 8


class Internet:
    """Names with their addresses and what they serve, asked in this process; remembers what was connected to."""

    def __init__(self, names=None, pages=None):
        self.names, self.pages = names or {}, pages or {}
        self.connected = []

    def resolve(self, host, _port):
        if host not in self.names:
            raise OSError(f"no {host}")
        return self.names[host]

    def respond(self, verb, url, headers, _body):
        self.connected.append((verb, url, headers["host"]))
        return self.pages.get(headers["host"], (200, {}, PICTURE))

    def wire(self):
        return Wire.in_process(HOST, self.respond, resolve=self.resolve)


NOWHERE = Internet()


def refused(url, **names):
    internet = Internet({"a.example": [PUBLIC], **names})
    with pytest.raises(PictureError) as caught:
        internet.wire().get_bytes(url, limit_bytes=10_000)
    assert internet.connected == []
    return caught.value


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://ae01.alicdn.com/kf/a.jpg?x=1", "ae01.alicdn.com"),
        ("//ae01.alicdn.com/kf/a.jpg?x=1", "ae01.alicdn.com"),
        ("HTTPS://AE01.alicdn.com:443/kf/a.jpg?x=1", "ae01.alicdn.com:443"),
    ],
)
def test_a_picture_is_fetched_from_the_very_address_that_was_checked(url, host):
    internet = Internet({"ae01.alicdn.com": [PUBLIC]})
    assert internet.wire().get_bytes(url, limit_bytes=10_000) == PICTURE
    assert internet.connected == [("GET", f"https://{PUBLIC}/kf/a.jpg?x=1", host)]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "ftp://a.example/x.jpg",
        "gopher://a.example/x",
        "/kf/a.jpg",
        "kf/a.jpg",
        "",
        "https://",
        "https:///a.jpg",
        "https://a.example\\@127.0.0.1/",
        "https://a.exa\nmple/",
        "http://[::1",
        "https://user@a.example/x.jpg",
        "https://user:pw@a.example/x.jpg",
        "https://a.example:22/x.jpg",
        "http://a.example:8080/x.jpg",
    ],
)
def test_an_address_that_is_no_picture_s_is_refused(url):
    error = refused(url)
    assert type(error) is PictureRefused
    assert "pw" not in str(error)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2002:0a00:0001::"),
        "not an address",
    ],
)
def test_what_is_not_on_the_public_internet_is_refused(address):
    error = refused("https://inner.example/x.jpg", **{"inner.example": [address]})
    assert (type(error), str(error)) == (PictureRefused, "inner.example is not on the public internet.")


@pytest.mark.parametrize("address", [PUBLIC, "2606:4700::1111", "::ffff:47.246.110.1", "64:ff9b::2ff6:6e01"])
def test_what_is_on_the_public_internet_is_not(address):
    assert is_public(address)


def test_one_inner_address_among_public_ones_is_enough_to_refuse():
    assert type(refused("https://mixed.example/", **{"mixed.example": [PUBLIC, "10.0.0.1"]})) is PictureRefused


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]", "[::ffff:7f00:1]"]
)
def test_addresses_in_disguise_are_looked_up_like_a_connection_would(host):
    """With the machine's own look-up, which reads these numbers without asking anybody."""
    wire = Wire(HOST)
    with pytest.raises(PictureRefused):
        wire.get_bytes(f"http://{host}/x.jpg", limit_bytes=10)
    wire.close()


def test_a_name_that_does_not_exist_is_unreachable():
    error = refused("https://nowhere.example/x.jpg")
    assert (type(error), str(error)) == (PictureUnreachable, "There is no host named nowhere.example.")


def test_a_name_too_long_for_any_host_is_unreachable():
    wire = Wire(HOST)
    with pytest.raises(PictureError):
        wire.get_bytes(f"https://{'a' * 300}.example/x.jpg", limit_bytes=10)
    wire.close()


def test_redirects_are_checked_each():
    hop = (302, {"location": "https://b.example/2.jpg"}, b"")
    inner = (302, {"location": "http://inner.example/"}, b"")
    names = {"a.example": [PUBLIC], "b.example": ["47.246.110.2"], "inner.example": ["192.168.0.1"]}
    internet = Internet(names, {"a.example": hop, "b.example": inner})
    with pytest.raises(PictureRefused, match=r"inner\.example is not on the public internet"):
        internet.wire().get_bytes("https://a.example/1.jpg", limit_bytes=10_000)
    assert internet.connected == [
        ("GET", f"https://{PUBLIC}/1.jpg", "a.example"),
        ("GET", "https://47.246.110.2/2.jpg", "b.example"),
    ]


@pytest.mark.parametrize("location", ["file:///etc/passwd", "https://user@a.example/", "https://a.example:22/"])
def test_a_redirect_to_an_address_that_is_no_picture_s_is_refused(location):
    internet = Internet({"a.example": [PUBLIC]}, {"a.example": (302, {"location": location}, b"")})
    with pytest.raises(PictureRefused):
        internet.wire().get_bytes("https://a.example/1.jpg", limit_bytes=10_000)


def test_two_redirects_are_followed_and_a_third_is_not():
    names = {name: [PUBLIC] for name in ("a.example", "b.example", "c.example")}
    pages = {
        "a.example": (301, {"location": "//b.example/"}, b""),
        "b.example": (308, {"location": "https://c.example"}, b""),
    }
    assert Internet(names, pages).wire().get_bytes("https://a.example/", limit_bytes=10_000) == PICTURE
    looped = Internet(names, {**pages, "c.example": (302, {"location": "https://a.example/"}, b"")})
    with pytest.raises(PictureUnreachable, match="redirects more than 2 times"):
        looped.wire().get_bytes("https://a.example/", limit_bytes=10_000)
    assert len(looped.connected) == 3


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ((404, {}, b""), "answered with status 404"),
        ((500, {}, b"x"), "answered with status 500"),
        ((304, {}, b""), "answered with status 304"),
        ((302, {}, b""), "answered with status 302"),
        ((200, {"content-encoding": "gzip"}, gzip.compress(bytes(10_000_000))), "sent compressed"),
    ],
)
def test_what_is_not_delivered_is_unreachable(answer, complaint):
    internet = Internet({"a.example": [PUBLIC]}, {"a.example": answer})
    with pytest.raises(PictureUnreachable, match=complaint):
        internet.wire().get_bytes("https://a.example/1.jpg", limit_bytes=10_000)


def test_the_limit_is_the_last_byte_that_is_let_in():
    wire = Internet({"a.example": [PUBLIC]}).wire()
    url = "https://a.example/1.jpg"
    assert wire.get_bytes(url, limit_bytes=len(PICTURE)) == PICTURE
    with pytest.raises(PictureTooLarge, match=f"has more than {len(PICTURE) - 1} bytes"):
        wire.get_bytes(url, limit_bytes=len(PICTURE) - 1)


def test_the_gateway_s_own_pictures_are_fetched_wherever_it_is():
    """That is how a simulated store on this machine shows its pictures; another port is another origin."""
    with served(lambda handler, _: send(handler, PICTURE)) as address:
        wire = Wire(address)
        assert wire.get_bytes(f"{address}/picture.jpg", limit_bytes=10_000) == PICTURE
        with pytest.raises(PictureRefused):
            wire.get_bytes("http://127.0.0.1:1/picture.jpg", limit_bytes=10_000)
        wire.close()


def test_a_picture_without_end_is_left_at_the_limit():
    """The server says nothing of its length and would send for ever."""
    sent = []

    def serve(handler, _body):
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        while sum(sent) < 200_000_000:
            sent.append(handler.wfile.write(bytes(100_000)))

    with served(serve) as address:
        wire = Wire(address)
        with pytest.raises(PictureTooLarge):
            wire.get_bytes(f"{address}/x", limit_bytes=1_000_000)
        assert wire.get_head(f"{address}/x", first_bytes=1000) == (bytes(1000), None)
        wire.close()
    assert sum(sent) < 100_000_000


def test_a_picture_that_breaks_off_is_unreachable():
    def serve(handler, _body):
        send(handler, PICTURE, Content_Length="100000")
        handler.close_connection = True

    with served(serve) as address:
        wire = Wire(address)
        with pytest.raises(PictureUnreachable, match="could not be fetched"):
            wire.get_bytes(f"{address}/x", limit_bytes=1_000_000)
        wire.close()


@given(st.text(max_size=60))
def test_no_text_in_a_picture_field_leads_anywhere_but_to_a_named_refusal(text):
    with pytest.raises(PictureError):
        NOWHERE.wire().get_bytes(text, limit_bytes=100)
    assert NOWHERE.connected == []
