-- A profile without replies, which most clients show first, of somebody who does little but reply.
create index statuses_originals on statuses (account_id, id desc)
    where deleted_at is null and (in_reply_to_id is null or in_reply_to_account_id = account_id);
