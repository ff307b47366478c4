"""One of the benchmark's six platforms."""

from benchmarks.connector import BenchConnector

CONNECTOR = BenchConnector(5)
