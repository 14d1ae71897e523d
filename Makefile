# The same words here, in the README and in CI. Needs python3 (3.11 or later) and make; all else is installed into .venv.
VENV := .venv
PY := $(VENV)/bin/python
ADDR ?= 127.0.0.1:8000
OLD := import sys; sys.exit(sys.version_info < (3, 11))
DEVELOPMENT := DEBUG=1
CATALOGUES := $(wildcard config/pages/locale/*/LC_MESSAGES/django.po)
# What `make serve` starts with where the environment says nothing: safe values, a key of this machine's own.
PRODUCTION = DEBUG=0 SECRET_KEY="$${SECRET_KEY:-$$(cat var/secret_key)}" ALLOWED_HOSTS="$${ALLOWED_HOSTS:-localhost,127.0.0.1,[::1]}" \
	SITE_URL="$${SITE_URL:-https://localhost:8000}" DATABASE_URL="$${DATABASE_URL:-sqlite:///$(CURDIR)/var/serve.sqlite3}"

# What makes and fills the tables: as their owner, where the site itself has a lesser role (OWNER_DATABASE_URL).
AS_OWNER = $(PRODUCTION) DATABASE_URL="$${OWNER_DATABASE_URL:-$${DATABASE_URL:-sqlite:///$(CURDIR)/var/serve.sqlite3}}"

# Runs a command again a second after it ends, whatever ended it.
KEEP := keep() { while :; do "$$@" || true; echo "ended, starts again: $$*" >&2; sleep 1; done; }

.DEFAULT_GOAL := help
.PHONY: help run serve test catalogues examples fuzz-api test-browser coverage mutate mutate-all check-guard house bench bench-pledges bench-growth bench-search check lint format types architecture migrations deployment audit licences wheels release lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

# python3 >= 3.11 alone is enough; where it is older, uv (if there) finds or fetches one.
define install
	@if [ ! -x $(PY) ]; then \
	  if python3 -c "$(OLD)" 2>/dev/null; then python3 -m venv $(VENV); \
	  elif command -v uv >/dev/null; then uv venv -q --seed --python ">=3.11,<3.15" $(VENV); \
	  else echo "This project needs Python 3.11 or later; python3 is $$(python3 --version 2>&1)." >&2; exit 1; fi; fi
	@$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r $(1)
	@$(VENV)/bin/pybabel -q compile -D django -d config/pages/locale
	@touch $@
endef
$(VENV)/run.stamp: requirements.txt $(CATALOGUES)
	$(call install,requirements.txt)
$(VENV)/dev.stamp: requirements-dev.txt $(CATALOGUES)
	$(call install,requirements-dev.txt)
var/secret_key:
	@mkdir -p var && umask 077 && python3 -c "import secrets; print(secrets.token_urlsafe(64))" > $@

run: $(VENV)/run.stamp ## set up, load the data, serve on http://localhost:8000 for development
	@$(DEVELOPMENT) $(PY) manage.py set_up -v0
	@$(DEVELOPMENT) $(PY) manage.py load_demonstration
	@echo "The site: http://localhost:8000/  the editors': http://localhost:8000/admin/"
	@echo "Mails are written to $(CURDIR)/var/mails/, one file each."
	@trap 'kill 0' INT TERM EXIT; $(KEEP); export $(DEVELOPMENT); \
	keep $(PY) manage.py db_worker -v0 --no-reload & \
	keep $(PY) manage.py run_periodic & \
	$(PY) manage.py runserver --noreload $(ADDR) & wait

serve: $(VENV)/run.stamp var/secret_key ## the same site as in production, behind a proxy that sends X-Forwarded-Proto
	@$(PRODUCTION) $(PY) manage.py collectstatic --noinput -v0
	@$(AS_OWNER) $(PY) manage.py set_up --site-role "$${SITE_ROLE:-}" -v0
	@echo "Mails go where EMAIL_URL says; without it to $(CURDIR)/var/mails/, one file each."
	@trap 'kill 0' INT TERM EXIT; $(KEEP); export $(PRODUCTION); \
	keep $(PY) manage.py db_worker -v0 --no-reload & \
	keep $(PY) manage.py run_periodic & \
	keep $(VENV)/bin/gunicorn config.wsgi --bind $(ADDR) --workers 2 --threads 4 --preload --no-control-socket --logger-class config.access_log.AccessLog --access-logfile - & wait

# On all cores; ONE=tests/... runs what it names in one process, which starts faster.
HOW = $(if $(ONE),$(ONE),-n auto --dist worksteal)
test: $(VENV)/dev.stamp ## all tests but those that need a browser; ONE=tests/... runs some, ALL=1 every example, FRESH=1 loads the record anew (SQLite)
	@[ -z "$(FRESH)" ] || rm -f var/minefree_tests_*
	@$(if $(ALL),ALL=1) $(PY) -m pytest -q $(HOW) $(PYTEST)

catalogues: $(VENV)/dev.stamp ## find what is to be translated, and write it into the catalogue of each language
	@$(DEVELOPMENT) $(PY) manage.py update_catalogues
	@$(VENV)/bin/pybabel -q compile -D django -d config/pages/locale

examples: $(VENV)/dev.stamp ## ask the site the examples of the API's description, and keep its answers
	@WRITE_EXAMPLES=1 $(PY) -m pytest -q tests/config/test_examples.py -k what_the_site_answers

FUZZ ?= 200
fuzz-api: $(VENV)/dev.stamp ## ask every operation of the API some 20,000 hostile questions; FUZZ=n tries n for each operation and asker
	@FUZZ=$(FUZZ) $(PY) -m pytest -q tests/config/test_contract.py

test-browser: $(VENV)/dev.stamp ## tests that drive Debian's Chromium
	@$(PY) -m pytest -q -m browser --migrations -n auto --dist worksteal

coverage: $(VENV)/dev.stamp ## the tests, and which lines and branches they run; fails below the floor in pyproject.toml
	@rm -f .coverage .coverage.* var/minefree_tests_* # loading is covered as well
	@$(VENV)/bin/coverage run -m pytest -q -n auto --dist worksteal -m "not browser and not walk" $(PYTEST)
	@$(PY) -m pytest -q -n auto --dist worksteal -m walk $(PYTEST)
	@$(VENV)/bin/coverage combine -q
	@$(VENV)/bin/coverage report $(REPORT)

mutate: $(VENV)/dev.stamp ## how many small faults in the rules and the guard the tests notice; fails below the floor
	@$(PY) -m tests.mutate --floor 95

mutate-all: $(VENV)/dev.stamp ## the same for the ledger, counting and the newsroom too; takes long
	@$(PY) -m tests.mutate --all --floor 95

check-guard: $(VENV)/dev.stamp ## how well the guard reads the corpus of sentences: precision and recall (needs a loaded database: make run)
	@DJANGO_SETTINGS_MODULE=config.settings $(DEVELOPMENT) $(PY) -m tests.check_guard

house: $(VENV)/dev.stamp ## the entries of each floor, the imports between rooms, circles
	@$(PY) -m tests.house

bench: $(VENV)/dev.stamp ## what a page costs: queries, processor time cold, warm and as 304, bytes
	@$(PY) -W ignore -m tests.bench.pages

bench-pledges: $(VENV)/dev.stamp ## pledges a second beside raw commits, and pages with a million of them
	@$(PY) -m tests.bench.pledges

bench-growth: $(VENV)/dev.stamp ## the same pages with ten and a hundred times the record, on PostgreSQL
	@$(PY) -W ignore -m tests.bench.growth

bench-search: $(VENV)/dev.stamp ## a search among a hundred thousand statements
	@$(PY) -m tests.bench.search

check: lint types architecture migrations deployment ## everything that can be said without running the tests

lint: $(VENV)/dev.stamp
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/djlint --lint --quiet templates
	@$(VENV)/bin/djangofmt --quiet --check templates || { echo "Some templates are not in their format: run make format." >&2; exit 1; }

format: $(VENV)/dev.stamp ## put code and templates into their format
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .
	@$(VENV)/bin/djangofmt --quiet templates

types: $(VENV)/dev.stamp
	@$(DEVELOPMENT) $(VENV)/bin/mypy --no-error-summary config treaties campaign news

architecture: $(VENV)/dev.stamp
	@$(DEVELOPMENT) $(VENV)/bin/lint-imports

# SQLite makes a table anew for every column, with its constraints: what matters is asked on PostgreSQL, where sites run.
ON_SQLITE := $(if $(DATABASE_URL),,--exclude-migration-tests NOT_NULL ADD_UNIQUE)
migrations: $(VENV)/dev.stamp # can each run beside the code before it? With DATABASE_URL, on that database
	@DJANGO_SETTINGS_MODULE=tests.settings $(PY) manage.py lintmigrations --quiet ok ignore $(ON_SQLITE)

deployment: $(VENV)/dev.stamp var/secret_key
	@$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING
	@$(DEVELOPMENT) $(PY) manage.py makemigrations --check --dry-run

lock: $(VENV)/dev.stamp ## resolve the dependencies anew
	@$(VENV)/bin/uv pip compile -q --universal --upgrade --generate-hashes --no-header --no-annotate -p 3.11 pyproject.toml -o requirements.txt
	@$(VENV)/bin/uv pip compile -q --universal --upgrade --generate-hashes --no-header --no-annotate -p 3.11 --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt

audit: $(VENV)/dev.stamp licences wheels ## known vulnerabilities, licences and wheels of the dependencies
	@.ci/audit

# Copyleft that would bind the site's own code is refused; psycopg's LGPL binds a change of psycopg alone.
FREE := MIT;BSD;Apache;ISC;Python Software Foundation;PSF;Unlicense;LGPL;HPND;MPL;Mozilla Public License
licences: $(VENV)/dev.stamp ## the licence of each dependency of the site; fails on one that is not in the Makefile's list
	@$(VENV)/bin/pip-licenses --packages $$(sed -nE 's/^([A-Za-z0-9._-]+)==.*/\1/p' requirements.txt) --partial-match --allow-only "$(FREE)"

# On Linux, where the site runs; a package without a wheel would need a compiler.
wheels: $(VENV)/dev.stamp ## whether every dependency has a wheel for each Python that we support
	@for version in 3.11 3.12 3.13 3.14; do \
	  $(VENV)/bin/uv pip install -q --dry-run --target var/wheels --python-version $$version --python-platform linux \
	    --only-binary :all: --require-hashes -r requirements.txt && echo "Python $$version: all wheels are there" || exit 1; done

release: ## the source, notes and checksums of the tag at which we stand, and its image where a container engine is
	@.ci/release

clean: ## remove what was installed and built, not the data in var
	@rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache var/static
