-- Direct statuses are messages from here on. Those there are, are moved by a periodic in slices that finds them by this;
-- once there are none it costs nothing.
create index statuses_direct on statuses (id) where visibility = 'direct';

update users set default_visibility = 'private' where default_visibility = 'direct';
