# Two commands: `make chat` serves the assistant, `make test` runs the tests. Both set up .venv when it is missing.
PYTHON ?= python3
AUDIENCE ?= staff
PORT ?= 8501
BIN := .venv/bin

.PHONY: chat test browser slow full eval clean

chat: .venv/installed
	-@$(BIN)/guidance ingest --if-stale
	@$(BIN)/guidance chat --audience $(AUDIENCE) --port $(PORT)

test: .venv/installed-test
	$(BIN)/python -m pytest -q -m "not browser and not slow"

browser: .venv/installed-test
	$(BIN)/python -m pytest -q -m browser

# KILLS and CORPUS_SHARE are the stated fraction of the 200 kills over 36 documents; the seed is always 1.
KILLS ?= 12
CORPUS_SHARE ?= 0.2

slow: .venv/installed-test
	$(BIN)/python -m pytest -q -m "slow and not browser"
	$(BIN)/guidance eval structure
	$(BIN)/guidance eval kills --kills $(KILLS) --fraction $(CORPUS_SHARE) --seed 1

eval: .venv/installed
	$(BIN)/guidance eval cases check
	rm -rf evals/runs/last
	$(BIN)/guidance eval --out evals/runs/last
	$(BIN)/guidance eval faults evals/runs/last

full: test browser eval
	$(MAKE) slow KILLS=200 CORPUS_SHARE=0.4
	$(BIN)/guidance eval speed
	$(BIN)/guidance eval speed --passages 20000
	$(BIN)/guidance eval ingest-speed
	$(BIN)/guidance eval ingest-scale

.venv/installed: pyproject.toml constraints.txt
	test -d .venv || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	touch $@

.venv/installed-test: .venv/installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[test]"
	touch $@

clean:
	rm -rf .venv .guidance evals/runs *.egg-info
