-- Campaigns of which somebody said that they are none: who says the same is let through for a while.
create index campaigns_lifted on campaigns (lifted_at) where lifted_at is not null;
