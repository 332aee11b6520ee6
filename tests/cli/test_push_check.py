"""What the doctor says of pushed messages."""

import json

from cli.conftest import Linnet


def finding(linnet: Linnet, **settings: str) -> dict[str, str]:
    ran = linnet.run("doctor", "--json", code=int(settings.pop("code", "0")), **settings)
    (found,) = [one for one in json.loads(ran.stdout) if one["check"] == "push"]
    return found


def test_the_doctor_looks_at_accounts_and_keys(linnet: Linnet) -> None:
    assert finding(linnet) == {"check": "push", "verdict": "ok", "found": "Web Push", "advice": ""}
    assert finding(linnet, LINNET_PUBLIC_URL="https://linnet.example")["verdict"] == "warn"
    for wrong in (
        {"LINNET_FCM_CREDENTIALS": "{}"},
        {"LINNET_APNS_KEY": "none"},
        {"LINNET_OUTGOING_ALLOWED": "everything"},
        {"LINNET_VAPID_PRIVATE_KEY": "short"},
    ):
        found = finding(linnet, code="1", **wrong)
        assert (found["verdict"], next(iter(wrong)) in found["advice"]) == ("fail", True)
