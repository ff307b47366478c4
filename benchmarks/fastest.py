"""The fastest loop and the fastest JSON that are installed: uvloop and orjson, else the standard library's.

They belong to the extra `bench`; without them the comparison still runs, only against a slower floor. The page says
which were there.
"""

import asyncio
from collections.abc import Callable, Coroutine
from importlib import import_module
from importlib.util import find_spec
from typing import Any

LOOP = "uvloop" if find_spec("uvloop") else "asyncio"
JSON = "orjson" if find_spec("orjson") else "json"

Parse = Callable[[bytes], Any]


def run_loop(main: Coroutine[object, object, None]) -> None:
    """Run a program's one coroutine."""
    factory = import_module(LOOP).new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(main)


def find_parser() -> Parse:
    """Return the function that parses JSON."""
    parse: Parse = import_module(JSON).loads
    return parse
