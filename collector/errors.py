"""What is wrong with the set-up, a file or a command, in one paragraph for the person in front of it.

A `CollectorError` says what, where and how to mend it, in the user's language; the command line prints it and ends
with its exit status. Faults of platforms are not here: they are `connectors.kit.errors`.
"""


class CollectorError(Exception):
    """Something that a person can mend. The message is the whole paragraph that is shown."""

    exit_status = 2


class SettingsError(CollectorError):
    """A setting in the environment or the env file is missing or wrong."""


class StoreError(CollectorError):
    """The database cannot be opened, is newer than this program, or is damaged."""


class VaultError(CollectorError):
    """The key that opens the sealed sign-ins is missing or does not fit."""


class SelectionError(CollectorError):
    """The command names an office, account, platform, metric or reading that is not there, or not just one."""


class ImportRowsError(CollectorError):
    """A table or a typed figure cannot be taken; nothing of it was stored."""


class RuleError(CollectorError):
    """A rule of the schedule cannot be understood, or would never come."""


class RunningError(CollectorError):
    """The service runs already; a second one would only be in its way."""


class BackupError(CollectorError):
    """A backup cannot be made, read or restored; what is there stays as it is."""
