-- Files that are no text, by the SHA-256 of their content. `bytes` is the length that whoever sends it has told; once
-- the blob is `whole`, it is true. `at` is when some of it was sent last.
CREATE TABLE room_blob (
  room_id text        NOT NULL REFERENCES room (id) ON DELETE CASCADE,
  hash    text        NOT NULL,
  bytes   bigint      NOT NULL,
  whole   boolean     NOT NULL DEFAULT false,
  at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (room_id, hash)
);

-- Parts of one MiB, so that neither a query nor a request ever holds more.
CREATE TABLE room_blob_part (
  room_id text  NOT NULL,
  hash    text  NOT NULL,
  part    int   NOT NULL,
  body    bytea NOT NULL,
  PRIMARY KEY (room_id, hash, part),
  FOREIGN KEY (room_id, hash) REFERENCES room_blob (room_id, hash) ON DELETE CASCADE
);

ALTER TABLE room_blob_part ALTER COLUMN body SET STORAGE EXTERNAL;
