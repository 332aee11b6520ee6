-- Pictures that accounts show of themselves: which files of which upload; and what they say of their profile's tabs.
alter table accounts
    add column avatar jsonb,
    add column header jsonb,
    add column avatar_description text not null default '',
    add column header_description text not null default '',
    add column hides_media boolean not null default false,
    add column hides_media_replies boolean not null default false,
    add column hides_featured boolean not null default false;
comment on column accounts.avatar is 'media_id, file, still: see Portrait; null while the drawn one is shown';

alter table users add column attribution_domains text[] not null default '{}';
comment on column users.attribution_domains is 'websites that may name the account as the author of their pages';
