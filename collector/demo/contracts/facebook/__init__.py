"""The Graph API of Facebook Pages as the stand-in speaks it (facebook.md §7, as far as the connector uses it).

Every answer is a function of the clock, so that a demo may move it through past months; only the switches and the
counted stumbles are states.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from collector.demo.contracts.facebook.graph import PAGE_ID, PAGE_KEY, USER_KEY
from collector.demo.contracts.facebook.insights import Insights
from collector.demo.contracts.facebook.posts import Posts
from collector.demo.graph.refusals import RefusedError, no_such_node
from collector.demo.graph.sign_in import APP_ID, APP_SECRET, Page
from collector.demo.standin import Answered, Asked

__all__ = ["CONTRACT", "PAGE_ID", "USER_KEY", "FacebookContract"]

_NEWEST_VERSION = 26.0
_PAGE_FIELDS = frozenset({
    "id", "name", "username", "link", "category", "fan_count", "followers_count", "new_like_count",
    "talking_about_count", "rating_count", "verification_status", "is_published", "picture", "website",
    "tasks", "access_token", "instagram_business_account",
})  # fmt: skip


class FacebookContract(Insights, Posts):
    """One Page of a small office. `Graph.__init__` has the switches for its misbehaviour."""

    slug = "facebook"
    hosts = ("FACEBOOK_GRAPH_URL", "FACEBOOK_DIALOG_URL")
    keys: ClassVar[Mapping[str, str]] = {
        "FACEBOOK_PAGE_ID": PAGE_ID,
        "FACEBOOK_ACCESS_TOKEN": PAGE_KEY,
        "FACEBOOK_APP_ID": APP_ID,
        "FACEBOOK_APP_SECRET": APP_SECRET,
    }

    def answer(self, asked: Asked) -> Answered:
        """Answer one request."""
        if asked.host == "FACEBOOK_DIALOG_URL":
            return self._show_dialog(asked)
        try:
            return Answered(self._body(asked), headers=self.usage_headers())
        except RefusedError as refused:
            return Answered({"error": refused.body}, refused.status, self.usage_headers())

    def _show_dialog(self, asked: Asked) -> Answered:
        if re.fullmatch(r"/v\d+\.\d/dialog/oauth", asked.path) is None:
            return Answered("<html><title>Page not found</title></html>", 404)
        return self.dialog.answer(asked)

    def _body(self, asked: Asked) -> dict[str, Any]:
        version, _, path = asked.path.lstrip("/").partition("/")
        if not re.fullmatch(r"v\d+\.\d", version) or float(version[1:]) > _NEWEST_VERSION:
            raise RefusedError(2500, f"Unknown path components: {asked.path}")
        sign_in = self.keys_given.find(path)
        if sign_in is not None and asked.method == "GET":
            return sign_in(asked)
        key = self.sign_in(asked)
        if self.stumbles:
            self.stumbles -= 1
            raise RefusedError(2, "An unexpected error has occurred. Please retry your request later.", status=500)
        if self.usage >= 100:
            raise RefusedError(80001, "There have been too many calls to this Page account.")
        node, _, edge = path.partition("/")
        answer = self._find(node, edge) if asked.method == "GET" else None
        if answer is None:
            raise RefusedError(100, f"Unsupported get request. Object with ID '{node}' does not exist", subcode=33)
        return answer(asked, key)

    def _find(self, node: str, edge: str) -> Callable[[Asked, str], dict[str, Any]] | None:
        """Return what answers for a node's edge, None for a node that is not there."""
        post = re.fullmatch(rf"{PAGE_ID}_(\d+)", node)
        edges: dict[str, Callable[[Asked, str], dict[str, Any]]] = {}
        if node == "me":
            edges = {"": self._me, "accounts": self._list_pages}
        elif node == PAGE_ID:
            edges = {"": self._page, "insights": self.insights, "published_posts": self.published_posts,
                     "video_reels": self.video_reels}  # fmt: skip
        elif any(page.id == node for page in self.keys_given.pages):
            edges = {"": self._page}
        elif post:
            edges = {"insights": lambda asked, key: self.insights_of_post(asked, key, int(post[1]))}
        elif node.isdigit():
            edges = {"video_insights": lambda asked, key: self.insights_of_video(asked, key, int(node))}
        if edge and edges and edge not in edges:
            raise RefusedError(2500, f"Unknown path components: /{edge}")
        if edges and (edge if node == PAGE_ID or edge != "insights" else "post_insights") in self.denied:
            raise RefusedError(10, "(#10) This endpoint requires the 'pages_read_engagement' permission", status=403)
        return edges.get(edge)

    def _page(self, asked: Asked, key: str) -> dict[str, Any]:
        page, count = self._page_of(asked, key), self.followers_now()
        known = {
            "name": page.name, "username": "kpucontoh", "link": f"https://www.facebook.com/{page.id}",
            "category": "Government organization", "fan_count": count * 7 // 8, "followers_count": count,
            "verification_status": "not_verified", "is_published": True, "website": "https://kab-contoh.kpu.example/",
        }  # fmt: skip
        if page.id != PAGE_ID:
            del known["username"]
        wanted = self.fields(asked, _PAGE_FIELDS, "Page")
        seen = self.keys_given.page_members(page, self.opened(key), wanted)
        return {**{name: known[name] for name in known if name in wanted - self.hidden}, **seen}

    def _page_of(self, asked: Asked, key: str) -> Page:
        """Return the Page that is asked for. Raises RefusedError where this key does not see it."""
        node, opened = asked.path.split("/")[2], self.opened(key)
        page = self.keys_given.find_page(node, opened)
        if page is None:
            raise no_such_node(node)
        if "pages_read_engagement" not in opened.scopes:
            raise RefusedError(10, "(#10) This endpoint requires the 'pages_read_engagement' permission", status=403)
        return page

    def _me(self, asked: Asked, key: str) -> dict[str, Any]:
        return {"id": self.opened(key).holder}

    def _list_pages(self, asked: Asked, key: str) -> dict[str, Any]:
        self.fields(asked, _PAGE_FIELDS, "Page")
        return self.keys_given.list_pages(asked, self.opened(key))


CONTRACT = FacebookContract
