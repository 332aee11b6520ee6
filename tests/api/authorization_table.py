"""Who may call each endpoint, and what the others are told: one row each, in the order of the paths.

A new endpoint needs a row: `everybody(…)` looks at no token, `anyone(…)` at one if there is one, `person(…)` needs an
account's, `by_app(…)` any, `staff(…)` a role. First the scope, then what is answered to those who may; where the path
has an id, `another=` at what somebody else keeps to themselves and `blocked=` at a thing of who blocked the caller.
Other named values are the body that is sent. What the columns are is said in `authorization_rows`.
"""

from dataclasses import replace

from authorization_rows import Row, anyone, by_app, everybody, person, staff

from web_push_keys import SUBSCRIPTION

TABLE: dict[str, Row] = {
    "GET /": everybody(200),
    "GET /.well-known/host-meta": everybody(200),
    "GET /.well-known/host-meta.json": everybody(200),
    "GET /.well-known/nodeinfo": everybody(200),
    "GET /.well-known/oauth-authorization-server": everybody(200),
    "GET /.well-known/webfinger": everybody(200, resource="acct:owner@linnet.test"),
    "GET /@{handle}": everybody(200),
    "GET /@{handle}/{status_id}": everybody(200, another=404, blocked=200),
    "GET /account/delete": everybody(303),
    "POST /account/delete": everybody(303),
    "GET /api/oembed": everybody(404, url="https://linnet.test/@owner/1"),
    "GET /api/v1/accounts": anyone("read:accounts", 200),
    "POST /api/v1/accounts": by_app("write:accounts", 403, app=422),
    "GET /api/v1/accounts/familiar_followers": person("read:follows", 200),
    "GET /api/v1/accounts/lookup": anyone("read:accounts", 200, acct="owner"),
    "GET /api/v1/accounts/relationships": person("read:follows", 200),
    "GET /api/v1/accounts/search": person("read:accounts", 200),
    "PATCH /api/v1/accounts/update_credentials": person("write:accounts", 200),
    "GET /api/v1/accounts/verify_credentials": person("profile", 200),
    "GET /api/v1/accounts/{account_id}": anyone("read:accounts", 200, another=200, blocked=200),
    "POST /api/v1/accounts/{account_id}/block": person("write:blocks", 200, another=200, blocked=200),
    "GET /api/v1/accounts/{account_id}/blocklists": anyone("read:blocks", 200, another=200, blocked=200),
    "GET /api/v1/accounts/{account_id}/collections": anyone("read:collections", 200, another=200, blocked=200),
    "POST /api/v1/accounts/{account_id}/endorse": person("write:accounts", 422, another=422, blocked=422),
    "GET /api/v1/accounts/{account_id}/endorsements": anyone("read:accounts", 200, another=200, blocked=200),
    "GET /api/v1/accounts/{account_id}/featured_tags": anyone("read:accounts", 200, another=200, blocked=200),
    "POST /api/v1/accounts/{account_id}/follow": person("write:follows", 200, another=200, blocked=403),
    "GET /api/v1/accounts/{account_id}/followers": anyone("read:accounts", 200, another=200, blocked=200),
    "GET /api/v1/accounts/{account_id}/following": anyone("read:accounts", 200, another=200, blocked=200),
    "GET /api/v1/accounts/{account_id}/identity_proofs": anyone("read:accounts", 200, another=200, blocked=200),
    "GET /api/v1/accounts/{account_id}/in_collections": person("read:collections", 403, another=403, blocked=403),
    "GET /api/v1/accounts/{account_id}/lists": person("read:lists", 200, another=200, blocked=200),
    "POST /api/v1/accounts/{account_id}/mute": person("write:mutes", 200, another=200, blocked=200),
    "POST /api/v1/accounts/{account_id}/note": person("write:accounts", 200, another=200, blocked=200),
    "POST /api/v1/accounts/{account_id}/pin": person("write:accounts", 422, another=422, blocked=422),
    "POST /api/v1/accounts/{account_id}/remove_from_followers": person("write:follows", 200, another=200, blocked=200),
    "GET /api/v1/accounts/{account_id}/statuses": anyone("read:statuses", 200, another=200, blocked=200),
    "POST /api/v1/accounts/{account_id}/unblock": person("write:blocks", 200, another=200, blocked=200),
    "POST /api/v1/accounts/{account_id}/unendorse": person("write:accounts", 200, another=200, blocked=200),
    "POST /api/v1/accounts/{account_id}/unfollow": person("write:follows", 200, another=200, blocked=200),
    "POST /api/v1/accounts/{account_id}/unmute": person("write:mutes", 200, another=200, blocked=200),
    "POST /api/v1/accounts/{account_id}/unpin": person("write:accounts", 200, another=200, blocked=200),
    "GET /api/v1/admin/accounts": staff("moderator", "admin:read:accounts", 200),
    "GET /api/v1/admin/accounts/{account_id}": staff("moderator", "admin:read:accounts", 200, another=200, blocked=403),
    "GET /api/v1/admin/accounts/{account_id}/standing": staff(
        "moderator", "admin:read:accounts", 200, another=200, blocked=403
    ),
    "DELETE /api/v1/admin/accounts/{account_id}": staff("admin", "admin:write:accounts", 403, another=403, blocked=403),
    "POST /api/v1/admin/accounts/{account_id}/action": staff(
        "moderator", "admin:write:accounts", 200, another=200, blocked=403, type="none"
    ),
    "POST /api/v1/admin/accounts/{account_id}/approve": staff(
        "moderator", "admin:write:accounts", 403, another=403, blocked=403
    ),
    "POST /api/v1/admin/accounts/{account_id}/enable": staff(
        "moderator", "admin:write:accounts", 200, another=200, blocked=403
    ),
    "POST /api/v1/admin/accounts/{account_id}/reject": staff(
        "moderator", "admin:write:accounts", 403, another=403, blocked=403
    ),
    "PUT /api/v1/admin/accounts/{account_id}/role": staff(
        "admin", "admin:write:accounts", 403, another=403, blocked=403, role="user"
    ),
    "GET /api/v1/admin/accounts/{account_id}/sign_ins": staff(
        "moderator", "admin:read:accounts", 200, another=200, blocked=403
    ),
    "GET /api/v1/admin/accounts/{account_id}/strikes": staff(
        "moderator", "admin:read:reports", 200, another=200, blocked=403
    ),
    "POST /api/v1/admin/accounts/{account_id}/unsensitive": staff(
        "moderator", "admin:write:accounts", 200, another=200, blocked=403
    ),
    "POST /api/v1/admin/accounts/{account_id}/unsilence": staff(
        "moderator", "admin:write:accounts", 200, another=200, blocked=403
    ),
    "POST /api/v1/admin/accounts/{account_id}/unsuspend": staff(
        "moderator", "admin:write:accounts", 200, another=200, blocked=403
    ),
    "GET /api/v1/admin/appeals": staff("moderator", "admin:read", 200),
    "GET /api/v1/admin/appeals/{appeal_id}": staff("moderator", "admin:read", 200, another=200, blocked=403),
    "POST /api/v1/admin/appeals/{appeal_id}/approve": staff("moderator", "admin:write", 200, another=200, blocked=403),
    "POST /api/v1/admin/appeals/{appeal_id}/reject": staff("moderator", "admin:write", 200, another=200, blocked=403),
    "GET /api/v1/admin/audit_log": staff("moderator", "admin:read", 200),
    "GET /api/v1/admin/canonical_email_blocks": staff("moderator", "admin:read:canonical_email_blocks", 200),
    "POST /api/v1/admin/canonical_email_blocks": staff("moderator", "admin:write:canonical_email_blocks", 422),
    "POST /api/v1/admin/canonical_email_blocks/test": staff(
        "moderator", "admin:read:canonical_email_blocks", 200, email="bad@mail.example"
    ),
    "GET /api/v1/admin/canonical_email_blocks/{mailbox_id}": staff(
        "moderator", "admin:read:canonical_email_blocks", 200, another=200, blocked=403
    ),
    "DELETE /api/v1/admin/canonical_email_blocks/{mailbox_id}": staff(
        "moderator", "admin:write:canonical_email_blocks", 200, another=200, blocked=403
    ),
    "POST /api/v1/admin/dimensions": staff("moderator", "admin:read", 200, keys=["servers"]),
    "GET /api/v1/admin/domain_allows": staff("moderator", "admin:read:domain_allows", 200),
    "POST /api/v1/admin/domain_allows": staff(
        "moderator", "admin:write:domain_allows", 200, domain="elsewhere.example"
    ),
    "GET /api/v1/admin/domain_allows/{allowed_id}": staff(
        "moderator", "admin:read:domain_allows", 200, another=200, blocked=403
    ),
    "DELETE /api/v1/admin/domain_allows/{allowed_id}": staff(
        "moderator", "admin:write:domain_allows", 200, another=200, blocked=403
    ),
    "GET /api/v1/admin/domain_blocks": staff("moderator", "admin:read:domain_blocks", 200),
    "POST /api/v1/admin/domain_blocks": staff("moderator", "admin:write:domain_blocks", 422, domain="nowhere"),
    "GET /api/v1/admin/domain_blocks/{blocked_id}": staff(
        "moderator", "admin:read:domain_blocks", 200, another=200, blocked=403
    ),
    "PUT /api/v1/admin/domain_blocks/{blocked_id}": staff(
        "moderator", "admin:write:domain_blocks", 200, another=200, blocked=403
    ),
    "DELETE /api/v1/admin/domain_blocks/{blocked_id}": staff(
        "moderator", "admin:write:domain_blocks", 200, another=200, blocked=403
    ),
    "GET /api/v1/admin/cases": staff("moderator", "admin:read:reports", 200),
    "GET /api/v1/admin/cases/queue": staff("moderator", "admin:read:reports", 200),
    "GET /api/v1/admin/cases/{case_id}": staff("moderator", "admin:read:reports", 200, another=200, blocked=403),
    "POST /api/v1/admin/cases/{case_id}/act": staff(
        "moderator", "admin:write:reports", 200, another=200, blocked=403, action="none"
    ),
    "POST /api/v1/admin/cases/{case_id}/assign": staff(
        "moderator", "admin:write:reports", 200, another=200, blocked=403
    ),
    "GET /api/v1/admin/cases/{case_id}/linked": staff("moderator", "admin:read:reports", 200, another=200, blocked=403),
    "POST /api/v1/admin/cases/{case_id}/notes": staff(
        "moderator", "admin:write:reports", 200, another=200, blocked=403, text="Hm"
    ),
    "POST /api/v1/admin/cases/{case_id}/reopen": staff(
        "moderator", "admin:write:reports", 409, another=409, blocked=403
    ),
    "POST /api/v1/admin/cases/{case_id}/resolve": staff(
        "moderator", "admin:write:reports", 422, another=422, blocked=403
    ),
    "GET /api/v1/admin/cases/{case_id}/similar": staff(
        "moderator", "admin:read:reports", 200, another=200, blocked=403
    ),
    "POST /api/v1/admin/cases/{case_id}/unassign": staff(
        "moderator", "admin:write:reports", 200, another=200, blocked=403
    ),
    "GET /api/v1/admin/campaigns": staff("moderator", "admin:read", 200),
    "GET /api/v1/admin/campaigns/{campaign_id}": staff("moderator", "admin:read", 200, another=200, blocked=403),
    "POST /api/v1/admin/campaigns/{campaign_id}/lift": staff("moderator", "admin:write", 200, another=200, blocked=403),
    "GET /api/v1/admin/decisions": staff("moderator", "admin:read", 200),
    "GET /api/v1/admin/decisions/measured": staff("moderator", "admin:read", 200),
    "GET /api/v1/admin/decisions/queue": staff("moderator", "admin:read", 200),
    "GET /api/v1/admin/decisions/{decision_id}": staff("moderator", "admin:read", 200, another=200, blocked=403),
    "POST /api/v1/admin/decisions/{decision_id}/overturn": staff(
        "moderator", "admin:write", 200, another=200, blocked=403
    ),
    "POST /api/v1/admin/decisions/{decision_id}/uphold": staff(
        "moderator", "admin:write", 200, another=200, blocked=403
    ),
    "GET /api/v1/admin/email_domain_blocks": staff("moderator", "admin:read:email_domain_blocks", 200),
    "POST /api/v1/admin/email_domain_blocks": staff(
        "moderator", "admin:write:email_domain_blocks", 200, domain="mail.example"
    ),
    "GET /api/v1/admin/email_domain_blocks/{domain_id}": staff(
        "moderator", "admin:read:email_domain_blocks", 200, another=200, blocked=403
    ),
    "DELETE /api/v1/admin/email_domain_blocks/{domain_id}": staff(
        "moderator", "admin:write:email_domain_blocks", 200, another=200, blocked=403
    ),
    "GET /api/v1/admin/ip_blocks": staff("moderator", "admin:read:ip_blocks", 200),
    "POST /api/v1/admin/ip_blocks": staff("moderator", "admin:write:ip_blocks", 422),
    "GET /api/v1/admin/ip_blocks/{block_id}": staff("moderator", "admin:read:ip_blocks", 200, another=200, blocked=403),
    "PUT /api/v1/admin/ip_blocks/{block_id}": staff(
        "moderator", "admin:write:ip_blocks", 200, another=200, blocked=403
    ),
    "DELETE /api/v1/admin/ip_blocks/{block_id}": staff(
        "moderator", "admin:write:ip_blocks", 200, another=200, blocked=403
    ),
    "GET /api/v1/admin/listed": staff("moderator", "admin:read", 200),
    "POST /api/v1/admin/listed": staff("moderator", "admin:write", 200, value="frobnitz"),
    "GET /api/v1/admin/listed/export": staff("moderator", "admin:read", 200),
    "POST /api/v1/admin/listed/import": staff("moderator", "admin:write", 422),
    "GET /api/v1/admin/listed/{listed_id}": staff("moderator", "admin:read", 200, another=200, blocked=403),
    "DELETE /api/v1/admin/listed/{listed_id}": staff("moderator", "admin:write", 200, another=200, blocked=403),
    "POST /api/v1/admin/measures": staff("moderator", "admin:read", 200, keys=["new_users"]),
    "GET /api/v1/admin/media_known_bad": staff("moderator", "admin:read", 200),
    "POST /api/v1/admin/media_known_bad": staff("moderator", "admin:write", 200, hash="0123456789abcdef"),
    "GET /api/v1/admin/media_known_bad/{known_id}": staff("moderator", "admin:read", 200, another=200, blocked=403),
    "DELETE /api/v1/admin/media_known_bad/{known_id}": staff("moderator", "admin:write", 200, another=200, blocked=403),
    "GET /api/v1/admin/reports": staff("moderator", "admin:read:reports", 200),
    "GET /api/v1/admin/reports/{report_id}": staff("moderator", "admin:read:reports", 200, another=200, blocked=403),
    "PUT /api/v1/admin/reports/{report_id}": staff("moderator", "admin:write:reports", 200, another=200, blocked=403),
    "POST /api/v1/admin/reports/{report_id}/assign_to_self": staff(
        "moderator", "admin:write:reports", 200, another=200, blocked=403
    ),
    "POST /api/v1/admin/reports/{report_id}/reopen": staff(
        "moderator", "admin:write:reports", 200, another=200, blocked=403
    ),
    "POST /api/v1/admin/reports/{report_id}/resolve": staff(
        "moderator", "admin:write:reports", 200, another=200, blocked=403
    ),
    "POST /api/v1/admin/reports/{report_id}/unassign": staff(
        "moderator", "admin:write:reports", 200, another=200, blocked=403
    ),
    "GET /api/v1/admin/policies": staff("admin", "admin:read", 200),
    "POST /api/v1/admin/policies": staff("admin", "admin:write", 200, source="# This allows everything"),
    "POST /api/v1/admin/policies/replay": staff("admin", "admin:read", 200, source="# This allows everything"),
    "GET /api/v1/admin/policies/{version}": staff("admin", "admin:read", 200, another=200, blocked=403),
    "POST /api/v1/admin/policies/{version}/activate": staff("admin", "admin:write", 200, another=200, blocked=403),
    "POST /api/v1/admin/retention": staff("moderator", "admin:read", 200),
    "POST /api/v1/admin/strikes/{strike_id}/undo": staff(
        "moderator", "admin:write:reports", 409, another=409, blocked=403
    ),
    "GET /api/v1/admin/trends/links": staff("moderator", "admin:read", 200),
    "POST /api/v1/admin/trends/links/{link_id}/approve": staff(
        "moderator", "admin:write", 200, another=200, blocked=403
    ),
    "POST /api/v1/admin/trends/links/{link_id}/reject": staff(
        "moderator", "admin:write", 200, another=200, blocked=403
    ),
    "GET /api/v1/admin/trends/statuses": staff("moderator", "admin:read", 200),
    "POST /api/v1/admin/trends/statuses/{status_id}/approve": staff(
        "moderator", "admin:write", 404, another=404, blocked=403
    ),
    "POST /api/v1/admin/trends/statuses/{status_id}/reject": staff(
        "moderator", "admin:write", 404, another=404, blocked=403
    ),
    "GET /api/v1/admin/trends/tags": staff("moderator", "admin:read", 200),
    "POST /api/v1/admin/trends/tags/{tag_id}/approve": staff("moderator", "admin:write", 200, another=200, blocked=403),
    "POST /api/v1/admin/trends/tags/{tag_id}/reject": staff("moderator", "admin:write", 200, another=200, blocked=403),
    "GET /api/v1/announcements": person(None, 200),
    "POST /api/v1/announcements/{announcement_id}/dismiss": person("write:accounts", 200, another=200, blocked=200),
    "DELETE /api/v1/announcements/{announcement_id}/reactions/{name}": person(
        "write:favourites", 200, another=200, blocked=200
    ),
    "PUT /api/v1/announcements/{announcement_id}/reactions/{name}": person(
        "write:favourites", 200, another=200, blocked=200
    ),
    "POST /api/v1/apps": everybody(200, client_name="A bird feeder", redirect_uris="urn:ietf:wg:oauth:2.0:oob"),
    "GET /api/v1/apps/verify_credentials": by_app(None, 403, app=200),
    "DELETE /api/v1/auth/account": person("write:accounts", 403),
    "GET /api/v1/auth/challenge": everybody(404),
    "POST /api/v1/auth/email": person("write:accounts", 403),
    "POST /api/v1/auth/email/confirm": everybody(403),
    "GET /api/v1/auth/factors": person("read:accounts", 403),
    "POST /api/v1/auth/factors/recovery_codes": person("write:accounts", 403),
    "POST /api/v1/auth/factors/totp": person("write:accounts", 403),
    "DELETE /api/v1/auth/factors/totp": person("write:accounts", 403),
    "POST /api/v1/auth/factors/totp/confirm": person("write:accounts", 403),
    "GET /api/v1/auth/apps": person("read:accounts", 200),
    "DELETE /api/v1/auth/apps/{app_id}": person("write:accounts", 204, another=404, blocked=404),
    "POST /api/v1/auth/login": everybody(422),
    "POST /api/v1/auth/logout": everybody(401),
    "GET /api/v1/auth/passkeys": person("read:accounts", 403),
    "POST /api/v1/auth/passkeys": person("write:accounts", 403, credential={}, name="A key"),
    "POST /api/v1/auth/passkeys/options": person("write:accounts", 403),
    "POST /api/v1/auth/passkeys/signin": everybody(422),
    "POST /api/v1/auth/passkeys/signin/options": everybody(200),
    "PATCH /api/v1/auth/passkeys/{passkey_id}": person("write:accounts", 403, another=403, blocked=403, name="A key"),
    "DELETE /api/v1/auth/passkeys/{passkey_id}": person("write:accounts", 403, another=403, blocked=403),
    "POST /api/v1/auth/password/change": person("write:accounts", 403),
    "POST /api/v1/auth/password/forgot": everybody(202),
    "POST /api/v1/auth/password/reset": everybody(403),
    "POST /api/v1/auth/refresh": everybody(422),
    "POST /api/v1/auth/second_factor": everybody(422),
    "POST /api/v1/auth/second_factor/options": everybody(422),
    "GET /api/v1/auth/sessions": person("read:accounts", 200),
    "DELETE /api/v1/auth/sessions": person("write:accounts", 204),
    "DELETE /api/v1/auth/sessions/{session_id}": person("write:accounts", 204, another=404, blocked=404),
    "GET /api/v1/auth/sign_ins": person("read:accounts", 200),
    "POST /api/v1/auth/signup": everybody(422),
    "GET /api/v1/exports": person("read:accounts", 200),
    "POST /api/v1/exports/archives": person("write:accounts", 202),
    "GET /api/v1/exports/archives": person("read:accounts", 200),
    "GET /api/v1/exports/archives/{archive_id}": person("read:accounts", 200, another=404, blocked=404),
    "GET /api/v1/exports/archives/{archive_id}/file": person("read:accounts", 200, another=404, blocked=404),
    "GET /api/v1/exports/{name}": person("read:accounts", 200),
    "POST /api/v1/media": person("write:media", 422),
    "POST /api/v2/media": person("write:media", 422),
    "GET /api/v1/media/uploads": person("write:media", 200),
    "POST /api/v1/media/uploads": person("write:media", 412),
    "GET /api/v1/media/uploads/{upload_id}": person("write:media", 200, another=404, blocked=404),
    "PATCH /api/v1/media/uploads/{upload_id}": person("write:media", 412, another=412, blocked=412),
    "DELETE /api/v1/media/uploads/{upload_id}": person("write:media", 412, another=412, blocked=412),
    "GET /api/v1/media/usage": person("read:accounts", 200),
    "GET /api/v1/moderation/limits": person("read:accounts", 200),
    "GET /api/v1/media/{media_id}": person("write:media", 200, another=404, blocked=404),
    "PUT /api/v1/media/{media_id}": person("write:media", 200, another=404, blocked=404),
    "POST /api/v1/media/{media_id}/captions": person("write:media", 422, another=404, blocked=404),
    "DELETE /api/v1/media/{media_id}/captions/{language}": person("write:media", 404, another=404, blocked=404),
    "DELETE /api/v1/media/{media_id}": person("write:media", 200, another=404, blocked=404),
    "POST /api/v1/imports": person("write:accounts", 422),
    "GET /api/v1/imports": person("read:accounts", 200),
    "GET /api/v1/imports/{import_id}": person("read:accounts", 200, another=404, blocked=404),
    "GET /api/v1/imports/{import_id}/failures": person("read:accounts", 200, another=404, blocked=404),
    "GET /api/v1/timelines/link": anyone("read:statuses", 200),
    "GET /appeal/{token}": everybody(404),
    "POST /appeal/{token}": everybody(403),
    "GET /pictures/cards/{picture}": everybody(404),
    "GET /settings/sessions": everybody(303),
    "POST /settings/sessions": everybody(403),
    "POST /api/v1/auth/step_up": person("write:accounts", 403),
    "POST /api/v1/auth/step_up/options": person("write:accounts", 403),
    "POST /api/v1/auth/unlock": everybody(403),
    "GET /api/v1/blocklists": person("read:blocks", 200),
    "POST /api/v1/blocklists": person("write:blocks", 200, name="Loud birds"),
    "GET /api/v1/blocklists/{blocklist_id}": anyone("read:blocks", 200, another=200, blocked=404),
    "PATCH /api/v1/blocklists/{blocklist_id}": person("write:blocks", 200, another=403, blocked=404),
    "GET /api/v1/blocklists/{blocklist_id}/accounts": anyone("read:blocks", 200, another=200, blocked=404),
    "POST /api/v1/blocklists/{blocklist_id}/accounts": person("write:blocks", 200, another=403, blocked=404),
    "DELETE /api/v1/blocklists/{blocklist_id}/accounts": person("write:blocks", 200, another=403, blocked=404),
    "POST /api/v1/blocklists/{blocklist_id}/subscribe": person("write:blocks", 422, another=200, blocked=404),
    "POST /api/v1/blocklists/{blocklist_id}/unsubscribe": person("write:blocks", 200, another=200, blocked=404),
    "DELETE /api/v1/blocklists/{blocklist_id}": person("write:blocks", 200, another=403, blocked=404),
    "GET /api/v1/blocks": person("read:blocks", 200),
    "GET /api/v1/bookmarks": person("read:bookmarks", 200),
    "POST /api/v1/collections": person("write:collections", 200, name="Birders"),
    "GET /api/v1/collections/{collection_id}": anyone("read:collections", 200, another=200, blocked=404),
    "PATCH /api/v1/collections/{collection_id}": person("write:collections", 200, another=403, blocked=404),
    "DELETE /api/v1/collections/{collection_id}": person("write:collections", 200, another=403, blocked=404),
    "POST /api/v1/collections/{collection_id}/items": person("write:collections", 404, another=404, blocked=404),
    "DELETE /api/v1/collections/{collection_id}/items/{item_id}": person(
        "write:collections", 404, another=403, blocked=404
    ),
    "POST /api/v1/collections/{collection_id}/items/{item_id}/revoke": person(
        "write:collections", 404, another=404, blocked=404
    ),
    "GET /api/v1/bookmarks/folders": person("read:bookmarks", 200),
    "POST /api/v1/bookmarks/folders": person("write:bookmarks", 200, title="Nests"),
    "GET /api/v1/bookmarks/folders/{folder_id}": person("read:bookmarks", 200, another=404, blocked=404),
    "PUT /api/v1/bookmarks/folders/{folder_id}": person("write:bookmarks", 200, another=404, blocked=404, title="Eggs"),
    "DELETE /api/v1/bookmarks/folders/{folder_id}": person("write:bookmarks", 200, another=404, blocked=404),
    "GET /api/v1/conversations": person("read:statuses", 200),
    "DELETE /api/v1/conversations/{thread_id}": person("write:conversations", 200, another=404, blocked=404),
    "POST /api/v1/conversations/{thread_id}/read": person("write:conversations", 200, another=404, blocked=404),
    "GET /api/v1/custom_emojis": everybody(200),
    "GET /api/v1/directory": anyone(None, 200),
    "DELETE /api/v1/domain_blocks": person("write:blocks", 200, domain="elsewhere.example"),
    "GET /api/v1/domain_blocks": person("read:blocks", 200),
    "POST /api/v1/domain_blocks": person("write:blocks", 200, domain="elsewhere.example"),
    "GET /api/v1/drafts": person("read:statuses", 200),
    "POST /api/v1/drafts": person("write:statuses", 200),
    "GET /api/v1/drafts/{draft_id}": person("read:statuses", 200, another=404, blocked=404),
    "PUT /api/v1/drafts/{draft_id}": person("write:statuses", 200, another=404, blocked=404),
    "DELETE /api/v1/drafts/{draft_id}": person("write:statuses", 200, another=404, blocked=404),
    "GET /api/v1/emails/check_confirmation": person("read:accounts", 200),
    "POST /api/v1/emails/confirmations": person("write:accounts", 403),
    "GET /api/v1/emails/preferences": person("read:accounts", 200),
    "PATCH /api/v1/emails/preferences": person("write:accounts", 200),
    "GET /api/v1/endorsements": person("read:accounts", 200),
    "GET /api/v1/favourites": person("read:favourites", 200),
    "GET /api/v1/featured_tags": person("read:accounts", 200),
    "POST /api/v1/featured_tags": person("write:accounts", 200, name="birds"),
    "GET /api/v1/featured_tags/suggestions": person("read:accounts", 200),
    "DELETE /api/v1/featured_tags/{featured_id}": person("write:accounts", 200, another=404, blocked=404),
    "GET /api/v1/filters": person("read:filters", 200),
    "POST /api/v1/filters": person("write:filters", 200, phrase="owl", context=["home"]),
    "GET /api/v1/filters/{keyword_id}": person("read:filters", 200, another=404, blocked=404),
    "PUT /api/v1/filters/{keyword_id}": person("write:filters", 200, another=404, blocked=404, phrase="owl"),
    "DELETE /api/v1/filters/{keyword_id}": person("write:filters", 200, another=404, blocked=404),
    "GET /api/v1/follow_requests": person("read:follows", 200),
    "POST /api/v1/follow_requests/{account_id}/authorize": person("write:follows", 200, another=404, blocked=404),
    "POST /api/v1/follow_requests/{account_id}/reject": person("write:follows", 200, another=200, blocked=200),
    "GET /api/v1/followed_tags": person("read:follows", 200),
    "GET /api/v1/instance": everybody(200),
    "GET /api/v1/instance/activity": everybody(200),
    "GET /api/v1/instance/domain_blocks": everybody(200),
    "GET /api/v1/instance/extended_description": everybody(200),
    "GET /api/v1/instance/peers": everybody(200),
    "GET /api/v1/instance/privacy_policy": everybody(404),
    "GET /api/v1/instance/rules": everybody(200),
    "GET /api/v1/instance/terms_of_service": everybody(404),
    "GET /api/v1/instance/terms_of_service/{day}": everybody(404, another=404, blocked=404),
    "GET /api/v1/instance/translation_languages": everybody(200),
    "GET /api/v1/invites": person("read:accounts", 200),
    "POST /api/v1/invites": person("write:accounts", 200),
    "DELETE /api/v1/invites/{invite_id}": replace(
        person("write:accounts", 200, another=404, blocked=404), staff_another=200
    ),
    "GET /api/v1/lists": person("read:lists", 200),
    "POST /api/v1/lists": person("write:lists", 200, title="Birds"),
    "GET /api/v1/lists/{list_id}": person("read:lists", 200, another=404, blocked=404),
    "PUT /api/v1/lists/{list_id}": person("write:lists", 200, another=404, blocked=404, title="Birds"),
    "DELETE /api/v1/lists/{list_id}": person("write:lists", 200, another=404, blocked=404),
    "GET /api/v1/lists/{list_id}/accounts": person("read:lists", 200, another=404, blocked=404),
    "POST /api/v1/lists/{list_id}/accounts": person("write:lists", 200, another=404, blocked=404),
    "DELETE /api/v1/lists/{list_id}/accounts": person("write:lists", 200, another=404, blocked=404),
    "GET /api/v1/lists/{list_id}/searches": person("read:lists", 200, another=404, blocked=404),
    "POST /api/v1/lists/{list_id}/searches": person("write:lists", 200, another=404, blocked=404),
    "DELETE /api/v1/lists/{list_id}/searches": person("write:lists", 200, another=404, blocked=404),
    "GET /api/v1/lists/{list_id}/tags": person("read:lists", 200, another=404, blocked=404),
    "POST /api/v1/lists/{list_id}/tags": person("write:lists", 200, another=404, blocked=404, tags=["birds"]),
    "DELETE /api/v1/lists/{list_id}/tags": person("write:lists", 200, another=404, blocked=404, tags=["birds"]),
    "GET /api/v1/markers": person("read:statuses", 200),
    "POST /api/v1/markers": person("write:statuses", 200),
    "GET /api/v1/messages/requests": person("read:statuses", 200),
    "GET /api/v1/messages/settings": person("read:accounts", 200),
    "PATCH /api/v1/messages/settings": person("write:accounts", 200),
    "GET /api/v1/messages/threads": person("read:statuses", 200),
    "POST /api/v1/messages/threads": person("write:conversations", 422, text="to nobody"),
    "GET /api/v1/messages/threads/{thread_id}": person("read:statuses", 200, another=404, blocked=404),
    "PATCH /api/v1/messages/threads/{thread_id}": person("write:conversations", 200, another=404, blocked=404),
    "DELETE /api/v1/messages/threads/{thread_id}": person("write:conversations", 200, another=404, blocked=404),
    "POST /api/v1/messages/threads/{thread_id}/accept": person("write:conversations", 200, another=404, blocked=404),
    "POST /api/v1/messages/threads/{thread_id}/decline": person("write:conversations", 200, another=404, blocked=404),
    "POST /api/v1/messages/threads/{thread_id}/leave": person("write:conversations", 200, another=404, blocked=404),
    "POST /api/v1/messages/threads/{thread_id}/members": person("write:conversations", 200, another=404, blocked=404),
    "GET /api/v1/messages/threads/{thread_id}/messages": person("read:statuses", 200, another=404, blocked=404),
    "POST /api/v1/messages/threads/{thread_id}/messages": person(
        "write:conversations", 200, another=404, blocked=404, text="Psst"
    ),
    "POST /api/v1/messages/threads/{thread_id}/mute": person("write:conversations", 200, another=404, blocked=404),
    "POST /api/v1/messages/threads/{thread_id}/read": person("write:conversations", 200, another=404, blocked=404),
    "POST /api/v1/messages/threads/{thread_id}/typing": person("write:conversations", 200, another=404, blocked=404),
    "POST /api/v1/messages/threads/{thread_id}/unmute": person("write:conversations", 200, another=404, blocked=404),
    "GET /api/v1/messages/unread_count": person("read:statuses", 200),
    "GET /api/v1/messages/{message_id}": person("read:statuses", 200, another=404, blocked=404),
    "PUT /api/v1/messages/{message_id}": person(
        "write:conversations", 200, another=404, blocked=404, text="Psst, again"
    ),
    "DELETE /api/v1/messages/{message_id}": person("write:conversations", 200, another=404, blocked=404),
    "GET /api/v1/moderation/decisions": person("read:accounts", 200),
    "GET /api/v1/moderation/decisions/{decision_id}": person("read:accounts", 200, another=404, blocked=404),
    "POST /api/v1/moderation/decisions/{decision_id}/appeal": person(
        "write:accounts", 200, another=404, blocked=404, text="Why?"
    ),
    "GET /api/v1/moderation/strikes": person("read:accounts", 200),
    "GET /api/v1/moderation/strikes/{strike_id}": person("read:accounts", 200, another=404, blocked=404),
    "POST /api/v1/moderation/strikes/{strike_id}/appeal": person(
        "write:accounts", 200, another=404, blocked=404, text="Why?"
    ),
    "GET /api/v1/mutes": person("read:mutes", 200),
    "GET /api/v1/notifications": person("read:notifications", 200),
    "POST /api/v1/notifications/clear": person("write:notifications", 200),
    "POST /api/v1/notifications/dismiss": person("write:notifications", 404, id="1"),
    "GET /api/v1/notifications/policy": person("read:notifications", 200),
    "PATCH /api/v1/notifications/policy": person("write:notifications", 200),
    "PUT /api/v1/notifications/policy": person("write:notifications", 200),
    "GET /api/v1/notifications/requests": person("read:notifications", 200),
    "POST /api/v1/notifications/requests/accept": person("write:notifications", 200),
    "POST /api/v1/notifications/requests/dismiss": person("write:notifications", 200),
    "GET /api/v1/notifications/requests/merged": person("read:notifications", 200),
    "GET /api/v1/notifications/requests/{request_id}": person("read:notifications", 200, another=404, blocked=404),
    "POST /api/v1/notifications/requests/{request_id}/accept": person(
        "write:notifications", 200, another=404, blocked=404
    ),
    "POST /api/v1/notifications/requests/{request_id}/dismiss": person(
        "write:notifications", 200, another=404, blocked=404
    ),
    "GET /api/v1/notifications/unread_count": person("read:notifications", 200),
    "GET /api/v1/notifications/{notification_id}": person("read:notifications", 200, another=404, blocked=404),
    "POST /api/v1/notifications/{notification_id}/dismiss": person(
        "write:notifications", 200, another=404, blocked=404
    ),
    "GET /api/v1/polls/{poll_id}": anyone("read:statuses", 200, another=404, blocked=404),
    "POST /api/v1/polls/{poll_id}/votes": person("write:statuses", 422, another=404, blocked=404, choices=[0]),
    "GET /api/v1/preferences": person("read:accounts", 200),
    "GET /api/v1/profile": person("profile", 200),
    "PATCH /api/v1/profile": person("write:accounts", 200),
    "DELETE /api/v1/profile/avatar": person("write:accounts", 200),
    "DELETE /api/v1/profile/header": person("write:accounts", 200),
    "POST /api/v1/push/devices": person("push", 422, platform="fcm", token="a phone's"),
    "GET /api/v1/push/devices": person("push", 404),
    "PUT /api/v1/push/devices": person("push", 404),
    "DELETE /api/v1/push/devices": person("push", 200),
    "GET /api/v1/push/subscription": person("push", 404),
    "PUT /api/v1/push/subscription": person("push", 404),
    "POST /api/v1/push/subscription": person("push", 200, subscription=SUBSCRIPTION),
    "DELETE /api/v1/push/subscription": person("push", 200),
    "POST /api/v1/reports": person("write:reports", 404, account_id="1"),
    "GET /api/v1/scheduled_statuses": person("read:statuses", 200),
    "GET /api/v1/scheduled_statuses/{scheduled_id}": person("read:statuses", 200, another=404, blocked=404),
    "PUT /api/v1/scheduled_statuses/{scheduled_id}": person("write:statuses", 200, another=404, blocked=404),
    "DELETE /api/v1/scheduled_statuses/{scheduled_id}": person("write:statuses", 200, another=404, blocked=404),
    "GET /api/v1/search": anyone("read:search", 200),
    "GET /api/v1/statuses": anyone("read:statuses", 200),
    "POST /api/v1/statuses": person("write:statuses", 200, status="A song"),
    "GET /api/v1/statuses/{status_id}": anyone("read:statuses", 200, another=404, blocked=404),
    "PUT /api/v1/statuses/{status_id}": person("write:statuses", 200, another=404, blocked=404, status="Another song"),
    "DELETE /api/v1/statuses/{status_id}": person("write:statuses", 200, another=404, blocked=404),
    "POST /api/v1/statuses/{status_id}/bookmark": person("write:bookmarks", 200, another=404, blocked=404),
    "GET /api/v1/statuses/{status_id}/card": anyone("read:statuses", 200, another=404, blocked=404),
    "GET /api/v1/statuses/{status_id}/context": anyone("read:statuses", 200, another=404, blocked=404),
    "POST /api/v1/statuses/{status_id}/favourite": person("write:favourites", 200, another=404, blocked=404),
    "GET /api/v1/statuses/{status_id}/favourited_by": anyone("read:accounts", 200, another=404, blocked=404),
    "GET /api/v1/statuses/{status_id}/hidden_replies": anyone("read:statuses", 200, another=404, blocked=404),
    "POST /api/v1/statuses/{status_id}/hide_reply": person("write:statuses", 422, another=404, blocked=404),
    "GET /api/v1/statuses/{status_id}/history": anyone("read:statuses", 200, another=404, blocked=404),
    "PUT /api/v1/statuses/{status_id}/interaction_policy": person("write:statuses", 200, another=404, blocked=404),
    "POST /api/v1/statuses/{status_id}/mute": person("write:mutes", 200, another=404, blocked=404),
    "POST /api/v1/statuses/{status_id}/pin": person("write:accounts", 200, another=404, blocked=404),
    "GET /api/v1/statuses/{status_id}/quotes": anyone("read:statuses", 200, another=404, blocked=404),
    "POST /api/v1/statuses/{status_id}/quotes/{quoting_status_id}/revoke": person(
        "write:statuses", 404, another=404, blocked=404
    ),
    "POST /api/v1/statuses/{status_id}/reblog": person("write:statuses", 200, another=404, blocked=404),
    "GET /api/v1/statuses/{status_id}/reblogged_by": anyone("read:accounts", 200, another=404, blocked=404),
    "GET /api/v1/statuses/{status_id}/source": person("read:statuses", 200, another=404, blocked=404),
    "POST /api/v1/statuses/{status_id}/translate": person("read:statuses", 404, another=404, blocked=404),
    "POST /api/v1/statuses/{status_id}/unbookmark": person("write:bookmarks", 200, another=404, blocked=404),
    "POST /api/v1/statuses/{status_id}/unfavourite": person("write:favourites", 200, another=404, blocked=404),
    "POST /api/v1/statuses/{status_id}/unhide_reply": person("write:statuses", 422, another=404, blocked=404),
    "POST /api/v1/statuses/{status_id}/unmute": person("write:mutes", 200, another=404, blocked=404),
    "POST /api/v1/statuses/{status_id}/unpin": person("write:accounts", 200, another=404, blocked=404),
    "POST /api/v1/statuses/{status_id}/unreblog": person("write:statuses", 200, another=404, blocked=404),
    "GET /api/v1/suggestions": person("read", 200),
    "DELETE /api/v1/suggestions/{account_id}": person("write:accounts", 200, another=200, blocked=200),
    "GET /api/v1/tags/{name}": anyone("read", 200),
    "POST /api/v1/tags/{name}/feature": person("write:accounts", 200),
    "POST /api/v1/tags/{name}/follow": person("write:follows", 200),
    "POST /api/v1/tags/{name}/unfeature": person("write:accounts", 200),
    "POST /api/v1/tags/{name}/unfollow": person("write:follows", 200),
    "GET /api/v1/timelines/home": person("read:statuses", 200),
    "GET /api/v1/timelines/list/{list_id}": person("read:lists", 200, another=404, blocked=404),
    "GET /api/v1/timelines/public": anyone("read:statuses", 200),
    "GET /api/v1/timelines/tag/{hashtag}": anyone("read:statuses", 200),
    "GET /api/v1/searches": person("read:search", 200),
    "POST /api/v1/searches": person("write:lists", 200, query="birds"),
    "GET /api/v1/searches/{search_id}": person("read:search", 200, another=404, blocked=404),
    "PUT /api/v1/searches/{search_id}": person("write:lists", 200, another=404, blocked=404),
    "DELETE /api/v1/searches/{search_id}": person("write:lists", 200, another=404, blocked=404),
    "GET /api/v1/timelines/search/{search_id}": person("read:search", 200, another=404, blocked=404),
    "GET /api/v1/trends": anyone(None, 200),
    "GET /api/v1/trends/links": anyone(None, 200),
    "GET /api/v1/trends/statuses": anyone(None, 200),
    "GET /api/v1/trends/tags": anyone(None, 200),
    "GET /api/v2/admin/accounts": staff("moderator", "admin:read:accounts", 200),
    "GET /api/v2/filters": person("read:filters", 200),
    "POST /api/v2/filters": person("write:filters", 200, title="Owls", context=["home"]),
    "GET /api/v2/filters/keywords/{keyword_id}": person("read:filters", 200, another=404, blocked=404),
    "PUT /api/v2/filters/keywords/{keyword_id}": person("write:filters", 200, another=404, blocked=404, keyword="owl"),
    "DELETE /api/v2/filters/keywords/{keyword_id}": person("write:filters", 200, another=404, blocked=404),
    "GET /api/v2/filters/statuses/{row_id}": person("read:filters", 200, another=404, blocked=404),
    "DELETE /api/v2/filters/statuses/{row_id}": person("write:filters", 200, another=404, blocked=404),
    "GET /api/v2/filters/{filter_id}": person("read:filters", 200, another=404, blocked=404),
    "PUT /api/v2/filters/{filter_id}": person("write:filters", 200, another=404, blocked=404, title="Owls"),
    "DELETE /api/v2/filters/{filter_id}": person("write:filters", 200, another=404, blocked=404),
    "GET /api/v2/filters/{filter_id}/keywords": person("read:filters", 200, another=404, blocked=404),
    "POST /api/v2/filters/{filter_id}/keywords": person("write:filters", 200, another=404, blocked=404, keyword="owl"),
    "GET /api/v2/filters/{filter_id}/statuses": person("read:filters", 200, another=404, blocked=404),
    "POST /api/v2/filters/{filter_id}/statuses": person("write:filters", 422, another=422, blocked=422),
    "GET /api/v2/instance": everybody(200),
    "GET /api/v2/notifications": person("read:notifications", 200),
    "GET /api/v2/notifications/policy": person("read:notifications", 200),
    "PATCH /api/v2/notifications/policy": person("write:notifications", 200),
    "GET /api/v2/notifications/unread_count": person("read:notifications", 200),
    "GET /api/v2/notifications/{group_key}": person("read:notifications", 200, another=404, blocked=404),
    "GET /api/v2/notifications/{group_key}/accounts": person("read:notifications", 200, another=404, blocked=404),
    "POST /api/v2/notifications/{group_key}/dismiss": person("write:notifications", 200, another=200, blocked=200),
    "GET /api/v2/search": anyone("read:search", 200),
    "GET /api/v2/suggestions": person("read", 200),
    "GET /api/proofs": everybody(200),
    "GET /confirm": everybody(303),
    "POST /confirm": everybody(303),
    "GET /confirm/{token}": everybody(403),
    "POST /confirm/{token}": everybody(403),
    "GET /email/change": everybody(303),
    "POST /email/change": everybody(303),
    "GET /health": everybody(200),
    "GET /health/live": everybody(200),
    "GET /health/ready": everybody(200),
    "GET /mail/unsubscribe/{token}": everybody(404),
    "POST /mail/unsubscribe/{token}": everybody(404),
    "GET /metrics": everybody(401),
    "GET /nodeinfo/2.0": everybody(200),
    "GET /nodeinfo/2.1": everybody(200),
    "GET /oauth/authorize": everybody(400),
    "POST /oauth/authorize": everybody(403),
    "GET /media/{media_id}/{file}": everybody(200, another=200, blocked=200),
    "GET /media/{media_id}/{tree}/{file}": everybody(404, another=404, blocked=404),
    "GET /media/{media_id}/{tree}/{folder}/{file}": everybody(404, another=404, blocked=404),
    "GET /oauth/authorize/native": everybody(200, code="abcdef"),
    "POST /oauth/revoke": everybody(401),
    "POST /oauth/token": everybody(400),
    "GET /oauth/userinfo": person("profile", 200),
    "GET /pages/passkeys.js": everybody(200),
    "GET /pages/puzzle.js": everybody(200),
    "GET /pages/style.css": everybody(200),
    "GET /password/change": everybody(303),
    "POST /password/change": everybody(303),
    "GET /password/forgot": everybody(200),
    "POST /password/forgot": everybody(403),
    "GET /password/reset/{token}": everybody(403),
    "POST /password/reset/{token}": everybody(403),
    "GET /pictures/avatars/{picture}": everybody(200),
    "GET /pictures/headers/{picture}": everybody(200),
    "GET /pictures/logos/{picture}": everybody(200),
    "GET /settings/mail": everybody(303),
    "POST /settings/mail": everybody(303),
    "GET /settings/security": everybody(303),
    "GET /settings/security/confirm": everybody(303),
    "POST /settings/security/confirm": everybody(303),
    "POST /settings/security/passkeys": everybody(303),
    "GET /settings/security/passkeys/new": everybody(303),
    "POST /settings/security/passkeys/{passkey_id}/remove": everybody(303, another=303, blocked=303),
    "POST /settings/security/passkeys/{passkey_id}/rename": everybody(303, another=303, blocked=303),
    "POST /settings/security/recovery_codes": everybody(303),
    "POST /settings/security/totp": everybody(303),
    "POST /settings/security/totp/confirm": everybody(303),
    "POST /settings/security/totp/remove": everybody(303),
    "GET /signin": everybody(200),
    "POST /signin": everybody(422),
    "GET /signin/passkey": everybody(200),
    "POST /signin/passkey": everybody(422),
    "GET /signin/second": everybody(303),
    "POST /signin/second": everybody(303),
    "POST /signout": everybody(403),
    "GET /signup": everybody(200),
    "POST /signup": everybody(422),
    "GET /tags/{name}": everybody(200),
    "GET /unlock/{token}": everybody(403),
    "POST /unlock/{token}": everybody(403),
}
