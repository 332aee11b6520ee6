"""`/api/v1/admin/policies`: what follows from what is found in texts, for admins; endpoints of our own."""

from datetime import timedelta
from typing import Final

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.features.accounts.permissions import Actor
from linnet.features.cases.policies import actions, reads
from linnet.features.moderation.replaying import SAMPLES
from linnet.mastodon.entities.policy import Policies, PolicyReplay, PolicySource
from linnet.mastodon.presenters.policies import present_policies, present_policy, present_replay

READ: Final = "admin:read"
WRITE: Final = "admin:write"

REPLAY_S: Final = 10.0
"""A request tries the latest decisions for so long; `linnet moderation replay` tries all."""


class PolicyForm(Form):
    """A policy in TOML, and what is new in it."""

    source: str
    note: str = ""


class ReplayForm(Form):
    """A policy in TOML, to be tried on the decisions of the last days, with so many samples of each change."""

    source: str
    days: float = 7.0
    samples: int = SAMPLES


@endpoint("GET", "/api/v1/admin/policies", scope=READ)
async def list_policies(call: Call) -> Policies:
    """List all versions of the policy, and which held when."""
    return present_policies(await reads.overview(call.engines, _actor(call)))


@endpoint("POST", "/api/v1/admin/policies", scope=WRITE)
async def add_policy(call: Call, form: PolicyForm) -> PolicySource:
    """Keep a new version of the policy; it holds once it is activated. Every mistake in it is named."""
    return present_policy(await actions.add(call.engines, _actor(call), form.source, form.note), active=False)


@endpoint("POST", "/api/v1/admin/policies/replay", scope=READ)
async def replay_policy(call: Call, form: ReplayForm) -> PolicyReplay:
    """Try a policy on what was decided lately: what would have changed, because of which rules, with samples.

    Nothing is changed by it, and nothing is kept. It tries the latest decisions for ten seconds.
    """
    since = timedelta(days=min(max(form.days, 0.0), 366.0))
    return present_replay(
        await reads.replay(call.engines, _actor(call), form.source, since, samples=form.samples, for_s=REPLAY_S)
    )


@endpoint("GET", "/api/v1/admin/policies/{version}", scope=READ)
async def show_policy(call: Call, version: int) -> PolicySource:
    """Show a version of the policy as it is written; 0 is what Linnet comes with."""
    shown = await reads.show(call.engines, _actor(call), version)
    return present_policy(shown, active=shown.number == (await reads.active(call.engines, _actor(call))).number)


@endpoint("POST", "/api/v1/admin/policies/{version}/activate", scope=WRITE)
async def activate_policy(call: Call, version: int) -> PolicySource:
    """Let a version hold from now on, also an earlier one again. Try it first: `/api/v1/admin/policies/replay`."""
    return present_policy(await actions.activate(call.engines, _actor(call), version), active=True)


def _actor(call: Call) -> Actor:
    return Actor(call.me, call.address)
