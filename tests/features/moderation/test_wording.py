"""What trained models say of texts that none of them was trained on: wording, gibberish, offers."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linnet.features.moderation.detectors import gibberish, offers, wording
from linnet.features.moderation.detectors.ngrams import BUCKETS_LOG2, MANY_LOG2
from linnet.features.moderation.detectors.normal import fold
from linnet.features.moderation.detectors.weights import blend, model
from linnet.features.moderation.detectors.words import Offer
from linnet.features.moderation.detectors.words import offers as patterns
from linnet.features.moderation.models import Context, Reason

BY_ITSELF = Context()


@pytest.mark.parametrize(
    "text",
    [
        "you are a worthless piece of shit and everybody hates you, stupid bitch",
        "all these filthy immigrants are animals, send them back where they came from",
        "shut up you dumb retard, nobody asked you",
    ],
)
def test_abuse_is_likely(text: str) -> None:
    abuse, _ = wording.scores(fold(text))
    assert abuse > 0.6


@pytest.mark.parametrize(
    "text",
    [
        "WINNER!! Claim your free prize now, call 09061701461 or text YES to 87021",
        "Заработок от 150 долларов в день без вложений, пишите в личные сообщения",
        "Check out my new channel and subscribe, I make cover videos every week http://youtube.example/x",
    ],
)
def test_spam_is_likely(text: str) -> None:
    assert wording.scores(fold(text))[1] > 0.6
    assert Reason.SPAM_TEXT in {one.reason for one in wording.detect(text, BY_ITSELF)}


@pytest.mark.parametrize(
    "text",
    [
        "Had a lovely walk along the river this morning, the herons are back",
        "Does anybody know when the library opens on Sundays?",
        "Heute war ich mit den Kindern im Zoo, die Giraffen waren das Beste",
        "Voy a cocinar una paella para mis amigos esta noche",
        "今日は雨なので家で本を読んでいます",
        "",
    ],
)
def test_ordinary_posts_are_left_in_peace(text: str) -> None:
    abuse, spam = wording.scores(fold(text))
    assert abuse < 0.5
    assert spam < 0.5
    assert gibberish.detect(text, BY_ITSELF) == []
    assert offers.detect(text, BY_ITSELF) == []


def test_models_are_of_eight_bits_in_the_order_that_they_are_asked_in() -> None:
    texts, both = model("texts"), blend("blend")
    assert texts.names[-1] == "english"
    assert both.names == ("abuse_en", "spam")
    assert texts.weights.nbytes == len(texts.names) << BUCKETS_LOG2
    assert len(both.means) == len(texts.names)
    assert len(model("others").weights) == 1 << MANY_LOG2


@pytest.mark.parametrize(
    "text",
    [
        "asdfjkl;asdf jklasdf",
        "xkcqzv wrtpqld mnbvcx",
        "kjhgkjhgfdsdfg",
        "фывапролдж йцукен",
        "aGVsbG8gd29ybGQgZm9v+/2Q==",
    ],
)
def test_mashed_keys_are_gibberish(text: str) -> None:
    (finding,) = gibberish.detect(text, BY_ITSELF)
    assert finding.reason is Reason.GIBBERISH


@pytest.mark.parametrize(
    "text",
    [
        "Szczęście Przemysława Grzegorzewskiego",
        "Mississippi, Llanfairpwllgwyngyll, Schwarzkopf",
        "for i in range(10): print(os.path.join(root, name))",
        "https://example.com/aB3dE5fG7hJ9kL2mN4pQ6",
        "@xqzwvk #tbt",
        "ありがとうございます",
        "haha lol omg brb",
        "ok",
        "1234567890",
        "WOOOOOHOOOOO yessss",
    ],
)
def test_names_code_links_and_other_scripts_are_not(text: str) -> None:
    assert gibberish.detect(text, BY_ITSELF) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Earn up to $500 a day, work from home!", Reason.SPAM_OFFER),
        ("GET 10,000 free followers", Reason.SPAM_FOLLOWERS),
        ("hоt singles in your area", Reason.SPAM_ADULT),  # with a Cyrillic letter
        ("double your bitcoin in 24h", Reason.SPAM_CRYPTO),
        ("WhatsApp me at +44 7700 900123", Reason.SPAM_CONTACT),
        (" ".join(f"@person{number}" for number in range(9)), Reason.MENTIONS_FLOOD),
        (" ".join(f"#tag{number}" for number in range(12)), Reason.HASHTAGS_FLOOD),
    ],
)
def test_offers_are_found_where_they_stand(text: str, reason: Reason) -> None:
    found = {one.reason: one for one in offers.detect(text, BY_ITSELF)}
    assert reason in found
    assert text[found[reason].span.start : found[reason].span.end].strip()


def test_offers_of_several_kinds_are_surer() -> None:
    alone = offers.detect("double your bitcoin", BY_ITSELF)[0].score
    together = max(one.score for one in offers.detect("double your bitcoin, work from home", BY_ITSELF))
    assert together > alone


@pytest.mark.parametrize("offer", patterns(), ids=lambda one: one.pattern[:30])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_whatever_a_pattern_matches_has_one_of_the_words_it_is_looked_for_by(offer: Offer, data: st.DataObject) -> None:
    letters = st.characters(codec="utf-8", categories=["Ll", "Nd", "P", "Sc", "Zs"], max_codepoint=0x45F)
    text = data.draw(st.from_regex(re.compile(offer.pattern), alphabet=letters))
    if re.search(offer.pattern, folded := fold(text).text) is not None:
        assert any(word in folded for word in offer.words)
