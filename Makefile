# Lente: `make run` starts it, `make test` runs every test. Both work on a fresh machine with Python 3.11 and make.

PYTHON ?= python3
PORT ?= 8000
# make run LAN=1 lets the computers of the same network in.
LAN ?=
# PyTorch's own index of CPU builds, for those who can reach it: make run TORCH_INDEX=<its address>. Saves some 4 GB.
# It is asked for these two alone, so that it cannot answer for the name of anything else. Its files are others than
# those whose hashes are in constraints.txt: the index is believed.
TORCH_INDEX ?=
TORCH := $(shell grep -oE '^torch(vision)?==[^ ]+' constraints.txt)

BIN := .venv/bin
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python
# What is fetched has to have the hash that constraints.txt names, what builds the package too.
HASHED := $(UV) --constraints constraints.txt --build-constraints constraints.txt --require-build-hashes --preview-features build-dependency-hashes
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command 'make lock'
PYTEST := $(BIN)/pytest -q --numprocesses auto --maxprocesses 2 --dist loadfile --no-loadscope-reorder
FRONT := $(shell find static/js static/css -name '*.js' -o -name '*.css')
PACKAGE := pyproject.toml constraints.txt hatch_build.py package-lock.json $(wildcard bundles/*)

.PHONY: run install test quick thorough python javascript check screenshots messages claims fuzz siege audit sbom networks bench soak lock clean cluster image

run: .venv/bundled
	$(BIN)/lente serve --port $(PORT) $(if $(LAN),--lan)

install: .venv/installed

.venv/uv: requirements/uv.txt
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Lente needs Python 3.11 or later, this is " + sys.version)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/uv.txt
	touch $@

.venv/installed: .venv/uv $(PACKAGE)
	$(if $(TORCH_INDEX),$(UV) --no-deps --index-url $(TORCH_INDEX) $(TORCH))
	$(HASHED) --editable .
	touch $@

# After an edit or an update the pages are bundled anew; where that cannot be, without internet, they come as modules.
.venv/bundled: .venv/installed $(FRONT)
	-test -z "$$(find $(FRONT) -newer static/built/manifest.json 2>&1)" || $(UV) --no-deps --editable .
	touch $@

.venv/tests: .venv/installed
	$(HASHED) --editable '.[test]'
	touch $@

.venv/tools: .venv/uv requirements/tools.txt
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $@
	$(BIN)/uv pip install --quiet --python $@/bin/python --require-hashes --requirement requirements/tools.txt
	touch $@

node_modules/tools: .venv/tests package-lock.json
	PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

test: check javascript python

check: .venv/tests node_modules/tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.claims --check
	PATH="$(CURDIR)/$(BIN):$$PATH" npm run --silent types
	PATH="$(CURDIR)/$(BIN):$$PATH" npm run --silent lint
	PATH="$(CURDIR)/$(BIN):$$PATH" npm run --silent format

# For whoever edits, in about two minutes: the rules, and the tests that are not marked slow.
quick: .venv/tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(PYTEST) -m "not slow"

javascript: .venv/tests
	$(BIN)/node --test 'tests/js/**/*.test.js'

# In the order of tests/conftest.py, the browser's last.
python: .venv/tests
	$(PYTEST)

# Every test, in every language, at every size and in every order, and axe-core at the end of each; an hour and more.
thorough: .venv/tests
	LENTE_THOROUGH=1 $(PYTEST)

# Pictures of every page for the README.
screenshots: .venv/tests
	$(BIN)/python -m tools.screenshots

# What is not translated yet, and what nothing says any more.
messages: .venv/tests
	$(BIN)/python -m tools.messages

# What carries each sentence that claims something, written into docs/claims.md.
claims: .venv/tests
	$(BIN)/python -m tools.claims

# Three servers behind nginx with Redis, which die and come back under load. Needs nginx and redis-server; says so.
cluster: .venv/tests
	$(BIN)/pytest -q -s tests/cluster

# Builds the Dockerfile without Docker, starts the image and asks it. Needs root, buildah and debootstrap; says so.
image:
	deploy/image.sh

# Nonsense for the API and damaged pictures, ten times as many as the tests try.
fuzz: .venv/tests
	LENTE_FUZZ=10 $(BIN)/pytest -q tests/app/server/test_fuzz.py

# Four times five minutes of requests that ask for as much as they may; prints memory, and how long another client waited (the bars are
# 1.2 GB, 0.25 s for its health and 1 s for a decode, on a quiet computer).
siege: .venv/tests
	LENTE_SIEGE=300 LENTE_ATTACKERS=8 $(BIN)/pytest -q -s tests/app/server/test_siege.py

# Whether anything wrong is known about the versions that are pinned; says so where the advisories cannot be reached.
audit: .venv/tests .venv/tools
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tools.audit

# What is installed and what is bundled, as two bills of materials in CycloneDX's form.
sbom: .venv/tests .venv/tools
	mkdir -p dist
	.venv/tools/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --output-file dist/sbom.python.json $(BIN)/python
	PATH="$(CURDIR)/$(BIN):$$PATH" npm sbom --sbom-format cyclonedx --package-lock-only --omit dev > dist/sbom.npm.json

# Some 500 networks that nobody here wrote, with random weights, held against PyTorch and TorchLens; hours, and what is done is kept.
networks: .venv/tests
	$(UV) --editable '.[networks]'
	$(BIN)/python -m tools.networks

bench: .venv/tests
	$(BIN)/python -m lente.benchmarks

# An hour's load in miniature: memory flat, no file left open, nothing lost.
soak: .venv/tests
	$(BIN)/python -m lente.benchmarks.soak

# Pins what pyproject.toml and requirements/*.in ask for, for every system, with hashes; a version stays unless it has
# to change: make lock UPGRADE='--upgrade', or UPGRADE='--upgrade-package NAME'.
lock: .venv/uv
	$(LOCK) $(UPGRADE) --all-extras pyproject.toml --output-file constraints.txt > /dev/null
	$(LOCK) $(UPGRADE) requirements/uv.in --output-file requirements/uv.txt > /dev/null
	$(LOCK) $(UPGRADE) requirements/tools.in --output-file requirements/tools.txt > /dev/null
	PATH="$(CURDIR)/$(BIN):$$PATH" npm install --package-lock-only --ignore-scripts
	$(BIN)/python tools/strip_funding.py

clean:
	rm -rf .venv node_modules static/vendor static/built
