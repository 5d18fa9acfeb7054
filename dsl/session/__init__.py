"""The session: the only object with state. Definitions, options and limits; it reads files and hands them down."""
