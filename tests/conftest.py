"""What tests of several rooms share."""

from __future__ import annotations

import contextlib
import functools
import gc
import importlib
import logging
import os
from collections import Counter
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from tests import scheduler
from tests.scheduler import Scheduler

if TYPE_CHECKING:
    from streamlit.testing.v1.local_script_runner import LocalScriptRunner

    from tests.support import Shop

# What the fixtures below import is imported in them: the process that hands out the tests plays none, and begins a
# second earlier without.

# How long an example takes says nothing of a machine that is shared.
settings.register_profile("deep", deadline=None)
settings.register_profile("full", settings.get_profile("deep"), max_examples=12)  # and examples() in tests/support.py
settings.register_profile("unit", settings.get_profile("deep"), max_examples=8)
settings.load_profile("full")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Collect no garbage while modules are imported: there is none, and to look for it takes a tenth of that time."""
    gc.disable()
    import_own_share(session.config)


def import_own_share(config: pytest.Config) -> None:
    """Import the modules of tests that no other process of pytest-xdist begins with.

    Each of them imports every module. Where none is compiled yet, as in a fresh clone, all would compile the same ones
    at the same time; so they find compiled what another one began with. An error is told when tests are collected.
    """
    own = getattr(config, "workerinput", None)
    if own is None:
        return
    root, ignored = config.rootpath, [Path(path).resolve() for path in config.getoption("ignore") or ()]
    given = [config.invocation_params.dir / word.partition("::")[0] for word in config.args]
    found = [path for folder in given if folder.is_dir() for path in sorted(folder.resolve().rglob("test_*.py"))]
    modules = [path for path in found if not any(path.is_relative_to(one) for one in ignored)]
    for path in modules[int(own["workerid"].removeprefix("gw")) :: own["workercount"]]:
        with contextlib.suppress(Exception, pytest.skip.Exception):
            importlib.import_module(".".join(path.relative_to(root).with_suffix("").parts))


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """Let the collector never look at modules and tests again, which stay to the end: it took a tenth of the time.

    And let Streamlit's sixty loggers pass on what they hear. Pytest listens at the root, and at each logger that does
    not pass it on, anew for each of the three phases of each test.
    """
    gc.freeze()
    gc.enable()
    for name, logger in logging.root.manager.loggerDict.items():
        if name.startswith("streamlit.") and isinstance(logger, logging.Logger):
            logger.propagate = True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, bool, bool]:
    """Let each test begin with the umask of most machines: commands set that of their process, which is the tests'."""
    before = os.umask(0o022)
    try:
        return (yield)
    finally:
        os.umask(before)


@pytest.fixture(scope="session", autouse=True)
def made_once(tmp_path_factory):
    """What each test would make anew and find the same: tables of new files, certificates, what Streamlit looks up."""
    import httpx  # noqa: PLC0415
    from streamlit import type_util  # noqa: PLC0415
    from streamlit.components.v2 import manifest_scanner  # noqa: PLC0415
    from streamlit.testing.v1 import local_script_runner  # noqa: PLC0415

    from aexdash.storage import file  # noqa: PLC0415
    from tests.support import NewFiles  # noqa: PLC0415

    new_files = NewFiles(tmp_path_factory.mktemp("new files"), file.open_for_writing)
    components = functools.cache(manifest_scanner.scan_component_manifests)  # reads about every installed package
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file, "open_for_writing", new_files.open)
        patch.setattr(manifest_scanner, "scan_component_manifests", components)
        patch.setattr(type_util, "get_func_parameters", functools.cache(type_util.get_func_parameters))
        patch.setattr(httpx, "create_ssl_context", functools.cache(httpx.create_ssl_context))
        patch.setattr(
            local_script_runner, "require_widgets_deltas", wait_for_page(local_script_runner.require_widgets_deltas)
        )
        yield


def wait_for_page(polling: Callable[..., None]) -> Callable[..., None]:
    """Wait until a page is drawn. Streamlit's own `polling` asks a thousand times a second, and the page draws slower.

    It still tells of a page that takes too long.
    """

    def wait(runner: LocalScriptRunner, timeout: float) -> None:
        runner._script_thread.join(timeout)
        polling(runner, timeout)

    return wait


@pytest.fixture
def open_shop(tmp_path):
    from tests.support import Shop  # noqa: PLC0415

    opened = []

    def open_(world, **ways) -> Shop:
        opened.append(Shop(tmp_path, world, **ways))
        return opened[-1]

    yield open_
    for shop in opened:
        shop.close()


@pytest.hookimpl(optionalhook=True)  # there is none without pytest-xdist
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduler | None:
    """Let tests that wait for other programs run beside those that work."""
    return scheduler.make(config, log)


LONGEST_IN_BROWSER = (
    "typing",
    "keys",
    "accessibility",
    "pages",
    "clicks",
    "list",
    "three_people",
    "person",
    "panel",
    "worked_example",
    "tour",
    "connect",
)
"""The modules of browser tests that take the processor longest, the longest first; some of them have few tests."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with modules of slow tests alone, so that no process works on one of them long after the others have ended.

    Of modules that are alike in that, those with the most tests come first.

    Browser tests come last: Playwright keeps an event loop in the main thread, where others run their own. Of those the
    longest modules begin; the others follow, those with the most tests first, for their tests take about as long.
    """
    longest = {f"test_{name}.py": turn for turn, name in enumerate(LONGEST_IN_BROWSER)}
    tests = Counter(item.path for item in items)
    slow = Counter(item.path for item in items if item.get_closest_marker("slow"))

    def turn(item: pytest.Item) -> tuple[bool, float, int]:
        in_browser = item.get_closest_marker("browser") is not None
        first = longest.get(item.path.name, len(longest)) if in_browser else -slow[item.path] / tests[item.path]
        return in_browser, first, -tests[item.path]

    items.sort(key=turn)
