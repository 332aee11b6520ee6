"""`linnet moderation standing`: an account's reputation, with every term that it comes of."""

from collections.abc import Mapping
from typing import Final

import click

from linnet.cli.output import json_option, print_json, print_table
from linnet.cli.reach import act
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.accounts.users import user_named
from linnet.features.cases.standing import Stood, show
from linnet.features.moderation.rates import Act, in_words
from linnet.features.moderation.standing import PRIOR_CREDIT, PRIOR_TROUBLE, Count, Origin, Part, Record, What
from linnet.mastodon.presenters.standing import present_standing
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

    async def work(engines: Engines) -> Stood:
        return await show(engines, OPERATOR, (await user_named(engines, name)).account_id)

    found = act(work)
    if as_json:
        print_json(present_standing(found))
    else:
        _tell(found)


def _tell(found: Stood) -> None:
    record, stands = found.record, found.standing
    click.echo(f"{found.username} {_CAME[record.origin]} and stands at {stands.reputation:.2f}: {stands.tier}.\n")
    rows = [("to begin with", "", f"{PRIOR_CREDIT:.2f}", f"{PRIOR_TROUBLE:.2f}")]
    for part in found.parts:
        points = f"{abs(part.points):.2f}"
        credit, trouble = (points, "") if part.points > 0 else ("", points)
        rows.append((_WORDS[part.name], _much(part), credit, trouble))
    credit, trouble = f"{found.credit:.2f}", f"{found.trouble:.2f}"
    rows.append(("together", "", credit, trouble))
    print_table(("of", "as much as", "credit", "trouble"), rows, empty="")
    click.echo(f"\nreputation = {credit} / ({credit} + {trouble}) = {stands.reputation:.2f}")
    click.echo(f"A report by it weighs {stands.reporter_weight:.2f}.\n")
    happened = [(_WORDS[what], count.total, round(record.weight(what, found.at), 1)) for what, count in _counts(record)]
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


def _counts(record: Record) -> list[tuple[What, Count]]:
    """What has happened, in the order in which it is always told."""
    return [(what, record.counts[what]) for what in What if what in record.counts and what is not What.MAIL_CONFIRMED]
