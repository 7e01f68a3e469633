-- A room and who may append to its log. `epoch` grows whenever the room gets an owner: an append by an earlier
-- owner finds another epoch and is refused.
CREATE TABLE room (
  id          text PRIMARY KEY,
  head        bigint NOT NULL,
  epoch       bigint NOT NULL DEFAULT 0,
  owner       text,
  lease_until timestamptz NOT NULL DEFAULT '-infinity',
  created_at  timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);

CREATE INDEX room_owner ON room (owner) WHERE owner IS NOT NULL;

-- The log. `at` is Unix milliseconds. `body` is json, not jsonb: programs print NUL, which jsonb refuses. There
-- is no foreign key: it would lock and look up the room once for every event, and the append's guard on
-- `room` has already proved that it is there.
CREATE TABLE room_event (
  room_id    text   NOT NULL,
  seq        bigint NOT NULL,
  at         bigint NOT NULL,
  actor      text,
  client_id  text,
  client_seq bigint,
  kind       text   NOT NULL,
  body       json   NOT NULL,
  PRIMARY KEY (room_id, seq)
);

-- A resent command never becomes a second event.
CREATE UNIQUE INDEX room_event_origin ON room_event (room_id, client_id, client_seq) WHERE client_id IS NOT NULL;

-- The folded room at `seq`. `versions` maps each file to its version there; `body` is deflated JSON.
CREATE TABLE room_keyframe (
  room_id  text   NOT NULL REFERENCES room (id) ON DELETE CASCADE,
  seq      bigint NOT NULL,
  versions jsonb  NOT NULL,
  body     bytea  NOT NULL,
  PRIMARY KEY (room_id, seq)
);

ALTER TABLE room_keyframe ALTER COLUMN body SET STORAGE EXTERNAL;
