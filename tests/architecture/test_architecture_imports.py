"""Who may import whom. Each rule is held over the whole tree, and shown a module that breaks it."""

import pytest
from architecture_rules import IMPORT_RULES, Module, Rule, find_circle, imports_of, product


@pytest.mark.parametrize("rule", IMPORT_RULES, ids=lambda rule: rule.__name__)
def test_the_tree_keeps_each_rule_of_imports(rule: Rule) -> None:
    """The seams hold only as long as nobody reaches around them."""
    complaints = [complaint for module in product().values() for complaint in rule(module)]

    assert not complaints, "\n".join(complaints)


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Modules in a circle are one module in several files; late imports only hide it."""
    assert find_circle(product()) == []


BROKEN = {
    "libraries_stay_at_home": [
        ("collector.reports.compose", "from sqlalchemy import select"),
        ("collector.collect.signin", "import httpx"),
        ("collector.cli.serve", "def run():\n    from apscheduler.schedulers.background import BackgroundScheduler"),
        ("collector.importers.service", "import sqlite3"),
        ("connectors.square", "import httpx"),
        ("collector.ops.doctor", "import importlib\nimportlib.import_module('alembic.command')"),
    ],
    "environment_is_read_by_settings": [
        ("collector.ops.doctor", "import os\nhome = os.environ['HOME']"),
        ("collector.cli.frame", "import os\nhome = os.getenv('HOME')"),
        ("collector.home", "from os import environ"),
    ],
    "time_is_asked_of_the_clock": [
        ("collector.collect.run", "from datetime import datetime\nnow = datetime.now()"),
        ("collector.collect.run", "import datetime\nnow = datetime.datetime.now(datetime.UTC)"),
        ("collector.collect.run", "from datetime import datetime as moment\nnow = moment.now()"),
        ("collector.cli.words", "from datetime import date\ntoday = date.today()"),
        ("collector.collect.limits", "import time"),
        ("collector.collect.limits", "from time import monotonic"),
        ("collector.demo.standin", "import time\nbegan = time.time()"),
    ],
    "connectors_stand_alone": [
        ("connectors.square", "from collector.clock import SystemClock"),
        ("connectors.square", "import os"),
        ("connectors.square.faults", "import logging"),
        ("connectors.square", "import requests"),
        ("connectors.square", "from urllib.request import urlopen"),
        ("connectors.kit.node", "from pathlib import Path"),
        ("connectors.square", "def read():\n    return open('answer.json')"),
    ],
    "platforms_are_strangers": [
        ("connectors.square", "from connectors.circle import CONNECTOR"),
        ("connectors.square", "from connectors import circle"),
        ("connectors.kit.graph", "import connectors.square"),
        ("connectors.square.posts", "from ..circle import CONNECTOR"),
    ],
    "the_application_knows_only_the_kit": [
        ("collector.collect.run", "from connectors.square import CONNECTOR"),
        ("collector.demo.contracts.square", "import connectors.square"),
        ("collector.collect.run", "from importlib import import_module\nimport_module(f'connectors.{name}')"),
    ],
    "corners_lean_on_little": [
        ("collector.store.ledger", "from collector.collect.run import Collecting"),
        ("collector.growth.differ", "from collector.store.queries import Queries"),
        ("collector.growth.differ", "from collector import clock"),
        ("migrations.versions.0002_more", "from collector.store import schema"),
    ],
    "growth_is_pure": [
        ("collector.growth.series", "from pathlib import Path"),
        ("collector.growth.series", "import pydantic"),
    ],
    "entrances_stay_at_the_door": [
        ("collector.reports.service", "from collector.wiring import Application"),
        ("collector.importers.service", "from collector.cli.frame import print_table"),
        ("collector.cli.figures", "from collector.store.ledger import Ledger"),
        ("collector.cli.figures", "def late():\n    from collector.store import engine"),
    ],
}


@pytest.mark.parametrize("rule", IMPORT_RULES, ids=lambda rule: rule.__name__)
def test_each_rule_sees_the_modules_that_break_it(rule: Rule) -> None:
    """A rule that complains of nothing guards nothing."""
    unseen = [source for name, source in BROKEN[rule.__name__] if not list(rule(Module(name, source)))]

    assert unseen == []


FINE = [
    ("collector.collect.http", "import httpx"),
    ("collector.ops.doctor", "import os\nname = os.path.join('a', 'b')"),
    ("collector.demo.standin", "import time\ntime.sleep(1)"),
    ("collector.demo.contracts.square", "now = self.world.now()"),
    ("collector.settings", "import os\nhome = os.environ"),
    ("connectors.square.posts", "from connectors.square.measures import VIEWS\nfrom . import measures"),
    ("connectors.square", "import re\nfrom pydantic import SecretStr\nfrom connectors.kit import Connector"),
    ("collector.store.ledger", "from collector.store import schema\nfrom connectors.kit import Reading"),
    ("collector.cli.figures", "from collector.store.history import Wanted"),
]


@pytest.mark.parametrize(("name", "source"), FINE)
def test_no_rule_complains_of_what_is_allowed(name: str, source: str) -> None:
    """A rule with false alarms would be switched off."""
    assert [complaint for rule in IMPORT_RULES for complaint in rule(Module(name, source))] == []


def test_a_circle_through_a_late_import_is_seen() -> None:
    """An import inside a function is how a circle is usually hidden."""
    modules = {
        "square.a": Module("square.a", "from square.b import one"),
        "square.b": Module("square.b", "def late():\n    from square import c"),
        "square.c": Module("square.c", "from .a import two"),
        "square": Module("square", "", is_package=True),
    }

    assert set(find_circle(modules)) == {"square.a", "square.b", "square.c"}


def test_imports_are_read_in_every_form() -> None:
    """What is not seen cannot be forbidden."""
    source = "import a.b\nfrom c import d, e\nfrom . import f\nfrom ..g import h\n"
    known = ("c.d", "p.q.f")

    found = [name for name, _ in imports_of(Module("p.q.r", source), known)]

    assert found == ["a.b", "c.d", "c", "p.q.f", "p.g"]
