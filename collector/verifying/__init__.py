"""Proving that what is stored is what was stored: every answer, file, figure and run, and the chain over all."""
