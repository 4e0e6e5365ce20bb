import logging
import threading

import pytest

from aexdash.aliexpress.errors import InvalidRequest, Unreachable
from aexdash.aliexpress.protocol.gateway import Gateway
from aexdash.aliexpress.protocol.limiter import Limiter
from aexdash.aliexpress.protocol.platform_wire import PlatformWire
from tests.aliexpress.played import SECRET, Time
from tests.http.served import send, served


@pytest.fixture
def wire():
    """Open wires that are closed after the test."""
    opened = []

    def open_wire(base_url, **more):
        opened.append(PlatformWire(base_url, **more))
        return opened[-1]

    yield open_wire
    for one in opened:
        one.close()


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


def test_a_host_that_does_not_speak_tls(wire):
    with served(lambda handler, _: send(handler, b"{}")) as address, pytest.raises(Unreachable) as caught:
        wire(address.replace("http:", "https:")).post_form("/sync", {})
    assert str(caught.value) == "127.0.0.1 could not be reached: the TLS connection failed."
    assert caught.value.advice.startswith("Check the gateway in aexdash.toml")


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
        PlatformWire(address)
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
