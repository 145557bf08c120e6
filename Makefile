# The project's tasks. `make` alone lists them. Recipes run in this folder, so paths stay relative and quoted.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup start test evaluate check bench clean
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
PORT ?= 8000
VRAAG ?= Waarvoor is het Naoberfonds bedoeld?
FOLDER ?=
BENCH ?=
export VRAAG PORT FOLDER PYTHON
# Tests in one process more than there are cores, for some wait; those of a file in the same one, for its fixtures.
WORKERS := $(shell expr $$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1) + 1)
PARALLEL := -n $(WORKERS) --maxprocesses 4 --dist loadfile

help: ## toon deze lijst
	@echo 'Gebruik: make <taak>'
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  \1:\2/p' Makefile | awk -F: '{ printf "%-11s %s\n", $$1, $$2 }'

setup: ## zet alles klaar in .venv (alleen wat nog ontbreekt)
	@sh setup.sh

start: setup ## neem de voorbeelddocumenten op, stel een vraag en open de webpagina (VRAAG="..." PORT=8001)
	@echo; echo 'De voorbeelddocumenten opnemen ...'
	@$(BIN)/vng-assistent ingest voorbeelden/documenten || \
	  { echo 'Het opnemen van de documenten is niet gelukt. Hierboven staat waarom.' >&2; exit 1; }
	@echo; printf 'Vraag: %s\n\n' "$$VRAAG"
	@$(BIN)/vng-assistent ask "$$VRAAG" || [ $$? -eq 3 ] || \
	  { echo 'Het beantwoorden is niet gelukt. Hierboven staat waarom.' >&2; exit 1; }
	@echo
	@echo 'Het werkt. Wat je nu kunt doen:'
	@echo '  vragen stellen op de webpagina  http://localhost:$(PORT)/ (die start nu)'
	@echo '  een vraag stellen hier          $(BIN)/vng-assistent ask "jouw vraag"'
	@echo '  je eigen documenten opnemen     $(BIN)/vng-assistent ingest /pad/naar/je/map'
	@echo '  zien wat er is opgenomen        $(BIN)/vng-assistent documents'
	@echo '  de handleiding lezen            docs/handleiding'
	@echo
	@$(BIN)/vng-assistent serve --port "$$PORT" --open "$$VRAAG" || \
	  { echo "De webpagina starten is niet gelukt. Is poort $$PORT bezet? Kies een andere: make start PORT=8001" >&2; exit 1; }

test: setup ## draai alle tests
	@$(BIN)/pytest $(PARALLEL) || { echo 'Niet alle tests zijn geslaagd. Hierboven staat welke.' >&2; exit 1; }
	@echo 'Alle tests zijn geslaagd.'

evaluate: setup ## meet de antwoorden op de voorbeelddocumenten, met de eisen van eval/gates.toml
	@data=$$(mktemp -d) && trap 'rm -rf "$$data"' EXIT && \
	  $(BIN)/vng-assistent ingest voorbeelden/documenten --data "$$data" >/dev/null && \
	  $(BIN)/vng-assistent evaluate eval/topics/voorbeelden.jsonl --data "$$data" --gates eval/gates.toml \
	    --baseline eval/baselines/voorbeelden.json --report build/evaluatie --history build/evaluatie/geschiedenis.jsonl || \
	  { echo 'De evaluatie is niet geslaagd. Hierboven staat waarom; zie build/evaluatie/rapport.html.' >&2; exit 1; }

check: setup ## controleer opmaak, stijl, typen, lagen, tests en antwoorden, zoals de CI dat doet
	@$(BIN)/ruff format --check . || { echo 'De opmaak klopt niet. Herstel met: $(BIN)/ruff format .' >&2; exit 1; }
	@$(BIN)/ruff check . || { echo 'De stijl klopt niet. Hierboven staat waar.' >&2; exit 1; }
	@$(BIN)/mypy || { echo 'De typen kloppen niet. Hierboven staat waar.' >&2; exit 1; }
	@$(BIN)/pytest -q tests/test_layers.py || { echo 'De lagen kloppen niet. Hierboven staat waar.' >&2; exit 1; }
	@$(BIN)/pytest $(PARALLEL) || { echo 'Niet alle tests zijn geslaagd. Hierboven staat welke.' >&2; exit 1; }
	@$(MAKE) evaluate
	@echo 'Alles klopt.'

bench: ## meet snelheid en geheugen naast LlamaIndex (FOLDER=/map voor eigen documenten, BENCH=--save bewaart)
	@sh setup.sh bench
	@$(BIN)/python -m benchmarks.run $${FOLDER:+--folder "$$FOLDER"} $(BENCH)

clean: ## verwijder .venv en alles wat tijdelijk is (je documenten en data/ blijven)
	@rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@rm -rf api/web/node_modules api/web/static/nlds
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo 'Opgeruimd.'
