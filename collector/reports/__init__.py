"""The report: a model whose figures remember their evidence, and the words and formats it is written in."""
