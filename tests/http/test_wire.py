import gzip
import logging
import socket
import threading
from urllib.parse import parse_qsl

import pytest

from aexdash.aliexpress.errors import InvalidRequest, Unreachable, UnreadableAnswer
from aexdash.aliexpress.gateway import Gateway
from aexdash.aliexpress.limiter import Limiter
from aexdash.http.wire import Reply, Wire
from tests.aliexpress.played import SECRET, Time
from tests.aliexpress.served import send, served


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


def test_a_host_that_does_not_answer_in_time(wire):
    done = threading.Event()

    def serve(handler, _body):
        done.wait(5)
        handler.close_connection = True

    with served(serve) as address:
        with pytest.raises(Unreachable) as caught:
            wire(address, timeout=0.05).post_form("/sync", {})
        done.set()
    assert str(caught.value) == "127.0.0.1 could not be reached: it did not answer in time."
    assert caught.value.advice


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
        with pytest.raises(Unreachable, match="did not answer in time"):
            wire(address, timeout=0.1).post_form("/sync", {})
        done.set()


def test_an_answer_that_breaks_off(wire):
    def serve(handler, _body):
        send(handler, b'{"result": ', Content_Length="1000")
        handler.close_connection = True

    with served(serve) as address, pytest.raises(UnreadableAnswer, match=r"127\.0\.0\.1 broke off or is damaged"):
        wire(address).post_form("/sync", {})


def test_an_answer_that_claims_to_be_compressed_and_is_not(wire):
    with (
        served(lambda handler, _: send(handler, b"{}", Content_Encoding="gzip")) as address,
        pytest.raises(UnreadableAnswer, match="broke off or is damaged"),
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
    with pytest.raises(Unreachable, match=r"^127\.0\.0\.1 could not be reached: it refused the connection\.$"):
        wire(f"http://127.0.0.1:{free_port()}").post_form("/sync", {})


def test_a_host_that_does_not_speak_tls(wire):
    with served(lambda handler, _: send(handler, b"{}")) as address, pytest.raises(Unreachable) as caught:
        wire(address.replace("http:", "https:")).post_form("/sync", {})
    assert str(caught.value) == "127.0.0.1 could not be reached: the TLS connection failed."
    assert caught.value.advice.startswith("Check the gateway in aexdash.toml")


def test_a_host_name_that_does_not_exist():
    def respond(*_):
        try:
            raise socket.gaierror(-2, "Name or service not known")
        except socket.gaierror as error:
            raise ConnectionError from error

    wire = Wire.in_process("https://nowhere.invalid", respond)
    with pytest.raises(Unreachable, match=r"^nowhere\.invalid could not be reached: there is no such host name\.$"):
        wire.post_form("/sync", {})


def test_a_proxy_of_the_environment_is_not_asked_about_this_machine(wire, monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
        monkeypatch.setenv(name.lower(), f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    with served(lambda handler, _: send(handler, b"{}")) as address:
        assert wire(address).post_form("/sync", {}).body == b"{}"


@pytest.mark.parametrize(
    ("address", "complaint"),
    [
        ("ftp://api-sg.aliexpress.com", "is not an http"),
        ("api-sg.aliexpress.com", "is not an http"),
        ("https://", "is not an http"),
        ("https://user:pw@api-sg.aliexpress.com", "carries a user name or password"),
        ("http://api-sg.aliexpress.com", "would send secrets unencrypted"),
        ("https://[::1", "cannot be read"),
    ],
)
def test_a_gateway_address_that_will_not_do(address, complaint):
    with pytest.raises(InvalidRequest, match=complaint) as caught:
        Wire(address)
    assert caught.value.advice == 'Set gateway in aexdash.toml to an address like "https://api-sg.aliexpress.com".'
    assert "pw" not in str(caught.value)


def test_faults_on_a_real_wire_are_got_over(wire, caplog, monkeypatch):
    """5xx, a broken body, then an answer; at the loudest logging no secret is written."""
    for name in ("", "httpx", "httpcore"):  # a channel that was used before has hushed them
        caplog.set_level(logging.DEBUG, logger=name)
        monkeypatch.setattr(logging.getLogger(name), "propagate", True)
    answers = [(b"<html>", 503), (b'{"result":', 200), (b'{"result": {"product_count": 0}}', 200)]

    def serve(handler, _body):
        send(handler, *answers.pop(0))

    time = Time()
    with served(serve) as address:
        gateway = Gateway(wire(address), "1", SECRET, Limiter(None, None, time), clock=time, sleep=time.sleep)
        assert gateway.call("a.b", {"session": "token-xyz"}) == {"product_count": 0}
    assert gateway.calls == 3
    assert "HTTP Request: POST" in caplog.text
    assert SECRET not in caplog.text
    assert "token-xyz" not in caplog.text
