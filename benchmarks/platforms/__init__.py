"""The benchmark's platforms, as discovery finds them: a module each, with one `CONNECTOR`.

They are no part of the product. Only a process that calls `install` knows them.
"""

import connectors


def install() -> None:
    """Let discovery find these platforms too. To be called before anything asks which platforms there are."""
    for folder in __path__:
        if folder not in connectors.__path__:
            connectors.__path__.append(folder)
