"""What staff do about somebody is pushed to their phone, whatever else they want pushed."""

from linnet.features.accounts.models import Role
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.cases import actions
from linnet.features.cases.models import Act, Action
from push_service import PushService
from world import Person, World

PATH = "/api/v1/push/subscription"


async def test_a_warning_is_pushed_to_who_it_is_for_and_a_report_to_the_staff(
    push_world: World, service: PushService
) -> None:
    ann, mallory = await push_world.people("ann", "mallory")
    maud = await push_world.person("maud", role=Role.MODERATOR)

    async def subscribe(person: Person, **alerts: bool) -> None:
        receiver = service.receiver(standard=True)
        told = await person.do("POST", PATH, subscription=receiver.subscription, data={"alerts": alerts})
        receiver.server_key = told["server_key"]

    await subscribe(mallory, follow=True)
    await subscribe(maud, **{"admin.report": True})
    await ann.do("POST", "/api/v1/reports", account_id=str(mallory.id), comment="Rude")
    await actions.act(push_world.engines, OPERATOR, Act(account_id=mallory.id, action=Action.WARN, text="Be kind"))
    await push_world.settle()
    assert sorted(one.message["notification_type"] for one in service.arrived) == ["admin.report", "moderation_warning"]
    titles = {one.message["notification_type"]: one.message["title"] for one in service.arrived}
    assert titles["moderation_warning"] == "The moderators did something about your account"
    assert titles["admin.report"] == "ann reported somebody"
