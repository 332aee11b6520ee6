"""Names that look like other names, by Unicode's skeletons."""

import pytest

from linnet.features.accounts.names import check_username, is_reserved
from linnet.features.accounts.skeletons import skeleton


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("admin", "ADMIN"),
        ("admin", "_ad_min_"),
        ("linnet", "1innet"),
        ("linnet", "Iinnet"),
        ("root", "r00t"),
        ("moderator", "rnoderator"),
        ("web", "vveb"),
        ("admin", "аdmin"),  # a Cyrillic а
        ("Maud Root", "Мaud Rооt"),  # a Cyrillic М and о
        ("Maud", "𝓜𝓪𝓾𝓭"),
        ("Maud", "Ｍａｕｄ"),
        ("Maud", "M\u0301a\u0308u\u200bd"),  # accents, a zero-width space
        ("paypal", "ρaypal"),  # a Greek rho
        ("Maud Root", "maud.root ✅"),
    ],
)
def test_what_looks_alike_has_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other) != ""


@pytest.mark.parametrize(("one", "other"), [("anna", "hanna"), ("bob", "b0bby"), ("mia", "nia"), ("Ада", "Ева")])
def test_other_names_have_others(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@pytest.mark.parametrize("name", ["adrnin", "Adm1n", "r00t", "_1innet_", "rnoderator", "Supp0rt", "vvebmaster"])
def test_a_name_that_looks_like_a_reserved_one_is_reserved(name: str) -> None:
    assert is_reserved(name)
    assert [one.code for one in check_username(name)] == ["ERR_RESERVED"]


@pytest.mark.parametrize(
    "name", ["anna", "bird_lover", "mo", "linus", "ada99", "wren", "illy", "moira", "iris", "lili"]
)
def test_ordinary_names_are_free(name: str) -> None:
    assert check_username(name) == []
