# `make` lists what there is. Needs a Rust toolchain, a C compiler, make, and node with npm.

.DEFAULT_GOAL := help
.PHONY: help demo test bench torture engine advisories fmt

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: engine ## see a digest: sample usage, embedded ClickHouse, stand-in Slack (DEMO_ONCE=1: end after it)
	@cargo build --release --locked
	@exec cargo run --release --locked --quiet -- demo $(if $(filter 1,$(DEMO_ONCE)),--once)

test: ## everything that must hold: format, lints, docs, dependencies, all tests
	.ci/setup
	cargo fmt --check
	cargo clippy --all-targets --features failpoints --locked -- -D warnings
	cargo clippy --all-targets --no-default-features --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --locked
	.ci/deny licenses bans sources
	cargo test --locked --features failpoints

bench: engine ## the benchmarks that the README quotes
	.ci/bench
	cargo bench --locked --bench cohort --bench delivery --bench interaction

torture: engine ## kill -9, full disks, storms of 429: nothing lost, nothing twice (about an hour)
	cargo bench --locked --features failpoints --bench torture

engine: ## fetch and verify the embedded ClickHouse
	@.ci/engine

advisories: ## look up known faults of the dependencies; needs the network
	.ci/deny advisories

fmt: ## format the code
	cargo fmt
