"""The command `aexdash demo`; `aexdash.__main__` adds it to the others, which know nothing of a simulated store."""

from __future__ import annotations

from pathlib import Path

import click

from aexdash.cli.errors import Failed
from aexdash.cli.options import home_option, port_option
from aexdash.clock import system_clock


@click.command()
@home_option
@port_option
def demo(home: Path, port: int) -> None:
    """Look around: a simulated store, its sync and the pages, without any configuration."""
    from aexdash.cli.serve import AppMissing, PortInUse, leave, running_app  # noqa: PLC0415 - --help needs none of it
    from aexdash.sync import lease  # noqa: PLC0415

    # A second demo would write its own gateway into the settings of the first, which is lost when the second ends.
    alone = lease.hold(home / "demo" / "demo.lock", clock=system_clock, command="a demo")
    try:
        with running_app(home / "demo", port) as app, alone:
            from aexdash.demo.launch import run_demo  # noqa: PLC0415 - loads beside the app, which takes as long

            code = run_demo(home / "demo", port, app)
        leave(code)
    except KeyboardInterrupt:
        leave(0)  # asked to end, whatever it was about: there is nothing to say
    except (PortInUse, AppMissing) as error:
        raise Failed(str(error)) from error
