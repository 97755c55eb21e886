# The two commands of this project are `make run` and `make test`; the others serve them.
# Everything is installed into .venv and node_modules; nothing else on the machine is touched.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
# Node and npm come from the Python environment, whatever the machine has.
export PATH := $(CURDIR)/$(BIN):$(PATH)

FRONT := $(shell find lms/core/front -type f 2>/dev/null)
MESSAGES := $(shell find lms/locale -name '*.po' 2>/dev/null)
PYTHON_READY := .venv/.ready
NODE_READY := node_modules/.ready
FRONT_READY := lms/core/static/build/.ready
MESSAGES_READY := var/messages.ready

.PHONY: run test check bench pictures build lock format messages clean

run: build  ## The whole site at http://127.0.0.1:8000 (PORT= changes it), with demo content
	@PORT=$(PORT) $(BIN)/python -m lms.trial

test: build  ## All tests, on PostgreSQL, in parallel
	@echo "Running the tests ..."
	@$(BIN)/pytest -n auto --dist loadgroup -q

check: build  ## Lint, format, types, architecture, templates, migrations, deployment
	@echo "Checking style ..." && $(BIN)/ruff check . && $(BIN)/ruff format --check -q .
	@echo "Checking types ..." && $(BIN)/mypy
	@echo "Checking the rooms ..." && $(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports
	@echo "Checking templates ..." && $(BIN)/djlint templates --lint --quiet
	@echo "Checking migrations ..." && $(BIN)/python manage.py makemigrations --check --dry-run -v 0
	@echo "Checking the deployment settings ..." && $(BIN)/python -m lms.check_deploy

pictures: build  ## The pictures in docs/, from a trial that is running
	@PORT=$(PORT) $(BIN)/python -m tests.pictures

bench: build  ## The benchmarks, printed as ratios
	@$(BIN)/python -m tests.bench

build: $(PYTHON_READY) $(NODE_READY) $(FRONT_READY) $(MESSAGES_READY)

$(PYTHON_READY): requirements.lock
	@echo "Installing the Python packages (about a minute the first time) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(NODE_READY): package-lock.json $(PYTHON_READY)
	@echo "Installing the front-end packages ..."
	@$(BIN)/npm ci --ignore-scripts --silent
	@touch $@

$(FRONT_READY): package.json $(FRONT) $(NODE_READY)
	@echo "Building styles and scripts ..."
	@$(BIN)/npm run build --silent
	@touch $@

$(MESSAGES_READY): $(MESSAGES) $(PYTHON_READY)
	@echo "Compiling translations ..."
	@$(BIN)/pybabel -q compile -d lms/locale -D django
	@mkdir -p var && touch $@

lock: $(PYTHON_READY)  ## Lock anew what pyproject.toml asks for, with hashes and no address
	@$(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 --all-extras \
	  --no-emit-index-url --no-header --upgrade-package none pyproject.toml -o requirements.lock

format:  ## Put the code and the templates in the house's form
	@$(BIN)/ruff check --fix -q . ; $(BIN)/ruff format -q .

messages:  ## Collect the texts to translate (needs gettext)
	@$(BIN)/python manage.py makemessages --all --no-location --no-wrap --ignore=.venv --ignore=node_modules --ignore=var

clean:  ## Remove what was built and the trial's data
	rm -rf var node_modules .venv lms/core/static/build staticfiles
