# Every target prepares what it needs; `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help demo test verify check bench bench-sync format lock schema types reference screenshots ui sandbox-wheel install install-dev clean

BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
# Browser tests wait as much as they work: three of them share two cores. What is slow comes first,
# in the order of the folders, so that quick files fill the end.
WORKERS ?= 3

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

demo: install  ## install and open the demo: my day, with a local Microsoft 365
	@exec $(BIN)/graphwright demo

test: install-dev  ## the tests (TESTS="tests/portal -k calendar" chooses)
	@$(PYTEST) -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(TESTS)

verify: install-dev  ## full durations and real clients, on SQLite and PostgreSQL
	@tools/install_clients.sh
	@tools/with_postgres.sh $(PYTEST) -m verify --hypothesis-profile=searching $(TESTS)

check: install-dev  ## format, lint, types, import contracts, limits, secrets, front end
	@$(BIN)/python -m tools.check

bench: install-dev  ## figures: start, memory, first load
	@$(BIN)/python -m benchmarks.run

bench-sync: install-dev  ## figures of imports, beside other ways (BENCH="--share 0.1 --runs 1" is short)
	@tools/with_postgres.sh $(BIN)/python -m benchmarks.sync_speed $(BENCH)

format: install-dev  ## format the Python sources
	@$(BIN)/ruff check --fix --quiet .; $(BIN)/ruff format .

lock: install-dev  ## write the dependency locks anew (LOCK=--upgrade for the newest)
	@tools/lock.sh $(LOCK)

schema: install  ## write the JSON Schemas of the model beside the examples
	@for app in examples/*/; do $(BIN)/graphwright schema "$$app" || exit; done

types: install-dev  ## write the TypeScript types of the modeler's API
	@$(BIN)/python -m tools.api_types

reference: install-dev  ## write docs/reference from the code
	@$(BIN)/python -m tools.reference

screenshots: install-dev  ## take the pictures of the documentation
	@$(BIN)/python -m tools.screenshots
	@$(BIN)/python -m tools.modeler_pictures
	@$(BIN)/python -m tools.sandbox_pictures

ui: install  ## build the front end where it is stale

sandbox-wheel: install  ## build the sandbox as a package of its own, into dist/
	@cd packages/sandbox && ../../$(BIN)/python -m hatchling build -t wheel -d ../../dist

install:
	@tools/install.sh runtime

install-dev:
	@tools/install.sh dev

clean:  ## remove everything that was built or installed
	rm -rf .venv dist build src/graphwright/static frontend/node_modules test-results .bench
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
