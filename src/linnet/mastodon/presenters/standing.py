"""How an account stands as it goes over the wire."""

from linnet.features.cases.standing import Stood
from linnet.features.moderation.rates import Act
from linnet.mastodon.entities.standing import AccountStanding, StandingCount, StandingLimit, StandingPart


def present_standing(found: Stood) -> AccountStanding:
    """All of it, without another question."""
    record, stands = found.record, found.standing
    return AccountStanding(
        account_id=str(record.account_id),
        username=found.username,
        origin=record.origin,
        followers=record.followers,
        reputation=stands.reputation,
        credit=found.credit,
        trouble=found.trouble,
        tier=stands.tier,
        reporter_weight=stands.reporter_weight,
        links_share=stands.links_share,
        duplicates_share=stands.duplicates_share,
        parts=[StandingPart(name=part.name, much=part.much, points=part.points) for part in found.parts],
        happened={
            what: StandingCount(total=count.total, counts=record.weight(what, found.at))
            for what, count in record.counts.items()
        },
        limits={act: _limit(found, act) for act in Act},
    )


def _limit(found: Stood, act: Act) -> StandingLimit:
    allowed = found.rules.of(act)
    return StandingLimit(limit=allowed.most(found.standing.tier), within=int(allowed.within.total_seconds()))
