# The environment is .venv; nothing else may be needed than Python 3.11 or newer and make.
# The same steps without make stand in README.md.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check prove bench coverage lock example-env clean

demo: .venv/run-installed ## make the environment and run the main job on the stand-in platforms
	$(BIN)/collector demo --no-serve

test: .venv/dev-installed ## make the environment and pass the tests
	$(BIN)/python -m pytest -n 2

check: .venv/dev-installed ## lint, types, and the generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --platform win32 --cache-dir .mypy_cache/win32 # what is not there on Windows

prove: .venv/dev-installed ## the long proofs (hundreds of kills and the like)
	$(BIN)/python -m pytest -m prove -n 2 -o addopts="-q --strict-markers"

coverage: .venv/dev-installed ## which lines no test reaches
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -p no:xdist
	$(BIN)/coverage combine -q
	$(BIN)/coverage report

bench: .venv/bench-installed ## measure, as ratios inside one run (BASE=24m: the full base too, some minutes)
	$(BIN)/python -m benchmarks $(if $(BASE),--base $(BASE))

example-env: .venv/run-installed ## write config.example.env anew from the connectors and the settings
	$(BIN)/python -m collector.example_env > config.example.env

lock: ## resolve the requirements anew (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate \
		--upgrade --extra build --extra reports --extra alerts pyproject.toml -o requirements/run.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate \
		--upgrade --extra build --extra reports --extra alerts --extra postgres pyproject.toml -o requirements/postgres.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate \
		--upgrade --extra build --extra reports --extra alerts --extra bench pyproject.toml -o requirements/bench.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate \
		--upgrade --extra build --extra reports --extra alerts --extra dev pyproject.toml -o requirements/dev.txt

clean:
	rm -rf .venv demo-home

.venv/run-installed: pyproject.toml requirements/run.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

.venv/dev-installed: .venv/run-installed requirements/dev.txt
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	touch $@

.venv/bench-installed: .venv/run-installed requirements/bench.txt
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/bench.txt
	touch $@
