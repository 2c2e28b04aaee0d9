# Every target makes its own virtual environment from Python 3.11 (or newer) and pip; nothing else is assumed.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: run test test-all check bench docs clean app
.DEFAULT_GOAL := run

$(VENV)/.run: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) --editable ".[app,gis,estimation,test,check,docs]"
	@touch $@

$(VENV)/.docs: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) --editable ".[app,docs]"
	@touch $@

run: $(VENV)/.run  ## run the flagship study with all scenarios, and say where the report is
	$(BIN)/landbridge run northeast-asia --out out/northeast-asia --report --full

app: $(VENV)/.dev  ## open the what-if page of the flagship study
	$(BIN)/landbridge app northeast-asia

test: $(VENV)/.dev  ## the tests that every change must pass
	$(BIN)/python -m pytest -n 2 --dist worksteal -q -m "not slow and not browser"
	$(BIN)/python -m pytest -q -m "browser and not slow" tests/browser tests/unit/report

test-all: $(VENV)/.dev  ## every test, the slow ones too
	$(BIN)/python -m pytest -n 2 --dist worksteal -q -m "not browser"
	$(BIN)/python -m pytest -q -m browser tests/browser tests/unit/report

check: $(VENV)/.dev  ## lint, format, types, import contracts, generated pages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.build_reference --check

bench: $(VENV)/.dev  ## every speed and memory claim beside its peer; writes docs/benchmarks.md
	$(PIP) --requirement benchmarks/requirements.txt
	$(BIN)/python -m benchmarks.all --write docs/benchmarks.md

docs: $(VENV)/.docs  ## the manual as a site in site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

clean:  ## remove what the other targets made
	rm -rf $(VENV) out site build dist
