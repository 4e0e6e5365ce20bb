"""An optional model reads what the grammar does not: good, wrong, hostile and slow ones, over real HTTP on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from aexdash.ask.answers.answering import answer
from aexdash.config.sections.ask_model import AskModel
from aexdash.config.settings import ConfigError, load_settings
from tests.ask.asked import expected_question
from tests.ask.made import NOW


class Served:
    """A server that answers every question with one text, or after nobody waits any more."""

    def __init__(self) -> None:
        self.content, self.status, self.asked, self.waits = "{}", 200, [], threading.Event()
        self.slow = False
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                served.asked.append((self.path, dict(self.headers), json.loads(self.rfile.read(length))))
                if served.slow:
                    served.waits.wait(30)
                body = json.dumps({"choices": [{"message": {"content": served.content}}]}).encode()
                self.send_response(served.status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/v1"


@pytest.fixture
def served() -> Iterator[Served]:
    one = Served()
    yield one
    one.waits.set()
    one.server.shutdown()
    one.server.server_close()
    one.thread.join()


BEYOND = "lately refused stuff please, grouped by their shelf"


def ask(home, served, words=BEYOND, **settings):
    model = AskModel(**{"address": served.address, "model": "small", "timeout_seconds": 0.2, "key": "k-1", **settings})
    return answer(words, replace(home.workspace, model=model), NOW)


def test_a_good_reading_is_answered_with_the_number_of_the_page_and_says_who_read_it(home, served):
    served.content = json.dumps({"status": ["rejected"], "by": "category"})
    told = ask(home, served)
    assert told.question == expected_question("listings status:rejected by:category", home.workspace)
    assert told.number == home.workspace.snapshot.count(told.question.view)
    assert told.meaning == "listings rejected, by category"
    [read_as] = told.read
    assert read_as.words == BEYOND
    assert read_as.meaning == "read by the model small as: listings rejected, now, by category"


def test_it_is_told_words_of_ours_and_the_question_and_nothing_else(home, served):
    ask(home, served)
    path, headers, body = served.asked[0]
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer k-1"
    assert (body["model"], body["temperature"]) == ("small", 0)
    assert body["messages"][1]["content"] == BEYOND
    sent = json.dumps(body)
    assert not any(name in sent for name in ("madrid", "Ana", "Li Wei", "Dresses", "red dress", "100500"))


def test_names_are_sent_only_where_the_settings_say_so(home, served):
    ask(home, served, send_names=True)
    sent = json.dumps(served.asked[0][2])
    assert all(name in sent for name in ("madrid", "Ana", "380230 Dresses"))
    assert "red dress" not in sent


@pytest.mark.parametrize(
    "content",
    [
        "",
        "Sure! There are 42 rejected listings.",
        "[]",
        "{}",
        '"rejected"',
        "null",
        '{"refuse": "yes"}',
        '{"status": "broken"}',
        '{"store": "paris"}',
        '{"sql": "SELECT count(*) FROM listing"}',
        '{"status": "rejected", "sql": "DROP TABLE listing"}',
        '{"card": "aexdash_at_risk", "moves": "rejected"}',
        '{"card": "aexdash_at_risk", "reason": "image"}',
        '{"moves": "rejected"}',
        '{"moves": "rejected", "period": "next week"}',
        '{"moves": "rejected", "period": "09/03"}',
        '{"status": {"$ne": "rejected"}}',
        '{"limit": 1000000}',
        '{"limit": true}',
        '{"q": ["a", 1]}',
        '{"number": 42}',
        "{" * 5000,
        '{"by": "; ATTACH DATABASE x"}',
    ],
)
def test_a_wrong_or_hostile_reading_is_refused_and_none_of_its_words_is_shown(content, home, served):
    served.content = content
    told = ask(home, served)
    assert told.number is None
    assert told.refusal is not None
    assert "not understood" in told.refusal.sentence
    assert not any(word in told.refusal.sentence for word in ("42", "SELECT", "DROP", "ATTACH", "paris", "broken"))


def test_text_of_a_filter_stays_a_text(home, served):
    served.content = json.dumps({"q": "x' OR 1=1 --", "status": "rejected"})
    assert ask(home, served).number == 0


@pytest.mark.parametrize("status", [401, 404, 429, 500])
def test_an_error_of_the_service_leaves_the_refusal(status, home, served):
    served.status = status
    told = ask(home, served)
    assert told.refusal.sentence.endswith(f"(The model answered with status {status}.)")


def test_a_slow_or_absent_model_leaves_the_refusal(home, served):
    served.slow = True
    assert "(The model did not answer.)" in ask(home, served).refusal.sentence
    assert "(The model did not answer.)" in ask(home, served, address="http://127.0.0.1:9/v1").refusal.sentence


@pytest.mark.parametrize(
    "words",
    [
        "how many are rejected",
        "rejected listings last week",
        "how many flibber orders",
        "flibber will be rejected tomorrow",
        "delete the flibber listings",
        "flibber listings that are not rejected",
        "flibber listings next week",
    ],
)
def test_it_is_not_asked_what_the_grammar_reads_or_refuses(words, home, served):
    ask(home, served, words)
    assert served.asked == []


def test_without_settings_there_is_none(home):
    assert home.workspace.model is None
    assert answer(BEYOND, home.workspace, NOW).refusal.why.value == "not understood"


def write(folder, config, secrets=""):
    (folder / "aexdash.toml").write_text(config)
    (folder / "secrets.toml").write_text(secrets)
    (folder / "secrets.toml").chmod(0o600)


def test_the_settings_are_read_and_the_key_is_a_secret(tmp_path, monkeypatch):
    write(tmp_path, '[ask]\naddress = "http://localhost:11434/v1/"\nmodel = "small"\n', '[ask]\nkey = "k-2"\n')
    model = load_settings(tmp_path).ask_model
    assert (model.address, model.model, model.send_names) == ("http://localhost:11434/v1", "small", False)
    assert model.key.get_secret_value() == "k-2"
    assert "k-2" not in repr(model)
    monkeypatch.setenv("AEXDASH_ASK_KEY", "k-3")
    assert load_settings(tmp_path).ask_model.key.get_secret_value() == "k-3"


@pytest.mark.parametrize(
    ("config", "secrets", "says"),
    [
        ('[ask]\naddress = "http://models.example/v1"\nmodel = "m"\n', "", "must begin with https://"),
        ('[ask]\naddress = "https://models.example/v1"\n', "", "model of [ask]"),
        ('[ask]\naddress = "https://m.example"\nmodel = "m"\nkey = "x"\n', "", "is a secret"),
        ('[ask]\naddress = "https://m.example"\nmodle = "m"\n', "", "did you mean 'model'"),
        ("ask = 3\n", "", "ask must be a table"),
        ("", '[ask]\nkey = "x"\n', "has a key"),
        ('[ask]\naddress = "https://m.example"\nmodel = "m"\ntimeout_seconds = 0\n', "", "timeout_seconds"),
    ],
)
def test_a_mistake_is_one_sentence_with_its_place(config, secrets, says, tmp_path):
    write(tmp_path, config, secrets)
    with pytest.raises(ConfigError) as raised:
        load_settings(tmp_path)
    assert says in str(raised.value)
    assert "toml" in str(raised.value)
