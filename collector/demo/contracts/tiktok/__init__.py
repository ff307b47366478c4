"""TikTok as the stand-in speaks it: two services that know nothing of each other, and one account (tiktok.md §7)."""

from collections.abc import Mapping
from typing import ClassVar

from collector.demo.contracts.tiktok import business, display, life
from collector.demo.contracts.tiktok.sign_in import refresh_token
from collector.demo.standin import Answered, Asked, Contract
from collector.demo.world import World


class TikTokContract(Contract):
    """One account, `kpu_contoh`. The switches for its misbehaviour are those of the two services."""

    slug = "tiktok"
    hosts = ("TIKTOK_API_URL", "TIKTOK_BUSINESS_URL", "TIKTOK_AUTHORIZE_URL")
    keys: ClassVar[Mapping[str, str]] = {
        "TIKTOK_USERNAME": life.USERNAME,
        "TIKTOK_CLIENT_KEY": display.CLIENT[0],
        "TIKTOK_CLIENT_SECRET": display.CLIENT[1],
        "TIKTOK_REFRESH_TOKEN": refresh_token("display", 0),
        "TIKTOK_BUSINESS_ID": life.BUSINESS_ID,
        "TIKTOK_BUSINESS_CLIENT_ID": business.CLIENT[0],
        "TIKTOK_BUSINESS_CLIENT_SECRET": business.CLIENT[1],
        "TIKTOK_BUSINESS_REFRESH_TOKEN": refresh_token("business", 0),
    }

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.display = display.DisplayService(world)
        self.business = business.BusinessService(world)
        self.display.retired = self.business.retired = self.retired

    def answer(self, asked: Asked) -> Answered:
        """Answer one request."""
        if asked.host == "TIKTOK_AUTHORIZE_URL":
            is_business = asked.query.get("client_key") == business.CLIENT[0]
            return (self.business if is_business else self.display).consent.answer(asked)
        service = self.business if asked.host == "TIKTOK_BUSINESS_URL" else self.display
        return service.answer(asked)


CONTRACT = TikTokContract
