# Two commands: `make chat` serves the assistant, `make test` runs the tests. Both set up .venv when it is missing.
PYTHON ?= python3
AUDIENCE ?= staff
PORT ?= 8501
BIN := .venv/bin

.PHONY: chat test browser full eval clean

chat: .venv/installed
	-@$(BIN)/guidance ingest --if-stale
	@$(BIN)/guidance chat --audience $(AUDIENCE) --port $(PORT)

test: .venv/installed-test
	$(BIN)/python -m pytest -q -m "not browser"

browser: .venv/installed-test
	$(BIN)/python -m pytest -q -m browser

eval: .venv/installed
	$(BIN)/guidance eval

full: test browser eval
	$(BIN)/guidance eval speed

.venv/installed: pyproject.toml constraints.txt
	test -d .venv || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	touch $@

.venv/installed-test: .venv/installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[test]"
	touch $@

clean:
	rm -rf .venv .guidance evals/runs *.egg-info
