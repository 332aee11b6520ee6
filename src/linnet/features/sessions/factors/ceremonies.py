"""WebAuthn's two ceremonies, registering a passkey and signing with one, from their challenge to what was proved.

A challenge is kept here as a hash, good once, for five minutes, for one purpose, and only for whom it was given to:
`bound_to` names their session, their step of signing in or their browser.
"""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final, Literal, cast
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import (
    options_to_json_dict,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from linnet.features.sessions.factors.models import Json
from linnet.features.sessions.factors.store import passkeys as store
from linnet.features.sessions.tokens import hash_of
from linnet.platform.engines import Engines
from linnet.platform.site import Site

CHALLENGE_S: Final = 300
CHALLENGE_BYTES: Final = 32
ACCOUNT_BYTES: Final = 8

Purpose = Literal["register", "sign_in", "second", "step_up"]

_UNREADABLE = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError)
"""What its library raises for messages that no authenticator sends: its own errors, and those of what lies below."""


async def ask_to_register(
    engines: Engines, account_id: int, username: str, *, known: Sequence[bytes], bound_to: str
) -> Json:
    """WebAuthn's `PublicKeyCredentialCreationOptionsJSON`: for a passkey that needs no name and verifies its user.

    `known` are the credentials that the account has already.
    """
    site = engines.config(Site)
    options = generate_registration_options(
        rp_id=_host(site),
        rp_name=site.title,
        user_name=username,
        user_display_name=username,
        user_id=account_id.to_bytes(ACCOUNT_BYTES, "big"),
        challenge=await _challenge(engines, "register", bound_to),
        timeout=CHALLENGE_S * 1000,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    return options_to_json_dict(options)


async def ask_to_sign(engines: Engines, purpose: Purpose, *, known: Sequence[bytes], bound_to: str) -> Json:
    """WebAuthn's `PublicKeyCredentialRequestOptionsJSON`; with none `known`, any passkey of ours may answer."""
    options = generate_authentication_options(
        rp_id=_host(engines.config(Site)),
        challenge=await _challenge(engines, purpose, bound_to),
        timeout=CHALLENGE_S * 1000,
        allow_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


async def registered(engines: Engines, credential: Json, *, bound_to: str) -> VerifiedRegistration | None:
    """What an authenticator registered; None for an answer to no challenge of ours, or a wrong one."""
    site = engines.config(Site)
    try:
        parsed = parse_registration_credential_json(cast("dict[str, Any]", credential))
        challenge = parse_client_data_json(parsed.response.client_data_json).challenge
    except _UNREADABLE:
        return None
    if not await _spend(engines, challenge, "register", bound_to):
        return None
    try:
        return verify_registration_response(
            credential=parsed,
            expected_challenge=challenge,
            expected_rp_id=_host(site),
            expected_origin=site.public_url,
            require_user_verification=True,
        )
    except _UNREADABLE:
        return None


async def signed(
    engines: Engines, credential: Json, public_key: bytes, purpose: Purpose, *, bound_to: str
) -> VerifiedAuthentication | None:
    """What an authenticator signed with this key; None for an answer to no challenge of ours, or a wrong one.

    The counter is the caller's to compare, for only they know of a use at the same moment.
    """
    site = engines.config(Site)
    try:
        parsed = parse_authentication_credential_json(cast("dict[str, Any]", credential))
        challenge = parse_client_data_json(parsed.response.client_data_json).challenge
    except _UNREADABLE:
        return None
    if not await _spend(engines, challenge, purpose, bound_to):
        return None
    try:
        return verify_authentication_response(
            credential=parsed,
            expected_challenge=challenge,
            expected_rp_id=_host(site),
            expected_origin=site.public_url,
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except _UNREADABLE:
        return None


def credential_of(credential: Json) -> tuple[bytes, bytes | None] | None:
    """The id of the credential that an answer is by, and whose it says it is; None when it cannot be read."""
    try:
        parsed = parse_authentication_credential_json(cast("dict[str, Any]", credential))
    except _UNREADABLE:
        return None
    return parsed.raw_id, parsed.response.user_handle


async def _challenge(engines: Engines, purpose: Purpose, bound_to: str) -> bytes:
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    expires_at = engines.clock.now() + timedelta(seconds=CHALLENGE_S)
    await store.insert_challenge(engines.db, hash_of(challenge.hex()), purpose, bound_to, expires_at)
    return challenge


async def _spend(engines: Engines, challenge: bytes, purpose: Purpose, bound_to: str) -> bool:
    now = engines.clock.now()
    return await store.spend_challenge(engines.db, hash_of(challenge.hex()), purpose, bound_to, now)


def _host(site: Site) -> str:
    """The relying party's id: passkeys made here work at this host alone."""
    host = urlsplit(site.public_url).hostname
    assert host, "a public address has a host"
    return host
