-- The schema after all migrations. Written by `python -m linnet.platform.migrations`.

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';

CREATE TYPE public.job_state AS ENUM (
    'ready',
    'claimed',
    'suspect',
    'dead'
);

CREATE TYPE public.notification_verdict AS ENUM (
    'accept',
    'filter',
    'drop'
);

CREATE TYPE public.role AS ENUM (
    'user',
    'moderator',
    'admin'
);

CREATE TYPE public.visibility AS ENUM (
    'public',
    'unlisted',
    'private',
    'direct'
);

CREATE FUNCTION public.refuse_rewriting() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    raise exception '% only grows: % is refused', tg_table_name, lower(tg_op) using errcode = 'restrict_violation';
end $$;

CREATE FUNCTION public.regroup_notifications() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    if not exists (select from gone where group_key is not null) then return null; end if;
    -- In one order, as those who write notifications lock them.
    perform from notification_groups g
        where (g.account_id, g.group_key) in (select account_id, group_key from gone where group_key is not null)
        order by g.account_id, g.group_key for update;
    update notification_groups g set newest_id = left_over.newest_id
        from (select account_id, group_key, max(id) as id from gone where group_key is not null group by 1, 2) went
        cross join lateral (select max(n.id) as newest_id from notifications n
                            where n.account_id = went.account_id and n.group_key = went.group_key) left_over
        where g.account_id = went.account_id and g.group_key = went.group_key and g.newest_id = went.id
            and left_over.newest_id is not null;
    delete from notification_groups g
        using (select account_id, group_key, max(id) as id from gone where group_key is not null group by 1, 2) went
        where g.account_id = went.account_id and g.group_key = went.group_key and g.newest_id = went.id;
    return null;
end $$;

CREATE SEQUENCE public.snowflake_sequence
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE FUNCTION public.snowflake(made_at timestamp with time zone DEFAULT clock_timestamp()) RETURNS bigint
    LANGUAGE sql
    RETURN (((floor((EXTRACT(epoch FROM made_at) * (1000)::numeric)))::bigint << 16) | (nextval('public.snowflake_sequence'::regclass) & (65535)::bigint));

CREATE TABLE public.account_counter_changes (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    followers integer DEFAULT 0 NOT NULL,
    following integer DEFAULT 0 NOT NULL,
    statuses integer DEFAULT 0 NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.account_counter_changes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.account_counter_changes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.account_counters (
    account_id bigint NOT NULL,
    followers bigint DEFAULT 0 NOT NULL,
    following bigint DEFAULT 0 NOT NULL,
    statuses bigint DEFAULT 0 NOT NULL
);

CREATE TABLE public.account_notes (
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    comment text NOT NULL
);

CREATE TABLE public.accounts (
    id bigint DEFAULT public.snowflake() NOT NULL,
    username text NOT NULL,
    display_name text DEFAULT ''::text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    fields jsonb DEFAULT '[]'::jsonb NOT NULL,
    locked boolean DEFAULT false NOT NULL,
    bot boolean DEFAULT false NOT NULL,
    discoverable boolean DEFAULT true NOT NULL,
    indexable boolean DEFAULT false NOT NULL,
    hides_collections boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_status_on date,
    suspended_at timestamp with time zone,
    deleted_at timestamp with time zone,
    avatar jsonb,
    header jsonb,
    avatar_description text DEFAULT ''::text NOT NULL,
    header_description text DEFAULT ''::text NOT NULL,
    hides_media boolean DEFAULT false NOT NULL,
    hides_media_replies boolean DEFAULT false NOT NULL,
    hides_featured boolean DEFAULT false NOT NULL,
    silenced_at timestamp with time zone,
    sensitized_at timestamp with time zone,
    frozen_at timestamp with time zone,
    erase_after timestamp with time zone
);

COMMENT ON COLUMN public.accounts.avatar IS 'media_id, file, still: see Portrait; null while the drawn one is shown';

CREATE TABLE public.activity_months (
    month date NOT NULL,
    account_id bigint NOT NULL,
    days integer NOT NULL,
    CONSTRAINT activity_months_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric))
)
WITH (fillfactor='80');

COMMENT ON COLUMN public.activity_months.days IS 'bit 0 for the first day of the month';

CREATE TABLE public.announcement_dismissals (
    account_id bigint NOT NULL,
    announcement_id bigint NOT NULL
);

