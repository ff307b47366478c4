"""The source tree, parsed, and the rules it is held to: each rule takes what it judges and returns complaints.

Nothing of the project is imported here and no platform is named: modules are read as text. The rules are functions
of their own so that the tests can also show each of them a piece of code that breaks it.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[2]
MOST_LINES, MOST_LINES_OF_A_FUNCTION = 350, 60

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One source file. A package's `__init__` has the package's name."""

    name: str
    source: str
    is_package: bool = False

    @property
    def tree(self) -> ast.Module:
        """The parsed source."""
        return _parse(self.source)

    def is_in(self, *packages: str) -> bool:
        """Whether the module is one of these or lies below one."""
        return any(self.name == package or self.name.startswith(f"{package}.") for package in packages)


@cache
def _parse(source: str) -> ast.Module:
    return ast.parse(source)


@cache
def load_modules(*roots: str) -> Mapping[str, Module]:
    """Read all modules below some folders of the project."""
    found = {}
    for root in roots:
        for path in sorted((ROOT / root).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            is_package = parts[-1] == "__init__"
            name = ".".join(parts[:-1] if is_package else parts)
            found[name] = Module(name, path.read_text("utf-8"), is_package)
    return found


def product() -> Mapping[str, Module]:
    """Return the modules that the wheel holds."""
    return load_modules("collector", "connectors", "migrations")


def written_by_hand() -> list[Module]:
    """Return the product without its migrations, which are lists of steps."""
    return [module for module in product().values() if not module.is_in("migrations")]


# -- what a module imports -------------------------------------------------------------------------------------------


def imports_of(module: Module, known: Iterable[str] = ()) -> Iterator[tuple[str, int]]:
    """Yield what a module imports and on which line, late imports inside functions and by constant names too.

    `from a import b` is the module `a.b` where `known` has it, else `a`.
    """
    modules = frozenset(known)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = _source_of(module, node)
            for alias in node.names:
                inner = f"{source}.{alias.name}"
                yield (inner if inner in modules else source), node.lineno
        elif _is_import_call(node) and isinstance(node.args[0], ast.Constant):
            yield str(node.args[0].value), node.lineno


def _source_of(module: Module, node: ast.ImportFrom) -> str:
    if node.level == 0:
        return node.module or ""
    parts = module.name.split(".") + (["__init__"] if module.is_package else [])
    return ".".join([*parts[: -node.level], *([node.module] if node.module else [])])


def _is_import_call(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or not node.args:
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in ("import_module", "__import__")


def _complain(module: Module, line: int, text: str) -> str:
    return f"{module.name}:{line}: {text}"


# -- rules of one module ---------------------------------------------------------------------------------------------

Rule = Callable[[Module], Iterator[str]]

HOME_OF = {
    "sqlalchemy": ("collector.store", "migrations"),
    "sqlite3": ("collector.store",),
    "alembic": ("collector.store.migrate", "migrations"),
    "httpx": ("collector.collect.http",),
    "apscheduler": ("collector.ops.scheduler",),
    "click": ("collector.cli",),
    "cryptography": ("collector.accounts", "collector.collect.jwt", "collector.demo.contracts"),
}
"""Libraries that one corner of the product hides from the rest."""


def libraries_stay_at_home(module: Module) -> Iterator[str]:
    """Only its own corner imports a library that is hidden from the rest."""
    for name, line in imports_of(module):
        home = HOME_OF.get(name.split(".")[0])
        if home is not None and not module.is_in(*home):
            yield _complain(module, line, f"imports {name}, which belongs in {' and '.join(home)}")


def environment_is_read_by_settings(module: Module) -> Iterator[str]:
    """Only the settings read the environment."""
    if module.name == "collector.settings":
        return
    names = {"environ", "environb", "getenv", "getenvb", "putenv"}
    for node in ast.walk(module.tree):
        is_attribute = isinstance(node, ast.Attribute) and node.attr in names and _names(node.value, {"os"})
        is_import = (
            isinstance(node, ast.ImportFrom) and node.module == "os" and names & {alias.name for alias in node.names}
        )
        if is_attribute or is_import:
            yield _complain(module, node.lineno, "reads the environment")


def time_is_asked_of_the_clock(module: Module) -> Iterator[str]:
    """Only the clock asks for the time or waits; the stand-in may wait, to be slow on purpose."""
    if module.name == "collector.clock":
        return
    may_sleep = module.name == "collector.demo.standin"
    classes = {"datetime", "date"} | _aliases(module, "datetime", {"datetime", "date"})
    for name, line in imports_of(module):
        if name.split(".")[0] == "time" and not may_sleep:
            yield _complain(module, line, "imports time")
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute):
            asks = node.attr in ("now", "utcnow", "today") and _names(node.value, classes)
            if asks or (node.attr != "sleep" and _names(node.value, {"time"}) and may_sleep):
                yield _complain(module, node.lineno, f"asks for the time: {ast.unparse(node)}")


def _aliases(module: Module, source: str, names: set[str]) -> set[str]:
    return {
        alias.asname
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.module == source
        for alias in node.names
        if alias.name in names and alias.asname
    }


def _names(node: ast.expr, names: set[str]) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in names
    return isinstance(node, ast.Name) and node.id in names


_OUTSIDE = {"os", "time", "logging", "socket", "random", "secrets", "subprocess", "threading", "asyncio", "shutil",
            "tempfile", "http", "ssl", "select", "signal", "multiprocessing", "concurrent"}  # fmt: skip
_FILES = {"pathlib", "sys", "importlib", "io", "pkgutil"}


def connectors_stand_alone(module: Module) -> Iterator[str]:
    """A connector knows the standard library without its doors to the outside, pydantic and the kit."""
    if not module.is_in("connectors"):
        return
    doors = _OUTSIDE if module.name == "connectors.kit.samples" else _OUTSIDE | _FILES
    for name, line in imports_of(module):
        top = name.split(".")[0]
        is_foreign = top not in sys.stdlib_module_names and top not in ("connectors", "pydantic")
        if is_foreign or top in doors or name == "urllib.request":
            yield _complain(module, line, f"imports {name}")
    for node in ast.walk(module.tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("open", "print", "input")
        ):
            yield _complain(module, node.lineno, f"calls {node.func.id}")


def platforms_are_strangers(module: Module) -> Iterator[str]:
    """A platform never imports another, and the kit none."""
    if not module.is_in("connectors") or module.name == "connectors":
        return
    own = module.name.split(".")[1]
    for name, line in imports_of(module, _every_module()):
        parts = name.split(".")
        if parts[0] == "connectors" and (len(parts) == 1 or parts[1] not in ("kit", own)):
            yield _complain(module, line, f"imports {name}")


def _every_module() -> frozenset[str]:
    return frozenset(product())


def the_application_knows_only_the_kit(module: Module) -> Iterator[str]:
    """Of `connectors` the application imports the kit; the platforms are discovered in one place."""
    if not module.is_in("collector"):
        return
    for name, line in imports_of(module, _every_module()):
        is_platform = name.split(".")[0] == "connectors" and not name.startswith("connectors.kit")
        if is_platform and module.name != "collector.platforms":
            yield _complain(module, line, f"imports {name}")
    for node in ast.walk(module.tree):
        if _is_import_call(node) and module.name not in ("collector.platforms", "collector.demo.standin"):
            yield _complain(module, node.lineno, "imports by name; only discovery does")


MAY_USE = {
    "collector.growth": ("collector.growth",),
    "collector.store": ("collector.store", "collector.errors", "collector.language"),
    "collector.clock": (),
    "collector.errors": (),
    "collector.language": (),
    "migrations": (),
}
"""Corners of the product that lean on nothing of the application but these."""


def corners_lean_on_little(module: Module) -> Iterator[str]:
    """The pure corners and the store do not know who uses them."""
    for corner, allowed in MAY_USE.items():
        if not module.is_in(corner):
            continue
        for name, line in imports_of(module, _every_module()):
            if name.split(".")[0] == "collector" and name != "collector" and not Module(name, "").is_in(*allowed):
                yield _complain(module, line, f"imports {name}")


def growth_is_pure(module: Module) -> Iterator[str]:
    """Growth is arithmetic: the standard library without its doors to the outside, and the kit."""
    if not module.is_in("collector.growth"):
        return
    for name, line in imports_of(module):
        top = name.split(".")[0]
        is_known = top in sys.stdlib_module_names or name.startswith(("connectors.kit", "collector.growth"))
        if not is_known or top in _OUTSIDE | _FILES:
            yield _complain(module, line, f"imports {name}")


WRITERS = ("collector.store.ledger", "collector.store.directory", "collector.store.engine", "collector.store.readings",
           "collector.store.rows", "collector.store.schema", "collector.store.migrate")  # fmt: skip


def entrances_stay_at_the_door(module: Module) -> Iterator[str]:
    """Only entrances use the wiring, nobody uses the commands, and commands change the store through services."""
    for name, line in imports_of(module, _every_module()):
        target = Module(name, "")
        if target.is_in("collector.wiring") and not module.is_in("collector.cli", "collector.demo", "collector.wiring"):
            yield _complain(module, line, "imports the wiring")
        if target.is_in("collector.cli") and not module.is_in("collector.cli", "collector.__main__"):
            yield _complain(module, line, "imports a command")
        if module.is_in("collector.cli") and target.is_in(*WRITERS):
            yield _complain(module, line, f"imports {name}; commands read by queries and change by services")


IMPORT_RULES: tuple[Rule, ...] = (
    libraries_stay_at_home,
    environment_is_read_by_settings,
    time_is_asked_of_the_clock,
    connectors_stand_alone,
    platforms_are_strangers,
    the_application_knows_only_the_kit,
    corners_lean_on_little,
    growth_is_pure,
    entrances_stay_at_the_door,
)


def find_circle(modules: Mapping[str, Module]) -> list[str]:
    """Return the modules of one circle of imports, late ones counted; empty where there is none."""
    graph = {
        name: {target for target, _ in imports_of(module, modules) if target in modules and target != name}
        for name, module in modules.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [str(name) for name in error.args[1]]
    return []


# -- leaks -----------------------------------------------------------------------------------------------------------


def texts_of(module: Module) -> Iterator[tuple[str, int]]:
    """Yield a module's string constants, its docstrings and texts that stand alone left out."""
    alone = {id(node.value) for node in ast.walk(module.tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value, node.lineno


def find_leaks(module: Module, slugs: Iterable[str], names: Iterable[str]) -> Iterator[str]:
    """Complain of a platform's slug as a whole text or a metric's prefix, and of a platform's setting by name."""
    known, settings = frozenset(slugs), frozenset(names)
    for text, line in texts_of(module):
        slug = text.casefold()
        if slug in known or (re.fullmatch(r"[a-z0-9_.]+", slug) and slug.split(".")[0] in known and "." in slug):
            yield _complain(module, line, f"names the platform {text!r}")
        if text in settings:
            yield _complain(module, line, f"names the setting {text}")
    for node in ast.walk(module.tree):
        word = getattr(node, "name", None) or getattr(node, "id", None) or getattr(node, "attr", None)
        if isinstance(word, str) and len(parts := set(_parts(word))) and parts & {one for one in known if len(one) > 1}:
            yield _complain(module, getattr(node, "lineno", 0), f"is called {word}")


# -- words -----------------------------------------------------------------------------------------------------------

EMPTY_WORDS = {"manager", "managers", "helper", "helpers", "util", "utils", "utility", "common", "misc", "handler",
               "handlers"}  # fmt: skip


def _parts(name: str) -> list[str]:
    return [part.lower() for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)]


def names_say_something(module: Module) -> Iterator[str]:
    """No module, class or function is called by a word that says nothing.

    A class that another library's class of such a name is the base of, and its methods, follow that library.
    """
    if EMPTY_WORDS & {word for part in module.name.split(".") for word in _parts(part)}:
        yield _complain(module, 1, "is called by an empty word")
    for node in ast.walk(module.tree):
        if isinstance(node, Function | ast.ClassDef) and EMPTY_WORDS & set(_parts(node.name)):
            bases = node.bases if isinstance(node, ast.ClassDef) else []
            if not any(EMPTY_WORDS & set(_parts(ast.unparse(base))) for base in bases):
                yield _complain(module, node.lineno, f"{node.name} is an empty word")


_TEXT_ARGUMENTS: Mapping[str, tuple[tuple[int, ...], tuple[str, ...]]] = {
    "t": ((0,), ("id", "en")),
    "Words": ((0, 1), ("id", "en")),
    "metric": ((2, 3), ("id", "en")),
    "since": ((1, 2), ("id", "en")),
}
_SETTING = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")
_SCREEN_NAME = re.compile(r"(?:\b[A-Z]\w+ ){2,}API\b")  # "Google Analytics Data API" is what Google's own screen says
_TECHNICAL = re.compile(r"\btokens?\b|\bAPIs?\b|\bOAuth\b", re.IGNORECASE)


def staff_read_plain_words(module: Module) -> Iterator[str]:
    """No text that staff read uses a technician's word; names of settings are written as they are."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        places, keywords = _TEXT_ARGUMENTS.get(name, ((), ()))
        shown = [node.args[place] for place in places if place < len(node.args)]
        shown += [word.value for word in node.keywords if word.arg in keywords]
        for part in shown:
            found = _TECHNICAL.search(_SCREEN_NAME.sub("", _SETTING.sub("", _literal(part))))
            if found:
                yield _complain(module, node.lineno, f"tells staff of {found.group()!r}")


def _literal(node: ast.expr) -> str:
    """Return the fixed text of a string or f-string; what is filled in counts as a blank."""
    if isinstance(node, ast.JoinedStr):
        return "".join(_literal(part) if isinstance(part, ast.Constant) else " " for part in node.values)
    if isinstance(node, ast.BinOp):
        return _literal(node.left) + _literal(node.right)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


# -- sizes and docstrings --------------------------------------------------------------------------------------------


def sizes_fit(module: Module) -> Iterator[str]:
    """A module fits in the head and a function on a screen."""
    lines = len(module.source.splitlines())
    if lines > MOST_LINES:
        yield _complain(module, 1, f"has {lines} lines")
    for node in ast.walk(module.tree):
        if isinstance(node, Function) and node.end_lineno is not None:
            length = node.end_lineno - node.lineno + 1
            if length > MOST_LINES_OF_A_FUNCTION:
                yield _complain(module, node.lineno, f"{node.name} has {length} lines")


def public_things_are_explained(module: Module) -> Iterator[str]:
    """Every module, public class, public function and public method has a docstring."""
    if not ast.get_docstring(module.tree):
        yield _complain(module, 1, "has no docstring")
    yield from _unexplained(module, module.tree)


def _unexplained(module: Module, scope: ast.Module | ast.ClassDef) -> Iterator[str]:
    for node in scope.body:
        if not isinstance(node, Function | ast.ClassDef) or node.name.startswith("_"):
            continue
        if not ast.get_docstring(node):
            yield _complain(module, node.lineno, f"{node.name} has no docstring")
        if isinstance(node, ast.ClassDef):
            yield from _unexplained(module, node)


def public_classes(module: Module) -> list[str]:
    """Return the names of a module's public classes."""
    return [node.name for node in module.tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
