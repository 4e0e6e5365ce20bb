"""The files to copy: the unit is one that systemd takes, and rules and dashboard name metrics that there are."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from aexdash.cli import serve
from aexdash.supervision.metrics import GAUGES
from tests.docs.of_commands import command_named
from tests.docs.writing import ROOT

EXAMPLES = ROOT / "docs" / "examples"
OURS = {*GAUGES, "aexdash_loop_restarts_total", "aexdash_page_seconds_bucket"}
RULES = (EXAMPLES / "prometheus-rules.yml").read_text(encoding="utf-8")
PANELS = json.loads((EXAMPLES / "grafana-dashboard.json").read_text(encoding="utf-8"))["panels"]
NAMES = re.compile(r"\baexdash_[a-z_]+\b")


def test_every_metric_that_rules_and_dashboard_name_exists_and_most_are_watched():
    asked = [line.partition("expr:")[2] for line in RULES.splitlines() if "expr:" in line]
    asked += [target["expr"] for panel in PANELS for target in panel["targets"]]
    named = {name for expression in asked for name in NAMES.findall(expression)}
    assert len(asked) == RULES.count("- alert:") + len(PANELS)
    assert named <= OURS
    assert OURS - named <= {"aexdash_calls_budget", "aexdash_loop_failing"}


def test_labels_that_they_show_are_those_of_their_metrics():
    for panel in PANELS:
        shown = set(re.findall(r"\{\{(\w+)\}\}", panel["targets"][0].get("legendFormat", "")))
        metric = NAMES.findall(panel["targets"][0]["expr"])[0]
        assert shown <= {*GAUGES.get(metric, ()), "loop", "page"}, panel["title"]


UNITS = ("aexdash.service", "aexdash-app@.service", "aexdash-follow.service")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
@pytest.mark.parametrize("name", UNITS)
def test_systemd_takes_the_unit(tmp_path, name):
    unit = tmp_path / name.replace("@", "@8502")
    told = (EXAMPLES / name).read_text(encoding="utf-8")
    program = tmp_path / "aexdash"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    unit.write_text(told.replace("/opt/aexdash/.venv/bin/aexdash", str(program)))
    looked = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert [line for line in looked.stderr.splitlines() if "aexdash" in line] == []


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_starts_a_command_that_there_is_with_its_options(name):
    told = (EXAMPLES / name).read_text(encoding="utf-8").replace("%i", "8502")
    _program, command, *words = re.search(r"ExecStart=(.*)", told)[1].split()
    command_named([command]).make_context(command, words)


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_starts_it_again_after_an_error_and_leaves_it_time_to_end(name):
    told = (EXAMPLES / name).read_text(encoding="utf-8")
    assert re.search("Restart=(on-failure|always)", told)
    patience = int(re.search(r"TimeoutStopSec=(\d+)", told)[1])
    assert patience > 2 * serve.WORKER_ENDS_WITHIN


CONTAINER = EXAMPLES / "Containerfile"


def test_the_container_file_is_linted():
    hadolint = shutil.which("hadolint") or Path(sys.executable).with_name("hadolint")
    looked = subprocess.run([hadolint, CONTAINER], capture_output=True, text=True, check=False)
    assert looked.stdout + looked.stderr == ""
    assert looked.returncode == 0


def test_the_container_runs_as_nobody_in_particular_and_copies_what_there_is():
    lines = CONTAINER.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("USER")] == ["USER 10001:10001"]
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY") and "--from" not in line]
    assert [name for names in copied for name in names if not (ROOT / name).exists()] == []
    assert not any("ADD " in line or "curl" in line or "secret" in line for line in lines)
    name, *words = json.loads(next(line for line in lines if line.startswith("CMD")).removeprefix("CMD "))
    command_named([name]).make_context(name, words)


def engine() -> str | None:
    """A program that builds container files, where it has an engine behind it."""
    for name in ("podman", "docker"):
        if shutil.which(name) and not subprocess.run([name, "info"], capture_output=True, check=False).returncode:
            return name
    return None


@pytest.mark.skipif(engine() is None, reason="no container engine runs here")
def test_the_container_file_builds():
    subprocess.run([engine(), "build", "-f", CONTAINER, "-t", "aexdash-test", ROOT], check=True, capture_output=True)
