"""Every code block of the docs runs: commands in a fresh home before a simulated AliExpress, settings by their loader.

A language says what becomes of a block: `sh` is run line by line, `toml` loaded, `python` run, `ini`, `nginx` and
`caddy` are parsed, because their programs are not ours to start, and `text` is what a program prints, which is written
by `make docs` or drawn. Lines that would not end, would install something or would tell somebody are checked and not
run.
"""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from aexdash.cli.main import main
from aexdash.clock import to_text
from aexdash.config.settings import load_settings
from aexdash.demo.platform.gateway import SimulatedAliExpress
from aexdash.demo.platform.store import SimulatedStore
from aexdash.desk.decisions.work import Desk as People
from aexdash.notify.webhook import signature
from aexdash.ui.doors.assistants import PATH as ASSISTANTS
from tests.docs.markdown import Block, Page, all_pages
from tests.docs.of_commands import command_named
from tests.docs.test_names import TARGETS
from tests.docs.writing import ROOT
from tests.support import APP_KEY, APP_SECRET, LONG_SIGNED_IN, NOON, world_of

PAGES = [page for page in all_pages() if page.blocks]
EMPTY = "<!-- blocks: empty home -->"
"""A page that begins with this starts without files, and its TOML is written into its home."""

NOT_RUN = {
    "serve": "it would not end",
    "demo": "it would not end",
    "mcp": "it would wait for what an assistant writes",
    "alerts test": "it would tell somebody",
}
ENDS_WITH = {
    "doctor --move-aside": 2,
    "sessions --end Ana Ruiz": 1,
    "causes": 1,
    "causes --after 2026-03-08T12:00:00Z --until 2026-03-09T12:00:00Z": 1,
}
"""Lines whose page says that they end otherwise than with 0."""

FREE_PORT = {"AEXDASH_PAGES_PORT": "0"}
"""So that the doctor finds its port free, also while a demo runs on this machine."""


@dataclass
class Shore:
    """The simulated AliExpress of these tests on its port, and a home that has read it once."""

    url: str
    platform: SimulatedAliExpress
    home: Path

    def settings(self, text: str) -> str:
        """The TOML of a page, with its store at the simulated AliExpress."""
        added = f'gateway = "{self.url}"\n' + "calls_per_second = 0\n" * ("calls_per_second" not in text)
        return text.replace("[store.main]\n", f"[store.main]\n{added}")


@pytest.fixture(scope="module")
def shore(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shore]:
    folder = tmp_path_factory.mktemp("shore")
    (folder / "clock").write_text(to_text(NOON))
    store = SimulatedStore(APP_KEY, APP_SECRET, world_of(rejected=3, auditing=1, active=3), **LONG_SIGNED_IN)
    platform = SimulatedAliExpress({APP_KEY: store}, lambda: NOON, controls=True)
    with platform.serve() as served, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AEXDASH_CLOCK_FILE", str(folder / "clock"))
        shore = Shore(served.url, platform, folder / "home")
        shore.home.mkdir()
        public = f'[store.main]\ntitle = "My store"\nmodel = "overseas"\napp_key = "{APP_KEY}"\n'
        (shore.home / "aexdash.toml").write_text(shore.settings(public))
        secrets = shore.home / "secrets.toml"
        secrets.write_text(f'[store.main]\napp_secret = "{APP_SECRET}"\n')
        secrets.chmod(0o600)
        run = CliRunner(env={"AEXDASH_HOME": str(shore.home)})
        for words in (["authorize", "main", "--code", platform.issue_code(APP_KEY)], ["sync"]):
            assert run.invoke(main, words).exit_code == 0
        People(shore.home / "desk.db").set_note("main", [1], "a desk to back up", by="Ana", now=NOON)
        yield shore


