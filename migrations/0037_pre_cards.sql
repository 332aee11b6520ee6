-- Previews of what statuses link to: what a page said of itself when it was looked at.

-- Never changed once written: a status that shows one shows the same for as long as it links there. A page that says
-- something else when it is looked at anew gives another.
create table cards (
    id bigint primary key default snowflake(),
    url text not null,
    kind text not null,
    title text not null,
    description text not null,
    language text,
    author_name text not null,
    author_url text not null,
    provider_name text not null,
    provider_url text not null,
    html text not null,
    embed_url text not null,
    width int not null,
    height int not null,
    image_description text not null,
    published_at timestamptz,
    made_at timestamptz not null
);

-- The picture of a card, as this server gives it: readers of a status ask nobody else for anything.
create table card_pictures (
    card_id bigint primary key,
    jpeg bytea not null,
    width int not null,
    height int not null
);

-- When an address was last looked at, what came of it, and when not to try again before. `until` holds it for whoever
-- is looking just now.
create table looked_up_links (
    url text primary key,
    card_id bigint,
    looked_at timestamptz,
    failures int not null default 0,
    next_at timestamptz not null,
    held_until timestamptz
);
create index looked_up_links_next on looked_up_links (next_at);
create index looked_up_links_card on looked_up_links (card_id) where card_id is not null;

alter table statuses add column card_id bigint;

create table card_statuses (
    card_id bigint not null,
    status_id bigint not null,
    primary key (card_id, status_id)
);
create index card_statuses_status on card_statuses (status_id);
