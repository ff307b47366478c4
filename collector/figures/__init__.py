"""Figures as people and other programs see them: history, codes of readings, and the way back to the answer."""
