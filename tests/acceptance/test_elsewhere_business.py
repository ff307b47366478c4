"""TikTok's second service at a server that the program has not seen: every day that can be had, the others named."""

from datetime import timedelta

from elsewhere import Elsewhere
from elsewhere.business import DAILY, POSTS
from elsewhere.question import days_between
from office import Office

METRICS = {
    "video_views": "views", "profile_views": "profile_visits", "likes": "likes", "comments": "comments",
    "shares": "shares", "unique_video_views": "reach", "daily_new_followers": "followers_gained",
    "daily_lost_followers": "followers_lost", "phone_number_clicks": "tiktok.phone_clicks",
}  # fmt: skip


def days_of(office: Office, metric: str) -> dict[str, object]:
    """Return a metric's daily values."""
    found = office.readings("--platform", "tiktok", "--metric", metric)
    return {one["at"]: one["value"] for one in found if one["precision"] == "day"}


def test_a_month_without_collecting_leaves_no_day_unread_or_unnamed(office: Office, elsewhere: Elsewhere) -> None:
    """An outage of thirty days is within the memory of sixty; one of ninety is not, and its days are named."""
    first = elsewhere.business.newest - timedelta(days=58)
    office.collect()
    for passed in (30, 90):
        office.clock.sleep(passed * 86_400)
        said = office.collect()["tiktok"]

    assert elsewhere.refused == []
    newest, forgotten = elsewhere.business.newest, elsewhere.business.newest - timedelta(days=59)
    held = first + timedelta(days=58 + 30)  # the newest day that was there before the ninety days
    expected = [*days_between(first, held), *days_between(forgotten + timedelta(days=1), newest)]
    for name in (*DAILY, "followers_count"):
        metric = METRICS.get(name, "followers" if name == "followers_count" else f"tiktok.{name}")
        assert days_of(office, metric) == {
            str(day): elsewhere.business.figure(name, day) for day in expected
        }, name  # fmt: skip
    late = [gap for gap in said["gaps"] if gap["reason"] == "too_late"]
    assert {gap["measure"] for gap in late} >= {"views:account:day", "followers@business:account:day"}
    assert said["outcome"] == "ok"


def test_its_audience_and_posts_are_read(office: Office, elsewhere: Elsewhere) -> None:
    """Names in another script, shares as texts and as whole numbers, one dimension that is empty."""
    said = office.collect()["tiktok"]

    shares = {one["dimension"]: one["value"] for one in office.readings("--metric", "tiktok.audience_share")}
    assert {name: float(share) for name, share in shares.items()} == {
        "country:ID": 0.9, "city:ᮘᮔ᮪ᮓᮥᮀ": 0.25, "city:Kota / Contoh": 0.0, "age:25-34": 1.0,
    }  # fmt: skip
    assert {(gap["about"], gap["reason"]) for gap in said["gaps"] if "audience_share" in gap["measure"]} == {
        ("gender", "empty")
    }
    reach = office.readings("--platform", "tiktok", "--metric", "reach")
    by_post = {one["post"]: one["value"] for one in reach if one["post"]}
    assert by_post == {f"99{number:05}": number for number in range(POSTS)}


def test_no_secret_of_it_is_kept(office: Office, elsewhere: Elsewhere) -> None:
    """Its keys travel in a header of their own and come in a frame: both ways have to be known as secret."""
    office.collect()
    office.clock.sleep(3 * 3600)
    office.collect()

    business = elsewhere.business
    files = b"".join(path.read_bytes() for path in office.home.rglob("*") if path.is_file())
    assert len(business.given) == 2
    for secret in (business.first, business.client[1], business.refresh, *business.given):
        assert secret.encode() not in files, secret
