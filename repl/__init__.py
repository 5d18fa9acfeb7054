"""The terminal: the command line, the prompt, and how answers look. Nothing below this floor prints."""