CREATE TABLE public.announcement_reactions (
    announcement_id bigint NOT NULL,
    name text NOT NULL,
    account_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE public.announcements (
    id bigint DEFAULT public.snowflake() NOT NULL,
    text text NOT NULL,
    all_day boolean DEFAULT false NOT NULL,
    starts_at timestamp with time zone,
    ends_at timestamp with time zone,
    scheduled_at timestamp with time zone,
    published_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);

CREATE TABLE public.appeals (
    id bigint DEFAULT public.snowflake() NOT NULL,
    account_id bigint NOT NULL,
    decision_id bigint,
    strike_id bigint,
    text text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    answered_at timestamp with time zone,
    answered_by bigint,
    approved boolean,
    answer text DEFAULT ''::text NOT NULL,
    CONSTRAINT appeals_check CHECK ((num_nonnulls(decision_id, strike_id) = 1)),
    CONSTRAINT appeals_check1 CHECK (((answered_at IS NULL) = (approved IS NULL)))
);

CREATE TABLE public.archive_pieces (
    archive_id bigint NOT NULL,
    place integer NOT NULL,
    bytes bytea NOT NULL
);

CREATE TABLE public.archives (
    id bigint DEFAULT public.snowflake() NOT NULL,
    account_id bigint NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    size_bytes bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone
);

CREATE TABLE public.audit_log (
    id bigint DEFAULT public.snowflake() NOT NULL,
    actor_id bigint,
    action text NOT NULL,
    target_id bigint,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    made_at timestamp with time zone NOT NULL
);

CREATE TABLE public.blocklist_entries (
    blocklist_id bigint NOT NULL,
    account_id bigint NOT NULL,
    id bigint DEFAULT public.snowflake() NOT NULL
);

CREATE TABLE public.blocklist_exceptions (
    account_id bigint NOT NULL,
    target_id bigint NOT NULL
);

COMMENT ON TABLE public.blocklist_exceptions IS 'whom somebody unblocked or unmuted by hand: no list blocks or mutes them for that one again';

CREATE TABLE public.blocklist_subscriptions (
    account_id bigint NOT NULL,
    blocklist_id bigint NOT NULL,
    effect text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT blocklist_subscriptions_effect_check CHECK ((effect = ANY (ARRAY['block'::text, 'mute'::text])))
);

CREATE TABLE public.blocklists (
    id bigint DEFAULT public.snowflake() NOT NULL,
    account_id bigint NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    public boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    dropped_at timestamp with time zone
);

COMMENT ON COLUMN public.blocklists.dropped_at IS 'its owner has deleted it; it goes when it has been undone for all who subscribed';

CREATE TABLE public.blocks (
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    id bigint DEFAULT public.snowflake() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    blocklist_id bigint
);

COMMENT ON COLUMN public.blocks.blocklist_id IS 'the list it is of; null when it was made by hand';

CREATE TABLE public.bookmark_folders (
    id bigint DEFAULT public.snowflake() NOT NULL,
    account_id bigint NOT NULL,
    title text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.bookmarks (
    account_id bigint NOT NULL,
    status_id bigint NOT NULL,
    id bigint DEFAULT public.snowflake() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    folder_id bigint
);

CREATE TABLE public.campaign_posts (
    status_id bigint NOT NULL,
    campaign_id bigint NOT NULL,
    account_id bigint NOT NULL
);

CREATE TABLE public.campaigns (
    id bigint DEFAULT public.snowflake() NOT NULL,
    recognised_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    lifted_at timestamp with time zone,
    lifted_by bigint,
    score real NOT NULL,
    evidence jsonb NOT NULL,
    linked boolean NOT NULL,
    signatures bytea NOT NULL,
    chorus_ids bigint[] NOT NULL
);

COMMENT ON COLUMN public.campaigns.seen_at IS 'when a post of it last came';

COMMENT ON COLUMN public.campaigns.lifted_at IS 'somebody has looked and says that it is none: nothing is done about it any more';

COMMENT ON COLUMN public.campaigns.evidence IS 'what was counted when it was recognised, and lately: the words of alike/signs.py';

COMMENT ON COLUMN public.campaigns.signatures IS '112 bytes for each of some of its texts: 64 of a sketch and 12 keys';

COMMENT ON COLUMN public.campaigns.chorus_ids IS 'the first posts of each of the groups of near-duplicates that it was recognised in';

CREATE TABLE public.canonical_email_blocks (
    id bigint DEFAULT public.snowflake() NOT NULL,
    hash bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT canonical_email_blocks_hash_check CHECK ((length(hash) = 32))
);

CREATE TABLE public.card_pictures (
    card_id bigint NOT NULL,
    jpeg bytea NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL
);

CREATE TABLE public.card_statuses (
    card_id bigint NOT NULL,
    status_id bigint NOT NULL
);

CREATE TABLE public.cards (
    id bigint DEFAULT public.snowflake() NOT NULL,
    url text NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    language text,
    author_name text NOT NULL,
    author_url text NOT NULL,
    provider_name text NOT NULL,
    provider_url text NOT NULL,
    html text NOT NULL,
    embed_url text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    image_description text NOT NULL,
    published_at timestamp with time zone,
    made_at timestamp with time zone NOT NULL
);

CREATE TABLE public.case_entries (
    id bigint DEFAULT public.snowflake() NOT NULL,
    case_id bigint NOT NULL,
    account_id bigint,
    kind text NOT NULL,
    text text DEFAULT ''::text NOT NULL,
    made_at timestamp with time zone NOT NULL
);

CREATE TABLE public.cases (
    id bigint DEFAULT public.snowflake() NOT NULL,
    account_id bigint NOT NULL,
    category text NOT NULL,
    weight real DEFAULT 0 NOT NULL,
    reporters integer DEFAULT 0 NOT NULL,
    assigned_to bigint,
    opened_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    resolved_at timestamp with time zone,
    resolved_by bigint,
    outcome text,
    CONSTRAINT cases_category_check CHECK ((category = ANY (ARRAY['spam'::text, 'legal'::text, 'violation'::text, 'other'::text]))),
    CONSTRAINT cases_check CHECK (((resolved_at IS NULL) = (outcome IS NULL))),
    CONSTRAINT cases_outcome_check CHECK ((outcome = ANY (ARRAY['upheld'::text, 'dismissed'::text])))
);

CREATE TABLE public.collection_items (
    id bigint DEFAULT public.snowflake() NOT NULL,
    collection_id bigint NOT NULL,
    account_id bigint NOT NULL,
    revoked_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL
);

COMMENT ON COLUMN public.collection_items.revoked_at IS 'left by the account itself, which cannot be put there again';

CREATE TABLE public.collections (
    id bigint DEFAULT public.snowflake() NOT NULL,
    account_id bigint NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    language text,
    tag text,
    sensitive boolean NOT NULL,
    discoverable boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);

CREATE TABLE public.conversation_members (
    conversation_id bigint NOT NULL,
    account_id bigint NOT NULL,
    standing text NOT NULL,
    invited_by bigint NOT NULL,
    since_id bigint DEFAULT 0 NOT NULL,
    cleared_id bigint DEFAULT 0 NOT NULL,
    read_id bigint DEFAULT 0 NOT NULL,
    last_message_id bigint NOT NULL,
    hidden boolean DEFAULT false NOT NULL,
    muted boolean DEFAULT false NOT NULL,
    unanswered integer DEFAULT 0 NOT NULL,
    joined_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.conversations (
    id bigint DEFAULT public.snowflake() NOT NULL,
    is_group boolean NOT NULL,
    title text DEFAULT ''::text NOT NULL,
    started_by bigint NOT NULL,
    member_ids bigint[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.decisions (
    id bigint DEFAULT public.snowflake() NOT NULL,
    account_id bigint NOT NULL,
    about text NOT NULL,
    subject_id bigint,
    surface text NOT NULL,
    measure text NOT NULL,
    findings jsonb NOT NULL,
    reputation real NOT NULL,
    policy_version integer NOT NULL,
    model_version text NOT NULL,
    language text,
    text text,
    source text DEFAULT 'request'::text NOT NULL,
    failed boolean DEFAULT false NOT NULL,
    decided_at timestamp with time zone DEFAULT now() NOT NULL,
    reviewed_at timestamp with time zone,
    reviewed_by bigint,
    upheld boolean
);

COMMENT ON COLUMN public.decisions.findings IS 'an array of {reason, score, start, end, version}; places are code points of the text';

COMMENT ON COLUMN public.decisions.text IS 'only where nothing else keeps it: what was not published';

COMMENT ON COLUMN public.decisions.source IS 'request, after (a job right after it), or moderator';

COMMENT ON COLUMN public.decisions.failed IS 'the engine broke over the text, which was published for somebody to look at';

CREATE TABLE public.direct_adoption (
    one boolean DEFAULT true NOT NULL,
    after_id bigint NOT NULL,
    until_id bigint NOT NULL,
    CONSTRAINT direct_adoption_one_check CHECK (one)
);

CREATE TABLE public.endorsements (
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    id bigint DEFAULT public.snowflake() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.failed_sign_ins (
    id bigint DEFAULT public.snowflake() NOT NULL,
    account_id bigint,
    subject text NOT NULL,
    network text NOT NULL,
    address text NOT NULL,
    agent text NOT NULL,
    outcome text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT failed_sign_ins_outcome_check CHECK ((outcome = ANY (ARRAY['checking'::text, 'wrong'::text, 'locked'::text])))
);

CREATE TABLE public.favourites (
    account_id bigint NOT NULL,
    status_id bigint NOT NULL,
    id bigint DEFAULT public.snowflake() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.featured_tags (
    id bigint DEFAULT public.snowflake() NOT NULL,
    account_id bigint NOT NULL,
    tag_id bigint NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.filter_keywords (
    id bigint DEFAULT public.snowflake() NOT NULL,
    filter_id bigint NOT NULL,
    account_id bigint NOT NULL,
    keyword text NOT NULL,
    whole_word boolean NOT NULL
);

CREATE TABLE public.filter_statuses (
    id bigint DEFAULT public.snowflake() NOT NULL,
    filter_id bigint NOT NULL,
    account_id bigint NOT NULL,
    status_id bigint NOT NULL
);

CREATE TABLE public.filters (
    id bigint DEFAULT public.snowflake() NOT NULL,
    account_id bigint NOT NULL,
    title text NOT NULL,
    contexts text[] NOT NULL,
    action text NOT NULL,
    expires_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.follow_requests (
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    id bigint DEFAULT public.snowflake() NOT NULL,
    shows_reblogs boolean DEFAULT true NOT NULL,
    notifies boolean DEFAULT false NOT NULL,
    languages text[],
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    at_home boolean DEFAULT true NOT NULL
);

COMMENT ON COLUMN public.follow_requests.at_home IS 'as follows.at_home, for when it is accepted';

CREATE TABLE public.follows (
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    id bigint DEFAULT public.snowflake() NOT NULL,
    shows_reblogs boolean DEFAULT true NOT NULL,
    notifies boolean DEFAULT false NOT NULL,
    languages text[],
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    at_home boolean DEFAULT true NOT NULL,
    request_id bigint
);

COMMENT ON COLUMN public.follows.request_id IS 'follow_requests.id of the request that it was, if it was asked for';

CREATE TABLE public.home_visits (
    account_id bigint NOT NULL,
    visited_on date NOT NULL
);

CREATE TABLE public.idempotency_keys (
    account_id bigint NOT NULL,
    key text NOT NULL,
    status_id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.import_pieces (
    import_id bigint NOT NULL,
    place integer NOT NULL,
    bytes bytea NOT NULL
);

CREATE TABLE public.import_rows (
    import_id bigint NOT NULL,
    place integer NOT NULL,
    "row" jsonb NOT NULL,
    outcome text
);

CREATE TABLE public.imported_statuses (
    account_id bigint NOT NULL,
    source text NOT NULL,
    status_id bigint NOT NULL
);

CREATE TABLE public.imports (
    id bigint DEFAULT public.snowflake() NOT NULL,
    account_id bigint NOT NULL,
    kind text NOT NULL,
    overwrites boolean NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    filename text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    rows_total integer DEFAULT 0 NOT NULL,
    rows_done integer DEFAULT 0 NOT NULL,
    rows_failed integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone
);

CREATE TABLE public.interaction_days (
    day date NOT NULL,
    replies bigint DEFAULT 0 NOT NULL,
    reblogs bigint DEFAULT 0 NOT NULL,
    favourites bigint DEFAULT 0 NOT NULL,
    quotes bigint DEFAULT 0 NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE public.invites (
    id bigint DEFAULT public.snowflake() NOT NULL,
    code text NOT NULL,
    account_id bigint,
    uses_max integer,
    uses integer DEFAULT 0 NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT invites_check CHECK (((uses >= 0) AND ((uses_max IS NULL) OR (uses <= uses_max))))
);

CREATE TABLE public.ip_blocks (
    id bigint DEFAULT public.snowflake() NOT NULL,
    network cidr NOT NULL,
    severity text NOT NULL,
    comment text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    CONSTRAINT ip_blocks_severity_check CHECK ((severity = ANY (ARRAY['sign_up_requires_approval'::text, 'sign_up_block'::text, 'no_access'::text])))
);

CREATE TABLE public.job_workers (
    id bigint NOT NULL,
    host text NOT NULL,
    pid integer NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL
)
WITH (fillfactor='50');

COMMENT ON COLUMN public.job_workers.host IS 'host name and process namespace: only there does pid mean anything';

ALTER TABLE public.job_workers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.job_workers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.jobs (
    id bigint NOT NULL,
    name text NOT NULL,
    queue text NOT NULL,
    work json NOT NULL,
    state public.job_state DEFAULT 'ready'::public.job_state NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    crashes smallint DEFAULT 0 NOT NULL,
    claimed_by bigint,
    run_at timestamp with time zone DEFAULT now() NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    last_error text
)
WITH (autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='5000', autovacuum_vacuum_insert_scale_factor='0.05', autovacuum_vacuum_cost_delay='0', autovacuum_analyze_scale_factor='0.2', autovacuum_analyze_threshold='50000');

COMMENT ON COLUMN public.jobs.state IS 'suspect: was in the hands of a worker that died, so it runs alone; dead: waits for an operator';

COMMENT ON COLUMN public.jobs.attempts IS 'times it raised an error';

COMMENT ON COLUMN public.jobs.crashes IS 'times its worker died while holding it';

ALTER TABLE public.jobs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.known_devices (
    account_id bigint NOT NULL,
    hash bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone NOT NULL
);

CREATE TABLE public.letter_times (
    account_id bigint NOT NULL,
    kind text NOT NULL,
    sent_at timestamp with time zone[] NOT NULL,
    last_sent_at timestamp with time zone NOT NULL
);

COMMENT ON COLUMN public.letter_times.sent_at IS 'the last few, oldest first: so that nobody is flooded';

CREATE TABLE public.list_accounts (
    list_id bigint NOT NULL,
    account_id bigint NOT NULL,
    owner_id bigint NOT NULL,
    follow_id bigint,
    id bigint DEFAULT public.snowflake() NOT NULL
);

COMMENT ON COLUMN public.list_accounts.follow_id IS 'follows.id of the owner''s follow, or follow_requests.id of the request it was or is; null where the owner is the member';

CREATE TABLE public.list_searches (
    list_id bigint NOT NULL,
    search_id bigint NOT NULL,
    account_id bigint NOT NULL,
    id bigint DEFAULT public.snowflake() NOT NULL
);

COMMENT ON COLUMN public.list_searches.id IS 'when it was put there: the order in which they are shown';

CREATE TABLE public.list_tags (
    list_id bigint NOT NULL,
    tag_id bigint NOT NULL,
    id bigint DEFAULT public.snowflake() NOT NULL
);

CREATE TABLE public.lists (
    id bigint DEFAULT public.snowflake() NOT NULL,
    account_id bigint NOT NULL,
    title text NOT NULL,
    replies_policy text NOT NULL,
    exclusive boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT lists_replies_policy_check CHECK ((replies_policy = ANY (ARRAY['followed'::text, 'list'::text, 'none'::text])))
);

CREATE TABLE public.looked_up_links (
    url text NOT NULL,
    card_id bigint,
    looked_at timestamp with time zone,
    failures integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone NOT NULL,
    held_until timestamp with time zone
);

CREATE TABLE public.mail_choices (
    account_id bigint NOT NULL,
    kinds text[] NOT NULL,
    digest text DEFAULT 'never'::text NOT NULL,
    digest_due_at timestamp with time zone,
    digest_after_id bigint DEFAULT 0 NOT NULL,
    CONSTRAINT mail_choices_check CHECK (((digest = 'never'::text) = (digest_due_at IS NULL))),
    CONSTRAINT mail_choices_digest_check CHECK ((digest = ANY (ARRAY['never'::text, 'daily'::text, 'weekly'::text])))
);

COMMENT ON TABLE public.mail_choices IS 'of accounts that chose anything but the default';

COMMENT ON COLUMN public.mail_choices.digest_after_id IS 'notifications up to this one are not in the next digest';

CREATE TABLE public.mail_news (
    account_id bigint NOT NULL,
    first_id bigint NOT NULL,
    told_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone,
    written_at timestamp with time zone
);

COMMENT ON COLUMN public.mail_news.first_id IS 'the oldest notification that the next letter is about';

COMMENT ON COLUMN public.mail_news.written_at IS 'when the last letter went out: there is a pause after it';

CREATE TABLE public.markers (
    account_id bigint NOT NULL,
    timeline text NOT NULL,
    last_read_id bigint NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.media (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    purpose text NOT NULL,
    state text DEFAULT 'uploaded'::text NOT NULL,
    lane text NOT NULL,
    kind text,
    progress smallint DEFAULT 0 NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    error text,
    description text DEFAULT ''::text NOT NULL,
    focus double precision[],
    source_name text NOT NULL,
    source_type text NOT NULL,
    source_bytes bigint NOT NULL,
    source_sha256 text NOT NULL,
    variants jsonb DEFAULT '[]'::jsonb NOT NULL,
    meta jsonb DEFAULT '{}'::jsonb NOT NULL,
    blurhash text,
    perceptual_hash bigint,
    stored_bytes bigint DEFAULT 0 NOT NULL,
    status_id bigint,
    "position" smallint,
    stands_for bigint,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    loose_since timestamp with time zone
);

COMMENT ON COLUMN public.media.stored_bytes IS 'of all variants together';

COMMENT ON COLUMN public.media."position" IS 'among those a status shows; null when it showed it once, or belongs to none';

COMMENT ON COLUMN public.media.stands_for IS 'the upload whose thumbnail this picture is to be';

COMMENT ON COLUMN public.media.loose_since IS 'since when nothing has used it; null while something does';

CREATE TABLE public.media_holds (
    holder_id bigint NOT NULL,
    media_id bigint NOT NULL
);

CREATE TABLE public.media_known_bad (
    id bigint DEFAULT public.snowflake() NOT NULL,
    hash bigint NOT NULL,
    reason text NOT NULL,
    added_by bigint,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone
);

CREATE TABLE public.mentions (
    status_id bigint NOT NULL,
    account_id bigint NOT NULL
);

CREATE TABLE public.merged_authors (
    account_id bigint NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.message_bookmarks (
    account_id bigint NOT NULL,
    message_id bigint NOT NULL,
    id bigint DEFAULT public.snowflake() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.message_edits (
    id bigint DEFAULT public.snowflake() NOT NULL,
    message_id bigint NOT NULL,
    text text NOT NULL,
    html text NOT NULL,
    spoiler_text text NOT NULL,
    sensitive boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    media_ids bigint[],
    media_descriptions text[]
);

CREATE TABLE public.message_favourites (
    account_id bigint NOT NULL,
    message_id bigint NOT NULL,
    id bigint DEFAULT public.snowflake() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.message_keys (
    account_id bigint NOT NULL,
    key text NOT NULL,
    message_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.message_removals (
    account_id bigint NOT NULL,
    message_id bigint NOT NULL
);

CREATE TABLE public.message_settings (
    account_id bigint NOT NULL,
    tells_reads boolean DEFAULT true NOT NULL,
    tells_typing boolean DEFAULT true NOT NULL
);

CREATE TABLE public.messages (
    id bigint DEFAULT public.snowflake() NOT NULL,
    conversation_id bigint NOT NULL,
    account_id bigint NOT NULL,
    text text NOT NULL,
    html text NOT NULL,
    spoiler_text text DEFAULT ''::text NOT NULL,
    sensitive boolean DEFAULT false NOT NULL,
    language text,
    in_reply_to_id bigint,
    in_reply_to_account_id bigint,
    application_name text,
    application_website text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    edited_at timestamp with time zone,
    media_count smallint DEFAULT 0 NOT NULL
);

CREATE TABLE public.migrations (
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.mutes (
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    id bigint DEFAULT public.snowflake() NOT NULL,
    hides_notifications boolean DEFAULT true NOT NULL,
    expires_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    blocklist_id bigint
);

COMMENT ON COLUMN public.mutes.blocklist_id IS 'the list it is of; null when it was made by hand';

CREATE TABLE public.notification_groups (
    account_id bigint NOT NULL,
    group_key text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL,
    newest_id bigint NOT NULL
);

CREATE TABLE public.notification_permissions (
    account_id bigint NOT NULL,
    from_account_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE public.notification_policies (
    account_id bigint NOT NULL,
    for_not_following public.notification_verdict DEFAULT 'accept'::public.notification_verdict NOT NULL,
    for_not_followers public.notification_verdict DEFAULT 'accept'::public.notification_verdict NOT NULL,
    for_new_accounts public.notification_verdict DEFAULT 'accept'::public.notification_verdict NOT NULL,
    for_private_mentions public.notification_verdict DEFAULT 'filter'::public.notification_verdict NOT NULL,
    for_limited_accounts public.notification_verdict DEFAULT 'filter'::public.notification_verdict NOT NULL,
    for_bots public.notification_verdict DEFAULT 'accept'::public.notification_verdict NOT NULL,
    updated_at timestamp with time zone NOT NULL
);

CREATE TABLE public.notification_requests (
    id bigint DEFAULT public.snowflake() NOT NULL,
    account_id bigint NOT NULL,
    from_account_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    accepted_at timestamp with time zone
);

CREATE TABLE public.notifications (
    id bigint DEFAULT public.snowflake() NOT NULL,
    account_id bigint NOT NULL,
    kind text NOT NULL,
    from_account_id bigint NOT NULL,
    status_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    filtered boolean DEFAULT false NOT NULL,
    group_key text COLLATE pg_catalog."C"
);

CREATE TABLE public.oauth_apps (
    id bigint DEFAULT public.snowflake() NOT NULL,
    client_id text NOT NULL,
    secret_hash bytea NOT NULL,
    name text NOT NULL,
    website text,
    redirect_uris text[] NOT NULL,
    scopes text[] NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE public.oauth_codes (
    hash bytea NOT NULL,
    app_id bigint NOT NULL,
    account_id bigint NOT NULL,
    redirect_uri text NOT NULL,
    scopes text[] NOT NULL,
    challenge text,
    expires_at timestamp with time zone NOT NULL,
    spent_at timestamp with time zone,
    token_id bigint
);

CREATE TABLE public.oauth_tokens (
    id bigint DEFAULT public.snowflake() NOT NULL,
    hash bytea NOT NULL,
    app_id bigint,
    account_id bigint,
    scopes text[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    address text DEFAULT ''::text NOT NULL,
    agent text DEFAULT ''::text NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT oauth_tokens_check CHECK (((app_id IS NOT NULL) OR (account_id IS NOT NULL)))
);

CREATE TABLE public.other_servers (
    id bigint DEFAULT public.snowflake() NOT NULL,
    domain text NOT NULL,
    allowed boolean NOT NULL,
    severity text NOT NULL,
    reject_media boolean NOT NULL,
    reject_reports boolean NOT NULL,
    obfuscate boolean NOT NULL,
    private_comment text,
    public_comment text,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT other_servers_domain_check CHECK ((domain = lower(domain))),
    CONSTRAINT other_servers_severity_check CHECK ((severity = ANY (ARRAY['silence'::text, 'suspend'::text, 'noop'::text])))
);

COMMENT ON COLUMN public.other_servers.allowed IS 'true: it may talk to this server where only some may, and the rest means nothing; false: it is blocked';

CREATE TABLE public.outbox (
    id bigint NOT NULL,
    recipient text NOT NULL,
    subject text NOT NULL,
    text text NOT NULL,
    links text[] NOT NULL,
    made_at timestamp with time zone NOT NULL
);

ALTER TABLE public.outbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.passkey_challenges (
    hash bytea NOT NULL,
    purpose text NOT NULL,
    bound_to text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT passkey_challenges_purpose_check CHECK ((purpose = ANY (ARRAY['register'::text, 'sign_in'::text, 'second'::text, 'step_up'::text])))
);

CREATE TABLE public.passkeys (
    id bigint DEFAULT public.snowflake() NOT NULL,
    account_id bigint NOT NULL,
    credential_id bytea NOT NULL,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    name text NOT NULL,
    transports text[] NOT NULL,
    backup_eligible boolean NOT NULL,
    backed_up boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

CREATE TABLE public.periodic_leases (
    name text NOT NULL,
    holder uuid NOT NULL,
    until timestamp with time zone NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE public.periodics (
    name text NOT NULL,
    last_run_at timestamp with time zone NOT NULL,
    last_finished_at timestamp with time zone,
    last_error text
);

CREATE TABLE public.pins (
    account_id bigint NOT NULL,
    status_id bigint NOT NULL,
    id bigint DEFAULT public.snowflake() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.policies (
    version integer NOT NULL,
    source text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    made_by bigint,
    made_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON COLUMN public.policies.made_by IS 'an account; null for the operator at the console';

ALTER TABLE public.policies ALTER COLUMN version ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.policies_version_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.policy_activations (
    id bigint DEFAULT public.snowflake() NOT NULL,
    version integer NOT NULL,
    activated_by bigint,
    activated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.poll_tallies (
    poll_id bigint NOT NULL,
    choices integer NOT NULL,
    ballots bigint NOT NULL
);

CREATE TABLE public.poll_tally_changes (
    id bigint NOT NULL,
    poll_id bigint NOT NULL,
    choices integer NOT NULL,
    ballots integer NOT NULL
);

ALTER TABLE public.poll_tally_changes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.poll_tally_changes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.poll_votes (
    account_id bigint NOT NULL,
    status_id bigint NOT NULL,
    poll_id bigint NOT NULL,
    choices integer NOT NULL,
    CONSTRAINT poll_votes_choices_check CHECK ((choices > 0))
);

CREATE TABLE public.polls (
    id bigint NOT NULL,
    status_id bigint NOT NULL,
    account_id bigint NOT NULL,
    options text[] NOT NULL,
    multiple boolean NOT NULL,
    hides_totals boolean NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone
);

CREATE TABLE public.proofs (
    account_id bigint NOT NULL,
    purpose text NOT NULL,
    hash bytea NOT NULL,
    detail text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE TABLE public.push_subscriptions (
    id bigint DEFAULT public.snowflake() NOT NULL,
    account_id bigint NOT NULL,
    token_id bigint,
    session_id bigint,
    holder_id bigint GENERATED ALWAYS AS (COALESCE(token_id, session_id)) STORED NOT NULL,
    channel text NOT NULL,
    address text NOT NULL,
    public_key bytea NOT NULL,
    secret bytea NOT NULL,
    standard boolean NOT NULL,
    previews boolean NOT NULL,
    token_box bytea NOT NULL,
    alerts text[] NOT NULL,
    policy text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    failing_since timestamp with time zone,
    CONSTRAINT push_subscriptions_channel_check CHECK ((channel = ANY (ARRAY['web'::text, 'fcm'::text, 'apns'::text]))),
    CONSTRAINT push_subscriptions_check CHECK (((token_id IS NULL) <> (session_id IS NULL))),
    CONSTRAINT push_subscriptions_policy_check CHECK ((policy = ANY (ARRAY['all'::text, 'followed'::text, 'follower'::text, 'none'::text])))
);

COMMENT ON COLUMN public.push_subscriptions.address IS 'endpoint of Web Push, or a device token';

COMMENT ON COLUMN public.push_subscriptions.token_box IS 'the access token, which the encrypted message names its app by, sealed by the VAPID key';

COMMENT ON COLUMN public.push_subscriptions.failing_since IS 'when a message was first given up, with none taken since';

CREATE TABLE public.recovery_codes (
    account_id bigint NOT NULL,
    hash bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    spent_at timestamp with time zone
);

CREATE TABLE public.refused_mail_domains (
    id bigint DEFAULT public.snowflake() NOT NULL,
    domain text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT refused_mail_domains_domain_check CHECK ((domain = lower(domain)))
);

CREATE TABLE public.report_subjects (
    report_id bigint NOT NULL,
    kind text NOT NULL,
    subject_id bigint NOT NULL,
    spoiler_text text DEFAULT ''::text NOT NULL,
    text text DEFAULT ''::text NOT NULL,
    visibility text DEFAULT ''::text NOT NULL,
    media_ids bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    written_at timestamp with time zone NOT NULL,
    CONSTRAINT report_subjects_kind_check CHECK ((kind = ANY (ARRAY['status'::text, 'message'::text, 'collection'::text])))
);

CREATE TABLE public.reports (
    id bigint DEFAULT public.snowflake() NOT NULL,
    case_id bigint NOT NULL,
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    category text NOT NULL,
    comment text DEFAULT ''::text NOT NULL,
    rule_ids integer[] DEFAULT '{}'::integer[] NOT NULL,
    forward boolean DEFAULT false NOT NULL,
    weight real DEFAULT 1 NOT NULL,
    made_at timestamp with time zone NOT NULL
);

CREATE TABLE public.resumable_pieces (
    upload_id bigint NOT NULL,
    starts_at bigint NOT NULL,
    bytes bigint NOT NULL,
    blob text NOT NULL
);

CREATE TABLE public.resumable_uploads (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    bytes_total bigint,
    bytes_here bigint DEFAULT 0 NOT NULL,
    pieces integer DEFAULT 0 NOT NULL,
    details jsonb NOT NULL,
    holder bigint,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    completed_at timestamp with time zone,
    composing_at timestamp with time zone,
    composed_at timestamp with time zone,
    refusal text
);

CREATE TABLE public.saved_drafts (
    id bigint DEFAULT public.snowflake() NOT NULL,
    account_id bigint NOT NULL,
    draft jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);

CREATE TABLE public.saved_searches (
    id bigint DEFAULT public.snowflake() NOT NULL,
    account_id bigint NOT NULL,
    title text NOT NULL,
    query text NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE public.scheduled_statuses (
    id bigint DEFAULT public.snowflake() NOT NULL,
    account_id bigint NOT NULL,
    scheduled_at timestamp with time zone NOT NULL,
    draft jsonb NOT NULL,
    queued_at timestamp with time zone,
    failure text,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE public.search_changes (
    id bigint NOT NULL,
    status_id bigint NOT NULL
);

ALTER TABLE public.search_changes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.search_changes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.search_documents (
    status_id bigint NOT NULL,
    opened boolean NOT NULL,
    words tsvector NOT NULL
);

COMMENT ON COLUMN public.search_documents.opened IS 'public, and by an author who lets posts be found: for everybody''s searches';

CREATE TABLE public.session_secrets (
    hash bytea NOT NULL,
    session_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    spent_at timestamp with time zone
);

CREATE TABLE public.sessions (
    id bigint DEFAULT public.snowflake() NOT NULL,
    account_id bigint NOT NULL,
    kind text NOT NULL,
    address text NOT NULL,
    agent text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    device_hash bytea,
    proved_at timestamp with time zone,
    CONSTRAINT sessions_kind_check CHECK ((kind = ANY (ARRAY['api'::text, 'web'::text])))
);

CREATE TABLE public.sign_in_steps (
    hash bytea NOT NULL,
    account_id bigint NOT NULL,
    kind text NOT NULL,
    methods text[] NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT sign_in_steps_kind_check CHECK ((kind = ANY (ARRAY['api'::text, 'web'::text])))
);

CREATE TABLE public.site_texts (
    name text NOT NULL,
    effective_on date NOT NULL,
    text text NOT NULL,
    published_at timestamp with time zone NOT NULL,
    CONSTRAINT site_texts_name_check CHECK ((name = ANY (ARRAY['extended_description'::text, 'privacy_policy'::text, 'terms_of_service'::text])))
);

CREATE TABLE public.standing_counts (
    account_id bigint NOT NULL,
    what text NOT NULL,
    total bigint NOT NULL,
    weight double precision NOT NULL,
    at timestamp with time zone NOT NULL
);

COMMENT ON COLUMN public.standing_counts.weight IS 'total, each weighed by how long ago it was as of `at`: half after the half-life of its kind';

CREATE TABLE public.standings (
    account_id bigint NOT NULL,
    origin text DEFAULT 'open'::text NOT NULL,
    followers bigint DEFAULT 0 NOT NULL
);

COMMENT ON COLUMN public.standings.origin IS 'open, approved (by staff), invited (by a member) or operator (who made it)';

COMMENT ON COLUMN public.standings.followers IS 'as of when it last posted';

CREATE TABLE public.standings_counted (
    id boolean DEFAULT true NOT NULL,
    through bigint NOT NULL,
    CONSTRAINT standings_counted_id_check CHECK (id)
);

COMMENT ON TABLE public.standings_counted IS 'one row: the statuses up to which id have been counted';

CREATE TABLE public.status_counter_changes (
    id bigint NOT NULL,
    status_id bigint NOT NULL,
    replies integer DEFAULT 0 NOT NULL,
    reblogs integer DEFAULT 0 NOT NULL,
    favourites integer DEFAULT 0 NOT NULL,
    quotes integer DEFAULT 0 NOT NULL
);

ALTER TABLE public.status_counter_changes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.status_counter_changes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.status_counters (
    status_id bigint NOT NULL,
    replies bigint DEFAULT 0 NOT NULL,
    reblogs bigint DEFAULT 0 NOT NULL,
    favourites bigint DEFAULT 0 NOT NULL,
    quotes bigint DEFAULT 0 NOT NULL
);

CREATE TABLE public.status_edits (
    id bigint DEFAULT public.snowflake() NOT NULL,
    status_id bigint NOT NULL,
    text text NOT NULL,
    html text NOT NULL,
    spoiler_text text NOT NULL,
    sensitive boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    poll_options text[],
    media_ids bigint[],
    media_descriptions text[]
);

CREATE TABLE public.status_tags (
    tag_id bigint NOT NULL,
    status_id bigint NOT NULL
);

CREATE TABLE public.statuses (
    id bigint DEFAULT public.snowflake() NOT NULL,
    account_id bigint NOT NULL,
    visibility public.visibility NOT NULL,
    text text DEFAULT ''::text NOT NULL,
    html text DEFAULT ''::text NOT NULL,
    spoiler_text text DEFAULT ''::text NOT NULL,
    sensitive boolean DEFAULT false NOT NULL,
    language text,
    in_reply_to_id bigint,
    in_reply_to_account_id bigint,
    reblog_of_id bigint,
    quote_of_id bigint,
    thread_id bigint NOT NULL,
    mention_ids bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    quote_policy text DEFAULT 'public'::text NOT NULL,
    application_name text,
    application_website text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    edited_at timestamp with time zone,
    deleted_at timestamp with time zone,
    reply_policy text DEFAULT 'everyone'::text NOT NULL,
    hidden_at timestamp with time zone,
    quote_revoked_at timestamp with time zone,
    poll_id bigint,
    card_id bigint,
    media_count smallint DEFAULT 0 NOT NULL,
    withheld_at timestamp with time zone,
    limited_at timestamp with time zone,
    labels text[] DEFAULT '{}'::text[] NOT NULL
);

COMMENT ON COLUMN public.statuses.withheld_at IS 'from then on only its author sees it';

COMMENT ON COLUMN public.statuses.limited_at IS 'from then on it is in homes of followers, on its author''s page and in threads only';

COMMENT ON COLUMN public.statuses.labels IS 'reasons to show it behind a warning';

CREATE TABLE public.strikes (
    id bigint DEFAULT public.snowflake() NOT NULL,
    account_id bigint NOT NULL,
    case_id bigint,
    action text NOT NULL,
    text text DEFAULT ''::text NOT NULL,
    status_ids bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    by bigint,
    at timestamp with time zone NOT NULL,
    undone_at timestamp with time zone,
    undone_by bigint
);

CREATE TABLE public.suggestion_dismissals (
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.tag_follows (
    account_id bigint NOT NULL,
    tag_id bigint NOT NULL,
    id bigint DEFAULT public.snowflake() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.tags (
    id bigint DEFAULT public.snowflake() NOT NULL,
    name text NOT NULL,
    display_name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.thread_mutes (
    account_id bigint NOT NULL,
    thread_id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.totp_secrets (
    account_id bigint NOT NULL,
    key_id bytea NOT NULL,
    sealed bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone,
    step_used bigint DEFAULT 0 NOT NULL
);

CREATE TABLE public.trend_changes (
    id bigint NOT NULL,
    kind text NOT NULL,
    status_id bigint NOT NULL,
    account_id bigint NOT NULL,
    made_at timestamp with time zone NOT NULL
);

COMMENT ON COLUMN public.trend_changes.kind IS 'posted (with a hashtag or a link), favourited or reblogged';

ALTER TABLE public.trend_changes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.trend_changes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.trend_days (
    kind text NOT NULL,
    subject_id bigint NOT NULL,
    day date NOT NULL,
    uses integer NOT NULL,
    accounts integer NOT NULL
);

CREATE TABLE public.trend_links (
    id bigint DEFAULT public.snowflake() NOT NULL,
    url text NOT NULL,
    used_at timestamp with time zone NOT NULL
);

CREATE TABLE public.trend_people (
    kind text NOT NULL,
    subject_id bigint NOT NULL,
    account_id bigint NOT NULL,
    used_at timestamp with time zone NOT NULL,
    network text NOT NULL,
    weight real NOT NULL,
    language text
);

COMMENT ON COLUMN public.trend_people.network IS 'whence they last came: only whether two are the same matters';

COMMENT ON COLUMN public.trend_people.weight IS '1 for an established account, less for a new one, 0 for a bot';

CREATE TABLE public.trend_subjects (
    kind text NOT NULL,
    subject_id bigint NOT NULL,
    language text,
    people double precision NOT NULL,
    score double precision NOT NULL,
    mean double precision NOT NULL,
    square double precision NOT NULL,
    hour bigint NOT NULL,
    trendable boolean,
    reviewed_at timestamp with time zone,
    reviewed_by bigint
)
WITH (fillfactor='70');

COMMENT ON COLUMN public.trend_subjects.people IS 'people of the last hours, weighed, when last looked at';

COMMENT ON COLUMN public.trend_subjects.mean IS 'exponentially weighted mean of `people` at the ends of past hours; square: of its square';

COMMENT ON COLUMN public.trend_subjects.hour IS 'hours since 1970 that mean and square know of';

COMMENT ON COLUMN public.trend_subjects.trendable IS 'what staff have said; null: nobody has looked';

CREATE TABLE public.trend_tags (
    tag_id bigint NOT NULL,
    name text NOT NULL,
    people integer NOT NULL,
    counted_on date NOT NULL
);

COMMENT ON COLUMN public.trend_tags.people IS 'people of each of the last days, added up; a hashtag that nobody used in public has no row';

CREATE TABLE public.users (
    account_id bigint NOT NULL,
    email text NOT NULL,
    password_hash text NOT NULL,
    role public.role DEFAULT 'user'::public.role NOT NULL,
    locale text DEFAULT 'en'::text NOT NULL,
    approved_at timestamp with time zone,
    confirmed_at timestamp with time zone,
    disabled_at timestamp with time zone,
    default_visibility text DEFAULT 'public'::text NOT NULL,
    default_sensitive boolean DEFAULT false NOT NULL,
    default_language text,
    default_quote_policy text DEFAULT 'public'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    signup_reason text DEFAULT ''::text NOT NULL,
    new_email text,
    invite_id bigint,
    invited_by bigint,
    age_confirmed_at timestamp with time zone,
    attribution_domains text[] DEFAULT '{}'::text[] NOT NULL,
    app_id bigint
);

COMMENT ON COLUMN public.users.new_email IS 'asked for by the owner; becomes email once a letter sent there is answered';

COMMENT ON COLUMN public.users.attribution_domains IS 'websites that may name the account as the author of their pages';

COMMENT ON COLUMN public.users.app_id IS 'the app that the account was registered with; null for the website and the console';

ALTER TABLE ONLY public.account_counter_changes
    ADD CONSTRAINT account_counter_changes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.account_counters
    ADD CONSTRAINT account_counters_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.account_notes
    ADD CONSTRAINT account_notes_pkey PRIMARY KEY (account_id, target_id);

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.activity_months
    ADD CONSTRAINT activity_months_pkey PRIMARY KEY (month, account_id);

ALTER TABLE ONLY public.announcement_dismissals
    ADD CONSTRAINT announcement_dismissals_pkey PRIMARY KEY (account_id, announcement_id);

ALTER TABLE ONLY public.announcement_reactions
    ADD CONSTRAINT announcement_reactions_pkey PRIMARY KEY (announcement_id, name, account_id);

ALTER TABLE ONLY public.announcements
    ADD CONSTRAINT announcements_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.appeals
    ADD CONSTRAINT appeals_decision_id_key UNIQUE (decision_id);

ALTER TABLE ONLY public.appeals
    ADD CONSTRAINT appeals_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.appeals
    ADD CONSTRAINT appeals_strike_id_key UNIQUE (strike_id);

ALTER TABLE ONLY public.archive_pieces
    ADD CONSTRAINT archive_pieces_pkey PRIMARY KEY (archive_id, place);

ALTER TABLE ONLY public.archives
    ADD CONSTRAINT archives_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.blocklist_entries
    ADD CONSTRAINT blocklist_entries_pkey PRIMARY KEY (blocklist_id, account_id);

ALTER TABLE ONLY public.blocklist_exceptions
    ADD CONSTRAINT blocklist_exceptions_pkey PRIMARY KEY (account_id, target_id);

ALTER TABLE ONLY public.blocklist_subscriptions
    ADD CONSTRAINT blocklist_subscriptions_pkey PRIMARY KEY (account_id, blocklist_id);

ALTER TABLE ONLY public.blocklists
    ADD CONSTRAINT blocklists_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.blocks
    ADD CONSTRAINT blocks_pkey PRIMARY KEY (account_id, target_id);

ALTER TABLE ONLY public.bookmark_folders
    ADD CONSTRAINT bookmark_folders_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.bookmarks
    ADD CONSTRAINT bookmarks_pkey PRIMARY KEY (account_id, status_id);

ALTER TABLE ONLY public.campaign_posts
    ADD CONSTRAINT campaign_posts_pkey PRIMARY KEY (status_id);

ALTER TABLE ONLY public.campaigns
    ADD CONSTRAINT campaigns_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.canonical_email_blocks
    ADD CONSTRAINT canonical_email_blocks_hash_key UNIQUE (hash);

ALTER TABLE ONLY public.canonical_email_blocks
    ADD CONSTRAINT canonical_email_blocks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.card_pictures
    ADD CONSTRAINT card_pictures_pkey PRIMARY KEY (card_id);

ALTER TABLE ONLY public.card_statuses
    ADD CONSTRAINT card_statuses_pkey PRIMARY KEY (card_id, status_id);

ALTER TABLE ONLY public.cards
    ADD CONSTRAINT cards_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.case_entries
    ADD CONSTRAINT case_entries_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cases
    ADD CONSTRAINT cases_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.collection_items
    ADD CONSTRAINT collection_items_collection_id_account_id_key UNIQUE (collection_id, account_id);

ALTER TABLE ONLY public.collection_items
    ADD CONSTRAINT collection_items_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.collections
    ADD CONSTRAINT collections_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.conversation_members
    ADD CONSTRAINT conversation_members_pkey PRIMARY KEY (conversation_id, account_id);

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.decisions
    ADD CONSTRAINT decisions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.direct_adoption
    ADD CONSTRAINT direct_adoption_pkey PRIMARY KEY (one);

ALTER TABLE ONLY public.endorsements
    ADD CONSTRAINT endorsements_pkey PRIMARY KEY (account_id, target_id);

ALTER TABLE ONLY public.failed_sign_ins
    ADD CONSTRAINT failed_sign_ins_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.favourites
    ADD CONSTRAINT favourites_pkey PRIMARY KEY (account_id, status_id);

ALTER TABLE ONLY public.featured_tags
    ADD CONSTRAINT featured_tags_account_id_tag_id_key UNIQUE (account_id, tag_id);

ALTER TABLE ONLY public.featured_tags
    ADD CONSTRAINT featured_tags_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.filter_keywords
    ADD CONSTRAINT filter_keywords_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.filter_statuses
    ADD CONSTRAINT filter_statuses_filter_id_status_id_key UNIQUE (filter_id, status_id);

ALTER TABLE ONLY public.filter_statuses
    ADD CONSTRAINT filter_statuses_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.filters
    ADD CONSTRAINT filters_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.follow_requests
    ADD CONSTRAINT follow_requests_pkey PRIMARY KEY (account_id, target_id);

ALTER TABLE ONLY public.follows
    ADD CONSTRAINT follows_pkey PRIMARY KEY (account_id, target_id);

ALTER TABLE ONLY public.home_visits
    ADD CONSTRAINT home_visits_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (account_id, key);

ALTER TABLE ONLY public.import_pieces
    ADD CONSTRAINT import_pieces_pkey PRIMARY KEY (import_id, place);

ALTER TABLE ONLY public.import_rows
    ADD CONSTRAINT import_rows_pkey PRIMARY KEY (import_id, place);

ALTER TABLE ONLY public.imported_statuses
    ADD CONSTRAINT imported_statuses_pkey PRIMARY KEY (account_id, source);

ALTER TABLE ONLY public.imports
    ADD CONSTRAINT imports_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.interaction_days
    ADD CONSTRAINT interaction_days_pkey PRIMARY KEY (day);

ALTER TABLE ONLY public.invites
    ADD CONSTRAINT invites_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ip_blocks
    ADD CONSTRAINT ip_blocks_network_key UNIQUE (network);

ALTER TABLE ONLY public.ip_blocks
    ADD CONSTRAINT ip_blocks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.job_workers
    ADD CONSTRAINT job_workers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.known_devices
    ADD CONSTRAINT known_devices_pkey PRIMARY KEY (account_id, hash);

ALTER TABLE ONLY public.letter_times
    ADD CONSTRAINT letter_times_pkey PRIMARY KEY (account_id, kind);

ALTER TABLE ONLY public.list_accounts
    ADD CONSTRAINT list_accounts_pkey PRIMARY KEY (list_id, account_id);

ALTER TABLE ONLY public.list_searches
    ADD CONSTRAINT list_searches_pkey PRIMARY KEY (list_id, search_id);

ALTER TABLE ONLY public.list_tags
    ADD CONSTRAINT list_tags_pkey PRIMARY KEY (list_id, tag_id);

ALTER TABLE ONLY public.lists
    ADD CONSTRAINT lists_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.looked_up_links
    ADD CONSTRAINT looked_up_links_pkey PRIMARY KEY (url);

ALTER TABLE ONLY public.mail_choices
    ADD CONSTRAINT mail_choices_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.mail_news
    ADD CONSTRAINT mail_news_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.markers
    ADD CONSTRAINT markers_pkey PRIMARY KEY (account_id, timeline);

ALTER TABLE ONLY public.media_holds
    ADD CONSTRAINT media_holds_pkey PRIMARY KEY (holder_id, media_id);

ALTER TABLE ONLY public.media_known_bad
    ADD CONSTRAINT media_known_bad_hash_key UNIQUE (hash);

ALTER TABLE ONLY public.media_known_bad
    ADD CONSTRAINT media_known_bad_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.media
    ADD CONSTRAINT media_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.mentions
    ADD CONSTRAINT mentions_pkey PRIMARY KEY (status_id, account_id);

ALTER TABLE ONLY public.merged_authors
    ADD CONSTRAINT merged_authors_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.message_bookmarks
    ADD CONSTRAINT message_bookmarks_pkey PRIMARY KEY (account_id, message_id);

ALTER TABLE ONLY public.message_edits
    ADD CONSTRAINT message_edits_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.message_favourites
    ADD CONSTRAINT message_favourites_pkey PRIMARY KEY (account_id, message_id);

ALTER TABLE ONLY public.message_keys
    ADD CONSTRAINT message_keys_pkey PRIMARY KEY (account_id, key);

ALTER TABLE ONLY public.message_removals
    ADD CONSTRAINT message_removals_pkey PRIMARY KEY (account_id, message_id);

ALTER TABLE ONLY public.message_settings
    ADD CONSTRAINT message_settings_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.mutes
    ADD CONSTRAINT mutes_pkey PRIMARY KEY (account_id, target_id);

ALTER TABLE ONLY public.notification_groups
    ADD CONSTRAINT notification_groups_pkey PRIMARY KEY (account_id, group_key);

ALTER TABLE ONLY public.notification_permissions
    ADD CONSTRAINT notification_permissions_pkey PRIMARY KEY (account_id, from_account_id);

ALTER TABLE ONLY public.notification_policies
    ADD CONSTRAINT notification_policies_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.notification_requests
    ADD CONSTRAINT notification_requests_account_id_from_account_id_key UNIQUE (account_id, from_account_id);

ALTER TABLE ONLY public.notification_requests
    ADD CONSTRAINT notification_requests_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_account_id_kind_from_account_id_status_id_key UNIQUE NULLS NOT DISTINCT (account_id, kind, from_account_id, status_id);

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.oauth_apps
    ADD CONSTRAINT oauth_apps_client_id_key UNIQUE (client_id);

ALTER TABLE ONLY public.oauth_apps
    ADD CONSTRAINT oauth_apps_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.oauth_codes
    ADD CONSTRAINT oauth_codes_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY public.oauth_tokens
    ADD CONSTRAINT oauth_tokens_hash_key UNIQUE (hash);

ALTER TABLE ONLY public.oauth_tokens
    ADD CONSTRAINT oauth_tokens_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.other_servers
    ADD CONSTRAINT other_servers_allowed_domain_key UNIQUE (allowed, domain);

ALTER TABLE ONLY public.other_servers
    ADD CONSTRAINT other_servers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.passkey_challenges
    ADD CONSTRAINT passkey_challenges_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY public.passkeys
    ADD CONSTRAINT passkeys_credential_id_key UNIQUE (credential_id);

ALTER TABLE ONLY public.passkeys
    ADD CONSTRAINT passkeys_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.periodic_leases
    ADD CONSTRAINT periodic_leases_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.periodics
    ADD CONSTRAINT periodics_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.pins
    ADD CONSTRAINT pins_pkey PRIMARY KEY (account_id, status_id);

ALTER TABLE ONLY public.policies
    ADD CONSTRAINT policies_pkey PRIMARY KEY (version);

ALTER TABLE ONLY public.policy_activations
    ADD CONSTRAINT policy_activations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.poll_tallies
    ADD CONSTRAINT poll_tallies_pkey PRIMARY KEY (poll_id, choices);

ALTER TABLE ONLY public.poll_tally_changes
    ADD CONSTRAINT poll_tally_changes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.poll_votes
    ADD CONSTRAINT poll_votes_pkey PRIMARY KEY (account_id, status_id);

ALTER TABLE ONLY public.polls
    ADD CONSTRAINT polls_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.proofs
    ADD CONSTRAINT proofs_pkey PRIMARY KEY (account_id, purpose);

ALTER TABLE ONLY public.push_subscriptions
    ADD CONSTRAINT push_subscriptions_holder_id_key UNIQUE (holder_id);

ALTER TABLE ONLY public.push_subscriptions
    ADD CONSTRAINT push_subscriptions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.recovery_codes
    ADD CONSTRAINT recovery_codes_pkey PRIMARY KEY (account_id, hash);

ALTER TABLE ONLY public.refused_mail_domains
    ADD CONSTRAINT refused_mail_domains_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.report_subjects
    ADD CONSTRAINT report_subjects_pkey PRIMARY KEY (report_id, kind, subject_id);

ALTER TABLE ONLY public.reports
    ADD CONSTRAINT reports_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.resumable_pieces
    ADD CONSTRAINT resumable_pieces_pkey PRIMARY KEY (upload_id, starts_at);

ALTER TABLE ONLY public.resumable_uploads
    ADD CONSTRAINT resumable_uploads_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.saved_drafts
    ADD CONSTRAINT saved_drafts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.saved_searches
    ADD CONSTRAINT saved_searches_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.scheduled_statuses
    ADD CONSTRAINT scheduled_statuses_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.search_changes
    ADD CONSTRAINT search_changes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.search_documents
    ADD CONSTRAINT search_documents_pkey PRIMARY KEY (status_id);

ALTER TABLE ONLY public.session_secrets
    ADD CONSTRAINT session_secrets_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sign_in_steps
    ADD CONSTRAINT sign_in_steps_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY public.site_texts
    ADD CONSTRAINT site_texts_pkey PRIMARY KEY (name, effective_on);

ALTER TABLE ONLY public.standing_counts
    ADD CONSTRAINT standing_counts_pkey PRIMARY KEY (account_id, what);

ALTER TABLE ONLY public.standings_counted
    ADD CONSTRAINT standings_counted_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.standings
    ADD CONSTRAINT standings_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.status_counter_changes
    ADD CONSTRAINT status_counter_changes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.status_counters
    ADD CONSTRAINT status_counters_pkey PRIMARY KEY (status_id);

ALTER TABLE ONLY public.status_edits
    ADD CONSTRAINT status_edits_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.status_tags
    ADD CONSTRAINT status_tags_pkey PRIMARY KEY (tag_id, status_id);

ALTER TABLE ONLY public.statuses
    ADD CONSTRAINT statuses_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.strikes
    ADD CONSTRAINT strikes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.suggestion_dismissals
    ADD CONSTRAINT suggestion_dismissals_pkey PRIMARY KEY (account_id, target_id);

ALTER TABLE ONLY public.tag_follows
    ADD CONSTRAINT tag_follows_pkey PRIMARY KEY (account_id, tag_id);

ALTER TABLE ONLY public.tags
    ADD CONSTRAINT tags_name_key UNIQUE (name);

ALTER TABLE ONLY public.tags
    ADD CONSTRAINT tags_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.thread_mutes
    ADD CONSTRAINT thread_mutes_pkey PRIMARY KEY (account_id, thread_id);

ALTER TABLE ONLY public.totp_secrets
    ADD CONSTRAINT totp_secrets_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.trend_changes
    ADD CONSTRAINT trend_changes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.trend_days
    ADD CONSTRAINT trend_days_pkey PRIMARY KEY (kind, subject_id, day);

ALTER TABLE ONLY public.trend_links
    ADD CONSTRAINT trend_links_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.trend_links
    ADD CONSTRAINT trend_links_url_key UNIQUE (url);

ALTER TABLE ONLY public.trend_people
    ADD CONSTRAINT trend_people_pkey PRIMARY KEY (kind, subject_id, account_id);

ALTER TABLE ONLY public.trend_subjects
    ADD CONSTRAINT trend_subjects_pkey PRIMARY KEY (kind, subject_id);

ALTER TABLE ONLY public.trend_tags
    ADD CONSTRAINT trend_tags_pkey PRIMARY KEY (tag_id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (account_id);

CREATE INDEX account_counter_changes_account ON public.account_counter_changes USING btree (account_id);

CREATE INDEX account_notes_target ON public.account_notes USING btree (target_id, account_id);

CREATE INDEX accounts_active ON public.accounts USING btree (last_status_on DESC NULLS LAST, id DESC) WHERE (discoverable AND (deleted_at IS NULL) AND (suspended_at IS NULL));

CREATE INDEX accounts_erase ON public.accounts USING btree (erase_after) WHERE ((erase_after IS NOT NULL) AND (deleted_at IS NULL));

CREATE INDEX accounts_newest ON public.accounts USING btree (id DESC) WHERE (discoverable AND (deleted_at IS NULL) AND (suspended_at IS NULL));

CREATE INDEX accounts_search ON public.accounts USING gin (lower(((username || ' '::text) || display_name)) public.gin_trgm_ops) WHERE ((deleted_at IS NULL) AND (suspended_at IS NULL));

CREATE UNIQUE INDEX accounts_username ON public.accounts USING btree (lower(username));

CREATE INDEX activity_months_account ON public.activity_months USING btree (account_id);

CREATE INDEX announcement_reactions_by_account ON public.announcement_reactions USING btree (account_id, announcement_id);

CREATE INDEX announcements_published ON public.announcements USING btree (id DESC) WHERE (published_at IS NOT NULL);

CREATE INDEX announcements_scheduled ON public.announcements USING btree (scheduled_at) WHERE (scheduled_at IS NOT NULL);

CREATE INDEX appeals_answered ON public.appeals USING btree (answered_at) WHERE (answered_at IS NOT NULL);

CREATE INDEX appeals_by_account ON public.appeals USING btree (account_id, id DESC);

CREATE INDEX appeals_open ON public.appeals USING btree (id) WHERE (answered_at IS NULL);

CREATE INDEX archives_account ON public.archives USING btree (account_id, id DESC);

CREATE INDEX archives_created ON public.archives USING btree (created_at);

CREATE INDEX audit_log_action ON public.audit_log USING btree (action, id DESC);

CREATE INDEX audit_log_actor ON public.audit_log USING btree (actor_id, id DESC);

CREATE INDEX audit_log_target ON public.audit_log USING btree (target_id, id DESC);

CREATE INDEX blocklist_entries_account ON public.blocklist_entries USING btree (account_id);

CREATE UNIQUE INDEX blocklist_entries_order ON public.blocklist_entries USING btree (blocklist_id, id);

CREATE INDEX blocklist_exceptions_target ON public.blocklist_exceptions USING btree (target_id);

CREATE INDEX blocklist_subscriptions_list ON public.blocklist_subscriptions USING btree (blocklist_id, account_id);

CREATE INDEX blocklists_account ON public.blocklists USING btree (account_id, id) WHERE (dropped_at IS NULL);

CREATE INDEX blocks_by_account ON public.blocks USING btree (account_id, id DESC);

CREATE INDEX blocks_target ON public.blocks USING btree (target_id, account_id);

CREATE INDEX bookmark_folders_by_account ON public.bookmark_folders USING btree (account_id, id);

CREATE INDEX bookmarks_by_account ON public.bookmarks USING btree (account_id, id DESC);

CREATE INDEX bookmarks_by_folder ON public.bookmarks USING btree (folder_id, id DESC) WHERE (folder_id IS NOT NULL);

CREATE INDEX bookmarks_by_status ON public.bookmarks USING btree (status_id);

CREATE INDEX campaign_posts_account ON public.campaign_posts USING btree (account_id);

CREATE INDEX campaign_posts_campaign ON public.campaign_posts USING btree (campaign_id, status_id);

CREATE INDEX campaigns_seen ON public.campaigns USING btree (seen_at) WHERE (lifted_at IS NULL);

CREATE INDEX card_statuses_status ON public.card_statuses USING btree (status_id);

CREATE INDEX case_entries_by_account ON public.case_entries USING btree (account_id) WHERE (account_id IS NOT NULL);

CREATE INDEX case_entries_by_case ON public.case_entries USING btree (case_id, id);

CREATE INDEX cases_assigned ON public.cases USING btree (assigned_to, id DESC) WHERE (assigned_to IS NOT NULL);

CREATE INDEX cases_by_account ON public.cases USING btree (account_id, id DESC);

CREATE UNIQUE INDEX cases_open ON public.cases USING btree (account_id, category) WHERE ((resolved_at IS NULL) AND (category <> 'legal'::text));

CREATE INDEX cases_queue ON public.cases USING btree (weight DESC, id) WHERE (resolved_at IS NULL);

CREATE INDEX cases_resolved ON public.cases USING btree (resolved_at) WHERE (resolved_at IS NOT NULL);

CREATE INDEX collection_items_account ON public.collection_items USING btree (account_id, id DESC);

CREATE INDEX collections_account ON public.collections USING btree (account_id, id DESC);

CREATE INDEX conversation_members_asked ON public.conversation_members USING btree (invited_by, joined_at) WHERE (standing <> 'accepted'::text);

CREATE INDEX conversation_members_by_account ON public.conversation_members USING btree (account_id, last_message_id DESC) WHERE ((NOT hidden) AND (standing <> 'declined'::text));

CREATE INDEX conversation_members_by_standing ON public.conversation_members USING btree (account_id, standing, last_message_id DESC) WHERE (NOT hidden);

CREATE INDEX conversations_of ON public.conversations USING btree (member_ids, id DESC);

CREATE UNIQUE INDEX conversations_of_two ON public.conversations USING btree (member_ids) WHERE (NOT is_group);

CREATE INDEX decisions_account ON public.decisions USING btree (account_id, id);

CREATE INDEX decisions_found ON public.decisions USING gin (findings jsonb_path_ops) WHERE (measure <> 'allow'::text);

CREATE INDEX decisions_measure ON public.decisions USING btree (measure, id);

CREATE INDEX decisions_reviewed ON public.decisions USING btree (reviewed_at) WHERE (reviewed_at IS NOT NULL);

CREATE INDEX decisions_subject ON public.decisions USING btree (subject_id, id) WHERE (subject_id IS NOT NULL);

CREATE INDEX decisions_waiting ON public.decisions USING btree (id) WHERE ((reviewed_at IS NULL) AND (failed OR (measure = ANY (ARRAY['hold'::text, 'limit_account'::text]))));

CREATE INDEX endorsements_by_account ON public.endorsements USING btree (account_id, id DESC);

CREATE INDEX endorsements_target ON public.endorsements USING btree (target_id, account_id);

CREATE INDEX failed_sign_ins_account ON public.failed_sign_ins USING btree (account_id, id DESC);

CREATE INDEX failed_sign_ins_network ON public.failed_sign_ins USING btree (network, id DESC);

CREATE INDEX failed_sign_ins_subject ON public.failed_sign_ins USING btree (subject, id DESC);

CREATE INDEX favourites_by_account ON public.favourites USING btree (account_id, id DESC);

CREATE INDEX favourites_by_status ON public.favourites USING btree (status_id, id DESC);

CREATE INDEX filter_keywords_account ON public.filter_keywords USING btree (account_id);

CREATE INDEX filter_keywords_filter ON public.filter_keywords USING btree (filter_id, id);

CREATE INDEX filter_statuses_account ON public.filter_statuses USING btree (account_id);

CREATE INDEX filter_statuses_status ON public.filter_statuses USING btree (status_id);

CREATE INDEX filters_by_account ON public.filters USING btree (account_id, id);

CREATE INDEX follow_requests_target ON public.follow_requests USING btree (target_id, id DESC);

CREATE INDEX follows_away ON public.follows USING btree (account_id, target_id) WHERE (NOT at_home);

CREATE INDEX follows_by_account ON public.follows USING btree (account_id, id DESC);

CREATE INDEX follows_by_target ON public.follows USING btree (target_id, id DESC);

CREATE INDEX follows_notified ON public.follows USING btree (target_id, account_id) WHERE notifies;

CREATE INDEX follows_optioned ON public.follows USING btree (account_id) WHERE ((NOT shows_reblogs) OR (languages IS NOT NULL));

CREATE INDEX follows_target ON public.follows USING btree (target_id, account_id);

CREATE INDEX idempotency_keys_age ON public.idempotency_keys USING btree (created_at);

CREATE INDEX import_rows_failed ON public.import_rows USING btree (import_id, place) WHERE (outcome <> ''::text);

CREATE INDEX imports_account ON public.imports USING btree (account_id, id DESC);

CREATE INDEX imports_ended ON public.imports USING btree (ended_at) WHERE (ended_at IS NOT NULL);

CREATE INDEX invites_account ON public.invites USING btree (account_id, id DESC);

CREATE UNIQUE INDEX invites_code ON public.invites USING btree (code);

CREATE INDEX ip_blocks_expiry ON public.ip_blocks USING btree (expires_at) WHERE (expires_at IS NOT NULL);

CREATE INDEX jobs_claimed ON public.jobs USING btree (claimed_by) WHERE (state = 'claimed'::public.job_state);

CREATE INDEX jobs_held ON public.jobs USING btree (state, run_at) WHERE (state = ANY (ARRAY['suspect'::public.job_state, 'dead'::public.job_state]));

CREATE INDEX jobs_ready ON public.jobs USING btree (name, run_at, id) WHERE (state = 'ready'::public.job_state);

CREATE INDEX known_devices_hash ON public.known_devices USING btree (hash);

CREATE INDEX known_devices_use ON public.known_devices USING btree (used_at);

CREATE INDEX letter_times_age ON public.letter_times USING btree (last_sent_at);

CREATE INDEX list_accounts_by_list ON public.list_accounts USING btree (list_id, id DESC);

CREATE INDEX list_accounts_member ON public.list_accounts USING btree (account_id, owner_id);

CREATE INDEX list_searches_account ON public.list_searches USING btree (account_id);

CREATE INDEX list_searches_search ON public.list_searches USING btree (search_id);

CREATE INDEX list_tags_tag ON public.list_tags USING btree (tag_id);

CREATE INDEX lists_account ON public.lists USING btree (account_id, id);

CREATE INDEX looked_up_links_card ON public.looked_up_links USING btree (card_id) WHERE (card_id IS NOT NULL);

CREATE INDEX looked_up_links_next ON public.looked_up_links USING btree (next_at);

CREATE INDEX mail_choices_digest ON public.mail_choices USING btree (digest_due_at) WHERE (digest_due_at IS NOT NULL);

CREATE INDEX mail_news_due ON public.mail_news USING btree (due_at) WHERE (due_at IS NOT NULL);

CREATE INDEX media_account ON public.media USING btree (account_id, id DESC) INCLUDE (source_bytes, stored_bytes);

CREATE INDEX media_holds_media ON public.media_holds USING btree (media_id);

CREATE INDEX media_known_bad_expiry ON public.media_known_bad USING btree (expires_at) WHERE (expires_at IS NOT NULL);

CREATE INDEX media_known_bad_quarter_1 ON public.media_known_bad USING btree ((((hash >> 48) & (65535)::bigint)));

CREATE INDEX media_known_bad_quarter_2 ON public.media_known_bad USING btree ((((hash >> 32) & (65535)::bigint)));

CREATE INDEX media_known_bad_quarter_3 ON public.media_known_bad USING btree ((((hash >> 16) & (65535)::bigint)));

CREATE INDEX media_known_bad_quarter_4 ON public.media_known_bad USING btree (((hash & (65535)::bigint)));

CREATE INDEX media_loose ON public.media USING btree (loose_since) WHERE (loose_since IS NOT NULL);

CREATE INDEX media_stands_for ON public.media USING btree (stands_for) WHERE (stands_for IS NOT NULL);

CREATE INDEX media_status ON public.media USING btree (status_id, "position") WHERE (status_id IS NOT NULL);

CREATE INDEX media_unsettled ON public.media USING btree (changed_at) WHERE (state = ANY (ARRAY['uploaded'::text, 'probing'::text, 'processing'::text]));

CREATE INDEX mentions_account ON public.mentions USING btree (account_id, status_id DESC);

CREATE INDEX message_bookmarks_by_account ON public.message_bookmarks USING btree (account_id, id DESC);

CREATE INDEX message_bookmarks_by_message ON public.message_bookmarks USING btree (message_id);

CREATE INDEX message_edits_message ON public.message_edits USING btree (message_id, id);

CREATE INDEX message_favourites_by_account ON public.message_favourites USING btree (account_id, id DESC);

CREATE INDEX message_favourites_by_message ON public.message_favourites USING btree (message_id, id DESC);

CREATE INDEX message_keys_age ON public.message_keys USING btree (created_at);

CREATE INDEX message_removals_message ON public.message_removals USING btree (message_id);

CREATE INDEX messages_by_account ON public.messages USING btree (account_id, id DESC);

CREATE INDEX messages_by_conversation ON public.messages USING btree (conversation_id, id DESC);

CREATE INDEX mutes_by_account ON public.mutes USING btree (account_id, id DESC);

CREATE INDEX mutes_expiry ON public.mutes USING btree (expires_at) WHERE (expires_at IS NOT NULL);

CREATE INDEX mutes_target ON public.mutes USING btree (target_id, account_id);

CREATE INDEX notification_groups_newest ON public.notification_groups USING btree (account_id, newest_id DESC);

CREATE INDEX notification_permissions_from ON public.notification_permissions USING btree (from_account_id);

CREATE INDEX notification_requests_by_account ON public.notification_requests USING btree (account_id, id DESC);

CREATE INDEX notification_requests_from ON public.notification_requests USING btree (from_account_id);

CREATE INDEX notifications_by_account ON public.notifications USING btree (account_id, id DESC);

CREATE INDEX notifications_filtered ON public.notifications USING btree (account_id, from_account_id, id DESC) WHERE filtered;

CREATE INDEX notifications_from ON public.notifications USING btree (from_account_id);

CREATE INDEX notifications_grouped ON public.notifications USING btree (account_id, group_key, id DESC) WHERE (group_key IS NOT NULL);

CREATE INDEX notifications_status ON public.notifications USING btree (status_id) WHERE (status_id IS NOT NULL);

CREATE INDEX notifications_ungrouped ON public.notifications USING btree (account_id, id DESC) WHERE (group_key IS NULL);

CREATE INDEX oauth_codes_account ON public.oauth_codes USING btree (account_id);

CREATE INDEX oauth_codes_expiry ON public.oauth_codes USING btree (expires_at);

CREATE INDEX oauth_tokens_account ON public.oauth_tokens USING btree (account_id, id DESC);

CREATE INDEX oauth_tokens_app ON public.oauth_tokens USING btree (app_id, id DESC);

CREATE INDEX other_servers_page ON public.other_servers USING btree (allowed, id);

CREATE INDEX outbox_age ON public.outbox USING btree (made_at);

CREATE INDEX passkey_challenges_expiry ON public.passkey_challenges USING btree (expires_at);

CREATE INDEX passkeys_account ON public.passkeys USING btree (account_id, id);

CREATE INDEX pins_by_account ON public.pins USING btree (account_id, id DESC);

CREATE INDEX pins_by_status ON public.pins USING btree (status_id);

CREATE INDEX poll_tally_changes_poll ON public.poll_tally_changes USING btree (poll_id);

CREATE INDEX poll_votes_poll ON public.poll_votes USING btree (poll_id, account_id);

CREATE INDEX polls_ending ON public.polls USING btree (expires_at) WHERE (closed_at IS NULL);

CREATE INDEX polls_status ON public.polls USING btree (status_id);

CREATE INDEX proofs_expiry ON public.proofs USING btree (expires_at);

CREATE UNIQUE INDEX proofs_hash ON public.proofs USING btree (hash);

CREATE INDEX push_subscriptions_account ON public.push_subscriptions USING btree (account_id, id DESC);

CREATE INDEX push_subscriptions_session ON public.push_subscriptions USING btree (session_id) WHERE (session_id IS NOT NULL);

CREATE INDEX push_subscriptions_token ON public.push_subscriptions USING btree (token_id) WHERE (token_id IS NOT NULL);

CREATE UNIQUE INDEX refused_mail_domains_domain ON public.refused_mail_domains USING btree (domain);

CREATE INDEX report_subjects_subject ON public.report_subjects USING btree (subject_id);

CREATE INDEX reports_by_account ON public.reports USING btree (account_id, id DESC);

CREATE INDEX reports_by_case ON public.reports USING btree (case_id, id);

CREATE INDEX reports_by_target ON public.reports USING btree (target_id, id DESC);

CREATE INDEX resumable_uploads_account ON public.resumable_uploads USING btree (account_id, id);

CREATE INDEX resumable_uploads_expiry ON public.resumable_uploads USING btree (expires_at);

CREATE INDEX saved_drafts_account ON public.saved_drafts USING btree (account_id, id DESC);

CREATE INDEX saved_searches_account ON public.saved_searches USING btree (account_id, id DESC);

CREATE INDEX scheduled_statuses_account ON public.scheduled_statuses USING btree (account_id, id DESC);

CREATE INDEX scheduled_statuses_due ON public.scheduled_statuses USING btree (scheduled_at) WHERE (queued_at IS NULL);

CREATE INDEX search_documents_words ON public.search_documents USING gin (words) WITH (fastupdate='on');

CREATE INDEX session_secrets_session ON public.session_secrets USING btree (session_id);

CREATE INDEX sessions_account ON public.sessions USING btree (account_id, id DESC);

CREATE INDEX sessions_address ON public.sessions USING btree (address, account_id);

CREATE INDEX sessions_expiry ON public.sessions USING btree (expires_at);

CREATE INDEX sign_in_steps_account ON public.sign_in_steps USING btree (account_id);

CREATE INDEX sign_in_steps_expiry ON public.sign_in_steps USING btree (expires_at);

CREATE INDEX status_counter_changes_status ON public.status_counter_changes USING btree (status_id);

CREATE INDEX status_edits_status ON public.status_edits USING btree (status_id, id);

CREATE INDEX status_tags_status ON public.status_tags USING btree (status_id);

CREATE INDEX statuses_by_account ON public.statuses USING btree (account_id, id DESC) WHERE (deleted_at IS NULL);

CREATE INDEX statuses_hidden ON public.statuses USING btree (thread_id, id DESC) WHERE ((hidden_at IS NOT NULL) AND (deleted_at IS NULL));

CREATE INDEX statuses_media_by_account ON public.statuses USING btree (account_id, id DESC) WHERE ((media_count > 0) AND (deleted_at IS NULL));

CREATE INDEX statuses_originals ON public.statuses USING btree (account_id, id DESC) WHERE ((deleted_at IS NULL) AND ((in_reply_to_id IS NULL) OR (in_reply_to_account_id = account_id)));

CREATE INDEX statuses_public ON public.statuses USING btree (id DESC) WHERE ((visibility = 'public'::public.visibility) AND (reblog_of_id IS NULL) AND (deleted_at IS NULL));

CREATE INDEX statuses_public_media ON public.statuses USING btree (id DESC) WHERE ((media_count > 0) AND (visibility = 'public'::public.visibility) AND (reblog_of_id IS NULL) AND (deleted_at IS NULL));

CREATE INDEX statuses_quotes ON public.statuses USING btree (quote_of_id, id DESC) WHERE ((quote_of_id IS NOT NULL) AND (deleted_at IS NULL));

CREATE UNIQUE INDEX statuses_reblog_once ON public.statuses USING btree (account_id, reblog_of_id) WHERE ((reblog_of_id IS NOT NULL) AND (deleted_at IS NULL));

CREATE INDEX statuses_reblogs ON public.statuses USING btree (reblog_of_id, id DESC) WHERE ((reblog_of_id IS NOT NULL) AND (deleted_at IS NULL));

CREATE INDEX statuses_replies ON public.statuses USING btree (in_reply_to_id, id) WHERE ((in_reply_to_id IS NOT NULL) AND (deleted_at IS NULL));

CREATE INDEX statuses_tagged_by_account ON public.statuses USING btree (account_id, id DESC) WHERE ((tags <> '{}'::text[]) AND (deleted_at IS NULL));

CREATE INDEX statuses_thread ON public.statuses USING btree (thread_id, id) WHERE (deleted_at IS NULL);

CREATE INDEX statuses_withheld ON public.statuses USING btree (id) WHERE (withheld_at IS NOT NULL);

CREATE INDEX strikes_by_account ON public.strikes USING btree (account_id, id DESC);

CREATE INDEX strikes_by_case ON public.strikes USING btree (case_id, id) WHERE (case_id IS NOT NULL);

CREATE INDEX suggestion_dismissals_target ON public.suggestion_dismissals USING btree (target_id, account_id);

CREATE INDEX tag_follows_by_account ON public.tag_follows USING btree (account_id, id DESC);

CREATE INDEX tag_follows_tag ON public.tag_follows USING btree (tag_id);

CREATE INDEX tags_prefix ON public.tags USING btree (name text_pattern_ops);

CREATE INDEX thread_mutes_by_thread ON public.thread_mutes USING btree (thread_id);

CREATE INDEX totp_secrets_key ON public.totp_secrets USING btree (key_id);

CREATE INDEX trend_days_age ON public.trend_days USING btree (day);

CREATE INDEX trend_links_age ON public.trend_links USING btree (used_at);

CREATE INDEX trend_people_account ON public.trend_people USING btree (account_id);

CREATE INDEX trend_people_age ON public.trend_people USING btree (used_at);

CREATE INDEX trend_subjects_faded ON public.trend_subjects USING btree (hour) WHERE (reviewed_at IS NULL);

CREATE INDEX trend_subjects_score ON public.trend_subjects USING btree (kind, score DESC, subject_id) WHERE (score > (0)::double precision);

CREATE INDEX trend_tags_alike ON public.trend_tags USING gin (name public.gin_trgm_ops);

CREATE INDEX trend_tags_first ON public.trend_tags USING btree ("left"(name, 1), people DESC, tag_id);

CREATE INDEX trend_tags_first_two ON public.trend_tags USING btree ("left"(name, 2), people DESC, tag_id);

CREATE INDEX trend_tags_outdated ON public.trend_tags USING btree (counted_on);

CREATE INDEX trend_tags_prefix ON public.trend_tags USING btree (name text_pattern_ops);

CREATE INDEX users_admins ON public.users USING btree (account_id) WHERE (role = 'admin'::public.role);

CREATE UNIQUE INDEX users_email ON public.users USING btree (lower(email));

CREATE INDEX users_invited_by ON public.users USING btree (invited_by) WHERE (invited_by IS NOT NULL);

CREATE INDEX users_staff ON public.users USING btree (account_id) WHERE (role <> 'user'::public.role);

CREATE INDEX users_unconfirmed ON public.users USING btree (created_at) WHERE (confirmed_at IS NULL);

CREATE INDEX users_waiting ON public.users USING btree (account_id) WHERE (approved_at IS NULL);

CREATE TRIGGER audit_log_only_grows BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_rewriting();

CREATE TRIGGER notifications_regroup AFTER DELETE ON public.notifications REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.regroup_notifications();

ALTER TABLE ONLY public.filter_keywords
    ADD CONSTRAINT filter_keywords_filter_id_fkey FOREIGN KEY (filter_id) REFERENCES public.filters(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.filter_statuses
    ADD CONSTRAINT filter_statuses_filter_id_fkey FOREIGN KEY (filter_id) REFERENCES public.filters(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.oauth_codes
    ADD CONSTRAINT oauth_codes_app_id_fkey FOREIGN KEY (app_id) REFERENCES public.oauth_apps(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.oauth_tokens
    ADD CONSTRAINT oauth_tokens_app_id_fkey FOREIGN KEY (app_id) REFERENCES public.oauth_apps(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.push_subscriptions
    ADD CONSTRAINT push_subscriptions_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.sessions(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.push_subscriptions
    ADD CONSTRAINT push_subscriptions_token_id_fkey FOREIGN KEY (token_id) REFERENCES public.oauth_tokens(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.session_secrets
    ADD CONSTRAINT session_secrets_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.sessions(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
