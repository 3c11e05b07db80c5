# The verbs of this project; `make` alone lists them. All paths are relative, so the checkout may stand anywhere.

PYTHON ?= python3
PORT ?= 8000
export PORT

VENV := .venv/bin/python
RUN_READY := .venv/.run-installed
DEV_READY := .venv/.dev-installed
BENCH_READY := .venv/.bench-installed
TOO_OLD := needs Python 3.11 or newer; name one with: make PYTHON=python3.12 …

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test check fix proof compliance sbom audit lock

help:  ## list the verbs
	@sed -n 's/^\([a-z]*\):.*## \(.*\)$$/  make \1\t\2/p' Makefile | expand -t 16

setup: $(DEV_READY)  ## install everything into .venv, for working on the project

run: $(RUN_READY)  ## start everything on 127.0.0.1:8000; PORT=8001 for another port; Ctrl-C stops
	@exec $(VENV) -m deploy.local run

test: $(DEV_READY)  ## run the whole suite against real PostgreSQL and Valkey
	@exec $(VENV) -m deploy.suite

check: $(DEV_READY)  ## look at style, types, imports, migrations and the OpenAPI document; change nothing
	@exec $(VENV) -m deploy.local services -- $(VENV) -m deploy.check

fix: $(DEV_READY)  ## repair what ruff can, and write the OpenAPI document anew
	$(VENV) -m ruff check --fix
	$(VENV) -m ruff format
	$(VENV) -m deploy.texts
	$(VENV) -m deploy.local services -- $(VENV) manage.py spectacular --file config/api/openapi.yaml
	$(VENV) -m deploy.local services -- $(VENV) manage.py settings_page

proof: $(BENCH_READY)  ## run the long proofs and the benchmarks
	@exec $(VENV) -m bench.proof

compliance: $(DEV_READY)  ## print each rule we are held to, with its state and what shows it
	@exec $(VENV) -m deploy.local services -- $(VENV) manage.py compliance

sbom: $(DEV_READY)  ## write what a release holds to sbom.json (CycloneDX)
	$(VENV) -m cyclonedx_py requirements requirements.txt --pyproject pyproject.toml --output-reproducible --of JSON -o sbom.json

audit: $(DEV_READY)  ## look for known weaknesses in what a release holds; needs the network
	$(VENV) -m pip_audit --disable-pip --require-hashes -r requirements.txt

lock: $(DEV_READY)  ## choose the newest fitting versions and write them down with their hashes
	$(VENV) -m piptools compile --upgrade --extra local --output-file requirements.txt pyproject.toml
	$(VENV) -m piptools compile --upgrade --extra local --extra dev --output-file requirements-dev.txt pyproject.toml
	$(VENV) -m piptools compile --upgrade --extra local --extra dev --extra bench --output-file requirements-bench.txt pyproject.toml

# The umask lets the system account that PostgreSQL runs under (when we are root) read its programs.
.venv/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Factorenmodel $(TOO_OLD)" >&2; exit 1; }
	@echo "Making .venv with $$($(PYTHON) --version)"
	@umask 022 && $(PYTHON) -m venv .venv

$(RUN_READY): requirements.txt | .venv/pyvenv.cfg
	@echo "Installing from requirements.txt"
	@umask 022 && $(VENV) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(DEV_READY): requirements-dev.txt | .venv/pyvenv.cfg
	@echo "Installing from requirements-dev.txt"
	@umask 022 && $(VENV) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(BENCH_READY): requirements-bench.txt | $(DEV_READY)
	@echo "Installing from requirements-bench.txt"
	@umask 022 && $(VENV) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	@touch $@
