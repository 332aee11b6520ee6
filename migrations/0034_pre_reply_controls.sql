-- Who may answer a status, answers that were hidden from their thread, and quotes that were revoked.
alter table statuses
    add column reply_policy text not null default 'everyone',
    add column hidden_at timestamptz,
    add column quote_revoked_at timestamptz;

-- Hidden answers of a thread are few, and read by themselves.
create index statuses_hidden on statuses (thread_id, id desc) where hidden_at is not null and deleted_at is null;
