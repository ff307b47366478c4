"""What collecting costs, beside what it must cost at least: `python -m benchmarks`, or `make bench`.

`population` says which accounts there are, `connector` and `platforms` what they are asked, `server` answers for them
all, `home` makes them through the product's own services. `product`, `limit` and `floor` are the sides that are
compared, each a process of its own; `storing`, `national` and `reporting` look at the store alone. `page` writes what
came of it to docs/benchmarks.md. Nothing here is imported by the product.
"""
