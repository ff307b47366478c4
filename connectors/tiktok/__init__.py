"""TikTok: an office's account, from the Display API v2 and, where its keys are given, the Accounts API v1.3.

Two services that know nothing of each other (tiktok.md): the Display service gives totals of the moment and the
videos; the business service gives days, the audience and what a video reached. Scopes of the first: `user.info.basic`,
`user.info.profile` for the @name, `user.info.stats` for the counts, `video.list`; of the second `user.info.stats`,
`user.insights`, `video.list` and `video.insights`. The person who signs in may untick any of them, so what each gives
is asked for so that a withheld one costs only its own part. Refresh tokens are used up by each renewal (tiktok.md §2,
seen 2026-11).

Limits: the Display service knows no past; the business one remembers 60 days. Neither gives impressions.
"""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from typing import ClassVar

from connectors.kit import (
    Account,
    Action,
    Assignment,
    Connector,
    Exchange,
    Fetch,
    Host,
    Limits,
    Observation,
    OtherAccountError,
    PlatformError,
    Profile,
    Refreshed,
    Request,
    Words,
)
from connectors.tiktok import business_faults, faults
from connectors.tiktok.business import check_same, read_account
from connectors.tiktok.connecting import SHARED, WAYS
from connectors.tiktok.display import read_counts, read_profile
from connectors.tiktok.insights import read_insights
from connectors.tiktok.keys import TikTokKeys, has_business
from connectors.tiktok.measures import MEASURES
from connectors.tiktok.videos import read_videos

_DISPLAY_SIGN_IN = Refreshed(
    Request(
        "display",
        faults.TOKEN_PATH,
        method="POST",
        form={
            "client_key": "{client_key}",
            "client_secret": "{client_secret}",
            "grant_type": "refresh_token",
            "refresh_token": "{refresh_token}",
        },
    ),
    seed="refresh_token",
    requires=("client_key", "client_secret"),
    single_use=True,
)
_BUSINESS_SIGN_IN = Refreshed(
    Request(
        "business",
        business_faults.TOKEN_PATH,
        method="POST",
        json={
            "client_id": "{business_client_id}",
            "client_secret": "{business_client_secret}",
            "grant_type": "refresh_token",
            "refresh_token": "{business_refresh_token}",
        },
    ),
    seed="business_refresh_token",
    requires=("business_client_id", "business_client_secret"),
    header="Access-Token",
    within="data",
    single_use=True,
)


class TikTok(Connector):
    """TikTok through both its services."""

    slug = "tiktok"
    name = "TikTok"
    aliases = ("tik tok", "tik-tok")
    colour = "#00807A"
    measures = MEASURES
    hosts: ClassVar[Mapping[str, Host]] = {
        "display": Host("TIKTOK_API_URL", "https://open.tiktokapis.com", auth={"user": _DISPLAY_SIGN_IN}),
        "business": Host("TIKTOK_BUSINESS_URL", "https://business-api.tiktok.com", auth={"account": _BUSINESS_SIGN_IN}),
    }
    limits = Limits(per_second=5)  # half of the 600 a minute that each endpoint allows (tiktok.md §3, 2026-08)
    Keys = TikTokKeys
    identity = "username"
    identity_is = "handle"
    needs = (frozenset({"refresh_token", "client_key", "client_secret"}),)
    ways = WAYS
    shared = SHARED
    reread_days = 3  # the business service's days come up to two days late (tiktok.md §4.2)
    terms = Words(
        "TikTok mengizinkan data dipakai hanya untuk akun kantor sendiri dan untuk tujuan yang tertulis pada "
        "aplikasinya; pengumpulan berhenti bila izin akun dicabut.",
        "TikTok allows the data to be used only for the office's own account and for the purpose stated with its app; "
        "collecting ends when the account's permission is withdrawn.",
    )

    def collect(self, assignment: Assignment, fetch: Fetch) -> Iterator[Observation]:
        """Read the counts and the videos, then what the business service adds.

        A refused sign-in of the first must not cost the days of the second, which are lost after 60 days.
        """
        listed, refusal = yield from _read_display(assignment, fetch)
        try:
            if has_business(assignment.account):
                yield from read_account(assignment, fetch)
                yield from read_insights(assignment, fetch, listed)
        except PlatformError:
            if refusal is None:
                raise
        if refusal is not None:
            raise refusal

    def check(self, account: Account, fetch: Fetch) -> Profile:
        """Ask who it is, and see that the business service, where there are keys of it, speaks of the same account.

        What else the business service refuses takes nothing from who it is.
        """
        profile = read_profile(fetch)
        try:
            if has_business(account):
                check_same(profile, account, fetch)
        except OtherAccountError:
            raise
        except PlatformError as refusal:
            if refusal.action in (Action.RETRY, Action.WAIT):
                raise
            return replace(profile, problem=refusal)
        return profile

    def diagnose(self, exchange: Exchange) -> PlatformError | None:
        """Say what is wrong with an answer; success may not be believed from the status alone."""
        if exchange.request.api == "business":
            return business_faults.diagnose_business(exchange)
        return faults.diagnose_display(exchange)


def _read_display(
    assignment: Assignment, fetch: Fetch
) -> Generator[Observation, None, tuple[frozenset[str], PlatformError | None]]:
    """Read what the Display service gives. Returns the ids of the videos it listed, and the fault that ended it."""
    try:
        yield from read_counts(assignment, fetch)
        return (yield from read_videos(assignment, fetch)), None
    except PlatformError as error:
        if error.action in (Action.RETRY, Action.WAIT):
            raise  # the line, or the whole account, is to be left alone for a while
        return frozenset(), error


CONNECTOR = TikTok()
