import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.aliexpress.listings import connect
from aexdash.http.errors import PictureError, PictureRefused, PictureUnreachable
from aexdash.http.wire import Wire
from tests.aliexpress.played import HOST, account
from tests.http.served import send, served

PICTURE = b"\xff\xd8" + bytes(range(256)) * 400


def part(handler, body=PICTURE):
    """Serve the range that was asked for, as a host does that knows how."""
    start, end = (int(number) for number in handler.headers["Range"].removeprefix("bytes=").split("-"))
    piece = body[start : end + 1]
    send(handler, piece, 206, Content_Range=f"bytes {start}-{start + len(piece) - 1}/{len(body)}")


def head(serve, first_bytes=16_384):
    """Return what a wire makes of a real server's answer."""
    with served(lambda handler, _: serve(handler)) as address:
        wire = Wire(address)
        try:
            return wire.get_head(f"{address}/x.jpg", first_bytes=first_bytes)
        finally:
            wire.close()


def played(status, headers, body=PICTURE):
    """Return what a wire makes of an answer played in this process."""
    wire = Wire.in_process(HOST, lambda *_: (status, headers, body), resolve=lambda *_: ["47.246.110.1"])
    return wire.get_head("https://a.example/1.jpg", first_bytes=1000)


def test_only_the_first_bytes_are_asked_for_and_the_size_is_told():
    ranges = []

    def serve(handler):
        ranges.append(handler.headers["Range"])
        part(handler)

    assert head(serve, 512) == (PICTURE[:512], len(PICTURE))
    assert ranges == ["bytes=0-511"]


def test_a_picture_smaller_than_its_head_is_read_whole():
    assert head(lambda handler: part(handler, PICTURE[:300])) == (PICTURE[:300], 300)


def test_a_host_that_ignores_the_range_is_left_when_it_has_sent_enough():
    """It announces 50 MB, and its size is known without reading them."""
    sent = []

    def serve(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "50000000")
        handler.end_headers()
        for _ in range(500):
            sent.append(handler.wfile.write(bytes(100_000)))

    assert head(serve) == (bytes(16_384), 50_000_000)
    assert sum(sent) < 50_000_000


def test_a_host_that_tells_no_size_has_none_unless_the_picture_ends():
    def serve(body):
        def answer(handler):
            handler.send_response(200)
            handler.send_header("Connection", "close")
            handler.end_headers()
            handler.wfile.write(body)
            handler.close_connection = True

        return answer

    assert head(serve(PICTURE)) == (PICTURE[:16_384], None)
    assert head(serve(PICTURE[:900])) == (PICTURE[:900], 900)


@pytest.mark.parametrize(
    ("headers", "size"),
    [
        ({"content-range": "bytes 0-999/123456"}, 123_456),
        ({"content-range": "Bytes 0-999/123456"}, 123_456),
        ({"content-range": "bytes 0-999/*"}, None),
        ({"content-length": "1000"}, None),
        ({}, None),
    ],
)
def test_the_size_of_a_part_is_what_stands_after_the_slash(headers, size):
    assert played(206, headers, PICTURE[:1000]) == (PICTURE[:1000], size)


@pytest.mark.parametrize("given", ["bytes 500-999/123456", "bytes 0-999", "pages 0-9/10", "bytes -/", "bytes */123"])
def test_another_part_than_the_beginning_is_not_taken_for_it(given):
    with pytest.raises(PictureUnreachable, match="another part than its beginning"):
        played(206, {"content-range": given})


@pytest.mark.parametrize("length", ["", "-5", "many", "1e9", "9" * 30])
def test_a_length_that_is_no_number_is_not_told(length):
    assert played(200, {"content-length": length}) == (PICTURE[:1000], None)


@pytest.mark.parametrize("status", [204, 404, 416, 500])
def test_any_other_status_is_unreachable(status):
    with pytest.raises(PictureUnreachable, match=f"answered with status {status}"):
        played(status, {})


def test_a_compressed_head_is_not_measured():
    with pytest.raises(PictureUnreachable, match="sent compressed"):
        played(206, {"content-encoding": "gzip", "content-range": "bytes 0-999/123456"})


def test_a_redirect_is_asked_for_the_same_part():
    ranges = []

    def serve(handler):
        ranges.append((handler.path, handler.headers["Range"]))
        if handler.path == "/x.jpg":
            send(handler, b"", 302, Location="/moved.jpg")
        else:
            part(handler)

    assert head(serve, 64) == (PICTURE[:64], len(PICTURE))
    assert ranges == [("/x.jpg", "bytes=0-63"), ("/moved.jpg", "bytes=0-63")]


def test_redirects_are_checked_and_counted_like_any():
    with pytest.raises(PictureRefused):
        head(lambda handler: send(handler, b"", 302, Location="http://127.0.0.1:1/inner.jpg"))
    with pytest.raises(PictureUnreachable, match="redirects more than 2 times"):
        head(lambda handler: send(handler, b"", 302, Location="/again.jpg"))


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fc00::1"])
def test_what_is_not_on_the_public_internet_is_not_asked(address):
    asked = []
    wire = Wire.in_process(HOST, lambda *request: asked.append(request), resolve=lambda *_: [address])
    with pytest.raises(PictureRefused, match=r"inner\.example is not on the public internet"):
        wire.get_head("https://inner.example/x.jpg", first_bytes=100)
    assert asked == []


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "data:image/png;base64,AAAA", "https://u:pw@a.example/x.jpg", ""]
)
def test_an_address_that_is_no_picture_s_is_refused(url):
    with pytest.raises(PictureRefused):
        Wire.in_process(HOST, lambda *_: (200, {}, PICTURE)).get_head(url, first_bytes=100)


def test_a_head_that_breaks_off_is_unreachable():
    def serve(handler):
        send(handler, PICTURE[:100], Content_Length="100000")
        handler.close_connection = True

    with pytest.raises(PictureUnreachable, match="could not be fetched"):
        head(serve)


@given(
    st.sampled_from([200, 206]),
    st.dictionaries(
        st.sampled_from(["content-range", "content-length"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20)
        | st.from_regex(r"bytes [0-9]{1,3}-[0-9]{1,3}/([0-9]{1,20}|\*)", fullmatch=True),
    ),
    st.binary(max_size=2000),
)
def test_any_answer_is_the_beginning_with_a_size_or_a_named_refusal(status, headers, body):
    try:
        data, size = played(status, headers, body)
    except PictureError:
        return
    assert data == body[:1000]
    assert size is None or size >= 0


def test_a_store_fetches_heads_through_its_own_gateway_s_rules(tmp_path):
    def platform(_verb, url, headers, _body):
        assert headers["range"] == "bytes=0-9"
        return 206, {"content-range": "bytes 0-9/77"}, b"0123456789" if url == f"{HOST}/p.jpg" else b""

    store = connect(account(tmp_path), respond=platform)
    assert store.fetch_picture_head(f"{HOST}/p.jpg", 10) == (b"0123456789", 77)
    assert store.calls == 0
