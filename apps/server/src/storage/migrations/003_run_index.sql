-- The runs of a room, among all that its log holds. Only the starts and the ends of runs are in it.
CREATE INDEX room_event_run ON room_event (room_id, seq) WHERE kind IN ('run.started', 'run.ended');
