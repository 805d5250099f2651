# The front door: every routine task is one word. `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.PHONY: help run test faults bench bench-list bench-replay bench-answers bench-pages check fmt sqlx schema graphiql dashboard dashboard-check screenshots clean-data

# dev builds soonest; `make run PROFILE=release` runs fastest.
PROFILE ?= dev
# Where `make run` keeps its data.
DATA ?= .roster

# The built dashboard, and what it is made of.
DASHBOARD := dashboard/dist/index.html
DASHBOARD_SOURCES := $(shell find dashboard/src dashboard/public -type f -not -path 'dashboard/src/gql/*') \
	$(wildcard dashboard/*.json dashboard/*.ts dashboard/*.html dashboard/scripts/*) api/schema.graphql

help: ## List these tasks
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-16s %s\n", $$1, $$2 }'

run: $(if $(shell command -v npm),$(DASHBOARD)) ## Start Roster with a Postgres of its own and a demo account (ARGS="…" goes to `roster dev`)
	cargo run --profile $(PROFILE) -p api --bin roster -- dev $(ARGS)

test: ## Run every test, after installing what the tests need (ARGS="-p domain" for some)
	@scripts/test $(ARGS)

faults: ## Break everything around Roster, many times, and print what became of it (FAULTS_REPEAT=10, FAULTS_SEED=…, ARGS="freeze" for some)
	@PROFILE=$(PROFILE) scripts/faults $(ARGS)

bench: bench-list bench-replay bench-answers bench-pages ## Measure everything that has a limit on time; nothing else should run beside it

bench-list: ## Measure pages of a million users beside pages of ten thousand
	@cargo build --quiet -p test_support --bin with_postgres
	@$${CARGO_TARGET_DIR:-target}/debug/with_postgres -- cargo bench --quiet --profile dev -p projections --bench list

bench-replay: ## Measure rebuilds, lists of the past and exports beside plain SQL (EVENTS, USERS, EXPORTED: their sizes)
	@cargo build --quiet -p test_support --bin with_postgres
	@$${CARGO_TARGET_DIR:-target}/debug/with_postgres -- cargo bench --quiet -p projections --bench replay

bench-answers: ## Measure how fast the API answers while a mail server fails
	@cargo build --quiet -p test_support --bin with_postgres
	@$${CARGO_TARGET_DIR:-target}/debug/with_postgres -- cargo bench --quiet -p api --bench answers

bench-pages: $(DASHBOARD) ## Measure how soon the list of users can be used in a browser
	@scripts/install-test-tools
	@cargo build --quiet -p test_support --bin with_postgres
	@PATH="$(CURDIR)/target/test-tools/node/node_modules/.bin:$$PATH" $${CARGO_TARGET_DIR:-target}/debug/with_postgres -- \
		cargo bench --quiet -p api --bench pages

check: ## Look for wrong format, lints, layers, unused dependencies, licences, spelling, stale .sqlx and documentation
	cargo fmt --all --check
	scripts/check-sources
	scripts/check-layers
	scripts/refresh-sqlx-cache --check
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items --quiet

fmt: ## Format the code
	cargo fmt --all

sqlx: ## Write .sqlx anew, after a change of a query or a migration
	@scripts/refresh-sqlx-cache

schema: ## Write api/schema.graphql anew, after a change of the API
	cargo run --quiet -p api --bin roster -- schema > api/schema.graphql.new
	mv api/schema.graphql.new api/schema.graphql

graphiql: ## Build GraphiQL anew (api/assets), after a change in scripts/graphiql
	@scripts/build-graphiql

dashboard: $(DASHBOARD) ## Build the dashboard into dashboard/dist (needs node 20)

$(DASHBOARD): dashboard/node_modules/.package-lock.json $(DASHBOARD_SOURCES)
	cd dashboard && npm run --silent build

dashboard/node_modules/.package-lock.json: dashboard/package-lock.json
	cd dashboard && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

dashboard-check: $(DASHBOARD) ## Test the dashboard, and look for wrong format, lints and a first load that is too large
	cd dashboard && npm run --silent lint && npm test --silent && npm run --silent size

screenshots: ## Take the pictures in docs/screenshots anew, by the tests in a browser
	@scripts/screenshots

clean-data: ## Delete the data of `make run`
	rm -rf $(DATA)
