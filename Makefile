# make run    the demo on http://localhost:8501 (PORT=... for another port)
# make test   everything that CI checks, the browser tests too
PYTHON ?= python3
PORT ?= 8501
BIN := .venv/bin

.PHONY: run test setup check bench bench-toy screenshot lock clean

run: .venv/installed
	$(BIN)/aexdash demo --port $(PORT)

test: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -m "not browser" -n auto --maxprocesses 8 --dist loadfile
	$(BIN)/python -m pytest -m browser

setup: .venv/installed .venv/installed-dev
	@sh .ci/browser

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "aexdash needs Python 3.11 or newer; name one with make PYTHON=python3.12"; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "Python cannot make virtual environments here; install python3-venv"; exit 2; }
	$(PYTHON) -m venv .venv

.venv/installed: requirements.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

bench: setup  # all of docs/benchmarks.md; ONLY="pulse hero" for some, AEXDASH_BENCH_FOLDER=... keeps the large snapshot
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'datasette>=0.65,<1'
	$(BIN)/python -m tests.benchmarks $(ONLY)

bench-toy: setup  # every benchmark with little of everything, to find a broken one
	$(BIN)/python -m tests.benchmarks --toy $(ONLY)

screenshot: setup  # the picture of the README
	AEXDASH_SCREENSHOT=docs/overview.png $(BIN)/python -m pytest -q tests/browser -k screenshot

# Hashes, no index address: the lock says what is installed, not where it came from.
lock: export UV_CUSTOM_COMPILE_COMMAND = make lock
lock:
	echo 'setuptools>=80' > .venv/build.in
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate pyproject.toml .venv/build.in -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate -c requirements.txt pyproject.toml --group dev -o requirements-dev.txt

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build *.egg-info
