"""`collector findings`: the questions that only a person can answer."""

import re
from collections.abc import Sequence
from typing import Any

import click

from collector.accounts.decisions import Question
from collector.accounts.wording import STATES, describe, say_answers, say_decider
from collector.cli.frame import command, complain, json_option, office_option, print_json, print_table
from collector.errors import SelectionError
from collector.language import current, t
from collector.store.findings import OPEN
from collector.wiring import Application

by_option = click.option("--by", default="", help=t("Nama yang memutuskan.", en="Who decides."))
note_option = click.option("--note", default="", help=t("Catatan.", en="A remark."))


@click.group(help=t("Temuan yang menunggu keputusan orang.", en="Findings that wait for a person's decision."))
def findings() -> None:
    """Hold the commands on findings together."""


@findings.command("list", help=t("Daftar temuan.", en="The findings."))
@click.option("--all", "with_decided", is_flag=True, help=t("Juga yang sudah diputuskan.", en="Decided ones too."))
@office_option
@json_option
@command
def list_findings(application: Application, with_decided: bool, office: str | None, as_json: bool) -> None:
    """List the findings."""
    office_id = application.accounts.get_office(office).id if office else None
    found = application.decisions.list_all(with_decided=with_decided, office_id=office_id)
    if as_json:
        print_json({"findings": [_plain(one) for one in found]})
        return
    if not found:
        click.echo(t("Tidak ada temuan yang menunggu.", en="No finding waits."))
        return
    headings = (t("No", en="No"), t("Platform", en="Platform"), t("Akun", en="Account"), t("Sejak", en="Since"),
                t("Keadaan", en="State"), t("Temuan", en="Finding"))  # fmt: skip
    print_table(
        headings,
        [
            (one.finding.id, one.account.platform, one.account.handle, _plain(one)["since"][:10], _state(one),
             describe(one.finding, one.account.office.timezone))
            for one in found
        ],
    )  # fmt: skip
    click.echo()
    for one in found:
        if one.finding.state == OPEN:
            click.echo(f"#{one.finding.id} {say_answers(one.finding)}")
    click.echo(t("Putuskan: collector findings accept NO | refuse NO", en="Decide: collector findings accept NO | "
                 "refuse NO"))  # fmt: skip


@findings.command(help=t("Terima satu temuan.", en="Accept a finding."))
@click.argument("number")
@click.option("--account", help=t("Akun manual yang dimaksud.", en="The typed account that is meant."))
@by_option
@note_option
@json_option
@command
def accept(application: Application, number: str, account: str | None, by: str, note: str, as_json: bool) -> None:
    """Accept a finding."""
    meant = _read_number(number)
    followed = application.decisions.accept(meant, by=by, note=note, account=account)
    _say(application, meant, followed, as_json=as_json)


@findings.command(help=t("Tolak satu temuan.", en="Refuse a finding."))
@click.argument("number")
@by_option
@note_option
@json_option
@command
def refuse(application: Application, number: str, by: str, note: str, as_json: bool) -> None:
    """Refuse a finding."""
    meant = _read_number(number)
    followed = application.decisions.refuse(meant, by=by, note=note)
    _say(application, meant, followed, as_json=as_json)


def _read_number(text: str) -> int:
    """Read a finding's number, with or without #. Raises SelectionError where it is none."""
    found = re.fullmatch(r"#?([0-9]{1,9})", text.strip())
    if found is None:
        raise SelectionError(
            t(f"{text} bukan nomor temuan. Lihat: collector findings list.",
              en=f"{text} is no number of a finding. See: collector findings list.")
        )  # fmt: skip
    return int(found[1])


def _say(application: Application, number: int, followed: str, *, as_json: bool) -> None:
    if as_json:
        print_json({**_plain(application.decisions.find(number)), "followed": followed})
    else:
        click.echo(followed)


def _state(one: Question) -> str:
    said = STATES[one.finding.state].text(current())
    decider = say_decider(one.finding)
    return f"{said} ({decider})" if decider else said


def _plain(one: Question) -> dict[str, Any]:
    """Return a finding as plain values."""
    finding, zone = one.finding, one.account.office.timezone
    decided = finding.decided_at.astimezone(zone).isoformat(timespec="seconds") if finding.decided_at else None
    return {
        "id": finding.id,
        "code": finding.code,
        "office": one.account.office.slug,
        "platform": one.account.platform,
        "account": one.account.handle,
        "about": finding.about,
        "before": finding.told.get("before"),
        "after": finding.told.get("after"),
        "since": finding.created_at.astimezone(zone).isoformat(timespec="seconds"),
        "until": finding.told.get("until"),
        "state": finding.state,
        "decided_at": decided,
        "by": finding.by,
        "note": finding.note,
        "message": describe(finding, zone),
    }


def print_findings(sentences: Sequence[str]) -> None:
    """Say on stderr which findings wait for a person."""
    for sentence in sentences:
        complain(t(f"Temuan {sentence}.", en=f"Finding {sentence}."))
    if sentences:
        complain(t("Lihat: collector findings list", en="See: collector findings list"))
