"""The inbox of the demo: takes what a channel sends, as any receiver of the webhook would, and shows it as a page.

Nothing leaves this machine. It stands on the port of the simulated AliExpress; what it took is kept in a file of the
demo's home, so that a restart loses none of it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from hmac import compare_digest
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aexdash.clock import Clock, from_text_or_none, system_clock
from aexdash.demo.platform.server import Respond
from aexdash.notify.webhook import signature
from aexdash.words.common import moment, plural

PATH = "/_demo/inbox"
KEY = "not-a-secret-either"
"""What signs the messages, as the receiver of a webhook knows it."""

MOST = 200
"""Messages that are kept, the latest."""

OLDEST = timedelta(minutes=5)
"""How old a signature may be (docs/reference/webhook.md)."""

EMPTY = (
    "Nothing has arrived so far. The digest of the day comes within a minute of the first start, alerts come as they "
    "open and close, and a test when you ask for one: Sensitivity, Channels."
)

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{count} · Inbox of the demo</title>
<meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="5">
<style>
:root {{ color-scheme: light dark }}
body {{ font: 15px/1.45 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }}
article {{ border: 1px solid #8886; border-radius: .5rem; padding: .25rem 1rem 1rem; margin: 1rem 0 }}
h2 {{ font-size: 1.05rem }}
p {{ white-space: pre-line; overflow-wrap: anywhere }}
small {{ opacity: .75 }}
</style></head><body><main>
<h1>Inbox of the demo</h1>
<small>What channels send arrives here, the latest first; this page looks for more every five seconds. In a store of
yours it would be a mail, or a message in Slack, Teams, Telegram or Discord. Beside it stands
<a href="/_demo/shop">a shop to connect</a>.</small>
{messages}
</main></body></html>
"""

ARTICLE = """<article><h2>{title}</h2><small>{at}</small><p>{text}</p>{link}</article>"""

HTML = {
    "Content-Type": "text/html;charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Cache-Control": "no-store",
}
PLAIN = {"Content-Type": "text/plain;charset=utf-8"}

Answer = tuple[int, dict[str, str], bytes]


class Inbox:
    """Takes and shows messages. May be asked from several threads."""

    def __init__(self, file: Path, clock: Clock = system_clock) -> None:
        self._file, self._clock = file, clock
        self._lock = threading.Lock()

    def before(self, respond: Respond) -> Respond:
        """Return what answers for the inbox, and leaves everything else to `respond`."""

        def answer(verb: str, url: str, headers: dict[str, str], body: bytes) -> Answer:
            if urlsplit(url).path != PATH:
                return respond(verb, url, headers, body)
            return self._take(headers, body) if verb == "POST" else (200, HTML, self.page().encode())

        return answer

    def messages(self) -> list[dict[str, Any]]:
        """Return the messages that are kept, the latest first."""
        if not self._file.exists():
            return []
        lines = self._file.read_text("utf-8").splitlines()
        return [json.loads(line) for line in reversed(lines) if line]

    def page(self) -> str:
        """Return the page with the messages."""
        kept = self.messages()
        shown = "\n".join(map(_article, kept)) or f"<p>{escape(EMPTY)}</p>"
        return PAGE.format(count=plural(len(kept), "message"), messages=shown)

    def _take(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """Keep a message whose signature is right and fresh; a copy of one replaces it."""
        given = {name.lower(): value for name, value in headers.items()}
        stamp = given.get("x-aexdash-timestamp", "")
        expected = f"sha256={signature(KEY, stamp, body)}" if stamp.isascii() and stamp.isdigit() else ""
        if not expected or not compare_digest(expected, given.get("x-aexdash-signature", "")):
            return 401, PLAIN, b"the signature is not that of the message"
        if abs(self._clock().timestamp() - int(stamp)) > OLDEST.total_seconds():
            return 401, PLAIN, b"the signature is too old"
        message: dict[str, Any] = json.loads(body)
        with self._lock:
            kept = [one for one in self.messages() if one.get("id") != message.get("id")]
            lines = [json.dumps(one) for one in reversed([message, *kept][:MOST])]
            beside = self._file.with_suffix(".part")
            beside.write_text("\n".join([*lines, ""]), "utf-8")
            beside.replace(self._file)
        return 200, PLAIN, b"taken"


def _article(message: Mapping[str, Any]) -> str:
    link = str(message.get("link", ""))
    text = str(message.get("text", "")).removesuffix(link).rstrip()
    sent: datetime | None = from_text_or_none(message.get("sent_at"))
    opened = f'<a href="{escape(link)}">Open in aexdash</a>' if urlsplit(link).scheme in ("http", "https") else ""
    return ARTICLE.format(
        title=escape(str(message.get("title", ""))), at=escape(moment(sent)), text=escape(text), link=opened
    )
