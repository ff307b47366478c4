"""The store: one database that keeps every answer, every reading made from it, and who changed what.

`schema` says which tables there are, `ledger` and `readings` do every write, `queries` every read; only this package
knows SQLAlchemy.
"""
