"""What is risky about the links of a text, from their letters alone: nothing is fetched."""

import re
from ipaddress import AddressValueError, IPv4Address
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from linnet.features.moderation.detectors.addresses import Address, links
from linnet.features.moderation.detectors.hosts import dynamic, known, risky_suffixes, shorteners
from linnet.features.moderation.detectors.lookalikes import lookalike
from linnet.features.moderation.detectors.weights import model
from linnet.features.moderation.models import Context, Finding, Reason, Span

VERSION: Final = "urls-1"
BUCKETS_LOG2: Final = 18
REPORTED_FROM: Final = 0.5
LABELS_MAX: Final = 3
"""Names below a registered domain that an honest host has at most."""
READ_MAX: Final = 200
LENGTHS: Final = (3, 4, 5)
WEB_PORTS: Final = frozenset({"", "80", "443", "8080", "8443"})
SCORES: Final = {
    Reason.URL_IP_HOST: 0.7,
    Reason.URL_CREDENTIALS: 0.9,
    Reason.URL_ODD_PORT: 0.5,
    Reason.URL_SHORTENER: 0.3,
    Reason.URL_DYNAMIC_DNS: 0.6,
    Reason.URL_DEEP_HOST: 0.5,
    Reason.URL_RISKY_SUFFIX: 0.4,
    Reason.URL_MISMATCH: 0.9,
}
MANY: Final = 4
"""Links from which on a text is a flood of them."""

_MARKDOWN: Final = re.compile(r"\[([^\[\]\n]{4,100})\]\(([^()\s]{4,300})\)")
_DIGITS: Final = re.compile(r"\d")
_WORD: Final = re.compile(r"[a-z]{3,}")
_STEP: Final = np.uint32(0x01000193)
_SPREAD: Final = np.uint32(0x9E3779B1)
_MASK: Final = np.uint32((1 << BUCKETS_LOG2) - 1)


def detect(text: str, _: Context) -> list[Finding]:
    """What is risky about each link of a text, in order; and that there are many, over all of them."""
    if "." not in text and "://" not in text:
        return []
    found = list(links(text))
    findings = [finding for span, address in found for finding in _of(span, address)]
    for match in _MARKDOWN.finditer(text[: found[-1][0].end + READ_MAX] if found else ""):
        shown, target = (next((address for _, address in links(part)), None) for part in (match[1], match[2]))
        if shown is not None and target is not None and shown.domain != target.domain:
            findings.append(_finding(Span(match.start(), match.end()), Reason.URL_MISMATCH))
    if len(found) >= MANY:
        whole = Span(found[0][0].start, found[-1][0].end)
        findings.append(Finding(whole, Reason.LINKS_FLOOD, min(1.0, 0.1 * len(found) + 0.1), VERSION))
    return findings


def risk(address: Address) -> float:
    """How likely a link is malicious, 0 to 1, by its letters and by what it passes for."""
    judged = model("urls").probability(buckets(address))
    passes_for = lookalike(address)
    return judged if passes_for is None else 1 - (1 - judged) * (1 - passes_for.score)


def _of(span: Span, address: Address) -> list[Finding]:
    findings = [_finding(span, reason) for reason in signs(address)]
    passes_for = lookalike(address)
    if passes_for is not None and passes_for.score >= REPORTED_FROM:
        findings.append(Finding(span, Reason.URL_LOOKALIKE, passes_for.score, VERSION))
    if (judged := model("urls").probability(buckets(address))) >= REPORTED_FROM:
        findings.append(Finding(span, Reason.URL_MALICIOUS, judged, VERSION))
    return findings


def _finding(span: Span, reason: Reason) -> Finding:
    return Finding(span, reason, SCORES[reason], VERSION)


def signs(address: Address) -> list[Reason]:
    """What a careful person notices in a link."""
    if address.domain in known():
        return [Reason.URL_SHORTENER] if address.domain in shorteners() else []
    below = address.ascii_host.removesuffix(address.domain).count(".")
    noticed = (
        (Reason.URL_IP_HOST, _is_ip(address.ascii_host)),
        (Reason.URL_CREDENTIALS, bool(address.user)),
        (Reason.URL_ODD_PORT, address.port not in WEB_PORTS),
        (Reason.URL_SHORTENER, address.domain in shorteners()),
        (Reason.URL_DYNAMIC_DNS, address.domain in dynamic() or address.suffix in dynamic()),
        (Reason.URL_DEEP_HOST, below > LABELS_MAX),
        (Reason.URL_RISKY_SUFFIX, address.suffix.rpartition(".")[2] in risky_suffixes()),
    )
    return [reason for reason, is_so in noticed if is_so]


def _is_ip(host: str) -> bool:
    """Whether a host is an address: in dots, in brackets, or as one number, which browsers take too."""
    if host.startswith(("[", "0x")) or host.isdigit():
        return True
    try:
        IPv4Address(host)
    except AddressValueError:
        return False
    return True


def buckets(address: Address) -> NDArray[np.uint32]:
    """What the trained model looks at, each bucket once: n-grams of host and path apart, their words, and signs."""
    host = address.ascii_host.removeprefix("www.")
    name = host.removesuffix(address.suffix).rstrip(".")
    path = address.rest.lower()[:READ_MAX]
    tokens = [
        f"suffix {address.suffix.rpartition('.')[2]}",
        f"below {address.suffix}",
        f"domain {address.domain}" if address.domain in known() else "domain of few",
        f"labels {min(name.count('.'), 5)}",
        f"long {min(len(name) // 4, 12)}",
        f"digits {min(len(_DIGITS.findall(name)), 6)}",
        f"hyphens {min(name.count('-'), 4)}",
        f"path {min(len(path).bit_length(), 8)} {min(path.count('/'), 5)}",
        f"query {min(path.count('='), 3)}",
        f"scheme {address.scheme}",
        *(f"sign {reason}" for reason in signs(address)),
        *(f"word {word}" for word in _WORD.findall(name)),
        *(f"path word {word}" for word in _WORD.findall(path)[:30]),
    ]
    if (passes_for := lookalike(address)) is not None:
        tokens.append(f"passes for another {int(passes_for.score * 4)}")
    found = [np.array([crc32(token.encode("utf-8", "ignore")) for token in tokens], np.uint32)]
    for part, mark in ((f"^{name}$", 1), (path, 2)):
        letters = np.frombuffer(part.encode("utf-32-le", "ignore"), np.uint32)
        rolling = letters * _STEP
        for length in range(2, max(LENGTHS) + 1):
            if len(rolling) <= 1:
                break
            rolling = (rolling[:-1] ^ letters[length - 1 :]) * _STEP
            if length in LENGTHS:
                mixed = (rolling + np.uint32(length * mark)) * _SPREAD
                found.append(mixed ^ (mixed >> np.uint32(15)))
    return np.unique(np.concatenate(found) & _MASK)
