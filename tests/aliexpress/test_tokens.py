import json
import logging
import stat
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.aliexpress.errors import (
    AuthenticationError,
    TokenFileNotWritable,
    TokenFileUnreadable,
    UnreadableAnswer,
)
from aexdash.aliexpress.listings import connect, sign_in
from aexdash.aliexpress.protocol.tokens import (
    Token,
    TokenFile,
    TokenKeeper,
    authorize_url,
    exchange,
    fingerprint,
    refresh,
)
from aexdash.model import Status
from tests.aliexpress.played import HOST, REFRESH, SECRET, TOKEN, Played, Time, account, error, gateway
from tests.http.served import send, served

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
FOLDER = Path(__file__).parents[2]

REPLY = {
    "access_token": "new-access",
    "refresh_token": "new-refresh",
    "expire_time": 1773144000000,
    "refresh_token_valid_time": "1773230400000",
    "expires_in": "86400",
    "refresh_expires_in": 172800,
    "seller_id": 2671514005,
    "user_nick": "shop",
    "code": "0",
    "request_id": "r",
}
NEW = Token(
    access_token="new-access",
    refresh_token="new-refresh",
    expires_at=datetime(2026, 3, 10, 12, tzinfo=UTC),
    refresh_expires_at=datetime(2026, 3, 11, 12, tzinfo=UTC),
    seller_id="2671514005",
    user_nick="shop",
    issued_at=NOON,
)
NO_REFRESH = "The sign-in of store main is over, and there is no refresh token to renew it with."


def token(life=timedelta(days=1), **more):
    given_token = Token(TOKEN, REFRESH, NOON + life, NOON + timedelta(days=2), issued_at=NOON)
    return replace(given_token, **more)


def keeper(path, given_token=None):
    return TokenKeeper(TokenFile(path), given_token, store="main")


def stored(path, kept, configured=""):
    TokenFile(path).save(kept, configured)
    return path


def test_where_a_person_signs_in():
    url = authorize_url(f"{HOST}/", "123456", "https://example.com/cb?x=1", "st&te")
    assert url.startswith("https://api-sg.aliexpress.com/oauth/authorize?")
    assert parse_qs(urlsplit(url).query) == {
        "response_type": ["code"],
        "force_auth": ["true"],
        "redirect_uri": ["https://example.com/cb?x=1"],
        "client_id": ["123456"],
        "state": ["st&te"],
    }
    assert "state" not in authorize_url(HOST, "1", "https://example.com/cb")


def test_a_code_becomes_a_token():
    platform = Played(REPLY)
    assert exchange(gateway(platform), " the-code ") == NEW
    assert (platform.asked[0].path, platform.asked[0].form["code"]) == ("/rest/auth/token/create", "the-code")


def test_a_refresh_token_becomes_a_token():
    platform = Played(REPLY)
    assert refresh(gateway(platform), "old-refresh") == NEW
    assert platform.asked[0].path == "/rest/auth/token/refresh"
    assert platform.asked[0].form["refresh_token"] == "old-refresh"


def test_a_reply_with_hardly_anything_in_it():
    """Where no moment is told the seconds are counted from now; a refresh token that is not replaced stays."""
    platform = Played({"access_token": "a", "expires_in": 3600})
    assert refresh(gateway(platform), "old") == Token("a", "old", NOON + timedelta(hours=1), issued_at=NOON)


@pytest.mark.parametrize("expire_time", ["soon", -(10**30), [], {}])
def test_an_unreadable_end_is_an_unknown_end(expire_time):
    assert exchange(gateway(Played({"access_token": "a", "expire_time": expire_time})), "c").expires_at is None


def test_a_reply_without_a_token_is_unreadable():
    with pytest.raises(UnreadableAnswer, match="answered the sign-in without a token"):
        exchange(gateway(Played({"code": "0"})), "c")


