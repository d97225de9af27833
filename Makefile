# Two commands: `make chat` serves the page, `make test` runs every check and test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 7860
# An index per corpus, so that CORPUS=... never answers from another one.
CORPUS ?=
INDEX := .index/$(if $(CORPUS),$(shell printf '%s' "$(abspath $(CORPUS))" | sha256sum | cut -c1-12),samples)

.PHONY: chat test lint bench fit clean

chat: $(VENV)/.installed
	@if [ -n "$(CORPUS)" ] || [ ! -f "$(INDEX)/CURRENT" ]; then \
	  $(BIN)/qa build --index "$(INDEX)" $(if $(CORPUS),"$(CORPUS)",--sample) || [ $$? -eq 4 ]; \
	fi
	$(BIN)/qa chat --index "$(INDEX)" --host $(HOST) --port $(PORT)

test: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

fit: $(VENV)/.installed-test
	$(BIN)/python -m benchmarks.fit

# Debian's Python comes without ensurepip; the pip beside it can fill a bare environment all the same.
$(BIN)/python:
	$(PYTHON) -m venv $(VENV) 2>/dev/null || $(PYTHON) -m venv --without-pip --clear $(VENV)

$(VENV)/.installed: $(BIN)/python pyproject.toml constraints.txt
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@

clean:
	rm -rf $(VENV) .index build dist *.egg-info
