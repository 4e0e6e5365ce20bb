"""The files to copy: the unit is one that systemd takes, and rules and dashboard name metrics that there are."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest

from aexdash.cli import serve
from aexdash.supervision.metrics import GAUGES
from tests.docs.written import ROOT

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


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_takes_the_unit(tmp_path):
    unit = tmp_path / "aexdash.service"
    told = (EXAMPLES / "aexdash.service").read_text(encoding="utf-8")
    program = tmp_path / "aexdash"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    unit.write_text(told.replace("/opt/aexdash/.venv/bin/aexdash", str(program)))
    looked = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert [line for line in looked.stderr.splitlines() if "aexdash" in line] == []


def test_the_unit_starts_it_again_after_an_error_and_leaves_it_time_to_end():
    told = (EXAMPLES / "aexdash.service").read_text(encoding="utf-8")
    assert "Restart=on-failure" in told
    patience = int(re.search(r"TimeoutStopSec=(\d+)", told)[1])
    assert patience > 2 * serve.WORKER_ENDS_WITHIN
