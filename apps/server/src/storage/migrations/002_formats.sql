-- The format of what is stored: FORMAT in packages/room/src/format.ts. What was stored before has the first one.
ALTER TABLE room_event ADD COLUMN format smallint NOT NULL DEFAULT 1;
ALTER TABLE room_keyframe ADD COLUMN format smallint NOT NULL DEFAULT 1;
