"""Paging: cursors in, absolute `Link` addresses out."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from toy_api import PUBLIC_URL, client_of, toy_app

from linnet.api.forms import convert
from linnet.api.paging import AccountsPageForm, Page, PageForm
from linnet.api.parameters import tree_of_text
from linnet.platform.ids import ID_MAX
from linnet.platform.paging import Window


def window(query: bytes, form: type[PageForm] = PageForm) -> Window:
    """The window that a query asks for."""
    return convert(tree_of_text(query), form).window


def links(header: str | None) -> dict[str, str]:
    """The addresses of a `Link` header by their relation."""
    return {relation: address for address, relation in re.findall(r'<([^>]+)>; rel="(\w+)"', header or "")}


def test_a_page_has_its_lists_own_default_and_largest_size() -> None:
    assert window(b"").limit == 20
    assert window(b"limit=1000").limit == 40
    assert window(b"", AccountsPageForm).limit == 40
    assert window(b"limit=1000", AccountsPageForm).limit == 80
    assert window(b"limit=0").limit == 1
    assert window(b"limit=-5").limit == 1


def test_cursors_are_ids() -> None:
    assert window(b"max_id=30&since_id=10") == Window(30, 10, None, 20)
    assert window(b"min_id=10").forward
    assert window(b"min_id=10&since_id=5").above == 10
    assert window(b"since_id=5").above == 5
    assert window(b"max_id=&min_id=") == Window()


@pytest.mark.parametrize("garbage", ["abc", "01GZ3M3X", "-5", "1.5", "%D9%A3"])
def test_a_cursor_that_is_no_id_is_older_than_everything(garbage: str) -> None:
    assert window(f"max_id={garbage}".encode()).max_id == 0


def test_a_cursor_that_no_row_can_have_is_the_newest() -> None:
    assert window(b"max_id=" + b"9" * 40).max_id == ID_MAX
    assert window(b"max_id=00000000000000000000000000042").max_id == 42


def test_links_are_absolute_and_keep_the_filters_of_the_page() -> None:
    page = Page.of(["a", "b"], [9, 4], Window(max_id=10, limit=2))
    found = links(page.link("https://birds.example/api/v1/x", b"max_id=10&limit=2&types[]=a&types[]=b&access_token=s"))
    assert set(found) == {"next", "prev"}
    older = urlsplit(found["next"])
    assert (older.scheme, older.netloc, older.path) == ("https", "birds.example", "/api/v1/x")
    assert parse_qs(older.query) == {"limit": ["2"], "types[]": ["a", "b"], "max_id": ["4"]}
    assert parse_qs(urlsplit(found["prev"]).query) == {"limit": ["2"], "types[]": ["a", "b"], "min_id": ["9"]}


def test_the_last_page_has_no_next() -> None:
    assert set(links(Page.of(["a"], [9], Window(limit=2)).link("https://x", b""))) == {"prev"}
    assert set(links(Page.of(["a", "b"], [9, 8], Window(limit=2), more=False).link("https://x", b""))) == {"prev"}


def test_a_page_whose_rows_are_all_hidden_still_leads_on() -> None:
    assert set(links(Page[str].of([], [9, 8], Window(limit=2)).link("https://x", b""))) == {"next", "prev"}


def test_a_page_read_forward_has_an_older_one() -> None:
    page = Page.of(["a"], [9], Window(min_id=3, limit=2), more=False)
    assert set(links(page.link("https://x", b""))) == {"next", "prev"}


def test_an_empty_page_has_no_links() -> None:
    assert Page[str].of([], [], Window()).link("https://x", b"") is None


async def test_a_client_pages_to_the_end_by_following_links() -> None:
    seen: list[int] = []
    async with client_of(toy_app()) as http:
        address: str | None = f"{PUBLIC_URL}/api/v1/birds?limit=33&colour=gr%C3%BCn"
        while address is not None:
            answer = await http.get(address)
            seen.extend(int(bird["id"]) for bird in answer.json())
            address = links(answer.headers.get("link")).get("next")
            assert address is None or "colour=gr%C3%BCn" in address
    assert seen == list(range(100, 0, -1))
