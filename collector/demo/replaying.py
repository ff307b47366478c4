"""A contract for a platform that has none: its sample answers, given again.

The richest good sample case is taken. A request gets the kept answer whose question is most like it, so that a moved
clock, which asks for other days, still gets an answer; one that the case never asked is not found.
"""

import json
from collections.abc import Mapping

from collector.demo.contract import Answered, Asked, Contract, without
from collector.settings import env_name, is_secret
from connectors.kit import Connector, Exchange, Reading
from connectors.kit.auth import Renewable
from connectors.kit.samples import Case, list_cases, load_case, replay_case

_ACCESS = {"access_token": "demo-access", "token_type": "bearer", "expires_in": 3600}


def replay_samples(connector: Connector) -> type[Contract] | None:
    """Make a contract of a platform's samples, None where none of them is a good day."""
    rated = [
        (_count(connector, case), case) for case in (load_case(connector.slug, n) for n in list_cases(connector.slug))
    ]
    count, case = max(rated, key=lambda one: one[0], default=(0, None))
    return _contract_of(connector, case) if case is not None and count else None


def _count(connector: Connector, case: Case) -> int:
    replayed = replay_case(connector, case)
    return 0 if replayed.error else sum(isinstance(one, Reading) for one in replayed.observations)


def _contract_of(connector: Connector, case: Case) -> type[Contract]:
    settings = {host.setting: api for api, host in connector.hosts.items() if not host.from_key}
    sign_ins = {
        (connector.hosts[auth.request.api].setting, auth.request.path)
        for host in connector.hosts.values()
        for auth in host.auth.values()
        if isinstance(auth, Renewable)
    }

    class Replaying(Contract):
        slug = connector.slug
        hosts = tuple(settings)
        keys = _keys_of(connector, case)

        def answer(self, asked: Asked) -> Answered:
            if (asked.host, asked.path) in sign_ins:
                return Answered(_ACCESS)
            kept = [one for one in case.exchanges if one.request.api == settings.get(asked.host)
                    and (one.request.method, one.request.path) == (asked.method, asked.path)]  # fmt: skip
            if not kept:
                return Answered("<html><title>Not Found</title></html>", 404)
            nearest = max(kept, key=lambda one: _likeness(one, asked))
            parsed = nearest.json() if self.retired else None
            given = nearest.body if parsed is None else json.loads(nearest.body)
            return without(Answered(given, nearest.status, nearest.headers), self.retired)

    return Replaying


def _likeness(kept: Exchange, asked: Asked) -> int:
    """Count how much of a question is as in the one that was kept."""
    sent = {**asked.query, **asked.form}
    wanted = {**kept.request.params, **(kept.request.form or {})}
    return sum(sent.get(name) == value for name, value in wanted.items()) + int(kept.request.json == asked.json())


def _keys_of(connector: Connector, case: Case) -> Mapping[str, str]:
    """Return what the case's office had filled in; of secrets only the names are known."""
    account, fields = case.assignment.account, connector.Keys.model_fields
    given = {name: account.settings.get(name, f"demo-{connector.slug}-{name}") for name in account.keys}
    given.update(account.settings)
    given.setdefault(connector.identity, account.handle)
    return {env_name(fields[name]): value for name, value in given.items() if name in fields and
            (is_secret(fields[name]) or name in account.settings or name == connector.identity)}  # fmt: skip
