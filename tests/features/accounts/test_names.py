"""Which user names and mail addresses people may sign up with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linnet.features.accounts.names import (
    RESERVED_USERNAMES,
    USERNAME_LENGTH_MAX,
    check_email,
    check_username,
    is_reserved,
)


@pytest.mark.parametrize("username", ["a", "anna", "Anna_B", "1", "2024", "_", "__a__", "a" * USERNAME_LENGTH_MAX])
def test_letters_digits_and_underscores_make_a_user_name(username: str) -> None:
    assert check_username(username) == []


@pytest.mark.parametrize(
    ("username", "codes"),
    [
        ("", ["ERR_BLANK"]),
        (" \n", ["ERR_BLANK"]),
        ("an na", ["ERR_INVALID"]),
        ("anna\n", ["ERR_INVALID"]),
        ("anna.b", ["ERR_INVALID"]),
        ("änna", ["ERR_INVALID"]),
        ("аnna", ["ERR_INVALID"]),  # the first letter is Cyrillic
        ("１２", ["ERR_INVALID"]),
        ("@anna", ["ERR_INVALID"]),
        ("a" * 31, ["ERR_TOO_LONG"]),
        ("ä" * 31, ["ERR_INVALID", "ERR_TOO_LONG"]),
        ("Admin", ["ERR_RESERVED"]),
        ("_ad_min_", ["ERR_RESERVED"]),
        ("settings", ["ERR_RESERVED"]),
    ],
)
def test_a_user_name_that_cannot_be_is_refused_with_every_reason(username: str, codes: list[str]) -> None:
    assert [problem.code for problem in check_username(username)] == codes


def test_reserved_names_are_written_as_they_are_compared() -> None:
    assert all(name.isascii() and name.isalnum() and name == name.lower() for name in RESERVED_USERNAMES)
    assert {"admin", "root", "support", "api", "oauth", "login", "signup", "about", "auth"} <= RESERVED_USERNAMES
    assert is_reserved("OAuth")
    assert not is_reserved("anna")


@given(st.text(max_size=40))
def test_no_text_but_ascii_words_passes_as_a_user_name(username: str) -> None:
    if not check_username(username):
        assert username.isascii()
        assert username.replace("_", "a").isalnum()
        assert 1 <= len(username) <= USERNAME_LENGTH_MAX


@pytest.mark.parametrize(
    "email",
    [
        "anna@example.com",
        "a.b+c_d-e@mail.example.co.uk",
        "o'neil@example.org",
        "用户@例子.广告",
        "x@xn--bcher-kva.example",
        "1@2.de",
        "a" * 64 + "@example.com",
    ],
)
def test_ordinary_mail_addresses_are_taken(email: str) -> None:
    assert check_email(email) == []


@pytest.mark.parametrize(
    ("email", "code"),
    [
        ("", "ERR_BLANK"),
        ("  ", "ERR_BLANK"),
        ("anna", "ERR_INVALID"),
        ("anna@", "ERR_INVALID"),
        ("@example.com", "ERR_INVALID"),
        ("anna@localhost", "ERR_INVALID"),
        ("anna@127.0.0.1", "ERR_INVALID"),
        ("anna@[127.0.0.1]", "ERR_INVALID"),
        ("anna@b@example.com", "ERR_INVALID"),
        ("anna@example..com", "ERR_INVALID"),
        ("anna@.example.com", "ERR_INVALID"),
        ("anna@example.com.", "ERR_INVALID"),
        ("anna@-example.com", "ERR_INVALID"),
        (".anna@example.com", "ERR_INVALID"),
        ("an..na@example.com", "ERR_INVALID"),
        ("anna @example.com", "ERR_INVALID"),
        (" anna@example.com", "ERR_INVALID"),
        ("anna@example.com\n", "ERR_INVALID"),
        ("anna\r\nBcc: x@example.com", "ERR_INVALID"),
        ("an\x00na@example.com", "ERR_INVALID"),
        ("an\u202ena@example.com", "ERR_INVALID"),
        ("Anna <anna@example.com>", "ERR_INVALID"),
        ("a,b@example.com", "ERR_INVALID"),
        ('"a b"@example.com', "ERR_INVALID"),
        ("a" * 65 + "@example.com", "ERR_INVALID"),
        ("a@" + "b." * 130 + "com", "ERR_TOO_LONG"),
        ("ü" * 130 + "@example.com", "ERR_TOO_LONG"),
        ("\ud800@example.com", "ERR_INVALID"),
    ],
)
def test_what_is_not_one_mail_address_is_refused(email: str, code: str) -> None:
    assert [problem.code for problem in check_email(email)] == [code]


@given(st.text())
def test_an_accepted_mail_address_is_one_line_with_one_at_sign(email: str) -> None:
    if not check_email(email):
        assert email.count("@") == 1
        assert email.split() == [email]
        assert email.isprintable()
