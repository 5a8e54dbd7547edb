# What one does with madoguchi, by name; `make` alone explains. Each target does its own set-up (scripts/setup).
#   ARGS="…"    goes to the program behind the target         PYTHON=…    which Python makes .venv

.DEFAULT_GOAL := help
.PHONY: help bench test fuzz lint format benchmark generate sheets voice lock clean distclean

export PYTHON
venv := .venv/bin

help: ## this page
	@echo 'madoguchi (窓口): a certificate kiosk on a Raspberry Pi. Every target sets up what it needs by itself.'
	@echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-17s %s\n", $$1, $$2 }'
	@echo
	@echo 'Try:  make bench ARGS="--script scenarios/takaoka-juminhyo.toml"    one whole session, step by step'
	@echo '      make bench ARGS="--help"                                      what else the bench can do'
	@echo '      make test ARGS="tests/drivers/cash -k payout"                 a part of the tests'
	@echo 'Read: README.md, then ARCHITECTURE.md'

bench: ## the whole kiosk on this machine, every device virtual; ARGS go to `madoguchi bench`
	@scripts/setup bench
	@$(venv)/madoguchi bench $(ARGS)

test: ## linters, types and all tests; ARGS go to pytest
	@scripts/setup test
	@scripts/check all $(ARGS)

fuzz: ## 100 million bytes of noise on the coin vendor's wire; ARGS="1000000 --seed 7" for others
	@scripts/setup test
	@$(venv)/python -m tests.drivers.cash.fuzz $(ARGS)

lint: ## linters and types only
	@scripts/setup test
	@scripts/check lint

format: ## ruff puts the code in order
	@scripts/setup test
	@$(venv)/ruff check --fix .
	@$(venv)/ruff format .

benchmark: ## speed and memory, beside Chromium, WeasyPrint and reportlab; ARGS="face" for a part, "--help"
	@scripts/setup benchmark
	@$(venv)/python -m daemon.bench.benchmark $(ARGS)

generate: ## writes what is made from the catalogues: systemd/madoguchi.catalog
	@scripts/setup kiosk
	@$(venv)/python -m scripts.journal_catalog > systemd/madoguchi.catalog

sheets: ## draws docs/screens (every screen, a picture a language) and docs/certificates (every kind)
	@scripts/setup test
	@$(venv)/python -m scripts.contact_sheets
	@$(venv)/python -m scripts.sample_seals
	@$(venv)/python -m scripts.certificates

voice: ## speaks the clips of assets/voice whose texts have changed; ARGS="--all" speaks all of them
	@scripts/setup voice
	@$(venv)/python -m scripts.voice $(ARGS)

lock: ## requirements.lock anew from pyproject.toml; keeps what still fits; ARGS="--upgrade" takes the newest
	@scripts/setup test
	@scripts/lock $(ARGS)

clean: ## removes what was made here (caches, build, out), but not .venv
	@rm -rf build dist out .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -path ./.venv -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## and .venv: the next target sets up from nothing
	@rm -rf .venv tests/peers/node_modules
