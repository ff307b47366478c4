"""Exact arithmetic over plain values: periods now, changes between them next. No clock, no I/O, no rounding."""
