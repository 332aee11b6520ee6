-- Who wants to hear of each post of an author: few among many followers, so that fan-out need not walk past the others.
create index follows_notified on follows (target_id, account_id) where notifies;

-- Hashtags by how they begin, byte by byte, whatever the database's collation.
create index tags_prefix on tags (name text_pattern_ops);

-- The directory: who agreed to be found, the lately active and the lately come first.
create index accounts_active on accounts (last_status_on desc nulls last, id desc)
    where discoverable and deleted_at is null and suspended_at is null;
create index accounts_newest on accounts (id desc)
    where discoverable and deleted_at is null and suspended_at is null;

-- Who runs this server: the contact that it names.
create index users_admins on users (account_id) where role = 'admin';
