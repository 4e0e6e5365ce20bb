import gzip
import socket
import threading
from urllib.parse import parse_qsl

import pytest

from aexdash.http.errors import BrokenAnswer, HostUnreachable
from aexdash.http.wire import Reply, Wire
from tests.http.served import send, served


@pytest.fixture
def wire():
    """Open wires that are closed after the test."""
    opened = []

    def open_wire(base_url, **more):
        opened.append(Wire(base_url, **more))
        return opened[-1]

    yield open_wire
    for one in opened:
        one.close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_form_goes_out_and_the_answer_comes_back(wire):
    received = {}

    def serve(handler, body):
        received.update(path=handler.path, form=parse_qsl(body.decode()), type=handler.headers["Content-Type"])
        send(handler, gzip.compress("{“ü”}".encode()), 400, Content_Encoding="gzip", X_Trace="7")

    with served(serve) as address:
        reply = wire(address).post_form("/sync?method=a.b", {"q": '{"a":"ü & +"}', "v": "2.0"})
    assert received == {
        "path": "/sync?method=a.b",
        "form": [("q", '{"a":"ü & +"}'), ("v", "2.0")],
        "type": "application/x-www-form-urlencoded;charset=UTF-8",
    }
    assert isinstance(reply, Reply)
    assert (reply.status, reply.body, reply.headers["x-trace"]) == (400, "{“ü”}".encode(), "7")


def test_a_gateway_in_a_folder_keeps_its_folder(wire):
    paths = []

    def serve(handler, _body):
        paths.append(handler.path)
        send(handler, b"{}")

    with served(serve) as address:
        wire(f"{address}/proxy/").post_form("/sync?method=a", {})
    assert paths == ["/proxy/sync?method=a"]


def test_a_host_that_drips_is_left(wire):
    """Each byte comes in time, the whole answer does not."""
    done = threading.Event()

    def serve(handler, _body):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        while not done.wait(0.02):
            handler.wfile.write(b" ")

    with served(serve) as address:
        with pytest.raises(HostUnreachable, match="did not answer in time"):
            wire(address, timeout=0.1).post_form("/sync", {})
        done.set()


def test_an_answer_that_breaks_off(wire):
    def serve(handler, _body):
        send(handler, b'{"result": ', Content_Length="1000")
        handler.close_connection = True

    with served(serve) as address, pytest.raises(BrokenAnswer, match=r"127\.0\.0\.1 broke off or is damaged"):
        wire(address).post_form("/sync", {})


def test_an_answer_that_claims_to_be_compressed_and_is_not(wire):
    with (
        served(lambda handler, _: send(handler, b"{}", Content_Encoding="gzip")) as address,
        pytest.raises(BrokenAnswer, match="broke off or is damaged"),
    ):
        wire(address).post_form("/sync", {})


def test_a_redirect_is_not_followed_with_our_secrets(wire):
    paths = []

    def serve(handler, _body):
        paths.append(handler.path)
        send(handler, b"", 307, Location="/elsewhere")

    with served(serve) as address:
        assert wire(address).post_form("/sync", {"session": "s"}).status == 307
    assert paths == ["/sync"]


def test_a_port_where_nobody_listens(wire):
    with pytest.raises(HostUnreachable, match=r"^127\.0\.0\.1 could not be reached: it refused the connection\.$"):
        wire(f"http://127.0.0.1:{free_port()}").post_form("/sync", {})


def test_a_host_name_that_does_not_exist():
    def respond(*_):
        try:
            raise socket.gaierror(-2, "Name or service not known")
        except socket.gaierror as error:
            raise ConnectionError from error

    wire = Wire.in_process("https://nowhere.invalid", respond)
    with pytest.raises(HostUnreachable, match=r"^nowhere\.invalid could not be reached: there is no such host name\.$"):
        wire.post_form("/sync", {})


def test_a_proxy_of_the_environment_is_not_asked_about_this_machine(wire, monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
        monkeypatch.setenv(name.lower(), f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    with served(lambda handler, _: send(handler, b"{}")) as address:
        assert wire(address).post_form("/sync", {}).body == b"{}"
