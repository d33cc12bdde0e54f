# Everything here does its own set-up, from a fresh clone on Debian or Ubuntu with Python 3.11 or newer and nothing else.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SHELL  := /bin/bash

.DEFAULT_GOAL := help
.PHONY: help demo test lint nightly bench dev clean lock words picture

help: ## What can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

demo: $(VENV)/run.stamp ## See Recado work: mail in, portals out, served in your browser
	@$(BIN)/recado demo

test: lint $(VENV)/system.stamp ## Lint, types and every test
	$(BIN)/pytest -n 2 --dist loadgroup

lint: $(VENV)/dev.stamp ## Style, types, directions of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

nightly: $(VENV)/dev.stamp $(VENV)/system.stamp ## Faults at every step of filing and building, by the thousand; an hour of recado run
	RECADO_NIGHTLY=1 $(BIN)/pytest -n 2 --dist loadgroup tests/faults tests/ingest/test_state_machine.py \
		tests/portal/test_incremental.py tests/portal/test_killed_build.py
	$(BIN)/python benchmarks/run_for_an_hour.py

bench: $(VENV)/dev.stamp $(VENV)/system.stamp ## Measure, against a baseline in the same run
	$(BIN)/python benchmarks/portals.py
	$(BIN)/python benchmarks/filing.py
	$(BIN)/python benchmarks/latency.py
	$(BIN)/python benchmarks/deploying.py
	$(BIN)/python benchmarks/sealing.py
	$(BIN)/python benchmarks/mail_to_page.py

dev: $(VENV)/dev.stamp $(VENV)/system.stamp ## Everything to work on Recado, and the pre-commit hooks
	@if git rev-parse --git-dir >/dev/null 2>&1; then $(BIN)/pre-commit install; fi
	@echo "Ready. $(BIN)/recado --help"

words: $(VENV)/dev.stamp ## Bring the translations' files up to date with the code
	$(BIN)/python tools/words.py

picture: $(VENV)/dev.stamp $(VENV)/system.stamp ## Take the README's picture anew
	@./tools/system-packages fonts-roboto-unhinted
	$(BIN)/python tools/picture.py

lock: $(VENV)/dev.stamp ## Lock the dependencies again, with hashes
	$(BIN)/pip-compile --quiet $(LOCK) --output-file requirements/run.txt pyproject.toml requirements/build.in
	$(BIN)/pip-compile --quiet $(LOCK) --extra test --extra dev --output-file requirements/dev.txt pyproject.toml requirements/build.in

LOCK := --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate \
        --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

clean: ## Remove what was built and installed here
	rm -rf $(VENV) site .recado dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache benchmarks/results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- Set-up. A stamp is newer than what it was made from, or it is made again. ----

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Recado needs Python 3.11 or newer; this is $$($(PYTHON) --version). Name another: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { ./tools/system-packages python3-venv && $(PYTHON) -m venv $(VENV); }

$(VENV)/run.stamp: requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing what Recado needs into $(VENV) …"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt pyproject.toml | $(BIN)/python
	@echo "Installing what the tests need into $(VENV) …"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/run.stamp

$(VENV)/system.stamp: tools/system-packages tools/unpacked-courier | $(BIN)/python
	@./tools/system-packages chromium fonts-liberation git
	@./tools/system-packages --if-possible dovecot-imapd nginx-light caddy openssh-server rsync
	@./tools/unpacked-courier $(VENV)/courier
	@touch $@