@pytest.mark.parametrize(
    ("life", "left"),
    [
        (timedelta(days=30), timedelta(hours=1)),
        (timedelta(days=1), timedelta(hours=1)),
        (timedelta(hours=5), timedelta(minutes=30)),
        (timedelta(minutes=10), timedelta(minutes=1)),
    ],
)
def test_a_token_is_due_when_an_hour_or_a_tenth_of_its_life_is_left(life, left):
    lives = token(life)
    due = NOON + life - left
    assert [lives.is_due(due - timedelta(seconds=1)), lives.is_due(due)] == [False, True]


@given(st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=400)))
def test_a_fresh_token_is_never_due_and_a_dead_one_always(life):
    lives = token(life)
    assert not lives.is_due(NOON)
    assert lives.is_due(NOON + life)
    assert lives.is_expired(NOON + life)


def test_a_token_whose_end_nobody_told_is_never_due():
    assert not Token("a", "b").is_due(NOON + timedelta(days=1000))
    assert not Token("a", "b").is_expired(NOON + timedelta(days=1000))


def test_the_file_is_its_owner_s_alone_and_comes_back_whole(tmp_path):
    file = TokenFile(tmp_path / "tokens" / "main.json")
    file.save(NEW, "name")
    assert file.load() == (NEW, "name")
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700
    assert [found.name for found in file.path.parent.iterdir()] == ["main.json"]


def test_no_file_is_no_token(tmp_path):
    assert TokenFile(tmp_path / "none.json").load() is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"x"', b"{}", b'{"access_token": "a"}', b"\xff\xfe"])
def test_a_damaged_file_is_named_and_not_overwritten(content, tmp_path):
    path = tmp_path / "main.json"
    path.write_bytes(content)
    with pytest.raises(TokenFileUnreadable, match=r"main\.json cannot be read") as caught:
        keeper(path).current(gateway(Played(REPLY)))
    assert "aexdash authorize" in caught.value.advice
    assert path.read_bytes() == content


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "occupied").write_text("a file, not a folder")
    with pytest.raises(TokenFileNotWritable, match=r"could not be written to .*main\.json"):
        TokenFile(tmp_path / "occupied" / "main.json").save(NEW)


def test_a_good_token_is_used_without_asking_anybody(tmp_path):
    platform = Played(REPLY)
    kept = keeper(stored(tmp_path / "t.json", token()))
    assert kept.current(gateway(platform)) == TOKEN
    assert platform.asked == []


def test_a_due_token_is_renewed_and_kept(tmp_path):
    path = stored(tmp_path / "t.json", token(timedelta(minutes=5), issued_at=NOON - timedelta(days=1)))
    platform = Played(REPLY)
    assert keeper(path).current(gateway(platform)) == "new-access"
    assert TokenFile(path).load() == (NEW, "")
    assert platform.asked[0].form["refresh_token"] == REFRESH


def test_a_due_token_that_cannot_be_renewed_serves_to_its_end(tmp_path):
    """The renewal is tried again a minute later, not at every call; at the end of the token its failure is told."""
    path = stored(tmp_path / "t.json", token(timedelta(minutes=5), issued_at=NOON - timedelta(days=1)))
    platform, time = Played(error("IllegalRefreshToken")), Time()
    kept, caller = keeper(path), gateway(platform, time=time)
    assert [kept.current(caller), kept.current(caller)] == [TOKEN, TOKEN]
    assert len(platform.asked) == 1
    time.now += timedelta(minutes=1)
    assert kept.current(caller) == TOKEN
    assert len(platform.asked) == 2
    time.now = NOON + timedelta(minutes=5)
    with pytest.raises(AuthenticationError, match="does not renew the sign-in of store main") as caught:
        kept.current(caller)
    assert caught.value.advice == "Run `aexdash authorize main` to sign in again."


def test_an_expired_refresh_token_is_told_without_a_call(tmp_path):
    path = stored(tmp_path / "t.json", token(expires_at=NOON, refresh_expires_at=NOON))
    platform = Played(REPLY)
    with pytest.raises(AuthenticationError, match="sign-in of store main ended on 2026-03-09 12:00 UTC") as caught:
        keeper(path).current(gateway(platform))
    assert "aexdash authorize" in caught.value.advice
    assert platform.asked == []


