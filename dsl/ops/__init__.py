"""The open tables: static functions, gates, word operators, verbs, options. One row an entry; nothing registers itself."""
