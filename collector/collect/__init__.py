"""The shell around the connectors: request, kept answer, node. `run` is the one path of every collection."""