def test_a_store_nobody_signed_in_to(tmp_path):
    with pytest.raises(AuthenticationError, match="Nobody has signed in to store main yet") as caught:
        keeper(tmp_path / "t.json").current(gateway(Played(REPLY)))
    assert "aexdash authorize" in caught.value.advice


def test_a_refused_token_without_a_refresh_token(tmp_path):
    given_token = Token(TOKEN)
    with pytest.raises(AuthenticationError) as caught:
        keeper(tmp_path / "t.json", given_token).renew(gateway(Played(REPLY)), TOKEN)
    assert str(caught.value) == NO_REFRESH


def test_a_token_another_process_renewed_is_taken_over(tmp_path):
    path = stored(tmp_path / "t.json", token())
    kept, platform = keeper(path), Played(REPLY)
    assert kept.current(gateway(platform)) == TOKEN
    TokenFile(path).save(NEW)
    assert kept.renew(gateway(platform), TOKEN) == "new-access"
    assert platform.asked == []


def test_configured_tokens_count_until_they_are_renewed(tmp_path):
    path, given_token = tmp_path / "t.json", Token(TOKEN, REFRESH)
    kept = keeper(path, given_token)
    assert kept.current(gateway(Played(REPLY))) == TOKEN
    assert kept.renew(gateway(Played(REPLY)), TOKEN) == "new-access"
    assert TokenFile(path).load() == (NEW, fingerprint(TOKEN, REFRESH))
    assert keeper(path, given_token).current(gateway(Played(REPLY))) == "new-access"


def test_tokens_configured_anew_count_again(tmp_path):
    path = stored(tmp_path / "t.json", NEW, fingerprint(TOKEN, REFRESH))
    assert keeper(path, Token("pasted", "anew")).current(gateway(Played(REPLY))) == "pasted"


def test_a_renewed_token_that_cannot_be_kept_serves_this_process(tmp_path):
    path = tmp_path / "t.json"
    kept = keeper(path, Token(TOKEN, REFRESH))
    path.mkdir()
    (path / "in the way").touch()
    with pytest.raises(TokenFileUnreadable):
        kept.current(gateway(Played(REPLY)))
    (path / "in the way").unlink()
    path.rmdir()
    blocked = keeper(path, Token(TOKEN, REFRESH))
    blocked.current(gateway(Played(REPLY)))
    with pytest.raises(TokenFileNotWritable):
        blocked.renew(gateway(Played(lambda _: (path.mkdir(), (path / "x").touch(), REPLY)[2])), TOKEN)
    assert blocked.current(gateway(Played(REPLY))) == "new-access"


def test_signing_in_keeps_the_token_and_the_store_is_open(tmp_path):
    store = account(tmp_path, access_token="", refresh_token="")
    assert sign_in(store, "code", clock=Time(), respond=Played(REPLY)) == NEW
    page = {"result": {"success": True, "product_count": 0}}
    platform = Played(page)
    opened = connect(store, clock=Time(), respond=platform)
    list(opened.walk(Status.AUDITING))
    assert platform.asked[0].form["session"] == "new-access"
    assert opened.token_expires_at() == NEW.expires_at


def test_signing_in_counts_over_tokens_that_were_configured_before(tmp_path):
    store = account(tmp_path)
    sign_in(store, "code", clock=Time(), respond=Played(REPLY))
    platform = Played({"result": {"success": True, "product_count": 0}})
    list(connect(store, clock=Time(), respond=platform).walk(Status.AUDITING))
    assert platform.asked[0].form["session"] == "new-access"


