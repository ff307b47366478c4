"""Modules that fit in the head, functions that fit on a screen, and a sentence on everything public."""

import pytest
from architecture_rules import (
    MOST_LINES,
    MOST_LINES_OF_A_FUNCTION,
    Module,
    load_modules,
    product,
    public_things_are_explained,
    sizes_fit,
    written_by_hand,
)


def test_modules_and_functions_fit() -> None:
    """What has to be scrolled is not understood."""
    complaints = [complaint for module in written_by_hand() for complaint in sizes_fit(module)]

    assert not complaints, "\n".join(complaints)


def test_everything_public_is_explained() -> None:
    """Documentation that stands elsewhere is not read and not kept up."""
    complaints = [complaint for module in written_by_hand() for complaint in public_things_are_explained(module)]

    assert not complaints, "\n".join(complaints)


def test_every_migration_says_what_it_brings() -> None:
    """The person who upgrades reads the first line."""
    scripts = [module for module in product().values() if module.is_in("migrations")]

    assert len(scripts) >= 2
    assert [module.name for module in scripts if '"""' not in module.source[:3]] == []


def test_every_test_says_why_it_matters() -> None:
    """A test whose reason is not known is deleted or obeyed, both wrongly."""
    complaints = [
        complaint
        for module in load_modules("tests").values()
        for complaint in public_things_are_explained(module)
        if " test_" in complaint
    ]

    assert not complaints, "\n".join(complaints)


def test_what_is_too_long_is_seen() -> None:
    """Both limits are counted to the line."""
    long_function = "def f():\n" + "    pass\n" * MOST_LINES_OF_A_FUNCTION
    long_module = "pass\n" * (MOST_LINES + 1)

    assert len(list(sizes_fit(Module("m", long_function)))) == 1
    assert len(list(sizes_fit(Module("m", long_module)))) == 1
    assert list(sizes_fit(Module("m", long_function.removesuffix("    pass\n")))) == []
    assert list(sizes_fit(Module("m", long_module.removesuffix("pass\n")))) == []


@pytest.mark.parametrize(
    "source",
    [
        "x = 1",
        '"""M."""\ndef f(): pass',
        '"""M."""\nclass C: pass',
        '"""M."""\nclass C:\n    """C."""\n    def f(self): pass',
    ],
)
def test_what_is_not_explained_is_seen(source: str) -> None:
    """Modules, functions, classes and methods are all looked at; private ones are free."""
    assert len(list(public_things_are_explained(Module("m", source)))) == 1


def test_private_things_need_no_sentence() -> None:
    """Their names have to do."""
    source = '"""M."""\nclass _C:\n    def f(self): pass\n\nclass D:\n    """D."""\n    def __len__(self): pass'

    assert list(public_things_are_explained(Module("m", source))) == []
