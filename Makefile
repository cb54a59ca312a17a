# Two commands do all the set-up on a machine that has Python 3.11 or newer:
#   make example   pages of examples/mazur.yaml in output/mazur/
#   make test      the whole test suite
# More is tested where TeX and Chromium are installed.  Without make, the README has the same as plain pip lines.

PYTHON ?= python3
VENV ?= .venv
EXTRAS ?= test
PYTEST_ARGS ?= -n auto --dist worksteal
BIN := $(VENV)/bin

.PHONY: example test coverage lint gallery benchmark clean

example: $(VENV)/installed
	@echo "The pages are in output/mazur/:"
	@$(BIN)/chalkgrad solve examples/mazur.yaml --to pdf,html,md,tex,beamer,ipynb,json -o output

test: $(VENV)/installed-$(EXTRAS)
	$(BIN)/python -m pytest $(PYTEST_ARGS)

# Twice the time of `make test`: every line that is reached is written down.
coverage: $(VENV)/installed-$(EXTRAS)
	$(BIN)/python -m pytest $(PYTEST_ARGS) --cov --cov-report=term

lint: $(VENV)/installed-$(EXTRAS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

gallery: $(VENV)/installed
	$(BIN)/python tests/gallery.py

benchmark: $(VENV)/installed-$(EXTRAS)
	$(BIN)/python -m pytest tests/benchmarks --benchmark-only --benchmark-columns=min,median,rounds -s

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[pdf,notebook]"
	@touch $@

$(VENV)/installed-$(EXTRAS): $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[$(EXTRAS)]"
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks
