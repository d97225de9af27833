# `make chat` serves the page, `make test` runs every check and test, `make check` the quick ones.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 7860
# The user's own posts: a folder or a file; empty means the sample posts.
CORPUS ?=
export CORPUS

.PHONY: chat test check lint lines screenshots fit bench faults fuzz load clean

# Each corpus has an index of its own, built when there is none or when something in the corpus is newer.
chat: $(VENV)/.installed
	@index=.index/samples; corpus=--sample; \
	if [ -n "$$CORPUS" ]; then \
	  corpus=$$CORPUS; index=.index/$$(realpath -m -- "$$CORPUS" | sha256sum | cut -c1-12); \
	  stale=$$(find "$$CORPUS" -newer "$$index/CURRENT" -print -quit 2>/dev/null); \
	fi; \
	if [ ! -f "$$index/CURRENT" ] || [ -n "$$stale" ]; then \
	  $(BIN)/qa build --index "$$index" "$$corpus" || [ $$? -eq 4 ] || exit 3; \
	fi; \
	exec $(BIN)/qa chat --index "$$index" --host $(HOST) --port $(PORT)

# Everything: what must hold before a change lands.
test: lint
	$(BIN)/python -m pytest

# Format, lint, types and the quick tests: no model, no browser, no faults. For each save and commit.
check: lint
	$(BIN)/python -m pytest -n 2 -m "not model and not browser and not slow and not faults"

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Lines of code of `index/` and `qa/`, room by room: comments, docstrings and blank lines are not counted.
lines: $(VENV)/.installed-test
	$(BIN)/python -m benchmarks.lines

# Measures docs/quality.md and docs/performance.md again, with ../shared beside the project: about 45 minutes.
# PEERS_PYTHON is an interpreter with the extra `peers`; what it lacks is left out and named.
PEERS_PYTHON ?= $(BIN)/python
bench: $(VENV)/.installed-test
	$(BIN)/python -m benchmarks.fit --json benchmarks/results/held-out.json
	$(BIN)/python -m benchmarks.ablation --json benchmarks/results/ablation.json
	$(BIN)/python -m benchmarks.quality --held-out benchmarks/results/held-out.json \
	  --ablation benchmarks/results/ablation.json
	$(BIN)/python -m benchmarks.typos
	$(BIN)/python -m benchmarks.encoder
	$(BIN)/python -m benchmarks.fit --encoder multilingual --json benchmarks/results/held-out-multilingual.json
	$(BIN)/python -m benchmarks.languages
	$(BIN)/python -m benchmarks.update
	$(BIN)/python -m benchmarks.scale
	$(BIN)/python -m benchmarks.structures
	$(BIN)/python -m benchmarks.projection
	$(BIN)/python -m benchmarks.page_map
	$(BIN)/python -m benchmarks.page_speed
	$(BIN)/python -m benchmarks.suggest
	$(BIN)/python -m benchmarks.shutdown
	$(BIN)/python -m benchmarks.support
	$(BIN)/python -m benchmarks.blogs --python $(PEERS_PYTHON) --encoder all-MiniLM-L6-v2 --encoder multilingual \
	  --spanish

# What kills, full disks and damage do to an index, in full: about a minute; docs/operations.md.
faults: $(VENV)/.installed-test
	$(BIN)/python -m benchmarks.faults

# Coverage-guided, over every reader, the splitter, the chunker, the quote check and questions.
FUZZ_SECONDS ?= 1800
fuzz: $(VENV)/.installed-test
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check -c constraints.txt -e '.[fuzz]'
	$(BIN)/python -m benchmarks.fuzz --seconds $(FUZZ_SECONDS)

# Ten minutes of clients and rebuilds, then far too many clients.
load: $(VENV)/.installed-test
	$(BIN)/python -m benchmarks.load

# The pictures in docs/, with Debian's chromium.
screenshots: $(VENV)/.installed-test
	$(BIN)/python -m benchmarks.screenshots

fit: $(VENV)/.installed-test
	$(BIN)/python -m benchmarks.fit --write

# Debian's Python comes without ensurepip; the pip beside it can fill a bare environment all the same.
$(BIN)/python:
	$(PYTHON) -m venv $(VENV) 2>/dev/null || $(PYTHON) -m venv --without-pip --clear $(VENV)

$(VENV)/.installed: $(BIN)/python pyproject.toml constraints.txt packages/postqa-reader/pyproject.toml
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check -c constraints.txt -e '.[llm]' ./packages/postqa-reader
	@touch $@

# axe-core looks for what shuts people out of the page; without npm its tests skip and say so.
AXE := 4.14.1
$(VENV)/.installed-test: $(VENV)/.installed
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@npm install --silent --no-audit --no-fund --prefix $(VENV)/axe axe-core@$(AXE) || echo "no npm: the page's accessibility goes untested"
	@touch $@

clean:
	rm -rf $(VENV) .index build dist *.egg-info
