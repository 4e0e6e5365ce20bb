# `make help` lists what there is to do.
PYTHON ?= python3
PORT ?= 8501
BIN := .venv/bin
# One more than there are cores: some tests wait for other programs.
WORKERS := $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); [ $$n -lt 8 ] && echo $$((n + 1)) || echo 8)
CORES := -n $(WORKERS) --dist loadfile --no-loadscope-reorder
# The tests make thousands of small files. In memory, where it has room, they take an eighth less work and no disk is waited for.
IN_MEMORY := $(shell df -Pk /dev/shm 2>/dev/null | awk '$$6 == "/dev/shm" && $$4 > 4000000 { print $$6 }')
ifneq ($(IN_MEMORY),)
unit full deep browser: export TMPDIR ?= $(IN_MEMORY)
endif
# Where the shell forbids it, every process would compile all modules anew: eight seconds each.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run format check unit full deep simulate check-and-full fuzz browser docs schemas screenshots bench bench-toy test setup lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: .venv/installed  ## the demo on http://localhost:8501 (PORT=... for another port)
	$(BIN)/aexdash demo --port $(PORT)

format: .venv/installed-dev  ## code laid out and imports sorted
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

check: .venv/installed-dev  ## style, types, who may import whom, and what tools for assistants cost
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.assistants

unit: .venv/installed-dev  ## the tests to run after each change: three minutes on two cores
	$(BIN)/python -m pytest -m "not browser and not slow" --hypothesis-profile=unit --ignore=tests/browser --durations=10 --durations-min=1 $(CORES)

full: .venv/installed-dev  ## every test without a browser, the slow ones and more random stories too
	$(BIN)/python -m pytest -m "not browser" --hypothesis-profile=full $(CORES)

deep: .venv/installed-dev  ## as full, with eight times as many random stories: before a release, or after a change of the books
	$(BIN)/python -m pytest -m "not browser" --hypothesis-profile=deep $(CORES)

simulate: .venv/installed-dev  ## ten thousand store-days of faults, kills and wrong clocks: six minutes on two cores; MINUTES=1 for fewer
	$(BIN)/python -m tests.simulation $(if $(MINUTES),--minutes $(MINUTES)) $(if $(FIRST),--first $(FIRST)) $(if $(PROCESSES),--processes $(PROCESSES))

fuzz: .venv/installed-dev  ## atheris at every door by which others' bytes come in: ten minutes, where it is installed; SECONDS=9 for each
	$(BIN)/python -m tests.fuzz $(if $(SECONDS),--seconds $(SECONDS))

# What fails here fails after minutes of patience: four failures are told at once, not after all the others.
browser: setup  ## the tests that open a Chromium
	$(BIN)/python -m pytest tests/browser -m browser -n 4 --dist loadfile --no-loadscope-reorder --timeout 600 --maxfail 4

docs: .venv/installed-dev  ## the pages of docs/ that the code writes
	$(BIN)/python -m tests.docs

schemas:  ## Shopify's own schema and BigCommerce's OpenAPI files, by which the tests check every question to them
	@sh .ci/schemas all

screenshots: setup  ## every page in both themes and two widths, and the pictures of README and docs
	$(BIN)/python -m tests.browser.screenshots

bench: setup  ## all of docs/benchmarks.md; ONLY="pulse hero" for some, AEXDASH_BENCH_FOLDER=... keeps the large snapshot
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'datasette>=0.65,<1'
	$(BIN)/python -m tests.benchmarks $(ONLY)

bench-toy: setup  ## every benchmark on a store of a few listings: do they still run?
	$(BIN)/python -m tests.benchmarks --toy $(ONLY)

test: setup  ## everything that CI checks; the benchmarks, which wait as much as they work, beside the checks and tests
	@$(MAKE) --no-print-directory -j2 check-and-full bench-toy
	@$(MAKE) --no-print-directory browser

check-and-full: check
	@$(MAKE) --no-print-directory full

setup: .venv/installed .venv/installed-dev  ## the virtual environment, a browser and what its tests take from npm, once
	@sh .ci/browser
	@sh .ci/axe
	@sh .ci/schemas

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "aexdash needs Python 3.11 or newer; name one with make PYTHON=python3.12"; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "Python cannot make virtual environments here; install python3-venv"; exit 2; }
	$(PYTHON) -m venv .venv

# Not compiled: pip would compile ten thousand modules one after the other, half a minute of one core. A fifth of them is
# ever imported, and each is compiled and kept when it first is.
.venv/installed: requirements.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements.txt
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements-dev.txt
	@touch $@

# Hashes, no index address: the lock says what is installed, not where it came from.
lock: export UV_CUSTOM_COMPILE_COMMAND = make lock
lock:  ## requirements*.txt from pyproject.toml
	echo 'setuptools>=80' > .venv/build.in
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate pyproject.toml .venv/build.in -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate -c requirements.txt pyproject.toml --group dev -o requirements-dev.txt

clean:  ## the virtual environment and every cache away
	rm -rf tests/browser/node_modules .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build *.egg-info
