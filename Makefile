# Everything a fresh machine needs: Python 3.11 and Debian's package manager.
SHELL := /bin/bash
# Debian's own build is optimized by profile, 1.6 times faster than many a python3.11 that stands before it on the path.
PYTHON ?= $(shell /usr/bin/python3.11 -c 'import ensurepip, venv' 2>/dev/null && echo /usr/bin/python3.11 || echo python3.11)
PORT ?= 8000
DATA_DIR ?= .data
VENV := .venv
BIN := $(VENV)/bin

.PHONY: setup setup-browser setup-oidc setup-ops setup-load demo test test-ops lint format bench load reset

setup: $(VENV)/.installed

$(VENV)/.installed: requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Нужен Python 3.11: установите пакет python3.11 и python3.11-venv."; exit 3; }
	$(PYTHON) -m venv $(VENV) || { echo "Не создаётся окружение: установите пакет python3-venv."; exit 3; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

setup-oidc: setup
	@bash tests/oidc/install_node.sh

setup-browser: setup
	@bash tests/browser/install_chromium.sh

demo: setup
	@DATA_DIR=$(DATA_DIR) $(BIN)/asuso demo --port $(PORT)

test: setup setup-browser setup-oidc
	$(BIN)/python -m pytest -n 2 --dist loadgroup -q

setup-ops: setup
	@bash tests/ops/install_servers.sh
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-ops.lock

test-ops: setup
	ASUSO_OPS=1 $(BIN)/python -m pytest tests/ops -q

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy shared tenants municipality region api platform/config platform/fleet platform/devdb
	$(BIN)/lint-imports

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

setup-load: setup
	@$(BIN)/python -c 'import locust' 2>/dev/null || \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-ops.lock

# All measures, or those named: make bench MEASURES="fleet pages" ORGANIZATIONS=300
bench: $(if $(filter visits,$(or $(MEASURES),visits)),setup-load,setup)
	@ORGANIZATIONS=$(ORGANIZATIONS) $(BIN)/python -m tests.benchmarks $(MEASURES)

# Visitors over a fleet: make load ORGANIZATIONS=3000 MINUTES=10 KILL_EVERY=20 PROFILE=september RATE=50 KEEP=folder
ORGANIZATIONS ?= 300
MINUTES ?= 2
RATE ?= 50
PROFILE ?= steady
KILL_EVERY ?= 0

load: setup-load
	@$(BIN)/python -m tests.load --organizations $(ORGANIZATIONS) --seconds $$(($(MINUTES) * 60)) --rate $(RATE) \
		--profile $(PROFILE) --kill-every $(KILL_EVERY) $(if $(KEEP),--keep $(KEEP))

reset: setup
	@DATA_DIR=$(DATA_DIR) $(BIN)/asuso reset
