# Each target prepares what it needs: a virtual environment in .venv with the versions of constraints.txt.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
PYTEST_ARGS ?=

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test check lint format live soak bench shots clean

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' Makefile | column -t -s '|' 2>/dev/null \
	  || sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1: \2/p' Makefile

demo: $(STAMP) ## Open the war room on the sample cluster rack-switch
	@$(BIN)/warroom demo rack-switch

test: $(STAMP) ## Run all tests; WARROOM_REQUIRE_REAL=1 fails where a real server is missing
	@$(BIN)/pytest $(PYTEST_ARGS)

check: lint ## Format, lint, types, imports and the fast tests
	@$(BIN)/pytest -m "not slow and not real and not pty" $(PYTEST_ARGS)

lint: $(STAMP) ## Format, lint, types and imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP) ## Format the code and sort the imports
	$(BIN)/ruff check --fix-only --select I .
	$(BIN)/ruff format .

live: $(STAMP) ## Start a real Slurm, Prometheus and Alertmanager, open the war room on them, stop them afterwards
	@$(BIN)/python -m tests.realservers.live

soak: $(STAMP) ## Ordinary work on real servers and on calm for SOAK_S seconds (600): no finding may be raised
	@$(BIN)/python -m tests.realservers.soak

bench: $(STAMP) ## Measure, and write docs/performance.md
	@$(BIN)/python -m benchmarks --write

shots: $(STAMP) ## Photograph the screens on a sample cluster, into docs/pictures
	@$(BIN)/python -m tests.shots docs/pictures

clean: ## Remove the virtual environment and all that the tools leave behind
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null \
	  || { echo "warroom needs Python 3.11 or later: install the Debian packages python3 and python3-venv." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "warroom needs Python 3.11 or later and $(PYTHON) is older: name a newer one, as in 'make PYTHON=python3.12'." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "Python's venv module is missing: install the Debian package python3-venv and run make again." >&2; exit 1; }
	@echo "Preparing .venv (once; a minute or less)" >&2
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]' -c constraints.txt
	@touch $(STAMP)
