"""`column IN (…)` with all values in one parameter, alike on both databases.

SQLAlchemy writes such a list out anew at each execution, which costs five times what the rest of a small query does
(100 µs for 50 values), and every length would be another statement to the database.
"""

import json
from collections.abc import Collection
from typing import Any, Self

from sqlalchemy import BigInteger, BindParameter, Boolean, ColumnElement, Dialect, Integer, Text, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Values(TypeDecorator[Collection[Any]]):
    """All values in one: an array, which SQLite knows as JSON only."""

    impl = Text
    cache_ok = True

    def __init__(self, *, numbers: bool) -> None:
        super().__init__()
        self.numbers = numbers

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Text())
        return dialect.type_descriptor(ARRAY(BigInteger() if self.numbers else Text()))

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:  # noqa: ANN401 - SQLAlchemy's own
        values = list(value or ())
        return json.dumps(values) if dialect.name == "sqlite" else values


class _Among(FunctionElement[bool]):
    inherit_cache = True
    type = Boolean()

    def self_group(self, against: OperatorType | None = None) -> Self:
        return self  # else SQLite is asked for `… = 1`, and would use no index


def among(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Return the condition that a column's value is one of those given as the parameter `name` when executed."""
    values: BindParameter[Any] = bindparam(name, type_=_Values(numbers=isinstance(column.type, Integer)))
    return _Among(column, values)


@compiles(_Among, "sqlite")
def _in_sqlite(element: _Among, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own
    column, values = (compiler.process(clause, **how) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - both are compiled


@compiles(_Among, "postgresql")
def _in_postgresql(element: _Among, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own
    column, values = (compiler.process(clause, **how) for clause in element.clauses)
    return f"{column} = ANY ({values})"