def test_a_refused_token_is_renewed_in_the_middle_of_a_walk(tmp_path):
    platform = Played(error("IllegalAccessToken"), REPLY, {"result": {"success": True, "product_count": 0}})
    (page,) = connect(account(tmp_path), clock=Time(), respond=platform).walk(Status.AUDITING)
    assert page.reported == 0
    assert [asked.path for asked in platform.asked] == ["/sync", "/rest/auth/token/refresh", "/sync"]
    assert stat.S_IMODE((tmp_path / "main.token.json").stat().st_mode) == 0o600


def test_no_token_is_in_a_repr_an_error_or_a_log(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    store = account(tmp_path)
    platform = Played(error("IllegalAccessToken"), {"code": "IllegalRefreshToken", "message": f"{REFRESH} {TOKEN}"})
    with pytest.raises(AuthenticationError) as caught:
        list(connect(store, clock=Time(), respond=platform).walk(Status.AUDITING))
    told = f"{store!r} {token()!r} {caught.value!r} {caught.value} {caught.value.advice} {caplog.text}"
    for secret in (TOKEN, REFRESH, SECRET):
        assert secret not in told


class Issuer:
    """Hands out tokens over HTTP as the platform does: a refresh token works once, and ends its access token."""

    def __init__(self):
        self.valid = (TOKEN, REFRESH)
        self.issued = 0
        self.refused = 0
        self._lock = threading.Lock()

    def serve(self, handler, body):
        form = dict(parse_qsl(body.decode()))
        with self._lock:
            answer = self._refresh(form) if handler.path.startswith("/rest") else self._list(form)
        send(handler, json.dumps(answer).encode())

    def _refresh(self, form):
        if form["refresh_token"] != self.valid[1]:
            self.refused += 1
            return {"code": "IllegalRefreshToken", "type": "ISV", "message": "used up"}
        self.issued += 1
        self.valid = (f"access-{self.issued}", f"refresh-{self.issued}")
        return {"code": "0", "access_token": self.valid[0], "refresh_token": self.valid[1], "expires_in": 86400}

    def _list(self, form):
        if form["session"] != self.valid[0]:
            return error("IllegalAccessToken")
        return {"result": {"success": True, "product_count": 0}}


PROCESS = """
import sys
from pathlib import Path
from aexdash.aliexpress.protocol.account import Account
from aexdash.aliexpress.listings import connect
from aexdash.model import Status
gateway, file, access, refresh = sys.argv[1:]
seller = connect(Account("main", "overseas", gateway, "1", "s", Path(file), access, refresh, None))
print("ready", flush=True)
sys.stdin.readline()
for _ in range(3):
    (page,) = seller.walk(Status.AUDITING)
print(page.reported)
"""


@pytest.mark.slow
def test_processes_that_renew_at_once_end_with_one_valid_token(tmp_path):
    """Two processes hold a token that has just ended, and both find it refused at the same moment."""
    issuer, path = Issuer(), tmp_path / "t.json"
    issuer.valid = ("nobody has this one", REFRESH)
    with served(issuer.serve) as address:
        command = [sys.executable, "-c", PROCESS, address, str(path), TOKEN, REFRESH]
        processes = [
            subprocess.Popen(command, cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        assert [process.stdout.readline() for process in processes] == ["ready\n"] * 2
        for process in processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        assert [process.communicate(timeout=60)[0] for process in processes] == ["0\n"] * 2
    assert (issuer.issued, issuer.refused) == (1, 0)
    kept, _ = TokenFile(path).load()
    assert (kept.access_token, kept.refresh_token) == issuer.valid == ("access-1", "refresh-1")


def test_threads_that_renew_at_once_end_with_one_valid_token(tmp_path):
    issuer = Issuer()
    issuer.valid = ("nobody has this one", REFRESH)
    with served(issuer.serve) as address:
        store = replace(account(tmp_path), gateway=address)
        seller = connect(store)
        pages = []
        threads = [threading.Thread(target=lambda: pages.extend(seller.walk(Status.AUDITING))) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seller.close()
    assert [page.reported for page in pages] == [0] * 6
    assert (issuer.issued, issuer.refused) == (1, 0)
