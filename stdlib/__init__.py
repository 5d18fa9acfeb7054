"""The standard library: one `.tc` file a theme, read by the session."""
