# Every target needs Go, git and a POSIX shell; the linters are built from tools/go.mod on first use.

GO      ?= go
TOOL     = $(GO) tool -modfile=tools/go.mod
FUZZTIME ?= 10s
BENCH    ?= .
KILLS    ?= 2000
RUNS     ?= 2000
CONTACTS ?= 250
STEPS    ?= 100000
# Tests behind these build tags are vetted and linted with the rest.
TAGS     = e2e,exhaustive

.DEFAULT_GOAL := help

.PHONY: help
help: ## print this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile

.PHONY: build
build: ## build bin/contactsync
	$(GO) build -trimpath -o bin/contactsync ./cmd/contactsync

.PHONY: check
check: static test ## everything a change must pass: static checks and all tests

.PHONY: static
static: format vet staticcheck lint tidy generated ## the static checks of `check`

.PHONY: format
format: ## fail if a file is not laid out as gofumpt lays it out
	@unformatted=$$($(TOOL) gofumpt -l .) || exit 1; \
	if [ -n "$$unformatted" ]; then \
		echo "not formatted (make fmt rewrites them):"; echo "$$unformatted"; exit 1; \
	fi

.PHONY: fmt
fmt: ## lay out every file with gofumpt
	$(TOOL) gofumpt -w .

.PHONY: vet
vet: ## go vet, also over the files behind build tags
	$(GO) vet ./...
	$(GO) vet -tags=$(TAGS) ./...

.PHONY: staticcheck
staticcheck: ## staticcheck, also over the files behind build tags
	$(TOOL) staticcheck -tags=$(TAGS) ./...

# golangci-lint takes one to three minutes to build and needs the module proxy for it, so where it cannot
# be built the rest of the check still runs. LINT=required turns the notice into a failure.
.PHONY: lint
lint: ## golangci-lint by .golangci.yml; skipped with a notice where it cannot be built
	@if why=$$($(TOOL) golangci-lint version 2>&1); then \
		$(TOOL) golangci-lint run ./...; \
	else \
		echo "$$why" | tail -n 3; \
		echo "notice: golangci-lint cannot be built here; its checks are skipped"; \
		[ "$(LINT)" != required ]; \
	fi

.PHONY: tidy
tidy: ## fail if `go mod tidy` would change go.mod or go.sum
	$(GO) mod tidy -diff

.PHONY: generated
generated: ## fail if `go generate` would change a byte
	tools/generated.sh

.PHONY: test
test: ## all tests
	$(GO) test ./...

.PHONY: race
race: ## the tests under the race detector, without the heavy ones
	$(GO) test -race -short ./...

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME (10s) each
	tools/fuzz.sh $(FUZZTIME)

.PHONY: bench
bench: ## the benchmarks; BENCH=regexp chooses
	$(GO) test -run='^$$' -bench='$(BENCH)' -benchmem ./...

# The scripts run the command as a process of its own. Tests with other clients stand in e2e/ behind a
# build tag, since they need more than Go; the page is looked at in Chromium by a module of its own, e2e/page.
.PHONY: e2e
e2e: build ## the command's scripts, other clients against the local portal, its page in Chromium
	$(GO) test -count=1 -run='^TestScripts$$' ./internal/cli/
	$(GO) test -count=1 -tags=e2e ./e2e/...
	cd e2e/page && $(GO) vet . && $(GO) test -count=1 .

# Loops over every fault at every point: files behind the build tag, tests named TestExhaustive….
.PHONY: exhaustive
exhaustive: ## every fault at every point of a run; takes minutes
	$(GO) test -tags=exhaustive -run='^TestExhaustive' -timeout=30m ./...

# The moments of the kills are new in every run; the writes are those of the seed.
.PHONY: kill
kill: ## kill `serve` with SIGKILL under load, KILLS (2000) times; SEED=number draws earlier writes again
	$(GO) test -count=1 -v -tags=exhaustive -run='^TestExhaustiveKills$$' -timeout=60m ./portal -args -kills=$(KILLS) $(if $(SEED),-seed=$(SEED))

.PHONY: chaos
chaos: ## kill `apply` with SIGKILL at random moments and resume it, in RUNS (2000) applies; SEED=number draws the same kills
	$(GO) test -count=1 -v -tags=exhaustive -run='^TestExhaustiveChaos$$' -timeout=120m ./internal/cli -args -runs=$(RUNS) $(if $(SEED),-seed=$(SEED))

.PHONY: crash
crash: ## let a run over CONTACTS (250) die at each of its effects, and the one that resumes it at each of its own
	$(GO) test -count=1 -v -tags=exhaustive -run='^TestExhaustiveCrashes$$' -timeout=120m ./apply -args -square -contacts=$(CONTACTS)

# Each mutant is built through an overlay: no source file is touched.
.PHONY: mutants
mutants: ## break the code in small ways, one at a time, and see that a test notices; ONLY=regexp chooses by name
	$(GO) test -count=1 -v -tags=exhaustive -run='^TestMutants$$' -timeout=120m ./internal/mutants -args -only='$(ONLY)'

# A case has about 25 steps, so there are never too few checks. A failure names the seed of its case, which
# TestRandomSteps takes first: go test ./apply -run='^TestRandomSteps$' -rapid.seed=number
.PHONY: soak
soak: ## edit, change, apply, cut, resume and undo at random against a model, STEPS (100000) steps; SEED=number draws the same ones
	@seed=$(or $(SEED),$$(date +%s)); echo "make soak STEPS=$(STEPS) SEED=$$seed"; \
	$(GO) test -count=1 -v -tags=exhaustive -run='^TestExhaustiveSteps$$' -timeout=240m ./apply -args -steps=$(STEPS) \
		-rapid.checks=$(STEPS) -rapid.seed=$$seed $(if $(LANES),-lanes=$(LANES))
