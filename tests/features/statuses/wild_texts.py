"""Texts as nobody writes them, to try the reading of texts on."""

from hypothesis import strategies as st

texts = st.text(st.one_of(st.characters(), st.sampled_from("@#＃/:.()[]?&=-_·\u200d aZ1é日\n\t\r"))) | st.lists(
    st.sampled_from(
        [
            "@bob",
            "@bob@example.com",
            "#tag",
            "https://",
            "example.com",
            "/x",
            "(",
            ")",
            " ",
            "\n",
            "é",
            "😀",
            "<b>",
            "xn--",
        ]
    )
).map("".join)
"""Any text, and texts out of pieces of addresses, mentions and hashtags."""

HOSTILE = [
    *("http://", "http://a.", "http://a.co/)", "http://a.co/(", "http://a.co/((b)", "http://a.co/....", "http://a.co "),
    *("https://a.b-", "http://é.notatld/", "@", "@a", "@a@a.", "@a.-", "#", "#a", "#a·", "#·", "#\ufdfa ", "#é "),
    *("a.", "(", "[", "\n", "\n ", "e\u0301", "\u0301"),
]
"""Pieces that, repeated, make careless patterns take quadratic time."""
