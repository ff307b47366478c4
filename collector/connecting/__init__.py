"""Connecting an account: a person allows it at the platform, and what comes back is checked, compared and sealed."""
