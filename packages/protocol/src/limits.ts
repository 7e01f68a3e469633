/**
 * Every limit of the product, defined once. Each is enforced on the path that it guards, and the person who
 * meets it is told. Units stand in the names: Bytes are UTF-8 bytes, Units are UTF-16 code units, Ms are
 * milliseconds.
 */
export const LIMITS = {
  /** Longest text of one file. Monaco stays fluid well past it; replay and hashing stay cheap below it. */
  fileUnits: 2_000_000,
  /** Files and empty folders in one room. */
  files: 2_000,
  /**
   * All files of one room together. A UTF-16 unit of text counts as one byte, as it does in most code. A run places all of
   * it in its sandbox, and a join carries all text.
   */
  roomBytes: 50 * 1024 * 1024,
  /** Files of one room that are no text and are kept for it and for its past. */
  blobBytesKept: 500 * 1024 * 1024,
  /** Parts of blobs that one network address may send in a minute. */
  blobPartsPerMinute: 3_000,
  /** A path inside the room. */
  pathBytes: 240,
  pathSegments: 12,
  /** Names of people and rooms. */
  nameUnits: 40,
  roomNameUnits: 80,
  /** Participants ever admitted to one room, and clients connected to it at once. */
  members: 500,
  clientsPerRoom: 150,
  /** Clients of one address over all rooms, unless the server is told otherwise: a school has one address. */
  clientsPerAddress: 200,
  /**
   * One message from a socket in a room, and from one that has joined none. A larger one ends the connection.
   */
  messageBytes: 9_000_000,
  joinBytes: 131_072,
  /** How long the headers of one HTTP request may take to arrive, and the whole of the request. */
  requestHeadersMs: 10_000,
  requestMs: 15_000,
  /** Messages of one connection, of any kind: a burst, then a steady rate. More of them end the connection. */
  messagesBurst: 4_000,
  messagesPerSecond: 400,
  /** Bytes of one connection: a burst, then a steady rate. What comes faster is read at that rate. */
  receivedBytesBurst: 32_000_000,
  receivedBytesPerSecond: 4_000_000,
  /**
   * What may wait in the server, for one client that reads slowly (beyond its welcome) and for all clients
   * together, and how long anything may wait. A client that is further behind is disconnected. It comes back
   * for what it missed.
   */
  unsentBytes: 16_000_000,
  unsentMessages: 5_000,
  unsentBytesOfAll: 512_000_000,
  unsentMs: 20_000,
  /** Components in one operation. */
  opComponents: 100_000,
  /** Commands of one client: a burst, then a steady rate. */
  commandsBurst: 240,
  commandsPerSecond: 60,
  /** Presence updates of one client per second. */
  presencePerSecond: 40,
  /**
   * What a client has pending in a file, as a peer shows it before the log has it: its text and what it deletes, its
   * components, and the bytes of the message. One of more is not shown before. One peer may tell so many in a second.
   */
  previewUnits: 4_000,
  previewComponents: 200,
  previewBytes: 10_000,
  previewsPerSecond: 150,
  /** What a peer shows before the log has it is taken back if the log does not have it after this long. */
  previewMs: 10_000,
  /** Cursors that one client may have in a file, as the others see them. */
  cursors: 64,
  /**
   * Runs that one room may have going at once. Starts per minute of one participant. Starts per minute of one
   * address, for each client that the address may have: participants cost nothing to make, and a class shares
   * an address.
   */
  runsPerRoom: 4,
  runStartsPerMinute: 30,
  runStartsPerMinuteAndClient: 1,
  /** Run configurations of one room, and the name of one. */
  configurations: 30,
  configurationNameUnits: 60,
  /** Threads of comments in one room, comments in one thread, one comment, and all of a room together. */
  threads: 500,
  commentsPerThread: 100,
  commentUnits: 4_000,
  commentUnitsOfAll: 1_000_000,
  /** Of the text that a thread is about, so much stays with it. */
  quoteUnits: 200,
  /** Text typed into a run at once. */
  runInputUnits: 64_000,
  /** How long a text may take to be formatted, with the wait for a sandbox. */
  formatMs: 10_000,
  /** People in the call of a room, and those of them who show their camera or their screen. */
  callMembers: 12,
  callVideos: 6,
  /** Somebody in a call whose connection to the server is lost keeps their place for so long. */
  callGraceMs: 10_000,
  /** What one page says to another for finding a way: a description of all its media, and one address. */
  descriptionUnits: 64_000,
  candidateUnits: 1_000,
  /** Signals of one client to others in the call: a burst, then a steady rate. */
  signalsBurst: 1_200,
  signalsPerSecond: 150,
  /** How long the credentials for relays hold. */
  relayCredentialsMs: 3_600_000,
  /** One message of the chat. */
  chatUnits: 10_000,
  /** Messages that stay in the live state, and their text together; the last one always does. Older ones are in the log. */
  chatKept: 500,
  chatKeptUnits: 500_000,
  /** Reactions under one message, counted by person. */
  chatReactions: 200,
  /** Places in one file that messages point at and that are carried through its edits; the newest ones are. */
  chatPlacesPerFile: 50,
  /** What one participant may give the chat in a minute: messages, changes of them, reactions. */
  chatPerMinute: 90,
  /** The longest that the room's timer may be set to, in minutes. */
  timerMinutes: 120,
  /** How often one participant may ask others to follow or to come somewhere, in a minute. */
  guidesPerMinute: 20,
  /** Terminals of one room. */
  terminals: 8,
  /** Text typed or pasted into a terminal at once. */
  terminalInputUnits: 16_000,
  /** Lines of a terminal that went off its top and are kept. */
  terminalLines: 10_000,
  /**
   * Bytes of a terminal's output that a client was sent and has not drawn yet. With more, nothing more is sent; with
   * the lesser number, it goes on.
   */
  terminalUnreadBytes: 100_000,
  terminalUnreadLow: 5_000,
  /** What one client may type into terminals and tell of them: a burst, then a steady rate of messages. */
  terminalBurst: 600,
  terminalPerSecond: 300,
  /** Files that are on the workspace's disk only, and are told to the people in the room by name. */
  apartTold: 50,
  /** A room's workspace is removed when nobody was in the room for this long. */
  workspaceIdleMs: 300_000,
  /** Rooms created and joins tried by one address per minute. */
  roomsPerMinute: 30,
  joinsPerMinute: 300,
  /** Presence of a client of which nothing was heard for this long is dropped, and how often it is told again. */
  presenceTtlMs: 30_000,
  presenceRefreshMs: 10_000,
  /**
   * A client that is silent for this long is announced as lost, and keeps its seat. So is a participant who has
   * no client for this long, which is longer than a reload takes.
   */
  silentMs: 4_250,
  absentMs: 4_000,
  /** A participant whose last client went is announced as gone after this long: a reload is not a leave. */
  leaveGraceMs: 10_000,
  /** A rejoining client that misses more events than this gets a keyframe instead. */
  resumeEvents: 5_000,
  /** A room without clients leaves memory after this long. */
  idleRoomMs: 60_000,
  /** A keyframe is written after so many events, so much output, or so long, whichever comes first. */
  keyframeEvents: 200,
  keyframeOutputUnits: 262_144,
  keyframeMs: 30_000,
  /**
   * Deleted files that can be brought back, and their text together; what was deleted last always can. Deleted
   * folders that can be brought back as a whole.
   */
  deletedKept: 2_000,
  deletedUnits: 2_000_000,
  deletedFoldersKept: 20,
  /** Finished runs whose output stays in the live state; older ones are read from the log. */
  runsKept: 20,
  runOutputKeptUnits: 2_200_000,
  /** Runs that are told at once of those in the log. */
  runsPerPage: 25,
  /** Words that the output of old runs is searched for at once, and the units of each. */
  soughtWords: 20,
  soughtWordUnits: 200,
} as const;
