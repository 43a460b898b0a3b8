# The three commands: make demo, make test, make check. Each sets up what it needs first.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
bin := .venv/bin
sources := device hal kiosk_ui cloud provisioning docs tests

# The checks read the desk's settings, never its data.
desk := KOTIRUUTU_DESK_SECRET=only-for-checks KOTIRUUTU_DESK_DATA=build/check

checks := check-format check-lint check-types check-directions check-unused check-dependencies \
	check-migrations check-translations check-docs check-services

.PHONY: help setup setup-demo demo test test-fresh fuzz test-often test-vm package test-package image check docs pictures \
	bench bench-alarms bench-cafe bench-calls bench-desk bench-fleet bench-help bench-messages bench-queue bench-screen campaign messages format lock \
	$(checks)

help:  ## Says what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 16

setup:  ## Installs everything that the tests and checks need
	@provisioning/setup.sh all

setup-demo:
	@provisioning/setup.sh demo

DEVICES ?= 30

demo: setup-demo  ## Runs the whole system until Ctrl-C, with DEVICES= simulated ones beside the screen
	@exec $(bin)/python -m provisioning.demo --devices $(DEVICES)

test: setup  ## Runs every test; those of the database a second time on PostgreSQL
	@$(bin)/python -m tests.lanes

test-fresh:  ## Starts the demo on bare Debian 12 and 13, as a newcomer would (root, mmdebstrap)
	@tests/fresh/run.sh

ARCH ?= amd64

package: setup  ## Builds the Debian packages of tablet and desk into build/package (ARCH=arm64 for a Pi)
	@$(bin)/python -m provisioning.package tablet desk --arch $(ARCH)

test-package: package  ## Installs, tries and removes the packages on bare Debian 12 and 13 (root, mmdebstrap)
	@tests/fresh/packages.sh

image: setup  ## Builds the disk image of a tablet into build/image (ARCH=arm64 for a Pi; root, mmdebstrap)
	@$(bin)/python -m provisioning.package tablet --arch $(ARCH)
	@provisioning/image/build.sh $(ARCH) $(VARIANT)

CUTS ?= 3

test-vm: setup  ## Starts the image in QEMU: set up by taps, STAGES= of a life, CUTS= power cuts; into build/vm.json (two idle cores)
	@$(bin)/python -m tests.vm --cuts $(CUTS) $(if $(STAGES),--only $(STAGES))

TIMES ?= 50

fuzz: setup  ## Tries parsers and rules with TIMES= as many generated inputs as the tests, each day others (SEED=)
	@FUZZ_TIMES=$(TIMES) FUZZ_SEED=$${SEED:-$$(date +%F)} $(bin)/python -m pytest -q -o faulthandler_timeout=0 tests/fuzz
	@FUZZ_TIMES=$(TIMES) $(bin)/python -m pytest -q -o faulthandler_timeout=0 -m hypothesis

N ?= 5

test-often: setup  ## Runs the tests N= times, once beside a busy machine, and says which were not always green
	@tests/checks/often.sh $(N)

check: setup  ## Runs every check that needs no run of the system
	@$(MAKE) --no-print-directory --jobs=2 --keep-going --output-sync=target $(checks)
	@echo "All checks passed."

docs: setup  ## Writes the generated pages of docs/
	@$(bin)/python -m docs.generate

pictures: setup  ## Draws every page of the screen on every panel, in four languages, into build/pictures
	@$(bin)/python -m docs.generate.pictures --all
	@$(bin)/python -m docs.generate.setup_sheets

bench-screen: setup  ## Measures the screen beside the same view in Chromium, for docs/bench-screen.md
	@$(bin)/python -m tests.bench.screen --publish

bench-calls: setup  ## Measures a call at both of its ends, ours and Chromium's, for docs/bench-calls.md
	@$(bin)/python -m tests.bench.calls --publish

bench-cafe: setup  ## Measures a table of the café beside a call, from 3 to 24 people, for docs/bench-cafe.md
	@$(bin)/python -m tests.bench.cafe --publish

bench-help: setup  ## Measures how soon help is felt, received and passed on, for docs/bench-help.md
	@$(bin)/python -m tests.bench.help --publish

bench-queue: setup  ## Measures customer service: joining, messages, phantoms, for docs/bench-messages.md
	@$(bin)/python -m tests.bench.queue --publish

bench-messages: setup  ## Measures planning and handing over of messages while workers die, for docs/bench-messages.md
	@$(bin)/python -m tests.bench.messages --publish

bench-desk: setup  ## Measures every page with 10,000 residents and a change of 1,000 screens, for docs/bench-desk.md
	@$(bin)/python -m tests.bench.desk
	@$(bin)/python -m tests.bench.desk.applications
	@$(bin)/python -m tests.bench.desk.boards
	@$(bin)/python -m tests.bench.desk.large_table
	@$(bin)/python -m tests.bench.desk.publish

TABLETS ?= 100 1000

bench-fleet: setup  ## Measures help with TABLETS= simulated tablets at a real desk, for docs/bench-fleet.md
	@$(bin)/python -m tests.bench.fleet --tablets $(TABLETS) --publish

bench-alarms: setup  ## Measures how soon an alarm centre confirms, and that none is lost while parts die
	@$(bin)/python -m tests.bench.alarms

bench: bench-screen bench-help bench-calls bench-cafe bench-queue bench-messages bench-desk bench-alarms bench-fleet  ## Measures everything there is to measure

campaign: N = 1000
SEED ?= 1

campaign: setup  ## Calls for help N= times under random faults (SEED=), into build/campaign.json
	@$(bin)/python -m tests.campaign --requests $(N) --seed $(SEED)

messages: setup  ## Brings the translation files up to date with the code
	@$(desk) $(bin)/python -m tests.checks.translations --write

format: setup  ## Formats the code and mends what can be mended without thought
	@$(bin)/ruff check --fix --quiet . || true
	@$(bin)/ruff format --quiet .

lock: setup  ## Chooses the newest versions that pyproject.toml allows, into constraints.txt
	@$(bin)/python -m pip install -q uv
	@$(bin)/uv pip compile --quiet --upgrade --universal --no-header --no-annotate --extra device --extra calls \
		--extra window --extra desk --group dev pyproject.toml -o constraints.txt

check-format:
	@$(bin)/ruff format --check --quiet --output-format concise . || { echo "Not formatted as ruff does: run make format"; exit 1; }

check-lint:
	@$(bin)/ruff check --quiet --output-format concise .

# mypy's cache does not notice a new module of an old package: what it finds counts only without it.
check-types:
	@$(desk) $(bin)/mypy >build/types.txt || { rm -rf .mypy_cache && $(desk) $(bin)/mypy; }

check-directions:
	@$(bin)/lint-imports --no-cache --no-logo >build/directions.txt || { cat build/directions.txt; exit 1; }

check-unused:
	@$(bin)/python -m tests.checks.unused $(sources)

check-dependencies:
	@$(bin)/deptry --no-ansi . 2>build/dependencies.txt || { cat build/dependencies.txt; exit 1; }

check-migrations:
	@mkdir -p build/check
	@$(desk) $(bin)/python -m cloud makemigrations --check --dry-run --verbosity 1

check-translations:
	@$(desk) $(bin)/python -m tests.checks.translations

check-docs:
	@$(bin)/python -m docs.generate --check

check-services:
	@$(bin)/python -m tests.checks.services >build/services.txt || { cat build/services.txt; exit 1; }
