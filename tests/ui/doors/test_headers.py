import base64
import hashlib

from aexdash.ui.doors.headers import inline_script_hashes, security_headers
from aexdash.ui.frame.thumbnail_names import is_thumbnail_name


def test_only_the_inline_scripts_of_the_page_itself_may_run(tmp_path):
    page = tmp_path / "index.html"
    page.write_bytes(b"<html><script>one()</script><script type='module' src='x.js'></script></html>")
    wanted = base64.b64encode(hashlib.sha256(b"one()").digest()).decode()
    assert inline_script_hashes(page) == [wanted]


def test_the_policy_allows_no_eval_no_other_host_and_no_frame():
    policy = security_headers()["Content-Security-Policy"]
    parts = dict(part.split(" ", 1) for part in policy.split("; "))
    assert parts["default-src"] == "'self'"
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" not in parts["script-src"]
    assert "http" not in policy
    assert parts["frame-ancestors"] == "'none'"
    assert len(inline_script_hashes()) >= 1


def test_a_picture_name_is_a_digest_and_nothing_that_walks_the_disk():
    good = "0" * 64 + ".jpg"
    bad = [
        "",
        ".jpg",
        "../" + good,
        good + "/..",
        good + "\n",
        "a.jpg",
        "/etc/passwd",
        good.replace(".jpg", ".svg"),
        "%2e",
    ]
    assert [is_thumbnail_name(name) for name in [good, *bad]] == [True] + [False] * len(bad)
