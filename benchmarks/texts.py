"""The words of docs/benchmarks.md that do not depend on a figure."""

HEAD = """# What collecting costs

`make bench` measures it and writes this page; `make bench BASE=24m` also measures on a base of 24 million readings,
which takes minutes the first time. Only ratios inside one run mean anything: every compared side is a fresh process,
its CPU is the operating system's account of that process, start included, and where runs are short the median of
several is taken. All sides have to end with equal row counts and checksums, or there is no figure. What was tried, and
what it brought, is told in [performance.md](performance.md).

"""

WORK = """
## The work

One `collect now` by the product's one path (`Collecting.run`), on SQLite with its real settings (WAL,
synchronous=FULL), over accounts that are bound already and of which nothing was collected before, so that every
reading is new. The platforms are six made-up ones with the same questions (`benchmarks/connector.py`), each with every
sixth account, so that what the real ones are asked does not change the figures. They are a server of its own process
on loopback that keeps its answers ready; no TLS, no compression. An account is asked five questions: its profile (5
counts), 5 daily figures of 16 days, its audience (45 cities, 20 countries), and two pages of 25 posts with 3 counts
each. That is 300 readings and about 35 KB of JSON. Before them the product asks who the account is: a
question of its own, which the other sides replay as well. Every sixth account signs in with a short-lived key, had by
one more request and sealed before its first use; the others have a key of their own. The platforms declare no pace
worth the name: real ones ask for five requests a second and the like, and that would be all that is measured. Nothing
else of the product is replaced.

- **limit**: the same requests, byte for byte as the product made them, by a hand-written asyncio client with 50
  connections; answers parsed by hand, the same rows upserted in one transaction. No retry, no check, no evidence.
- **floor**: the same client; each answer hashed, compressed and committed by itself before it is read
  (synchronous=FULL), an account's rows upserted and committed when its last answer is there.
- **with 80 ms**: every answer comes 80 ms later. The product holds 8 connections to each platform, 48 to all six; the
  least possible time by arithmetic is requests × 80 ms ÷ 48.
- **a usual night**: the third run in a row, a day later each; the last three days are read again, the audience is of
  another day, and counts of the profile and of the posts are of another moment.
- **storing**: `Ledger.finish_snapshot` against raw sqlite3 that upserts the very same rows into the same tables, both
  with one transaction an account and synchronous=FULL; then everything once more, when nothing may change.
- **report**: an office with an account on each real platform and five years of nights, in which everything was read
  that the platforms' connectors declare: counts, days, windows, calendar periods, the audience by label, and the
  counts of each post for a month, with a post every other day. The values are made up, and no answer lacks any.
  `Reporting.make` for a past semester, on a fresh copy, in a process of its own, start and imports included: each
  format alone, and all four.
- **base**: 3,312 accounts × 10 series × 730 days, made in key order. The account's query and the roll-up ask for
  levels at both ends of two semesters and for the sums of five flows within (`store.sums`); DuckDB answers the same
  question on the same rows.
"""

PEERS = """
## The others, as published with the targets

Not run here: figures of the study that the targets were set from, on a like machine. CPU as a multiple of the limit of
the same block of runs, 0 ms; peak memory at 1,000 accounts.

| | 200 accounts | 1,000 accounts | peak MiB |
| --- | --: | --: | --: |
| limit | 1 | 1 | 40 |
| a plain script (requests, sqlite3) | 5.6 | 8.2 to 9.1 | 32 |
| Singer tap and target, SQLite | 52 | 43 | 55 |
| Airbyte CDK, to a file, storing nothing | 26 | 40 | 96 |
| dlt to SQLite | 34 to 49 | 61 | 155 |
| PyAirbyte to DuckDB | 114 | not run | 358 at 200 |

With 80 ms, 1,000 accounts, against requests × latency ÷ 50: limit 1.16; sequential ones (plain, Singer) over 400 s and
left out. Storing 24 million rows: 19.2 bytes a row (clustered SQLite), 83.8 (PostgreSQL), 6.4 (DuckDB). Account query
0.27 ms by key seeks, 2.4 to 5.5 ms in DuckDB. Roll-up 1.1 to 1.3 s by seeks, 0.4 s from monthly sums, 0.5 s in DuckDB.
One more night 1.4 s (SQLite), 1.2 s (PostgreSQL).
"""

REPEAT = """
## Doing it again

```
make bench                      # about ten minutes
make bench BASE=24m             # and the full base
python -m benchmarks --accounts 200 --latency 0 --rounds 5
python -m benchmarks --skip collect,storing,report --base 24m
python -m benchmarks --database postgresql://… --base 24m      # printed only
```

The base and the report's office are made once and kept in the system's temporary folder, under
`collector-benchmarks`: delete it after a change of the store or of what the platforms declare.

A machine that does other work besides spoils absolute times by half and more, ratios by about a fifth: repeat a row
that looks odd before believing it. The figures behind this page are in `benchmarks/figures.json`.
"""
