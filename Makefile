# Everything here works from a bare clone with only Python 3.11+ and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# Byte code is kept, whatever the environment says: hundreds of short runs start twice as fast with it.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-all lint bench bench-core bench-time bench-handoff bench-load bench-zoo bench-wires bench-reports zoo clean

demo: $(READY) ## play the shipped scenarios against the reference bot: in real time, in virtual, and with a helpdesk behind it
	$(BIN)/chatdrill demo
	$(BIN)/chatdrill demo --clock virtual --out chatdrill-out/virtual
	$(BIN)/chatdrill demo --clock virtual --desk chatwoot --out chatdrill-out/handoff

test: $(READY) ## the whole test suite
	$(BIN)/python -m pytest -q -n auto --dist worksteal

test-all: $(READY) ## the same, with many times as many random examples
	DEEP=1 $(BIN)/python -m pytest -q -n auto --dist worksteal

lint: $(READY) ## formatting, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: bench-core bench-time bench-handoff bench-load bench-zoo bench-wires bench-reports ## all benchmarks

bench-core: $(READY) ## the figures of docs/benchmarks.md
	$(BIN)/python -m tests.bench.core

bench-time: $(READY) ## what days of dialog cost when time jumps
	$(BIN)/python -m tests.bench.virtual

bench-handoff: $(READY) ## 10,000 correct handovers without a false alarm
	$(BIN)/python -m tests.bench.handoff

bench-load: $(READY) ## round trips a second beside other load tools, and whether what is reported is true
	$(BIN)/python -m tests.bench.load

bench-zoo: $(READY) ## how many planted defects are found by a check that names the cause
	$(BIN)/python -m tests.bench.zoo

bench-wires: $(READY) ## what a message costs on each platform, the conformance kit on all of them, 100,000 hostile calls
	$(BIN)/python -m tests.bench.wires

bench-reports: $(READY) ## how fast the report of a large suite opens, filters and unfolds
	$(BIN)/python -m tests.bench.reports

zoo: $(READY) ## the same for a few of each category, in a minute or two
	$(BIN)/chatdrill zoo --quick

$(READY): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("chatdrill needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $(READY)

clean:
	rm -rf $(VENV) chatdrill-out .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
