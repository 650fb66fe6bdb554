# Each target makes .venv where there is none, and brings it up to date when a lock or pyproject.toml has changed.
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip -qq --disable-pip-version-check
LOCK := uv pip compile --quiet --universal --generate-hashes --no-header --extra build

.PHONY: demo test lint lock screenshots

demo: $(VENV)/.runtime  ## in a terminal it stays until Ctrl-C; ARGS=--no-browser, ARGS=--port=8080
	$(BIN)/paperboy demo $(ARGS)

test: $(VENV)/.dev
	$(BIN)/pytest -n auto --dist loadfile $(ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

screenshots: $(VENV)/.dev  ## the README's pictures anew, with Debian's chromium and fonts-lato
	$(BIN)/python tests/browser/screenshots.py docs

lock:  ## for maintainers, with uv; ARGS=--upgrade takes newer versions
	PATH="$(CURDIR)/$(BIN):$$PATH" && \
	$(LOCK) $(ARGS) --extra dev pyproject.toml -o requirements-dev.lock && \
	$(LOCK) $(ARGS) -c requirements-dev.lock pyproject.toml -o requirements.lock

$(VENV)/.runtime: requirements.lock
$(VENV)/.dev: requirements-dev.lock
$(VENV)/.%: $(BIN)/pip pyproject.toml
	@echo 'Installing the packages of $(filter %.lock,$^) into $(VENV); this happens once.'
	$(PIP) install --require-hashes -r $(filter %.lock,$^)
	@# setuptools comes from the lock: an isolated build would fetch one that no hash covers.
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# pip is the target, not python: a venv whose making failed half-way has the one without the other.
$(BIN)/pip:
	@for python in python3.11 python3; do \
	  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && exec $$python -m venv $(VENV); \
	done; \
	echo 'Paperboy needs Python 3.11 or newer; neither python3.11 nor python3 is that.' >&2; exit 1
