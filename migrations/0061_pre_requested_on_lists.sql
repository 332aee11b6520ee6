-- Lists take people one has only asked to follow: a membership stands on the request, then on the follow it has become.
alter table follows add column request_id bigint;
comment on column follows.request_id is 'follow_requests.id of the request that it was, if it was asked for';

alter table follow_requests add column at_home boolean not null default true;
comment on column follow_requests.at_home is 'as follows.at_home, for when it is accepted';

comment on column list_accounts.follow_id is
    'follows.id of the owner''s follow, or follow_requests.id of the request it was or is; null where the owner is the member';
