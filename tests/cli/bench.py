"""A home directory whose one store is served on loopback, for the tests of the commands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from aexdash.__main__ import main
from aexdash.clock import to_text
from aexdash.demo.platform.gateway import SimulatedAliExpress
from aexdash.demo.platform.store import SimulatedStore
from aexdash.demo.world.factory import make_facts
from aexdash.demo.world.listing import Edit, Listing, Picture, edited
from aexdash.model import Status
from tests.demo.scripted import ScriptedWorld
from tests.support import MovedClock

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]


def listing(number: int, status: Status, edit: Edit | None = None) -> Listing:
    return Listing(edited(make_facts(1, number), edit or Edit()), status, NOON - timedelta(days=30), NOON)


def worked_example() -> ScriptedWorld:
    small = [listing(number, Status.REJECTED, Edit(main=Picture(5, 640, 640))) for number in range(4)]
    brand = listing(4, Status.AUDITING, Edit(dropped=("Brand Name",)))
    return ScriptedWorld([*small, brand, *(listing(number, Status.ACTIVE) for number in range(5, 12))])


@dataclass
class Bench:
    """A home directory whose one store is served on loopback, and a clock file that all of it reads."""

    home: Path
    platform: SimulatedAliExpress
    world: ScriptedWorld
    clock_file: Path
    moved: MovedClock = field(default_factory=MovedClock)
    runner: CliRunner = field(default_factory=CliRunner)

    @property
    def now(self) -> datetime:
        return self.moved.at

    def clock(self) -> datetime:
        return self.now

    def at(self, moment: datetime) -> None:
        self.moved.at = moment
        self.clock_file.write_text(to_text(moment))

    def run(self, *words: str, **options: Any) -> Result:
        command, *rest = words
        return self.runner.invoke(main, [command, "--home", str(self.home), *rest], **options)

    def sign_in(self) -> None:
        assert self.run("authorize", "main", "--code", self.platform.issue_code("123456")).exit_code == 0


@contextmanager
def served(folder: Path, **ways: Any) -> Iterator[Bench]:
    """The bench of a new home in a folder, at noon; `ways` are further words for the simulated store."""
    world, clock = worked_example(), MovedClock(NOON)
    store = SimulatedStore("123456", "a-secret", world, seller_id="77", nick="shop", **ways)
    platform = SimulatedAliExpress({"123456": store}, clock)
    with platform.serve() as at:
        home = folder / "home"
        home.mkdir()
        (home / "aexdash.toml").write_text(
            f'[store.main]\ntitle = "My store"\nmodel = "overseas"\ngateway = "{at.url}"\napp_key = "123456"\n'
            "calls_per_second = 0\n"
        )
        (home / "secrets.toml").write_text('[store.main]\napp_secret = "a-secret"\n')
        (home / "secrets.toml").chmod(0o600)
        bench = Bench(home, platform, world, folder / "clock", clock)
        bench.at(NOON)
        yield bench
