"""`linnet moderation standing`: an account's reputation, with every term that it comes of."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

import click

from linnet.cli.output import json_option, print_json, print_table
from linnet.cli.reach import act
from linnet.features.accounts.users import user_named
from linnet.features.moderation import standings
from linnet.features.moderation.rates import Act, RateRules, in_words
from linnet.features.moderation.standing import (
    PRIOR_CREDIT,
    PRIOR_TROUBLE,
    Count,
    Origin,
    Part,
    Record,
    Standing,
    What,
    parts_of,
    standing_of,
)
from linnet.platform.engines import Engines

_WORDS: Final[Mapping[str, str]] = {
    "age_days": "days since it was made",
    "followers": "followers, as of its last post",
    "origin": "how it came in",
    What.POSTED: "posts",
    What.LINK: "posts with links",
    What.DUPLICATE: "posts much the same as one before",
    What.HELD: "posts held for review",
    What.LIMITED: "posts whose reach was limited",
    What.REJECTED: "posts rejected",
    What.REPORTED: "reports against it",
    What.REPORT_UPHELD: "cases against it upheld",
    What.REPORT_DISMISSED: "reports against it dismissed",
    What.STRIKE: "strikes",
    What.APPEAL_WON: "appeals won",
    What.REPORTS_MADE_UPHELD: "reports of its own upheld",
    What.REPORTS_MADE_DISMISSED: "reports of its own dismissed",
    What.MAIL_CONFIRMED: "a confirmed mail address",
}

_CAME: Final[Mapping[Origin, str]] = {
    Origin.OPEN: "signed up by itself",
    Origin.APPROVED: "was let in by staff",
    Origin.INVITED: "was invited by a member",
    Origin.OPERATOR: "was made by the operator",
}


@dataclass(frozen=True, slots=True)
class _Found:
    """All that is shown."""

    username: str
    record: Record
    standing: Standing
    parts: list[Part]
    rules: RateRules
    now: datetime


@click.command()
@click.argument("name")
@json_option
def standing(name: str, *, as_json: bool) -> None:
    """Show how the account NAME stands: its reputation term by term, its tier, and what it may do in a while.

    Credit has points above 0, trouble below. What happened counts half as much after its half-life: trouble after 30
    days, posts after 180. docs/reputation.md has the formula.

    \b
    Example:
      linnet moderation standing mallory
      linnet moderation standing mallory --json | jq .reputation
    """

    async def work(engines: Engines) -> _Found:
        user = await user_named(engines, name)
        record, now = await standings.record_of(engines.db, user.account_id), engines.clock.now()
        stands, parts = standing_of(record, now), parts_of(record, now)
        return _Found(user.username, record, stands, parts, engines.config(RateRules), now)

    found = act(work)
    if as_json:
        print_json(_plain(found))
    else:
        _tell(found)


def _tell(found: _Found) -> None:
    record, stands = found.record, found.standing
    click.echo(f"{found.username} {_CAME[record.origin]} and stands at {stands.reputation:.2f}: {stands.tier}.\n")
    rows = [("to begin with", "", f"{PRIOR_CREDIT:.2f}", f"{PRIOR_TROUBLE:.2f}")]
    for part in found.parts:
        points = f"{abs(part.points):.2f}"
        rows.append(
            (_WORDS[part.name], _much(part), points if part.points > 0 else "", "" if part.points > 0 else points)
        )
    credit, trouble = _sums(found.parts)
    rows.append(("together", "", f"{credit:.2f}", f"{trouble:.2f}"))
    print_table(("of", "as much as", "credit", "trouble"), rows, empty="")
    click.echo(f"\nreputation = {credit:.2f} / ({credit:.2f} + {trouble:.2f}) = {stands.reputation:.2f}")
    click.echo(f"A report by it weighs {stands.reporter_weight:.2f}.\n")
    happened = [
        (_WORDS[what], count.total, round(record.weight(what, found.now), 1)) for what, count in _counts(record)
    ]
    print_table(("what happened", "ever", "counts now"), happened, empty="Nothing has happened to it yet.")
    click.echo("\nIt may:")
    for one in Act:
        allowed = found.rules.of(one)
        within = in_words(int(allowed.within.total_seconds()))
        click.echo(f"  {one}: {allowed.most(stands.tier):,} within {within}")
    if not found.rules.are_on:
        click.echo("  without any limit, in fact: LINNET_RATE_LIMITS is off.")


def _much(part: Part) -> str:
    return "" if part.name in {"origin", What.MAIL_CONFIRMED} else f"{part.much:,.1f}"


def _sums(parts: list[Part]) -> tuple[float, float]:
    credit = PRIOR_CREDIT + sum(part.points for part in parts if part.points > 0)
    return credit, PRIOR_TROUBLE - sum(part.points for part in parts if part.points < 0)


def _counts(record: Record) -> list[tuple[What, Count]]:
    """What has happened, in the order in which it is always told."""
    return [(what, record.counts[what]) for what in What if what in record.counts and what is not What.MAIL_CONFIRMED]


def _plain(found: _Found) -> dict[str, object]:
    return {
        "account_id": str(found.record.account_id),
        "username": found.username,
        "origin": found.record.origin,
        "followers": found.record.followers,
        "reputation": found.standing.reputation,
        "tier": found.standing.tier,
        "reporter_weight": found.standing.reporter_weight,
        "parts": [asdict(part) for part in found.parts],
        "happened": {
            what: {"total": count.total, "counts": found.record.weight(what, found.now)}
            for what, count in found.record.counts.items()
        },
        "may": {
            one: {
                "times": found.rules.of(one).most(found.standing.tier),
                "within_s": int(found.rules.of(one).within.total_seconds()),
            }
            for one in Act
        },
    }
