# Everything happens in .venv, with the versions of requirements.lock.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip --disable-pip-version-check -q
LOCK := requirements.lock

# Tests start some hundred processes: what one has compiled the others need not.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-all serve check bench bench-agent bench-servers bench-ingest lock clean help

help: ## What can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 15

demo: $(VENV)/.base ## Set up, load samples/ and answer eight questions
	@$(RUN) -m agent demo

test: $(VENV)/.test ## Set up and run the tests
	$(RUN) -m pytest -n 2 --dist loadgroup -m "not node and not bolt and not ocr"

test-all: $(VENV)/.test-all ## Run the tests that need more too: Node and npm for examples, a Bolt server for the graph, text recognition
	$(RUN) -m pytest -n 2 --dist loadgroup

serve: $(VENV)/.base ## Serve the graph over the LangGraph API, for clients and Studio
	@$(RUN) -m agent serve

check: $(VENV)/.test ## Lint, types and the order of the house
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	$(RUN) -m pytest tests/test_house.py

bench: $(VENV)/.test-all ## Measure what docs/benchmarks.md records
	$(RUN) -m evals.benchmarks

bench-agent: $(VENV)/.test ## Of these, measure the agent with a scripted model (about 20 minutes)
	$(RUN) -m evals.benchmarks agent

bench-servers: $(VENV)/.test-all ## Of these, measure the stores on servers
	$(RUN) -m evals.benchmarks servers

bench-ingest: $(VENV)/.test ## Of these, measure how documents come in (about 15 minutes); PACK=DIR: a pack's files too
	$(RUN) -m evals.benchmarks ingest
	@$(if $(PACK),$(RUN) -m agent eval run --pack "$(PACK)" --tasks documents --all)

lock: ## Resolve anew and write requirements.lock
	rm -rf .venv-lock && $(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip --disable-pip-version-check -q install '.[community,eval,ocr,test,test-all]'
	.venv-lock/bin/python -m pip freeze --exclude signpost > $(LOCK)
	rm -rf .venv-lock

clean: ## Remove the environment and the demo's home
	rm -rf $(VENV) .signpost .langgraph_api

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Signpost needs Python 3.11 or newer (with venv)."; exit 1; }
	@echo "Creating $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.base: $(VENV)/bin/python pyproject.toml $(LOCK)
	@echo "Installing the pinned packages (about a minute the first time) …"
	@$(PIP) install -e . -c $(LOCK)
	@touch $@

$(VENV)/.test: $(VENV)/.base
	@$(PIP) install -e '.[test]' -c $(LOCK)
	@touch $@

$(VENV)/.test-all: $(VENV)/.test
	@$(PIP) install -e '.[eval,ocr,test,test-all]' -c $(LOCK)
	@touch $@
