"""The application: it keeps every answer, reads it through a connector, stores it, compares it and reports it."""
