# All routine tasks. `make` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.PHONY: help run test faults bench bench-limits bench-list bench-replay bench-answers bench-pages check fmt sqlx schema graphiql dashboard dashboard-check screenshots clean-data

# dev builds fastest; `make run PROFILE=release` runs fastest.
PROFILE ?= dev
# The data folder of `make run`.
DATA ?= .roster

# The built dashboard, and its sources.
DASHBOARD := dashboard/dist/index.html
DASHBOARD_SOURCES := $(shell find dashboard/src dashboard/public -type f -not -path 'dashboard/src/gql/*') \
	$(wildcard dashboard/*.json dashboard/*.ts dashboard/*.html dashboard/scripts/*) api/schema.graphql

help: ## List these tasks
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-16s %s\n", $$1, $$2 }'

run: $(if $(shell command -v npm),$(DASHBOARD)) ## Start Roster with an embedded Postgres and a demo account (ARGS="…" is passed to `roster dev`)
	cargo run --profile $(PROFILE) -p api --bin roster -- dev $(ARGS)

test: ## Install the test dependencies and run all tests (ARGS="-p domain" for some)
	@scripts/test $(ARGS)

faults: ## Run the fault suite and print its table (FAULTS_REPEAT=10, FAULTS_SEED=…, ARGS="freeze" for some)
	@PROFILE=$(PROFILE) scripts/faults $(ARGS)

bench: ## Measure Roster beside Postgres, a textbook program and BASELINE=<commit>; write docs/benchmarks.md (ARGS=--quick for a first look)
	@cargo build --quiet --profile measured -p api -p bench --bin roster --bin bench
	@BASELINE="$(BASELINE)" $${CARGO_TARGET_DIR:-target}/measured/bench run $(ARGS)

bench-limits: bench-list bench-replay bench-answers bench-pages ## Measure everything with a time limit, on an otherwise idle machine

bench-list: ## Compare pages of a million users with pages of ten thousand
	@cargo build --quiet -p test_support --bin with_postgres
	@$${CARGO_TARGET_DIR:-target}/debug/with_postgres -- cargo bench --quiet --profile dev -p projections --bench list

bench-replay: ## Compare lists of the past with lists of now, of a million users (another size: USERS)
	@cargo build --quiet -p test_support --bin with_postgres
	@$${CARGO_TARGET_DIR:-target}/debug/with_postgres -- cargo bench --quiet --profile measured -p projections --bench replay

bench-answers: ## Measure how fast the API answers while a mail server fails
	@cargo build --quiet -p test_support --bin with_postgres
	@$${CARGO_TARGET_DIR:-target}/debug/with_postgres -- cargo bench --quiet -p api --bench answers

bench-pages: $(DASHBOARD) ## Measure in a browser how fast the list of users loads, finds one of 50,000, and changes 1,000
	@scripts/install-test-tools
	@cargo build --quiet -p test_support --bin with_postgres
	@PATH="$(CURDIR)/target/test-tools/node/node_modules/.bin:$$PATH" $${CARGO_TARGET_DIR:-target}/debug/with_postgres -- \
		cargo bench --quiet -p api --bench pages

check: ## Check format, lints, layers, words, dependencies, licences, spelling, .sqlx and documentation
	cargo fmt --all --check
	scripts/check-sources
	scripts/check-words
	scripts/check-paths
	scripts/refresh-sqlx-cache --check
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items --quiet

fmt: ## Format the code
	cargo fmt --all

sqlx: ## Rewrite .sqlx, after a change of a query or a migration
	@scripts/refresh-sqlx-cache

schema: ## Rewrite api/schema.graphql, after a change of the API
	cargo run --quiet -p api --bin roster -- schema > api/schema.graphql.new
	mv api/schema.graphql.new api/schema.graphql

graphiql: ## Rebuild GraphiQL (api/assets), after a change in scripts/graphiql
	@scripts/build-graphiql

dashboard: $(DASHBOARD) ## Build the dashboard into dashboard/dist (needs node 20)

$(DASHBOARD): dashboard/node_modules/.package-lock.json $(DASHBOARD_SOURCES)
	cd dashboard && npm run --silent build

dashboard/node_modules/.package-lock.json: dashboard/package-lock.json
	cd dashboard && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

dashboard-check: $(DASHBOARD) ## Test the dashboard, and check its format, lints and the size of the first load
	cd dashboard && npm run --silent lint && npm test --silent && npm run --silent size

screenshots: ## Renew the pictures in docs/screenshots with the browser tests
	@scripts/screenshots

clean-data: ## Delete the data of `make run`
	rm -rf $(DATA)
