"""The tables of a recording, as numbered migrations that only go forward."""

APPLICATION_ID = 0x57524D31
"""``WRM1``: marks an SQLite file as a recording of warroom."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
        """CREATE TABLE events (
            seq INTEGER PRIMARY KEY,
            room_ms INTEGER NOT NULL,
            time INTEGER NOT NULL,
            observed_time INTEGER NOT NULL,
            source TEXT NOT NULL,
            actor BLOB,
            type TEXT NOT NULL,
            version INTEGER NOT NULL,
            packing INTEGER NOT NULL,
            payload BLOB,
            salt BLOB,
            commitment BLOB NOT NULL
        )""",
        "CREATE INDEX events_by_room_ms ON events (room_ms)",
        """CREATE TABLE batches (
            n INTEGER PRIMARY KEY,
            first_seq INTEGER NOT NULL,
            last_seq INTEGER NOT NULL,
            head BLOB NOT NULL
        )""",
        "CREATE TABLE segments (baseline_seq INTEGER PRIMARY KEY, room_ms INTEGER NOT NULL)",
        """CREATE TABLE log_index (
            seq INTEGER PRIMARY KEY,
            first_time INTEGER,
            last_time INTEGER,
            lines INTEGER NOT NULL,
            errors INTEGER NOT NULL,
            warnings INTEGER NOT NULL
        )""",
        """CREATE TABLE keyframes (
            seq INTEGER PRIMARY KEY,
            room_ms INTEGER NOT NULL,
            format INTEGER NOT NULL,
            digest BLOB NOT NULL,
            state BLOB NOT NULL
        )""",
        """CREATE TABLE seals (
            seq INTEGER NOT NULL,
            what TEXT NOT NULL,
            time INTEGER NOT NULL,
            head BLOB NOT NULL,
            signature TEXT NOT NULL,
            PRIMARY KEY (seq, what)
        ) WITHOUT ROWID""",
    ),
)
"""``MIGRATIONS[n]`` brings a file from version n to n + 1. Times are microseconds since 1970, UTC."""

VERSION = len(MIGRATIONS)