@dataclass
class Desk:
    """Where one page is worked through: its home, its folder, and the platform."""

    shore: Shore
    home: Path
    folder: Path

    def aexdash(self, words: list[str]) -> None:
        """Run a command of ours in this process; what it asks for is answered with a code of a sign-in, or with yes."""
        typed = " ".join(words)
        if left := next((name for name in NOT_RUN if typed.startswith(name)), ""):
            names = left.split()
            command_named(names).make_context(typed, words[len(names) :])
            return
        code = self.shore.platform.issue_code(APP_KEY)
        result = CliRunner(env={"AEXDASH_HOME": str(self.home), **FREE_PORT}).invoke(main, words, input=f"{code}\ny\n")
        assert result.exit_code == ENDS_WITH.get(typed, 0), f"aexdash {typed}: {result.output}"

    def others(self, lines: list[str]) -> None:
        """Run lines of a shell together."""
        script = "\n".join(lines)
        faults = f"{self.shore.url}/_demo/faults"
        environment = {"AEXDASH_HOME": str(self.home), "FAULTS": faults, "PATH": "/usr/bin:/bin:/usr/local/bin"}
        ended = subprocess.run(
            ["sh", "-e", "-c", script],
            cwd=self.folder,
            env=environment | FREE_PORT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, f"{script}\n{ended.stderr}"


def run_shell(block: Block, desk: Desk) -> None:
    """Work through a block: our commands here, what is not run checked, all else by a shell."""
    gathered: list[str] = []
    for line in block.code.splitlines():
        words = [] if line.startswith("#") else shlex.split(line) if not gathered or "<<" not in gathered[0] else []
        words = words[next((at for at, word in enumerate(words) if "=" not in word), 0) :]
        program = words[0] if words else ""
        if program in ("aexdash", "make", "pip", "python"):
            check_or_run(program, words[1:], desk)
        else:
            gathered.append(line)
        if gathered and "<<" in gathered[0] and line == re.sub(r".*<<'(\w+)'.*", r"\1", gathered[0]):
            desk.others(gathered)
            gathered = []
    if gathered:
        desk.others(gathered)


def check_or_run(program: str, words: list[str], desk: Desk) -> None:
    """Run a command of ours; of the others see that what they name exists."""
    if program == "aexdash":
        desk.aexdash(words)
    elif program == "make":
        assert words[0] in TARGETS
    elif program == "pip":
        assert words[0] == "install"
        assert f'"{words[1]}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    else:
        assert words[0] == "-m"
        module = words[1].replace(".", "/")
        assert words[1] == "pytest" or (ROOT / module / "__main__.py").is_file()


def load_toml(block: Block, desk: Desk) -> None:
    """Load a block as the files it names, beside a store where it needs one; on a page with an empty home, keep it."""
    files = {"aexdash.toml": "", "secrets.toml": ""}
    name = ""
    for line in block.code.splitlines(keepends=True):
        if found := re.fullmatch(r"# (aexdash|secrets)\.toml\n", line):
            name = f"{found[1]}.toml"
        files[name] += line
    begun = desk.home if not (desk.home / "snapshot.db").exists() else desk.folder / f"toml-{block.line}"
    begun.mkdir(exist_ok=True)
    if "[store.main]" not in files["aexdash.toml"] and not (begun / "aexdash.toml").exists():
        files["aexdash.toml"] += '\n[store.main]\nmodel = "overseas"\n'
    for name, text in files.items():
        if text:
            (begun / name).write_text(desk.shore.settings(text) if name == "aexdash.toml" else text)
    assert load_settings(begun).stores.keys() == {"main"}


def run_python(block: Block, desk: Desk) -> None:
    """Run a block of Python by itself."""
    exec(compile(block.code, f"block at line {block.line}", "exec"), {"__name__": "a block"})


def parse_ini(block: Block, desk: Desk) -> None:
    """A unit of systemd has its three sections and no other, and starts our program."""
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.read_string(block.code)
    assert set(unit.sections()) <= {"Unit", "Service", "Install"}
    if start := unit.get("Service", "ExecStart", fallback=""):
        program, *words = shlex.split(start)
        assert program.endswith("/.venv/bin/aexdash")
        command_named(words[:1]).make_context(words[0], words[1:])


def parse_nginx(block: Block, desk: Desk) -> None:
    """Every line of nginx opens, closes or ends a statement, and what opens closes."""
    lines = [line.strip() for line in block.code.splitlines() if line.strip()]
    assert [line for line in lines if line[-1] not in "{};"] == []
    assert block.code.count("{") == block.code.count("}")


def load_json(block: Block, desk: Desk) -> None:
    """What another program is told of us: a command that there is, or an address that the door for assistants has."""
    content = json.loads(block.code)
    told = (content.get("mcpServers") or content.get("servers") or {}).get("aexdash", {})
    if command := told.get("command"):
        assert command.endswith("/.venv/bin/aexdash")
        command_named(told["args"][:1]).make_context(told["args"][0], told["args"][1:])
    elif told:
        assert urlsplit(told["url"]).path == ASSISTANTS


def printed(block: Block, desk: Desk) -> None:
    """What a program prints, or a drawing: it is not run."""


def parse_caddy(block: Block, desk: Desk) -> None:
    """What opens closes, each on a line of its own."""
    depth = 0
    for line in block.code.splitlines():
        depth += line.rstrip().endswith("{") - (line.strip() == "}")
        assert depth >= 0
    assert depth == 0


LANGUAGES: dict[str, Callable[[Block, Desk], None]] = {
    "sh": run_shell,
    "toml": load_toml,
    "python": run_python,
    "ini": parse_ini,
    "nginx": parse_nginx,
    "caddy": parse_caddy,
    "json": load_json,
    "text": printed,
}


@pytest.mark.parametrize("document", PAGES, ids=[page.path for page in PAGES])
def test_every_block_of_a_page_runs(document: Page, shore: Shore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    home, folder = tmp_path / "home", tmp_path / "folder"
    folder.mkdir()
    if document.text.startswith(EMPTY):
        home.mkdir()
    else:
        shutil.copytree(shore.home, home)
    monkeypatch.chdir(folder)
    for block in document.blocks:
        LANGUAGES[block.language](block, Desk(shore, home, folder))


def test_what_the_webhook_page_checks_with_takes_our_signature_and_no_other():
    (block,) = [block for block in Page("docs/reference/webhook.md").blocks if block.language == "python"]
    said: dict[str, Callable[..., bool]] = {}
    exec(compile(block.code, "webhook.md", "exec"), said)
    body, stamp = b'{"version": 1}', "1773057600"
    ours = f"sha256={signature('a long random text', stamp, body)}"
    assert said["is_ours"](b"a long random text", stamp, body, ours)
    assert not said["is_ours"](b"another text", stamp, body, ours)
    assert not said["is_ours"](b"a long random text", "1773057601", body, ours)
