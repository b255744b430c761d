# Everything is installed into .venv below this folder; nothing else on the machine is changed.

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --quiet
UV := $(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-annotate
STYLES := compliance/static/vendor/kern/VERSION
CATALOGUES := $(wildcard compliance/translations/*/LC_MESSAGES/*.po)

export CHECKOUT := $(CURDIR)

.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run test check style bench format messages assets wheel pins clean

help:
	@echo "make run      start the application with the demo city on http://127.0.0.1:8000"
	@echo "make test     run the whole test suite"
	@echo "make check    check style, types, architecture, migrations and translations"
	@echo "make style    check style, types and architecture"
	@echo "make bench    measure against the figures that were promised"
	@echo "make format   bring the source into the house style"
	@echo "make messages bring the catalogues of translations up to the source"
	@echo "make assets   fetch the KERN UX styles"
	@echo "make wheel    build the package for installation into dist/"
	@echo "make pins     choose the newest versions of all dependencies"
	@echo "make clean    remove what the other commands made, except the database in var/"

run var/nachweis.db: export NACHWEIS_DATABASE := sqlite:///var/nachweis.db
run var/nachweis.db: export NACHWEIS_DATA := var

run: .venv/installed .venv/styles .venv/translations var/nachweis.db
	@test -f $(STYLES) || echo "Running with the project's own styles; 'make assets' tries again to fetch KERN UX."
	@exec $(BIN)/nachweis serve --upgrade

# Make removes an unfinished database when this is interrupted, so the next run starts afresh.
var/nachweis.db: | .venv/installed .venv/translations
	@mkdir -p var
	@rm -f var/nachweis.db-shm var/nachweis.db-wal
	@echo "Setting up the demo city"
	@$(BIN)/nachweis demo

test: .venv/installed-dev .venv/styles .venv/translations .venv-oscal/installed
	@$(BIN)/python -m pytest -n auto $(ARGS)

check: style .venv/translations
	@$(BIN)/python -m pytest -q -m source

style: .venv/installed-dev
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: .venv/installed-dev .venv/styles .venv/translations
	@$(BIN)/python -m pytest -q -s tests/bench $(ARGS)

format: .venv/installed-dev
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

messages: .venv/installed
	@mkdir -p var
	@$(BIN)/pybabel --quiet extract --mapping-file pyproject.toml --keywords lazy_gettext --sort-output \
		--no-location --output-file var/messages.pot .
	@$(BIN)/pybabel --quiet update --input-file var/messages.pot --output-dir compliance/translations \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	@rm var/messages.pot

assets: .venv/bin/python
	@$(BIN)/python -m compliance.assets

wheel: .venv/installed-dev .venv/styles .venv/translations
	@$(BIN)/python -m pip --disable-pip-version-check wheel --quiet --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

pins: .venv/installed-dev
	@$(PIP) uv
	@printf 'hatchling\neditables\n' | $(UV) pyproject.toml - --output-file requirements.txt
	@printf 'hatchling\neditables\n' | $(UV) pyproject.toml - --extra postgresql --group dev \
		--constraints requirements.txt --output-file requirements-dev.txt
	@$(UV) --group node --output-file requirements-node.txt
	@$(UV) --group oscal --output-file requirements-oscal.txt

clean:
	@rm -rf .venv .venv-oscal dist node_modules compliance/static/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@rm -f compliance/translations/*/LC_MESSAGES/*.mo

# An environment knows the absolute path of its folder: in a checkout that was moved it is made anew.
MADE_IN := $(shell cat .venv/folder 2>/dev/null)
ifneq "$(or $(MADE_IN),$(CHECKOUT))" "$(CHECKOUT)"
.PHONY: .venv/bin/python
endif

.venv/bin/python:
	@for python in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11); do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		"$$python" -c 'import ensurepip, venv' 2>/dev/null || { no_venv="$$python"; continue; }; \
		echo "Creating .venv with $$("$$python" --version)"; \
		"$$python" -m venv --clear .venv && printf '%s' "$$CHECKOUT" > .venv/folder; \
		exit; \
	done; \
	if [ -n "$$no_venv" ]; then \
		echo "$$no_venv has no venv module. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
	else \
		echo "Nachweis needs Python 3.11 or later; $(or $(PYTHON),python3) is $$($(or $(PYTHON),python3) --version 2>&1)." \
			"Name another one with: make PYTHON=/path/to/python3" >&2; \
	fi; \
	exit 1

.venv/installed: .venv/bin/python requirements.txt pyproject.toml
	@echo "Installing the dependencies"
	@$(PIP) --require-hashes -r requirements.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/installed-dev: .venv/bin/python requirements.txt requirements-dev.txt pyproject.toml
	@echo "Installing the dependencies and the tools of development"
	@$(PIP) --require-hashes -r requirements-dev.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@ .venv/installed

# Checks what is exported in OSCAL; its pins do not go with ours, so it has a place of its own.
.venv-oscal/installed: .venv/bin/python requirements-oscal.txt
	@echo "Installing compliance-trestle into .venv-oscal"
	@$(BIN)/python -m venv --clear .venv-oscal
	@.venv-oscal/bin/python -m pip --disable-pip-version-check install --quiet --quiet --require-hashes -r requirements-oscal.txt
	@touch $@

# Made even where the styles could not be had, so that only 'make assets' tries again.
.venv/styles: .venv/bin/python package-lock.json compliance/assets.py
	@$(BIN)/python -m compliance.assets
	@touch $@

.venv/translations: .venv/installed $(CATALOGUES)
	@$(if $(CATALOGUES),$(BIN)/pybabel --quiet compile --directory compliance/translations)
	@touch $@
